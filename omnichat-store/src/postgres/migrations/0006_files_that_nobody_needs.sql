-- What tells files that nobody needs: by their bytes, by their age while they are in no conversation, and how much was uploaded.
ALTER TABLE files
    ADD COLUMN blob        TEXT    NOT NULL DEFAULT '',
    ADD COLUMN size        BIGINT  NOT NULL DEFAULT 0,
    ADD COLUMN uploaded_by TEXT    NOT NULL DEFAULT '',
    ADD COLUMN created_at  BIGINT  NOT NULL DEFAULT 0,
    ADD COLUMN unsent      BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE files SET
    blob = (body::jsonb) ->> 'blob',
    size = ((body::jsonb) ->> 'size')::bigint,
    uploaded_by = (body::jsonb) ->> 'uploaded_by',
    created_at = (extract(epoch FROM ((body::jsonb) ->> 'created_at')::timestamptz) * 1000000)::bigint,
    unsent = (body::jsonb) ->> 'conversation' IS NULL;
CREATE INDEX files_blob ON files (tenant, blob);
CREATE INDEX files_unsent ON files (tenant, created_at, id) WHERE unsent;
CREATE INDEX files_uploaded ON files (tenant, created_at) INCLUDE (size);
CREATE INDEX files_uploaded_by ON files (tenant, uploaded_by, created_at) INCLUDE (size);
