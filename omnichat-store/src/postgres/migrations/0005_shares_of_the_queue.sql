-- A job says for which inbox it is work (the nil UUID: for none), so that places can be shared out between tenants and inboxes,
-- and how many of its leases were lost.
ALTER TABLE jobs ADD COLUMN inbox UUID NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000';
ALTER TABLE jobs ADD COLUMN losses BIGINT NOT NULL DEFAULT 0;
CREATE INDEX jobs_shares ON jobs (tenant, kind, inbox, due_at, place) WHERE head AND leased_until IS NULL;
