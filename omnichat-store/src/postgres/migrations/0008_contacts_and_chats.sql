-- Who somebody is and where is spoken are two things: what was one account of a customer becomes a contact and a chat. What was
-- called a peer is the platform's id of the chat. A row that is damaged is left as it is; a damaged account has no chat, and the
-- next message there begins one.
CREATE TABLE contacts (
    tenant      UUID    NOT NULL,
    id          UUID    NOT NULL,
    version     BIGINT  NOT NULL,
    customer    UUID    NOT NULL,
    space       TEXT    COLLATE "C" NOT NULL,
    external_id TEXT    COLLATE "C" NOT NULL,
    claimed     BOOLEAN NOT NULL,
    created_at  BIGINT  NOT NULL,
    body        TEXT    NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX contacts_key ON contacts (tenant, space, external_id, claimed);
CREATE INDEX contacts_customer ON contacts (tenant, customer, created_at, id);

CREATE TABLE chats (
    tenant      UUID   NOT NULL,
    id          UUID   NOT NULL,
    version     BIGINT NOT NULL,
    customer    UUID   NOT NULL,
    inbox       UUID   NOT NULL,
    external_id TEXT   COLLATE "C" NOT NULL,
    created_at  BIGINT NOT NULL,
    body        TEXT   NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX chats_place ON chats (tenant, inbox, external_id);
CREATE INDEX chats_customer ON chats (tenant, customer, created_at, id);

CREATE FUNCTION document_of(body TEXT) RETURNS JSONB LANGUAGE plpgsql AS $$
BEGIN
    RETURN body::jsonb;
EXCEPTION WHEN OTHERS THEN
    RETURN NULL;
END $$;

-- A group was an account too. These platforms number groups below zero, and a part of one has a sign in its name.
CREATE TEMP TABLE group_accounts AS
SELECT i.tenant, i.id FROM identities i JOIN inboxes b ON b.tenant = i.tenant AND b.id = i.inbox
WHERE i.peer ~ '^-[0-9]+$' AND document_of(b.body) ->> 'kind' IN ('telegram', 'max');

INSERT INTO contacts (tenant, id, version, customer, space, external_id, claimed, created_at, body)
SELECT tenant, id, version, customer, 'inbox:' || replace(inbox::text, '-', ''), peer, FALSE, created_at,
    jsonb_build_object(
        'id', 'cont_' || replace(id::text, '-', ''), 'tenant', d -> 'tenant', 'customer', d -> 'customer',
        'scope', 'inbox', 'inbox', d -> 'inbox', 'external_id', peer, 'username', d -> 'username',
        'name', d -> 'name', 'created_at', d -> 'created_at', 'version', version)::text
FROM identities i, LATERAL document_of(body) AS d
WHERE d ?& ARRAY['tenant', 'customer', 'inbox', 'name', 'created_at']
    AND NOT EXISTS (SELECT 1 FROM group_accounts g WHERE g.tenant = i.tenant AND g.id = i.id);

INSERT INTO chats (tenant, id, version, customer, inbox, external_id, created_at, body)
SELECT tenant, id, version, customer, inbox, peer, created_at,
    jsonb_build_object(
        'id', 'chat_' || replace(id::text, '-', ''), 'tenant', d -> 'tenant', 'inbox', d -> 'inbox',
        'external_id', peer, 'customer', d -> 'customer',
        'kind', CASE WHEN is_group THEN 'group' ELSE 'private' END, 'title', CASE WHEN is_group THEN d -> 'name' END,
        'contact', CASE WHEN NOT is_group THEN 'cont_' || replace(id::text, '-', '') END,
        'route', coalesce(d -> 'route', '{}'), 'unreachable', coalesce(d -> 'unreachable', 'false'),
        'created_at', d -> 'created_at', 'version', version)::text
FROM identities i, LATERAL document_of(body) AS d,
    LATERAL (SELECT EXISTS (SELECT 1 FROM group_accounts g WHERE g.tenant = i.tenant AND g.id = i.id) AS is_group) AS known
WHERE d ?& ARRAY['tenant', 'customer', 'inbox', 'name', 'created_at'];

DROP TABLE group_accounts;
DROP TABLE identities;

ALTER TABLE conversations RENAME COLUMN peer TO chat;
ALTER INDEX conversations_peer RENAME TO conversations_chat;
ALTER TABLE message_ids RENAME COLUMN peer TO chat;
-- In a text this cannot be written: its quotes have a backslash before them.
UPDATE conversations SET body = replace(body, '"peer":"', '"chat":"') WHERE strpos(body, '"peer":"') > 0;
UPDATE messages SET body = replace(body, '"peer":"', '"chat":"') WHERE strpos(body, '"peer":"') > 0;
UPDATE events SET body = replace(body, '"peer":"', '"chat":"') WHERE strpos(body, '"peer":"') > 0;

-- Events that wait, or that could not be applied.
CREATE FUNCTION as_told_now(event JSONB) RETURNS JSONB LANGUAGE sql AS $$
    SELECT jsonb_build_object(
        'chat', jsonb_build_object('id', event -> 'peer', 'route', coalesce(event -> 'route', '{}')),
        'person', event -> 'profile', 'event', event -> 'event')
$$;
UPDATE jobs
SET payload = jsonb_set(document_of(payload), '{event}', as_told_now(document_of(payload) -> 'event'))::text
WHERE kind = 'inbound' AND document_of(payload) #> '{event,peer}' IS NOT NULL;
UPDATE quarantine
SET body = jsonb_set(
    document_of(body), '{request,body,text}',
    to_jsonb(as_told_now(document_of(document_of(body) #>> '{request,body,text}'))::text))::text
WHERE document_of(body) ->> 'what' = 'event'
    AND document_of(document_of(body) #>> '{request,body,text}') -> 'peer' IS NOT NULL;
DROP FUNCTION as_told_now(JSONB);
DROP FUNCTION document_of(TEXT);
