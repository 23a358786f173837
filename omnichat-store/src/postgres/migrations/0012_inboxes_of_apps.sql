-- Webhooks of an app name accounts alone: the enabled inboxes that such an app serves are found by kind, app and account, of
-- whatever tenant. Those from before have no app.
ALTER TABLE inboxes
    ADD COLUMN kind    TEXT,
    ADD COLUMN app     TEXT,
    ADD COLUMN account TEXT;
CREATE INDEX inboxes_app_account ON inboxes (kind, app, account, id, tenant) WHERE app IS NOT NULL;
CREATE INDEX inboxes_app ON inboxes (kind, app, id, tenant) WHERE app IS NOT NULL;
