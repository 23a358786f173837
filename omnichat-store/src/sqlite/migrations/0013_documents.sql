-- Automations and the quarantine lie in the tables of entities, in the places that the first layout of their kinds gives them. The key
-- of a time is its type and its bits with the sign turned; that of an id its type and its bytes; that of a text its type, its bytes and
-- a zero. What a body says beside, as its id, is left out when it is next written; one that is damaged stays so, and is in every list
-- to which it still can be told to belong.
CREATE TABLE moved AS
SELECT tenant, id, version, received_at AS at,
    '05' || printf('%016X', (received_at | (1 << 63)) - (received_at & (1 << 63))) AS place,
    CASE WHEN json_valid(body) AND body ->> '$.state' = 'held' AND length(unhex(substr(body ->> '$.inbox', 5))) = 16
        THEN '06' || substr(body ->> '$.inbox', 5) END AS inbox
FROM quarantine;

INSERT INTO entities (tenant, kind, id, version, layout, created_at, updated_at, entries, body)
SELECT q.tenant, 'quarantined', q.id, q.version, 1, q.received_at, q.received_at,
    unhex('03' || hex('all') || '000009' || m.place
        || coalesce('04' || hex('held') || '00001A' || m.inbox || m.place, '')),
    q.body
FROM quarantine q JOIN moved m ON m.tenant = q.tenant AND m.id = q.id;

INSERT INTO entity_index (tenant, kind, name, key, tie, id)
SELECT tenant, 'quarantined', 'all', unhex(place), id, id FROM moved;

INSERT INTO entity_index (tenant, kind, name, key, tie, id)
SELECT tenant, 'quarantined', 'held', unhex(inbox || place), id, id FROM moved WHERE inbox IS NOT NULL;

DROP TABLE moved;
DROP TABLE quarantine;

-- Which toolbox has a name was a record of its own: it says who has the unique key.
CREATE TABLE moved AS
SELECT tenant, id, version, body, updated_at, created_at AS at, toolbox,
    '05' || printf('%016X', (created_at | (1 << 63)) - (created_at & (1 << 63))) AS place,
    CASE WHEN toolbox IS NOT NULL THEN '07' || hex(toolbox) || '00' END AS name
FROM (
    SELECT tenant, id, version, toolbox, coalesce(whole -> '$.body', body) AS body,
        coalesce(unixepoch(substr(created, 1, 19)), 0) * 1000000
            + CASE WHEN substr(created, 20, 1) = '.'
                THEN CAST(substr(rtrim(substr(created, 21), 'Z') || '000000', 1, 6) AS INTEGER) ELSE 0 END AS created_at,
        coalesce(unixepoch(substr(updated, 1, 19)), 0) * 1000000
            + CASE WHEN substr(updated, 20, 1) = '.'
                THEN CAST(substr(rtrim(substr(updated, 21), 'Z') || '000000', 1, 6) AS INTEGER) ELSE 0 END AS updated_at
    FROM (
        SELECT a.tenant, unhex(substr(a.key, 6)) AS id, a.version, a.body,
            CASE WHEN json_valid(a.body) THEN a.body END AS whole,
            CASE WHEN json_valid(a.body) THEN coalesce(a.body ->> '$.body.created_at', '') ELSE '' END AS created,
            CASE WHEN json_valid(a.body) THEN coalesce(a.body ->> '$.updated_at', '') ELSE '' END AS updated,
            (SELECT t.key FROM records t
                WHERE t.tenant = a.tenant AND t.kind = 'tool_name'
                    AND CASE WHEN json_valid(t.body) THEN t.body ->> '$.body.automation' END = a.key
                LIMIT 1) AS toolbox
        FROM records a WHERE a.kind = 'automation'
    )
    WHERE length(id) = 16
);

INSERT INTO entities (tenant, kind, id, version, layout, created_at, updated_at, entries, body)
SELECT tenant, 'automation', id, version, 1, at, updated_at,
    unhex('03' || hex('all') || '000009' || place
        || coalesce('05' || hex('tools') || '01' || printf('%04X', length(name) / 2) || name, '')),
    body
FROM moved;

INSERT INTO entity_index (tenant, kind, name, key, tie, id)
SELECT tenant, 'automation', 'all', unhex(place), id, id FROM moved;

INSERT INTO entity_index (tenant, kind, name, key, tie, id)
SELECT tenant, 'automation', 'tools', unhex(name), x'', id FROM moved WHERE name IS NOT NULL;

DROP TABLE moved;
DELETE FROM records WHERE kind = 'tool_name' OR (kind = 'automation' AND length(unhex(substr(key, 6))) = 16);
