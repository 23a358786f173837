-- Conversations are found by what an organisation notes of them, as by their tags. The column `attributes` lists what stands in the
-- table. Values of more than 200 characters are not found by.
ALTER TABLE conversations ADD COLUMN attributes TEXT NOT NULL DEFAULT '[]';
CREATE TABLE conversation_attributes (
    tenant        BLOB NOT NULL,
    name          TEXT NOT NULL,
    value         TEXT NOT NULL,
    id            BLOB NOT NULL,
    status        INTEGER NOT NULL,
    priority      INTEGER NOT NULL,
    inbox         BLOB NOT NULL,
    assignee      BLOB,
    unread        INTEGER NOT NULL,
    waits         INTEGER NOT NULL,
    waiting_since INTEGER,
    created_at    INTEGER NOT NULL,
    activity_at   INTEGER NOT NULL,
    PRIMARY KEY (tenant, name, value, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_attributes_activity
    ON conversation_attributes (tenant, name, value, status, activity_at, id, inbox, assignee, priority, unread, waits, created_at);
CREATE INDEX conversation_attributes_created
    ON conversation_attributes (tenant, name, value, status, created_at, id, inbox, assignee, priority, unread, waits);
CREATE INDEX conversation_attributes_waiting
    ON conversation_attributes (tenant, name, value, status, waiting_since, id, inbox, assignee, priority, unread, waits, created_at)
    WHERE waiting_since IS NOT NULL;

INSERT OR IGNORE INTO conversation_attributes
SELECT c.tenant, a.key, a.value, c.id, c.status, c.priority, c.inbox, c.assignee, c.unread, c.waits, c.waiting_since, c.created_at,
    c.activity_at
FROM conversations c, json_each(CASE WHEN json_valid(c.body) THEN
    iif(json_type(c.body, '$.attributes') = 'object', c.body -> '$.attributes', '{}') ELSE '{}' END) a
WHERE a.type = 'text' AND length(a.value) <= 200;
UPDATE conversations SET attributes = l.listed
FROM (SELECT tenant, id, json_group_array(json_array(name, value)) AS listed FROM conversation_attributes GROUP BY tenant, id) l
WHERE conversations.tenant = l.tenant AND conversations.id = l.id;
