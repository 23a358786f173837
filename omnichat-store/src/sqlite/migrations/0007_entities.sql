-- Entities of all kinds, and what they are found by. `entries` is a packed copy of an entity's own entries, so that the next version
-- writes only what differs.
CREATE TABLE entities (
    tenant     BLOB    NOT NULL,
    kind       TEXT    NOT NULL,
    id         BLOB    NOT NULL,
    version    INTEGER NOT NULL,
    layout     INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    entries    BLOB    NOT NULL,
    body       TEXT    NOT NULL,
    PRIMARY KEY (tenant, kind, id)
) STRICT;
CREATE INDEX entities_layout ON entities (kind, layout, tenant, id);

-- `tie` tells entries of the same key apart: it is the id, and empty for a unique entry, of which there can then be only one.
CREATE TABLE entity_index (
    tenant BLOB NOT NULL,
    kind   TEXT NOT NULL,
    name   TEXT NOT NULL,
    key    BLOB NOT NULL,
    tie    BLOB NOT NULL,
    id     BLOB NOT NULL,
    PRIMARY KEY (tenant, kind, name, key, tie)
) STRICT, WITHOUT ROWID;
