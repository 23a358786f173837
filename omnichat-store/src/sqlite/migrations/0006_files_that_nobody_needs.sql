-- What tells files that nobody needs: by their bytes, by their age while they are in no conversation, and how much was uploaded.
ALTER TABLE files ADD COLUMN blob TEXT NOT NULL DEFAULT '';
ALTER TABLE files ADD COLUMN size INTEGER NOT NULL DEFAULT 0;
ALTER TABLE files ADD COLUMN uploaded_by TEXT NOT NULL DEFAULT '';
ALTER TABLE files ADD COLUMN created_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE files ADD COLUMN unsent INTEGER NOT NULL DEFAULT 0;
UPDATE files SET
    blob = body ->> '$.blob',
    size = body ->> '$.size',
    uploaded_by = body ->> '$.uploaded_by',
    created_at = coalesce(unixepoch(body ->> '$.created_at'), 0) * 1000000,
    unsent = body ->> '$.conversation' IS NULL;
CREATE INDEX files_blob ON files (tenant, blob);
CREATE INDEX files_unsent ON files (tenant, created_at, id) WHERE unsent = 1;
CREATE INDEX files_uploaded ON files (tenant, created_at, size);
CREATE INDEX files_uploaded_by ON files (tenant, uploaded_by, created_at, size);
