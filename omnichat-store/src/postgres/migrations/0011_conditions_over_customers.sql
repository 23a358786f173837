-- Customers are found by their tags, by values of their attributes and by being blocked, as conditions ask for them: by field and value.
-- The column `marks` lists what stands in the table. Values of more than 200 characters are not found by. And lists may have the
-- customers who appeared last first; of a damaged row nobody knows when that was.
ALTER TABLE customers
    ADD COLUMN created_at BIGINT NOT NULL DEFAULT 0,
    ADD COLUMN marks      TEXT   NOT NULL DEFAULT '[]';
CREATE TABLE customer_marks (
    tenant UUID NOT NULL,
    field  TEXT COLLATE "C" NOT NULL,
    value  TEXT COLLATE "C" NOT NULL,
    id     UUID NOT NULL,
    PRIMARY KEY (tenant, field, value, id)
);

CREATE FUNCTION customer_of(body TEXT, OUT created_at BIGINT, OUT marks JSONB) LANGUAGE plpgsql AS $$
DECLARE
    customer JSONB;
BEGIN
    BEGIN
        customer := body::jsonb;
    EXCEPTION WHEN OTHERS THEN
        -- A zero byte in a note is no text of this database.
        customer := replace(body, '\u0000', '\ufffd')::jsonb;
    END;
    created_at := (extract(epoch FROM (customer ->> 'created_at')::timestamptz) * 1000000)::bigint;
    marks := (SELECT jsonb_agg(jsonb_build_array(m.field, m.value)) FROM (
        SELECT 'tags' AS field, t.value AS value FROM jsonb_array_elements_text(customer -> 'tags') AS t (value)
        UNION SELECT 'attributes.' || a.key, a.value FROM jsonb_each_text(customer -> 'attributes') AS a (key, value)
        UNION SELECT 'blocked', 'true' WHERE customer -> 'blocked' = 'true'::jsonb
    ) AS m WHERE char_length(m.value) <= 200);
EXCEPTION WHEN OTHERS THEN
    created_at := NULL;
    marks := NULL;
END $$;
UPDATE customers c SET created_at = coalesce(r.created_at, c.last_seen_at), marks = coalesce(r.marks::text, '[]')
FROM customers g CROSS JOIN LATERAL customer_of(g.body) r
WHERE g.tenant = c.tenant AND g.id = c.id;
DROP FUNCTION customer_of(TEXT);
INSERT INTO customer_marks
SELECT c.tenant, m.value ->> 0, m.value ->> 1, c.id
FROM customers c, LATERAL jsonb_array_elements(c.marks::jsonb) AS m (value)
WHERE c.marks <> '[]' ON CONFLICT DO NOTHING;
-- A node of an earlier version that still runs cannot add a customer whom conditions would not find. One that it changes is found as it
-- was before, until a node of this version writes it.
ALTER TABLE customers ALTER COLUMN created_at DROP DEFAULT;
CREATE INDEX customers_created ON customers (tenant, created_at, id);
