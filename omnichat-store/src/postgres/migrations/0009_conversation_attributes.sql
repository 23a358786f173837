-- Conversations are found by what an organisation notes of them. `attributes` lists what stands in the table, as labels do. Values
-- of more than 200 characters are not found by.
ALTER TABLE conversations ADD COLUMN attributes TEXT NOT NULL DEFAULT '[]';
CREATE TABLE conversation_attributes (
    tenant UUID NOT NULL,
    name   TEXT COLLATE "C" NOT NULL,
    value  TEXT COLLATE "C" NOT NULL,
    id     UUID NOT NULL,
    PRIMARY KEY (tenant, name, value, id)
);

CREATE FUNCTION attributes_of(body TEXT) RETURNS JSONB LANGUAGE plpgsql AS $$
BEGIN
    RETURN CASE WHEN jsonb_typeof(body::jsonb -> 'attributes') = 'object' THEN body::jsonb -> 'attributes' END;
EXCEPTION WHEN OTHERS THEN
    RETURN NULL;
END $$;
INSERT INTO conversation_attributes (tenant, name, value, id)
SELECT c.tenant, a.key, a.value, c.id
FROM conversations c, LATERAL jsonb_each_text(attributes_of(c.body)) a
WHERE strpos(c.body, '"attributes":{"') > 0 AND char_length(a.value) <= 200;
DROP FUNCTION attributes_of;
UPDATE conversations c SET attributes = a.listed
FROM (SELECT tenant, id, jsonb_agg(jsonb_build_array(name, value))::text AS listed
    FROM conversation_attributes GROUP BY tenant, id) a
WHERE c.tenant = a.tenant AND c.id = a.id;
