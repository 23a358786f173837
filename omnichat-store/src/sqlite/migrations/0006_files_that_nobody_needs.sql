-- What tells files that nobody needs: by their bytes, by their age while they are in no conversation, and how much was uploaded.
ALTER TABLE files ADD COLUMN blob TEXT NOT NULL DEFAULT '';
ALTER TABLE files ADD COLUMN size INTEGER NOT NULL DEFAULT 0;
ALTER TABLE files ADD COLUMN uploaded_by TEXT NOT NULL DEFAULT '';
ALTER TABLE files ADD COLUMN created_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE files ADD COLUMN unsent INTEGER NOT NULL DEFAULT 0;
-- A row that is damaged keeps the empty digest: nobody knows its bytes, so none of its tenant's are removed.
UPDATE files SET
    blob = coalesce(CAST(body ->> '$.blob' AS TEXT), ''),
    size = coalesce(CAST(body ->> '$.size' AS INTEGER), 0),
    uploaded_by = coalesce(CAST(body ->> '$.uploaded_by' AS TEXT), ''),
    created_at = coalesce(unixepoch(body ->> '$.created_at'), 0) * 1000000,
    unsent = body ->> '$.conversation' IS NULL
WHERE CASE WHEN json_valid(body) THEN body ->> '$.blob' END IS NOT NULL;
CREATE INDEX files_blob ON files (tenant, blob);
CREATE INDEX files_unsent ON files (tenant, created_at, id) WHERE unsent = 1;
CREATE INDEX files_uploaded ON files (tenant, created_at, uploaded_by, size);
CREATE INDEX files_uploaded_by ON files (tenant, uploaded_by, created_at, size);
