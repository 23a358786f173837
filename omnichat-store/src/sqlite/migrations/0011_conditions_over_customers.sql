-- Customers are found by their tags, by values of their attributes and by being blocked, as conditions ask for them: by field and value.
-- The column `marks` lists what stands in the table. Values of more than 200 characters are not found by. And lists may have the
-- customers who appeared last first; of a damaged row nobody knows when that was.
ALTER TABLE customers ADD COLUMN created_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE customers ADD COLUMN marks TEXT NOT NULL DEFAULT '[]';
CREATE TABLE customer_marks (
    tenant BLOB NOT NULL,
    field  TEXT NOT NULL,
    value  TEXT NOT NULL,
    id     BLOB NOT NULL,
    PRIMARY KEY (tenant, field, value, id)
) STRICT, WITHOUT ROWID;

-- Seconds and the six digits behind the point, each for itself: the functions of time round.
UPDATE customers SET created_at = coalesce(
    unixepoch(substr(t.at, 1, 19)) * 1000000 + CAST(substr(rtrim(substr(t.at, 21), 'Z') || '000000', 1, 6) AS INTEGER),
    customers.last_seen_at)
FROM (SELECT number, CASE WHEN json_valid(body) THEN CAST(body ->> '$.created_at' AS TEXT) END AS at FROM customers) t
WHERE t.number = customers.number;
CREATE INDEX customers_created ON customers (tenant, created_at, id);

INSERT OR IGNORE INTO customer_marks
SELECT c.tenant, 'tags', t.value, c.id
FROM customers c, json_each(CASE WHEN json_valid(c.body) THEN
    iif(json_type(c.body, '$.tags') = 'array', c.body -> '$.tags', '[]') ELSE '[]' END) t
WHERE t.type = 'text' AND length(t.value) <= 200;
INSERT OR IGNORE INTO customer_marks
SELECT c.tenant, 'attributes.' || a.key, a.value, c.id
FROM customers c, json_each(CASE WHEN json_valid(c.body) THEN
    iif(json_type(c.body, '$.attributes') = 'object', c.body -> '$.attributes', '{}') ELSE '{}' END) a
WHERE a.type = 'text' AND length(a.value) <= 200;
INSERT OR IGNORE INTO customer_marks
SELECT tenant, 'blocked', 'true', id FROM customers
WHERE CASE WHEN json_valid(body) THEN json_type(body, '$.blocked') END = 'true';
UPDATE customers SET marks = l.listed
FROM (SELECT tenant, id, json_group_array(json_array(field, value)) AS listed FROM customer_marks GROUP BY tenant, id) l
WHERE customers.tenant = l.tenant AND customers.id = l.id;
