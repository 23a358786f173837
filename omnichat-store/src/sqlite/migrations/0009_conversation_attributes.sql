-- Conversations are found by what an organisation notes of them. `attributes` lists what stands in the table, as labels do. Values
-- of more than 200 characters are not found by.
ALTER TABLE conversations ADD COLUMN attributes TEXT NOT NULL DEFAULT '[]';
CREATE TABLE conversation_attributes (
    tenant BLOB NOT NULL,
    name   TEXT NOT NULL,
    value  TEXT NOT NULL,
    id     BLOB NOT NULL,
    PRIMARY KEY (tenant, name, value, id)
) STRICT, WITHOUT ROWID;

INSERT INTO conversation_attributes (tenant, name, value, id)
SELECT c.tenant, a.key, a.value, c.id
FROM conversations c, json_each(iif(json_valid(c.body), c.body, '{}'), '$.attributes') a
WHERE a.type = 'text' AND length(a.value) <= 200;
UPDATE conversations SET attributes = (
    SELECT json_group_array(json_array(a.name, a.value)) FROM conversation_attributes a
    WHERE a.tenant = conversations.tenant AND a.id = conversations.id)
WHERE (tenant, id) IN (SELECT tenant, id FROM conversation_attributes);
