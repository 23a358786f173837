-- `unread` says that a read mark may cover the message: it has gone out and is not read. Before, it also stood on messages that
-- wait or have failed. A row that is damaged is left as it is.
CREATE FUNCTION state_of(body TEXT) RETURNS TEXT LANGUAGE plpgsql AS $$
BEGIN
    RETURN (body::jsonb) ->> 'state';
EXCEPTION WHEN OTHERS THEN
    RETURN NULL;
END $$;
UPDATE messages SET unread = FALSE WHERE unread AND state_of(body) NOT IN ('sent', 'delivered');
DROP FUNCTION state_of(TEXT);
