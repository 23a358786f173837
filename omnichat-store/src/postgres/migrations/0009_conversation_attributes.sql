-- Conversations are found by what an organisation notes of them, as by their tags. The column `attributes` lists what stands in the
-- table. Values of more than 200 characters are not found by.
ALTER TABLE conversations ADD COLUMN attributes TEXT NOT NULL DEFAULT '[]';
CREATE TABLE conversation_attributes (
    tenant        UUID NOT NULL,
    name          TEXT COLLATE "C" NOT NULL,
    value         TEXT COLLATE "C" NOT NULL,
    id            UUID NOT NULL,
    status        SMALLINT NOT NULL,
    priority      SMALLINT NOT NULL,
    inbox         UUID NOT NULL,
    assignee      UUID,
    unread        BOOLEAN NOT NULL,
    waits         BOOLEAN NOT NULL,
    waiting_since BIGINT,
    created_at    BIGINT NOT NULL,
    activity_at   BIGINT NOT NULL,
    PRIMARY KEY (tenant, name, value, id)
);
CREATE INDEX conversation_attributes_activity
    ON conversation_attributes (tenant, name, value, status, activity_at, id) INCLUDE (inbox, assignee, priority, unread, waits, created_at);
CREATE INDEX conversation_attributes_created
    ON conversation_attributes (tenant, name, value, status, created_at, id) INCLUDE (inbox, assignee, priority, unread, waits);
CREATE INDEX conversation_attributes_waiting
    ON conversation_attributes (tenant, name, value, status, waiting_since, id) INCLUDE (inbox, assignee, priority, unread, waits, created_at)
    WHERE waiting_since IS NOT NULL;

CREATE FUNCTION attributes_of(body TEXT) RETURNS JSONB LANGUAGE plpgsql AS $$
BEGIN
    RETURN CASE WHEN jsonb_typeof(body::jsonb -> 'attributes') = 'object' THEN body::jsonb -> 'attributes' END;
EXCEPTION WHEN OTHERS THEN
    RETURN NULL;
END $$;
INSERT INTO conversation_attributes
SELECT c.tenant, a.key, a.value, c.id, c.status, c.priority, c.inbox, c.assignee, c.unread, c.waits, c.waiting_since, c.created_at,
    c.activity_at
FROM conversations c, LATERAL jsonb_each_text(attributes_of(c.body)) a
WHERE strpos(c.body, '"attributes":{"') > 0 AND char_length(a.value) <= 200;
DROP FUNCTION attributes_of;
UPDATE conversations c SET attributes = a.listed
FROM (SELECT tenant, id, jsonb_agg(jsonb_build_array(name, value))::text AS listed
    FROM conversation_attributes GROUP BY tenant, id) a
WHERE c.tenant = a.tenant AND c.id = a.id;
