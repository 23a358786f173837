-- `unread` says that a read mark may cover the message: it has gone out and is not read. Before, it also stood on messages that
-- wait or have failed. A row that is damaged is left as it is.
UPDATE messages SET unread = 0
WHERE unread = 1 AND CASE WHEN json_valid(body) THEN body ->> '$.state' END NOT IN ('sent', 'delivered');
