-- `unread` says that a read mark may cover the message: it has gone out and is not read. Before, it also stood on messages that
-- wait or have failed.
UPDATE messages SET unread = FALSE WHERE unread AND (body::jsonb) ->> 'state' NOT IN ('sent', 'delivered');
