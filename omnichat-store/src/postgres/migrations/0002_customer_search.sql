-- Search of customers by any part of their name, e-mail address or phone number. The extension comes with PostgreSQL, but a
-- server may lack it or forbid it; then the newest customers are looked through instead, which is slower and as right.
DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
    CREATE INDEX customers_search ON customers USING gin (search gin_trgm_ops);
EXCEPTION
    WHEN insufficient_privilege OR undefined_file OR feature_not_supported OR undefined_object THEN
        RAISE NOTICE 'customers are searched without an index: %', SQLERRM;
END
$$;
