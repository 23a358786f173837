-- A job says for which inbox it is work (the nil UUID: for none), so that places can be shared out between tenants and inboxes,
-- and how many of its leases were lost.
ALTER TABLE jobs ADD COLUMN inbox BLOB NOT NULL DEFAULT x'00000000000000000000000000000000';
ALTER TABLE jobs ADD COLUMN losses INTEGER NOT NULL DEFAULT 0;

-- What goes round for ever is the same job at each round, so it is told here; its unique key is its kind and its inbox, as in
-- `poll/inb_` and 32 hex digits. Jobs that are done once soon make room for others, which say it themselves.
UPDATE jobs SET inbox = unhex(substr(unique_key, -32))
WHERE kind IN ('poll', 'watch') AND unique_key GLOB kind || '/inb_*' AND length(unhex(substr(unique_key, -32))) = 16;

-- What is due is found by its kind, and where much is due, by its share.
DROP INDEX jobs_ready;
CREATE INDEX jobs_ready ON jobs (kind, due_at, place, tenant, inbox) WHERE head = 1 AND leased_until IS NULL;
CREATE INDEX jobs_shares ON jobs (kind, tenant, inbox, due_at, place) WHERE head = 1 AND leased_until IS NULL;
