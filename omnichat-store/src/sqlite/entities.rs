//! Statements of entities and their index.

use std::collections::BTreeSet;

use async_trait::async_trait;
use omnichat_core::clock::Timestamp;
use omnichat_core::entities::{
    Direction, EntityCursor, EntityPage, EntityQuery, EntityReads, EntityRow, IndexEntry, IndexKey, KeyRange,
};
use omnichat_core::error::{Error, Result};
use omnichat_core::id::TenantId;
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use super::query::{all, execute, first, text, written};
use super::readers::TenantReads;
use crate::entries::{bounds, ends, pack, place, tie, unpack};

const INSERT: &str =
    "INSERT INTO entities (tenant, kind, id, version, layout, created_at, updated_at, entries, body)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
const UPDATE: &str =
    "UPDATE entities SET version = ?4, layout = ?5, created_at = ?6, updated_at = ?7, entries = ?8, body = ?9
     WHERE tenant = ?1 AND kind = ?2 AND id = ?3 AND version = ?4 - 1";
const DELETE: &str = "DELETE FROM entities WHERE tenant = ?1 AND kind = ?2 AND id = ?3";
const ENTRIES: &str = "SELECT entries FROM entities WHERE tenant = ?1 AND kind = ?2 AND id = ?3";
const ADD: &str =
    "INSERT INTO entity_index (tenant, kind, name, key, tie, id) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
     ON CONFLICT DO NOTHING";
const TAKE: &str =
    "DELETE FROM entity_index WHERE tenant = ?1 AND kind = ?2 AND name = ?3 AND key = ?4 AND tie = ?5";
// For an entity whose copy of its entries is damaged.
const TAKE_ALL: &str = "DELETE FROM entity_index WHERE tenant = ?1 AND kind = ?2 AND id = ?3";

const FIND: &str =
    "SELECT e.tenant, e.kind, e.id, e.version, e.layout, e.created_at, e.updated_at, e.entries, e.body
     FROM entities e WHERE e.tenant = ?1 AND e.kind = ?2 AND e.id = ?3";
const FIND_UNIQUE: &str =
    "SELECT e.tenant, e.kind, e.id, e.version, e.layout, e.created_at, e.updated_at, e.entries, e.body
     FROM entity_index i JOIN entities e ON e.tenant = i.tenant AND e.kind = i.kind AND e.id = i.id
     WHERE i.tenant = ?1 AND i.kind = ?2 AND i.name = ?3 AND i.key = ?4 AND i.tie = x''";
// The index is read first: its order is that of the page, and no more rows are looked up than the page has.
const RISING: &str =
    "SELECT e.tenant, e.kind, e.id, e.version, e.layout, e.created_at, e.updated_at, e.entries, e.body, i.key, i.tie
     FROM entity_index i CROSS JOIN entities e
     WHERE e.tenant = i.tenant AND e.kind = i.kind AND e.id = i.id AND i.tenant = ?1 AND i.kind = ?2 AND i.name = ?3
         AND (i.key, i.tie) >= (?4, ?5) AND (i.key, i.tie) < (?6, ?7)
     ORDER BY i.key, i.tie LIMIT ?8";
const FALLING: &str =
    "SELECT e.tenant, e.kind, e.id, e.version, e.layout, e.created_at, e.updated_at, e.entries, e.body, i.key, i.tie
     FROM entity_index i CROSS JOIN entities e
     WHERE e.tenant = i.tenant AND e.kind = i.kind AND e.id = i.id AND i.tenant = ?1 AND i.kind = ?2 AND i.name = ?3
         AND (i.key, i.tie) >= (?4, ?5) AND (i.key, i.tie) < (?6, ?7)
     ORDER BY i.key DESC, i.tie DESC LIMIT ?8";
const COUNT: &str = "SELECT count(*) FROM (SELECT 1 FROM entity_index
     WHERE tenant = ?1 AND kind = ?2 AND name = ?3 AND key >= ?4 AND key < ?5 LIMIT ?6)";
const OUTDATED: &str =
    "SELECT e.tenant, e.kind, e.id, e.version, e.layout, e.created_at, e.updated_at, e.entries, e.body
     FROM entities e WHERE e.kind = ?1 AND e.layout < ?2 ORDER BY e.layout, e.tenant, e.id LIMIT ?3";

pub(super) fn put(connection: &Connection, row: &EntityRow, body: &str) -> Result<()> {
    let (tenant, id) = (row.tenant.uuid().into_bytes(), row.id.into_bytes());
    let before = match row.version {
        1 => BTreeSet::new(),
        _ => entries(connection, row.tenant, &row.kind, row.id)?,
    };
    let sql = if row.version == 1 { INSERT } else { UPDATE };
    let rows = execute(
        connection,
        sql,
        params![
            tenant,
            row.kind,
            id,
            row.version as i64,
            row.layout,
            row.created_at.micros(),
            row.updated_at.micros(),
            pack(&row.entries)?,
            body
        ],
    )?;
    written(rows, "entity")?;
    for entry in before.difference(&row.entries) {
        take(connection, row.tenant, &row.kind, row.id, entry)?;
    }
    for entry in row.entries.difference(&before) {
        let tie = tie(entry, row.id);
        let key = entry.key.as_bytes();
        if execute(
            connection,
            ADD,
            params![tenant, row.kind, entry.index, key, tie, id],
        )? == 0
        {
            return Err(Error::duplicate(&EntityRow::rule(&row.kind, &entry.index)));
        }
    }
    Ok(())
}

pub(super) fn remove(connection: &Connection, tenant: TenantId, kind: &str, id: Uuid) -> Result<()> {
    for entry in entries(connection, tenant, kind, id)? {
        take(connection, tenant, kind, id, &entry)?;
    }
    execute(
        connection,
        DELETE,
        params![tenant.uuid().into_bytes(), kind, id.into_bytes()],
    )
    .map(|_| ())
}

/// The entries that an entity has now. Where its copy is damaged they are removed, and it has none.
fn entries(connection: &Connection, tenant: TenantId, kind: &str, id: Uuid) -> Result<BTreeSet<IndexEntry>> {
    let key = params![tenant.uuid().into_bytes(), kind, id.into_bytes()];
    let stored = first(connection, ENTRIES, key, |row| {
        Ok(row.get_ref(0)?.as_blob().ok().and_then(unpack))
    })?;
    match stored {
        None => Ok(BTreeSet::new()),
        Some(Some(entries)) => Ok(entries),
        Some(None) => {
            execute(connection, TAKE_ALL, key)?;
            Ok(BTreeSet::new())
        }
    }
}

fn take(connection: &Connection, tenant: TenantId, kind: &str, id: Uuid, entry: &IndexEntry) -> Result<()> {
    let tenant = tenant.uuid().into_bytes();
    let (key, tie) = (entry.key.as_bytes(), tie(entry, id));
    execute(connection, TAKE, params![tenant, kind, entry.index, key, tie]).map(|_| ())
}

/// The row in the first nine columns; one whose entries cannot be read has none.
fn entity(row: &Row<'_>) -> rusqlite::Result<EntityRow> {
    Ok(EntityRow {
        tenant: TenantId::from_uuid(Uuid::from_bytes(row.get(0)?)),
        kind: text(row, 1)?,
        id: Uuid::from_bytes(row.get(2)?),
        version: row.get::<_, i64>(3)? as u64,
        layout: row.get(4)?,
        created_at: Timestamp::from_micros(row.get(5)?),
        updated_at: Timestamp::from_micros(row.get(6)?),
        entries: row
            .get_ref(7)?
            .as_blob()
            .ok()
            .and_then(unpack)
            .unwrap_or_default(),
        body: text(row, 8)?,
    })
}

pub(super) fn outdated(
    connection: &Connection,
    kind: &str,
    layout: u32,
    limit: u32,
) -> Result<Vec<EntityRow>> {
    all(connection, OUTDATED, params![kind, layout, limit], entity)
}

fn page(
    connection: &Connection,
    tenant: [u8; 16],
    query: &EntityQuery,
) -> Result<Vec<(EntityCursor, EntityRow)>> {
    let (from, until) = bounds(query);
    let sql = match query.direction {
        Direction::Rising => RISING,
        Direction::Falling => FALLING,
    };
    let rows = query.limit.saturating_add(1);
    let values = params![
        tenant,
        query.kind,
        query.index,
        from.0,
        from.1,
        until.0,
        until.1,
        rows
    ];
    all(connection, sql, values, |row| {
        Ok((place(row.get(9)?, row.get_ref(10)?.as_blob()?), entity(row)?))
    })
}

#[async_trait]
impl EntityReads for TenantReads {
    async fn find_entity(&self, kind: &str, id: Uuid) -> Result<Option<EntityRow>> {
        self.readers
            .point(|c| first(c, FIND, params![self.key(), kind, id.into_bytes()], entity))
            .await
    }

    async fn find_unique_entity(&self, kind: &str, index: &str, key: &IndexKey) -> Result<Option<EntityRow>> {
        self.readers
            .point(|c| {
                let key = params![self.key(), kind, index, key.as_bytes()];
                first(c, FIND_UNIQUE, key, entity)
            })
            .await
    }

    async fn page_entities(&self, query: &EntityQuery) -> Result<EntityPage> {
        let (tenant, query) = (self.key(), query.clone());
        let limit = query.limit;
        let found = self.readers.read(move |c| page(c, tenant, &query)).await?;
        Ok(EntityPage::from_places(found, limit))
    }

    async fn count_entities(&self, kind: &str, index: &str, range: &KeyRange, cap: u32) -> Result<u32> {
        let (tenant, kind, index) = (self.key(), kind.to_owned(), index.to_owned());
        let ((from, _), (until, _)) = ends(range);
        let counted = self.readers.read(move |c| {
            first(c, COUNT, params![tenant, kind, index, from, until, cap], |row| {
                row.get(0)
            })
        });
        Ok(counted.await?.unwrap_or_default())
    }
}
