-- Who somebody is and where is spoken are two things: what was one account of a customer becomes a contact and a chat. What was
-- called a peer is the platform's id of the chat. A row that is damaged is left as it is; a damaged account has no chat, and the
-- next message there begins one.
CREATE TABLE contacts (
    number      INTEGER PRIMARY KEY,
    tenant      BLOB    NOT NULL,
    id          BLOB    NOT NULL,
    version     INTEGER NOT NULL,
    customer    BLOB    NOT NULL,
    space       TEXT    NOT NULL,
    external_id TEXT    NOT NULL,
    claimed     INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    body        TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX contacts_id ON contacts (tenant, id);
CREATE UNIQUE INDEX contacts_key ON contacts (tenant, space, external_id, claimed);
CREATE INDEX contacts_customer ON contacts (tenant, customer, created_at, id);

CREATE TABLE chats (
    number      INTEGER PRIMARY KEY,
    tenant      BLOB    NOT NULL,
    id          BLOB    NOT NULL,
    version     INTEGER NOT NULL,
    customer    BLOB    NOT NULL,
    inbox       BLOB    NOT NULL,
    external_id TEXT    NOT NULL,
    created_at  INTEGER NOT NULL,
    body        TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX chats_id ON chats (tenant, id);
CREATE UNIQUE INDEX chats_place ON chats (tenant, inbox, external_id);
CREATE INDEX chats_customer ON chats (tenant, customer, created_at, id);

-- A group was an account too. These platforms number groups below zero, and a part of one has a sign in its name.
CREATE TEMP TABLE group_accounts AS
SELECT i.tenant, i.id FROM identities i JOIN inboxes b ON b.tenant = i.tenant AND b.id = i.inbox
WHERE i.peer GLOB '-[0-9]*' AND i.peer NOT GLOB '*[^0-9-]*'
    AND CASE WHEN json_valid(b.body) THEN b.body ->> '$.kind' END IN ('telegram', 'max');

INSERT INTO contacts (tenant, id, version, customer, space, external_id, claimed, created_at, body)
SELECT tenant, id, version, customer, 'inbox:' || lower(hex(inbox)), peer, 0, created_at,
    json_object(
        'id', 'cont_' || lower(hex(id)), 'tenant', body ->> '$.tenant', 'customer', body ->> '$.customer',
        'scope', 'inbox', 'inbox', body ->> '$.inbox', 'external_id', peer, 'username', body ->> '$.username',
        'name', body ->> '$.name', 'created_at', json(body -> '$.created_at'), 'version', version)
FROM identities
WHERE CASE WHEN json_valid(body) THEN
    (body ->> '$.tenant') || (body ->> '$.customer') || (body ->> '$.inbox') || (body ->> '$.name') || (body ->> '$.created_at')
END IS NOT NULL AND NOT EXISTS (SELECT 1 FROM group_accounts WHERE group_accounts.tenant = identities.tenant AND group_accounts.id = identities.id);

INSERT INTO chats (tenant, id, version, customer, inbox, external_id, created_at, body)
SELECT tenant, id, version, customer, inbox, peer, created_at,
    json_object(
        'id', 'chat_' || lower(hex(id)), 'tenant', body ->> '$.tenant', 'inbox', body ->> '$.inbox',
        'external_id', peer, 'customer', body ->> '$.customer',
        'kind', iif(is_group, 'group', 'private'), 'title', iif(is_group, body ->> '$.name', NULL),
        'contact', iif(is_group, NULL, 'cont_' || lower(hex(id))),
        'route', json(coalesce(body -> '$.route', '{}')), 'unreachable', json(coalesce(body -> '$.unreachable', 'false')),
        'created_at', json(body -> '$.created_at'), 'version', version)
FROM (SELECT *, EXISTS (SELECT 1 FROM group_accounts WHERE group_accounts.tenant = identities.tenant AND group_accounts.id = identities.id) AS is_group
    FROM identities)
WHERE CASE WHEN json_valid(body) THEN
    (body ->> '$.tenant') || (body ->> '$.customer') || (body ->> '$.inbox') || (body ->> '$.name') || (body ->> '$.created_at')
END IS NOT NULL;

DROP TABLE group_accounts;
DROP TABLE identities;

ALTER TABLE conversations RENAME COLUMN peer TO chat;
ALTER TABLE message_ids RENAME COLUMN peer TO chat;
-- In a text this cannot be written: its quotes have a backslash before them.
UPDATE conversations SET body = replace(body, '"peer":"', '"chat":"') WHERE instr(body, '"peer":"') > 0;
UPDATE messages SET body = replace(body, '"peer":"', '"chat":"') WHERE instr(body, '"peer":"') > 0;
UPDATE events SET body = replace(body, '"peer":"', '"chat":"') WHERE instr(body, '"peer":"') > 0;

-- Events that wait, or that could not be applied.
UPDATE jobs
SET payload = json_set(payload, '$.event', json_object(
    'chat', json_object('id', payload ->> '$.event.peer', 'route', json(coalesce(payload -> '$.event.route', '{}'))),
    'person', json(coalesce(payload -> '$.event.profile', 'null')), 'event', json(payload -> '$.event.event')))
WHERE kind = 'inbound' AND CASE WHEN json_valid(payload) THEN payload ->> '$.event.peer' END IS NOT NULL;
UPDATE quarantine
SET body = json_set(body, '$.request.body.text', json_object(
    'chat', json_object(
        'id', (body ->> '$.request.body.text') ->> '$.peer',
        'route', json(coalesce((body ->> '$.request.body.text') -> '$.route', '{}'))),
    'person', json(coalesce((body ->> '$.request.body.text') -> '$.profile', 'null')),
    'event', json((body ->> '$.request.body.text') -> '$.event')) || '')
WHERE CASE WHEN json_valid(body) AND body ->> '$.what' = 'event' AND json_valid(body ->> '$.request.body.text')
    THEN (body ->> '$.request.body.text') ->> '$.peer' END IS NOT NULL;
