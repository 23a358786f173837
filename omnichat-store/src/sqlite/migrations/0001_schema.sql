-- The first schema. Ids are the 16 bytes of their UUID, times are microseconds since the Unix epoch, `body` is the JSON of
-- the whole entity. Columns beside the body are there because something is searched, sorted or unique by them.

-- `number` is the short form of a tenant in the keys of events, `head` the number of its newest event.
CREATE TABLE tenants (
    number     INTEGER PRIMARY KEY,
    id         BLOB    NOT NULL UNIQUE,
    version    INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    head       INTEGER NOT NULL DEFAULT 0,
    body       TEXT    NOT NULL
) STRICT;

CREATE TABLE operators (
    tenant     BLOB    NOT NULL,
    id         BLOB    NOT NULL,
    version    INTEGER NOT NULL,
    email      TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    body       TEXT    NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE UNIQUE INDEX operators_email ON operators (tenant, email);
CREATE INDEX operators_everywhere ON operators (email);

CREATE TABLE inboxes (
    tenant     BLOB    NOT NULL,
    id         BLOB    NOT NULL,
    version    INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    body       TEXT    NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT;
-- Webhooks and widgets name an inbox alone, so its id is unique across tenants.
CREATE UNIQUE INDEX inboxes_everywhere ON inboxes (id);

CREATE TABLE customers (
    number       INTEGER PRIMARY KEY,
    tenant       BLOB    NOT NULL,
    id           BLOB    NOT NULL,
    version      INTEGER NOT NULL,
    last_seen_at INTEGER NOT NULL,
    search       TEXT    NOT NULL,
    body         TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX customers_id ON customers (tenant, id);
CREATE INDEX customers_seen ON customers (tenant, last_seen_at, id);

CREATE TABLE identities (
    number     INTEGER PRIMARY KEY,
    tenant     BLOB    NOT NULL,
    id         BLOB    NOT NULL,
    version    INTEGER NOT NULL,
    customer   BLOB    NOT NULL,
    inbox      BLOB    NOT NULL,
    peer       TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    body       TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX identities_id ON identities (tenant, id);
CREATE UNIQUE INDEX identities_peer ON identities (tenant, inbox, peer);
CREATE INDEX identities_customer ON identities (tenant, customer, created_at, id);

-- `status` and `priority` are places in the lists of the core: 0 to 2 are open, priority 1 is the usual one.
-- `labels` is the JSON of tags and participants, to see at a glance whether they changed. `unread` and `waits` say whether
-- anything is unread and whether the customer waits, `period` is the stretch of time in which the conversation began.
CREATE TABLE conversations (
    number        INTEGER PRIMARY KEY,
    tenant        BLOB    NOT NULL,
    id            BLOB    NOT NULL,
    version       INTEGER NOT NULL,
    inbox         BLOB    NOT NULL,
    peer          TEXT    NOT NULL,
    channel       TEXT    NOT NULL,
    customer      BLOB    NOT NULL,
    status        INTEGER NOT NULL,
    priority      INTEGER NOT NULL,
    assignee      BLOB,
    unread        INTEGER NOT NULL,
    waits         INTEGER NOT NULL,
    waiting_since INTEGER,
    created_at    INTEGER NOT NULL,
    activity_at   INTEGER NOT NULL,
    period        INTEGER NOT NULL,
    labels        TEXT    NOT NULL,
    body          TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX conversations_id ON conversations (tenant, id);
CREATE UNIQUE INDEX conversations_peer ON conversations (tenant, inbox, peer) WHERE status <> 5;

-- One index for each set that lists begin with, in each order, with the columns that filters test: see `listing`.
CREATE INDEX conversations_activity
    ON conversations (tenant, status, activity_at, id, inbox, assignee, priority, unread, waits, created_at);
CREATE INDEX conversations_created
    ON conversations (tenant, status, created_at, id, inbox, assignee, priority, unread, waits);
CREATE INDEX conversations_waiting
    ON conversations (tenant, status, waiting_since, id, inbox, assignee, priority, unread, waits, created_at) WHERE waiting_since IS NOT NULL;
CREATE INDEX conversations_assignee_activity
    ON conversations (tenant, assignee, status, activity_at, id, inbox, priority, unread, waits, created_at);
CREATE INDEX conversations_assignee_created
    ON conversations (tenant, assignee, status, created_at, id, inbox, priority, unread, waits);
CREATE INDEX conversations_assignee_waiting
    ON conversations (tenant, assignee, status, waiting_since, id, inbox, priority, unread, waits, created_at) WHERE waiting_since IS NOT NULL;
CREATE INDEX conversations_inbox_activity
    ON conversations (tenant, inbox, status, activity_at, id, assignee, priority, unread, waits, created_at);
CREATE INDEX conversations_inbox_created
    ON conversations (tenant, inbox, status, created_at, id, assignee, priority, unread, waits);
CREATE INDEX conversations_inbox_waiting
    ON conversations (tenant, inbox, status, waiting_since, id, assignee, priority, unread, waits, created_at) WHERE waiting_since IS NOT NULL;
CREATE INDEX conversations_unread_activity
    ON conversations (tenant, status, activity_at, id, inbox, assignee, priority, unread, waits, created_at) WHERE unread = 1;
CREATE INDEX conversations_unread_created
    ON conversations (tenant, status, created_at, id, inbox, assignee, priority, unread, waits) WHERE unread = 1;
CREATE INDEX conversations_unanswered_activity
    ON conversations (tenant, status, activity_at, id, inbox, assignee, priority, unread, waits, created_at) WHERE waits = 1;
CREATE INDEX conversations_unanswered_created
    ON conversations (tenant, status, created_at, id, inbox, assignee, priority, unread, waits) WHERE waits = 1;
CREATE INDEX conversations_priority_activity
    ON conversations (tenant, priority, status, activity_at, id, inbox, assignee, unread, waits, created_at) WHERE priority <> 1;
CREATE INDEX conversations_priority_created
    ON conversations (tenant, priority, status, created_at, id, inbox, assignee, unread, waits) WHERE priority <> 1;
CREATE INDEX conversations_priority_waiting
    ON conversations (tenant, priority, status, waiting_since, id, inbox, assignee, unread, waits, created_at) WHERE priority <> 1 AND waiting_since IS NOT NULL;
CREATE INDEX conversations_period_activity
    ON conversations (tenant, period, status, activity_at, id, inbox, assignee, priority, unread, waits, created_at);
CREATE INDEX conversations_customer ON conversations (tenant, customer);

-- Tags and participants carry the columns of their conversation that lists need, so that they are listed without it.
CREATE TABLE conversation_tags (
    tenant        BLOB NOT NULL,
    tag           TEXT NOT NULL,
    id            BLOB NOT NULL,
    status        INTEGER NOT NULL,
    priority      INTEGER NOT NULL,
    inbox         BLOB NOT NULL,
    assignee      BLOB,
    unread        INTEGER NOT NULL,
    waits         INTEGER NOT NULL,
    waiting_since INTEGER,
    created_at    INTEGER NOT NULL,
    activity_at   INTEGER NOT NULL,
    PRIMARY KEY (tenant, tag, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_tags_activity
    ON conversation_tags (tenant, tag, status, activity_at, id, inbox, assignee, priority, unread, waits, created_at);
CREATE INDEX conversation_tags_created
    ON conversation_tags (tenant, tag, status, created_at, id, inbox, assignee, priority, unread, waits);
CREATE INDEX conversation_tags_waiting
    ON conversation_tags (tenant, tag, status, waiting_since, id, inbox, assignee, priority, unread, waits, created_at) WHERE waiting_since IS NOT NULL;

CREATE TABLE conversation_participants (
    tenant        BLOB NOT NULL,
    operator      BLOB NOT NULL,
    id            BLOB NOT NULL,
    status        INTEGER NOT NULL,
    priority      INTEGER NOT NULL,
    inbox         BLOB NOT NULL,
    assignee      BLOB,
    unread        INTEGER NOT NULL,
    waits         INTEGER NOT NULL,
    waiting_since INTEGER,
    created_at    INTEGER NOT NULL,
    activity_at   INTEGER NOT NULL,
    PRIMARY KEY (tenant, operator, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX conversation_participants_activity
    ON conversation_participants (tenant, operator, status, activity_at, id, inbox, assignee, priority, unread, waits, created_at);
CREATE INDEX conversation_participants_created
    ON conversation_participants (tenant, operator, status, created_at, id, inbox, assignee, priority, unread, waits);
CREATE INDEX conversation_participants_waiting
    ON conversation_participants (tenant, operator, status, waiting_since, id, inbox, assignee, priority, unread, waits, created_at) WHERE waiting_since IS NOT NULL;

-- How many open conversations each operator has, kept with every commit so that routing need not count.
CREATE TABLE operator_loads (
    tenant   BLOB    NOT NULL,
    operator BLOB    NOT NULL,
    open     INTEGER NOT NULL,
    PRIMARY KEY (tenant, operator)
) STRICT, WITHOUT ROWID;

-- The inboxes that ever had a conversation on a channel, removed ones too.
CREATE TABLE channel_inboxes (
    tenant  BLOB NOT NULL,
    channel TEXT NOT NULL,
    inbox   BLOB NOT NULL,
    PRIMARY KEY (tenant, channel, inbox)
) STRICT, WITHOUT ROWID;

-- `external` is the JSON of what the message holds in `message_ids`, `unread` says that it is outgoing and not yet read.
CREATE TABLE messages (
    number       INTEGER PRIMARY KEY,
    tenant       BLOB    NOT NULL,
    id           BLOB    NOT NULL,
    version      INTEGER NOT NULL,
    conversation BLOB    NOT NULL,
    position     INTEGER NOT NULL,
    unread       INTEGER NOT NULL,
    client_key   TEXT,
    external     TEXT,
    body         TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX messages_id ON messages (tenant, id);
CREATE INDEX messages_position ON messages (tenant, conversation, position, id);
CREATE INDEX messages_unread ON messages (tenant, conversation, position, id) WHERE unread = 1;
CREATE UNIQUE INDEX messages_client_key ON messages (tenant, conversation, client_key) WHERE client_key IS NOT NULL;

-- Every id by which a platform knows a message.
CREATE TABLE message_ids (
    tenant      BLOB NOT NULL,
    inbox       BLOB NOT NULL,
    peer        TEXT NOT NULL,
    external_id TEXT NOT NULL,
    message     BLOB NOT NULL,
    PRIMARY KEY (tenant, inbox, peer, external_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE revisions (
    tenant  BLOB    NOT NULL,
    message BLOB    NOT NULL,
    number  INTEGER NOT NULL,
    body    TEXT    NOT NULL,
    PRIMARY KEY (tenant, message, number)
) STRICT;

CREATE TABLE files (
    tenant  BLOB    NOT NULL,
    id      BLOB    NOT NULL,
    version INTEGER NOT NULL,
    body    TEXT    NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT;

CREATE TABLE quarantine (
    tenant      BLOB    NOT NULL,
    id          BLOB    NOT NULL,
    version     INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    body        TEXT    NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX quarantine_received ON quarantine (tenant, received_at, id);

CREATE TABLE records (
    tenant     BLOB    NOT NULL,
    kind       TEXT    NOT NULL,
    key        TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    expires_at INTEGER,
    body       TEXT    NOT NULL,
    PRIMARY KEY (tenant, kind, key)
) STRICT;
CREATE INDEX records_expiring ON records (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE audit (
    tenant BLOB    NOT NULL,
    id     BLOB    NOT NULL,
    at     INTEGER NOT NULL,
    body   TEXT    NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT;
CREATE INDEX audit_at ON audit (tenant, at, id);

-- `key` is the tenant's number times 2^40 plus the event's number: the log of a tenant lies together, in order, and needs
-- no second index.
CREATE TABLE events (
    key  INTEGER PRIMARY KEY,
    at   INTEGER NOT NULL,
    body TEXT    NOT NULL
) STRICT;

-- `place` is the order of queueing, `head` marks the first job of each lane, the only one that may be leased.
CREATE TABLE jobs (
    place        INTEGER PRIMARY KEY,
    tenant       BLOB    NOT NULL,
    id           BLOB    NOT NULL,
    lane         TEXT    NOT NULL,
    kind         TEXT    NOT NULL,
    head         INTEGER NOT NULL,
    due_at       INTEGER NOT NULL,
    leased_until INTEGER,
    generation   INTEGER NOT NULL,
    attempts     INTEGER NOT NULL,
    unique_key   TEXT,
    created_at   INTEGER NOT NULL,
    error        TEXT,
    payload      TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX jobs_id ON jobs (id);
CREATE INDEX jobs_lane ON jobs (tenant, lane, place, due_at);
CREATE INDEX jobs_ready ON jobs (due_at, place) WHERE head = 1 AND leased_until IS NULL;
CREATE INDEX jobs_leased ON jobs (leased_until, place) WHERE leased_until IS NOT NULL;
CREATE INDEX jobs_unique ON jobs (tenant, unique_key) WHERE unique_key IS NOT NULL AND leased_until IS NULL;
