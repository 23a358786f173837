-- Automations and the quarantine lie in the tables of entities, in the places that the first layout of their kinds gives them. The key
-- of a time is its type and its bits with the sign turned; that of an id its type and its bytes; that of a text its type, its bytes and
-- a zero. What a body says beside, as its id, is left out when it is next written; one that is damaged stays so, and is in every list
-- to which it still can be told to belong.
CREATE FUNCTION place_of(micros BIGINT) RETURNS BYTEA LANGUAGE sql AS $$
    SELECT '\x05'::bytea || int8send(micros # (1::bigint << 63))
$$;

-- The inbox where it waits, as the key begins; nothing if it does not wait.
CREATE FUNCTION inbox_of(body TEXT) RETURNS BYTEA LANGUAGE plpgsql AS $$
DECLARE
    held JSON;
BEGIN
    held := body::json;
    IF held ->> 'state' = 'held' THEN
        RETURN '\x06'::bytea || uuid_send(substr(held ->> 'inbox', 5)::uuid);
    END IF;
    RETURN NULL;
EXCEPTION WHEN OTHERS THEN
    RETURN NULL;
END $$;

CREATE TEMP TABLE moved AS
SELECT tenant, id, place_of(received_at) AS place, inbox_of(body) AS inbox FROM quarantine;

INSERT INTO entities (tenant, kind, id, version, layout, created_at, updated_at, entries, body)
SELECT q.tenant, 'quarantined', q.id, q.version, 1, q.received_at, q.received_at,
    '\x03'::bytea || 'all'::bytea || '\x000009'::bytea || m.place
        || coalesce('\x04'::bytea || 'held'::bytea || '\x00001a'::bytea || m.inbox || m.place, ''::bytea),
    q.body
FROM quarantine q JOIN moved m ON m.tenant = q.tenant AND m.id = q.id;

INSERT INTO entity_index (tenant, kind, name, key, tie, id)
SELECT tenant, 'quarantined', 'all', place, uuid_send(id), id FROM moved;

INSERT INTO entity_index (tenant, kind, name, key, tie, id)
SELECT tenant, 'quarantined', 'held', inbox || place, uuid_send(id), id FROM moved WHERE inbox IS NOT NULL;

DROP TABLE moved;
DROP TABLE quarantine;
DROP FUNCTION inbox_of(TEXT);

CREATE FUNCTION automation_of(
    body TEXT, OUT document TEXT, OUT created_at BIGINT, OUT updated_at BIGINT
) LANGUAGE plpgsql AS $$
DECLARE
    whole JSON;
BEGIN
    whole := body::json;
    document := coalesce((whole -> 'body')::text, body);
    created_at := (extract(epoch FROM (whole -> 'body' ->> 'created_at')::timestamptz) * 1000000)::bigint;
    updated_at := (extract(epoch FROM (whole ->> 'updated_at')::timestamptz) * 1000000)::bigint;
    created_at := coalesce(created_at, 0);
    updated_at := coalesce(updated_at, created_at);
EXCEPTION WHEN OTHERS THEN
    document := coalesce(document, body);
    created_at := coalesce(created_at, 0);
    updated_at := created_at;
END $$;

-- Which toolbox has a name was a record of its own: it says who has the unique key.
CREATE FUNCTION toolbox_of(body TEXT) RETURNS TEXT LANGUAGE plpgsql AS $$
BEGIN
    RETURN body::json -> 'body' ->> 'automation';
EXCEPTION WHEN OTHERS THEN
    RETURN NULL;
END $$;

CREATE TEMP TABLE moved AS
SELECT a.tenant, substr(a.key, 6)::uuid AS id, a.version, r.document, r.created_at, r.updated_at,
    place_of(r.created_at) AS place,
    '\x07'::bytea || convert_to(
        (SELECT t.key FROM records t
            WHERE t.tenant = a.tenant AND t.kind = 'tool_name' AND toolbox_of(t.body) = a.key LIMIT 1),
        'UTF8') || '\x00'::bytea AS name
FROM records a CROSS JOIN LATERAL automation_of(a.body) r
WHERE a.kind = 'automation' AND a.key ~ '^auto_[0-9a-f]{32}$';

INSERT INTO entities (tenant, kind, id, version, layout, created_at, updated_at, entries, body)
SELECT tenant, 'automation', id, version, 1, created_at, updated_at,
    '\x03'::bytea || 'all'::bytea || '\x000009'::bytea || place
        || coalesce(
            '\x05'::bytea || 'tools'::bytea || '\x01'::bytea || int2send(octet_length(name)::smallint) || name,
            ''::bytea),
    document
FROM moved;

INSERT INTO entity_index (tenant, kind, name, key, tie, id)
SELECT tenant, 'automation', 'all', place, uuid_send(id), id FROM moved;

INSERT INTO entity_index (tenant, kind, name, key, tie, id)
SELECT tenant, 'automation', 'tools', name, ''::bytea, id FROM moved WHERE name IS NOT NULL;

DROP TABLE moved;
DROP FUNCTION toolbox_of(TEXT);
DROP FUNCTION automation_of(TEXT);
DROP FUNCTION place_of(BIGINT);
DELETE FROM records WHERE kind = 'tool_name' OR (kind = 'automation' AND key ~ '^auto_[0-9a-f]{32}$');
