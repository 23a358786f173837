-- The first schema. Times are microseconds since the Unix epoch, `body` is the JSON of the whole entity. Columns beside the
-- body are there because something is searched, sorted or unique by them. The body is text: the database never looks into
-- it, and json or jsonb would be parsed at each write and, as jsonb, printed at each read. Keys are compared by bytes.

-- `head` is the number of the newest event; its row lock orders the commits of a tenant across nodes.
CREATE TABLE tenants (
    id         UUID   PRIMARY KEY,
    version    BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    head       BIGINT NOT NULL DEFAULT 0,
    body       TEXT   NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE operators (
    tenant     UUID   NOT NULL,
    id         UUID   NOT NULL,
    version    BIGINT NOT NULL,
    email      TEXT   COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    body       TEXT   NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX operators_email ON operators (tenant, email);
CREATE INDEX operators_everywhere ON operators (email);

CREATE TABLE inboxes (
    tenant     UUID   NOT NULL,
    id         UUID   NOT NULL,
    version    BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    body       TEXT   NOT NULL,
    PRIMARY KEY (tenant, id)
);
-- Webhooks and widgets name an inbox alone, so its id is unique across tenants.
CREATE UNIQUE INDEX inboxes_everywhere ON inboxes (id);

CREATE TABLE customers (
    tenant       UUID   NOT NULL,
    id           UUID   NOT NULL,
    version      BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    search       TEXT   COLLATE "C" NOT NULL,
    body         TEXT   NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX customers_seen ON customers (tenant, last_seen_at, id);

CREATE TABLE identities (
    tenant     UUID   NOT NULL,
    id         UUID   NOT NULL,
    version    BIGINT NOT NULL,
    customer   UUID   NOT NULL,
    inbox      UUID   NOT NULL,
    peer       TEXT   COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    body       TEXT   NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX identities_peer ON identities (tenant, inbox, peer);
CREATE INDEX identities_customer ON identities (tenant, customer, created_at, id);

-- `status` and `priority` are places in the lists of the core: 0 to 2 are open, priority 1 is the usual one.
-- `labels` is the JSON of tags and participants, to see at a glance whether they changed. `unread` and `waits` say whether
-- anything is unread and whether the customer waits, `period` is the stretch of time in which the conversation began.
CREATE TABLE conversations (
    tenant        UUID     NOT NULL,
    id            UUID     NOT NULL,
    version       BIGINT   NOT NULL,
    inbox         UUID     NOT NULL,
    peer          TEXT     COLLATE "C" NOT NULL,
    channel       TEXT     COLLATE "C" NOT NULL,
    customer      UUID     NOT NULL,
    status        SMALLINT NOT NULL,
    priority      SMALLINT NOT NULL,
    assignee      UUID,
    unread        BOOLEAN  NOT NULL,
    waits         BOOLEAN  NOT NULL,
    waiting_since BIGINT,
    created_at    BIGINT   NOT NULL,
    activity_at   BIGINT   NOT NULL,
    period        BIGINT   NOT NULL,
    labels        TEXT     NOT NULL,
    body          TEXT     NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE UNIQUE INDEX conversations_peer ON conversations (tenant, inbox, peer) WHERE status <> 5;

-- One index for each set that lists begin with, in each order, with the columns that filters test: see `listing`.
CREATE INDEX conversations_activity
    ON conversations (tenant, status, activity_at, id) INCLUDE (inbox, assignee, priority, unread, waits, created_at);
CREATE INDEX conversations_created
    ON conversations (tenant, status, created_at, id) INCLUDE (inbox, assignee, priority, unread, waits);
CREATE INDEX conversations_waiting
    ON conversations (tenant, status, waiting_since, id) INCLUDE (inbox, assignee, priority, unread, waits, created_at) WHERE waiting_since IS NOT NULL;
CREATE INDEX conversations_assignee_activity
    ON conversations (tenant, assignee, status, activity_at, id) INCLUDE (inbox, priority, unread, waits, created_at);
CREATE INDEX conversations_assignee_created
    ON conversations (tenant, assignee, status, created_at, id) INCLUDE (inbox, priority, unread, waits);
CREATE INDEX conversations_assignee_waiting
    ON conversations (tenant, assignee, status, waiting_since, id) INCLUDE (inbox, priority, unread, waits, created_at) WHERE waiting_since IS NOT NULL;
CREATE INDEX conversations_inbox_activity
    ON conversations (tenant, inbox, status, activity_at, id) INCLUDE (assignee, priority, unread, waits, created_at);
CREATE INDEX conversations_inbox_created
    ON conversations (tenant, inbox, status, created_at, id) INCLUDE (assignee, priority, unread, waits);
CREATE INDEX conversations_inbox_waiting
    ON conversations (tenant, inbox, status, waiting_since, id) INCLUDE (assignee, priority, unread, waits, created_at) WHERE waiting_since IS NOT NULL;
CREATE INDEX conversations_unread_activity
    ON conversations (tenant, status, activity_at, id) INCLUDE (inbox, assignee, priority, unread, waits, created_at) WHERE unread;
CREATE INDEX conversations_unread_created
    ON conversations (tenant, status, created_at, id) INCLUDE (inbox, assignee, priority, unread, waits) WHERE unread;
CREATE INDEX conversations_unanswered_activity
    ON conversations (tenant, status, activity_at, id) INCLUDE (inbox, assignee, priority, unread, waits, created_at) WHERE waits;
CREATE INDEX conversations_unanswered_created
    ON conversations (tenant, status, created_at, id) INCLUDE (inbox, assignee, priority, unread, waits) WHERE waits;
CREATE INDEX conversations_priority_activity
    ON conversations (tenant, priority, status, activity_at, id) INCLUDE (inbox, assignee, unread, waits, created_at) WHERE priority <> 1;
CREATE INDEX conversations_priority_created
    ON conversations (tenant, priority, status, created_at, id) INCLUDE (inbox, assignee, unread, waits) WHERE priority <> 1;
CREATE INDEX conversations_priority_waiting
    ON conversations (tenant, priority, status, waiting_since, id) INCLUDE (inbox, assignee, unread, waits, created_at) WHERE priority <> 1 AND waiting_since IS NOT NULL;
CREATE INDEX conversations_period_activity
    ON conversations (tenant, period, status, activity_at, id) INCLUDE (inbox, assignee, priority, unread, waits, created_at);
CREATE INDEX conversations_customer ON conversations (tenant, customer);

-- Tags and participants carry the columns of their conversation that lists need, so that they are listed without it.
CREATE TABLE conversation_tags (
    tenant        UUID NOT NULL,
    tag           TEXT COLLATE "C" NOT NULL,
    id            UUID NOT NULL,
    status        SMALLINT NOT NULL,
    priority      SMALLINT NOT NULL,
    inbox         UUID NOT NULL,
    assignee      UUID,
    unread        BOOLEAN NOT NULL,
    waits         BOOLEAN NOT NULL,
    waiting_since BIGINT,
    created_at    BIGINT NOT NULL,
    activity_at   BIGINT NOT NULL,
    PRIMARY KEY (tenant, tag, id)
);
CREATE INDEX conversation_tags_activity
    ON conversation_tags (tenant, tag, status, activity_at, id) INCLUDE (inbox, assignee, priority, unread, waits, created_at);
CREATE INDEX conversation_tags_created
    ON conversation_tags (tenant, tag, status, created_at, id) INCLUDE (inbox, assignee, priority, unread, waits);
CREATE INDEX conversation_tags_waiting
    ON conversation_tags (tenant, tag, status, waiting_since, id) INCLUDE (inbox, assignee, priority, unread, waits, created_at) WHERE waiting_since IS NOT NULL;

CREATE TABLE conversation_participants (
    tenant        UUID NOT NULL,
    operator      UUID NOT NULL,
    id            UUID NOT NULL,
    status        SMALLINT NOT NULL,
    priority      SMALLINT NOT NULL,
    inbox         UUID NOT NULL,
    assignee      UUID,
    unread        BOOLEAN NOT NULL,
    waits         BOOLEAN NOT NULL,
    waiting_since BIGINT,
    created_at    BIGINT NOT NULL,
    activity_at   BIGINT NOT NULL,
    PRIMARY KEY (tenant, operator, id)
);
CREATE INDEX conversation_participants_activity
    ON conversation_participants (tenant, operator, status, activity_at, id) INCLUDE (inbox, assignee, priority, unread, waits, created_at);
CREATE INDEX conversation_participants_created
    ON conversation_participants (tenant, operator, status, created_at, id) INCLUDE (inbox, assignee, priority, unread, waits);
CREATE INDEX conversation_participants_waiting
    ON conversation_participants (tenant, operator, status, waiting_since, id) INCLUDE (inbox, assignee, priority, unread, waits, created_at) WHERE waiting_since IS NOT NULL;

-- How many open conversations each operator has, kept with every commit so that routing need not count.
CREATE TABLE operator_loads (
    tenant   UUID   NOT NULL,
    operator UUID   NOT NULL,
    open     BIGINT NOT NULL,
    PRIMARY KEY (tenant, operator)
) WITH (fillfactor = 50);

-- The inboxes that ever had a conversation on a channel, removed ones too.
CREATE TABLE channel_inboxes (
    tenant  UUID NOT NULL,
    channel TEXT COLLATE "C" NOT NULL,
    inbox   UUID NOT NULL,
    PRIMARY KEY (tenant, channel, inbox)
);

-- `external` is the JSON of what the message holds in `message_ids`, `unread` says that it is outgoing and not yet read.
CREATE TABLE messages (
    tenant       UUID    NOT NULL,
    id           UUID    NOT NULL,
    version      BIGINT  NOT NULL,
    conversation UUID    NOT NULL,
    position     BIGINT  NOT NULL,
    unread       BOOLEAN NOT NULL,
    client_key   TEXT    COLLATE "C",
    external     TEXT,
    body         TEXT    NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX messages_position ON messages (tenant, conversation, position, id);
CREATE INDEX messages_unread ON messages (tenant, conversation, position, id) WHERE unread;
CREATE UNIQUE INDEX messages_client_key ON messages (tenant, conversation, client_key) WHERE client_key IS NOT NULL;

-- Every id by which a platform knows a message.
CREATE TABLE message_ids (
    tenant      UUID NOT NULL,
    inbox       UUID NOT NULL,
    peer        TEXT COLLATE "C" NOT NULL,
    external_id TEXT COLLATE "C" NOT NULL,
    message     UUID NOT NULL,
    PRIMARY KEY (tenant, inbox, peer, external_id)
);

CREATE TABLE revisions (
    tenant  UUID   NOT NULL,
    message UUID   NOT NULL,
    number  BIGINT NOT NULL,
    body    TEXT   NOT NULL,
    PRIMARY KEY (tenant, message, number)
);

CREATE TABLE files (
    tenant  UUID   NOT NULL,
    id      UUID   NOT NULL,
    version BIGINT NOT NULL,
    body    TEXT   NOT NULL,
    PRIMARY KEY (tenant, id)
);

CREATE TABLE quarantine (
    tenant      UUID   NOT NULL,
    id          UUID   NOT NULL,
    version     BIGINT NOT NULL,
    received_at BIGINT NOT NULL,
    body        TEXT   NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX quarantine_received ON quarantine (tenant, received_at, id);

CREATE TABLE records (
    tenant     UUID   NOT NULL,
    kind       TEXT   COLLATE "C" NOT NULL,
    key        TEXT   COLLATE "C" NOT NULL,
    version    BIGINT NOT NULL,
    expires_at BIGINT,
    body       TEXT   NOT NULL,
    PRIMARY KEY (tenant, kind, key)
);
CREATE INDEX records_expiring ON records (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE audit (
    tenant UUID   NOT NULL,
    id     UUID   NOT NULL,
    at     BIGINT NOT NULL,
    body   TEXT   NOT NULL,
    PRIMARY KEY (tenant, id)
);
CREATE INDEX audit_at ON audit (tenant, at, id);

-- Events of usual size stay in their page as they are; compressing each would cost more than it saves.
CREATE TABLE events (
    tenant UUID   NOT NULL,
    seq    BIGINT NOT NULL,
    at     BIGINT NOT NULL,
    body   TEXT   NOT NULL,
    PRIMARY KEY (tenant, seq)
) WITH (toast_tuple_target = 8160);

-- `place` is the order of queueing, `head` marks the first job of each lane, the only one that may be leased.
CREATE SEQUENCE jobs_place;
CREATE TABLE jobs (
    place        BIGINT  PRIMARY KEY,
    tenant       UUID    NOT NULL,
    id           UUID    NOT NULL,
    lane         TEXT    COLLATE "C" NOT NULL,
    kind         TEXT    COLLATE "C" NOT NULL,
    head         BOOLEAN NOT NULL,
    due_at       BIGINT  NOT NULL,
    leased_until BIGINT,
    generation   BIGINT  NOT NULL,
    attempts     BIGINT  NOT NULL,
    unique_key   TEXT    COLLATE "C",
    created_at   BIGINT  NOT NULL,
    error        TEXT,
    payload      TEXT    NOT NULL
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX jobs_id ON jobs (id);
CREATE INDEX jobs_lane ON jobs (tenant, lane, place);
CREATE INDEX jobs_ready ON jobs (due_at, place) WHERE head AND leased_until IS NULL;
CREATE INDEX jobs_leased ON jobs (leased_until, place) WHERE leased_until IS NOT NULL;
CREATE INDEX jobs_unique ON jobs (tenant, unique_key) WHERE unique_key IS NOT NULL AND leased_until IS NULL;
