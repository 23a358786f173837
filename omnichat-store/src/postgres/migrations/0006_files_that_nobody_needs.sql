-- What tells files that nobody needs: by their bytes, by their age while they are in no conversation, and how much was uploaded.
ALTER TABLE files
    ADD COLUMN blob        TEXT    NOT NULL DEFAULT '',
    ADD COLUMN size        BIGINT  NOT NULL DEFAULT 0,
    ADD COLUMN uploaded_by TEXT    NOT NULL DEFAULT '',
    ADD COLUMN created_at  BIGINT  NOT NULL DEFAULT 0,
    ADD COLUMN unsent      BOOLEAN NOT NULL DEFAULT FALSE;
-- A row that is damaged keeps the empty digest: nobody knows its bytes, so none of its tenant's are removed.
CREATE FUNCTION file_of(body TEXT, OUT blob TEXT, OUT size BIGINT, OUT uploaded_by TEXT, OUT created_at BIGINT, OUT unsent BOOLEAN)
LANGUAGE plpgsql AS $$
DECLARE
    file JSONB;
BEGIN
    file := body::jsonb;
    blob := file ->> 'blob';
    size := (file ->> 'size')::bigint;
    uploaded_by := file ->> 'uploaded_by';
    created_at := (extract(epoch FROM (file ->> 'created_at')::timestamptz) * 1000000)::bigint;
    unsent := file ->> 'conversation' IS NULL;
EXCEPTION WHEN OTHERS THEN
    blob := NULL;
END $$;
UPDATE files f SET blob = r.blob, size = r.size, uploaded_by = r.uploaded_by, created_at = r.created_at, unsent = r.unsent
FROM files g CROSS JOIN LATERAL file_of(g.body) r
WHERE g.tenant = f.tenant AND g.id = f.id AND num_nulls(r.blob, r.size, r.uploaded_by, r.created_at, r.unsent) = 0;
DROP FUNCTION file_of(TEXT);
-- A node of an earlier version that still runs cannot store a file whose bytes nobody would know.
ALTER TABLE files ALTER COLUMN blob DROP DEFAULT;
CREATE INDEX files_blob ON files (tenant, blob);
CREATE INDEX files_unsent ON files (tenant, created_at, id) WHERE unsent;
CREATE INDEX files_uploaded ON files (tenant, created_at) INCLUDE (uploaded_by, size);
CREATE INDEX files_uploaded_by ON files (tenant, uploaded_by, created_at) INCLUDE (size);
