-- Entities of all kinds, and what they are found by. `entries` is a packed copy of an entity's own entries, so that the next version
-- writes only what differs.
CREATE TABLE entities (
    tenant     UUID   NOT NULL,
    kind       TEXT   NOT NULL COLLATE "C",
    id         UUID   NOT NULL,
    version    BIGINT NOT NULL,
    layout     BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    entries    BYTEA  NOT NULL,
    body       TEXT   NOT NULL,
    PRIMARY KEY (tenant, kind, id)
);
CREATE INDEX entities_layout ON entities (kind, layout, tenant, id);

-- `tie` tells entries of the same key apart: it is the id, and empty for a unique entry, of which there can then be only one.
CREATE TABLE entity_index (
    tenant UUID  NOT NULL,
    kind   TEXT  NOT NULL COLLATE "C",
    name   TEXT  NOT NULL COLLATE "C",
    key    BYTEA NOT NULL,
    tie    BYTEA NOT NULL,
    id     UUID  NOT NULL,
    PRIMARY KEY (tenant, kind, name, key, tie)
);
