//! Statements of entities and their index.

use std::collections::{BTreeSet, HashMap};

use async_trait::async_trait;
use omnichat_core::clock::Timestamp;
use omnichat_core::entities::{
    Direction, EntityPage, EntityQuery, EntityReads, EntityRow, IndexEntry, IndexKey, KeyRange,
};
use omnichat_core::error::{Error, Result};
use omnichat_core::id::TenantId;
use sqlx::postgres::{PgConnection, PgPool};
use sqlx::{query, query_as, query_scalar};
use uuid::Uuid;

use super::error::error;
use super::query::{Statement, execute, rows, value, written};
use super::readers::TenantReads;
use crate::entries::{bounds, ends, pack, place, tie, unpack};

const INSERT: &str = "INSERT INTO entities (tenant, kind, id, version, layout, created_at, updated_at, entries, body)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
         $8::bytea[], $9::text[])";
const UPDATE: &str = "UPDATE entities e
     SET version = n.version, layout = n.layout, created_at = n.created_at, updated_at = n.updated_at,
         entries = n.entries, body = n.body
     FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[],
             $8::bytea[], $9::text[])
         AS n (tenant, kind, id, version, layout, created_at, updated_at, entries, body)
     WHERE e.tenant = n.tenant AND e.kind = n.kind AND e.id = n.id AND e.version = n.version - 1";
const DELETE: &str = "DELETE FROM entities WHERE tenant = $1 AND kind = $2 AND id = $3";
const ENTRIES: &str = "SELECT e.tenant, e.kind, e.id, e.entries
     FROM unnest($1::uuid[], $2::text[], $3::uuid[]) AS n (tenant, kind, id)
     JOIN entities e ON e.tenant = n.tenant AND e.kind = n.kind AND e.id = n.id";
const ADD: &str = "INSERT INTO entity_index (tenant, kind, name, key, tie, id)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[], $5::bytea[], $6::uuid[])
     ON CONFLICT DO NOTHING";
const TAKEN: &str = "SELECT n.kind, n.name
     FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[], $5::bytea[], $6::uuid[])
         AS n (tenant, kind, name, key, tie, id)
     JOIN entity_index i ON i.tenant = n.tenant AND i.kind = n.kind AND i.name = n.name AND i.key = n.key AND i.tie = n.tie
     WHERE i.id <> n.id LIMIT 1";
const TAKE: &str = "DELETE FROM entity_index i
     USING unnest($1::uuid[], $2::text[], $3::text[], $4::bytea[], $5::bytea[], $6::uuid[])
         AS n (tenant, kind, name, key, tie, id)
     WHERE i.tenant = n.tenant AND i.kind = n.kind AND i.name = n.name AND i.key = n.key AND i.tie = n.tie";
// For an entity whose copy of its entries is damaged.
const TAKE_ALL: &str = "DELETE FROM entity_index WHERE tenant = $1 AND kind = $2 AND id = $3";

const FIND: &str =
    "SELECT e.tenant, e.kind, e.id, e.version, e.layout, e.created_at, e.updated_at, e.entries, e.body
     FROM entities e WHERE e.tenant = $1 AND e.kind = $2 AND e.id = $3";
const FIND_UNIQUE: &str =
    "SELECT e.tenant, e.kind, e.id, e.version, e.layout, e.created_at, e.updated_at, e.entries, e.body
     FROM entity_index i JOIN entities e ON e.tenant = i.tenant AND e.kind = i.kind AND e.id = i.id
     WHERE i.tenant = $1 AND i.kind = $2 AND i.name = $3 AND i.key = $4 AND i.tie = ''";
// The index is read first, and no more rows are looked up than the page has.
const RISING: &str =
    "SELECT e.tenant, e.kind, e.id, e.version, e.layout, e.created_at, e.updated_at, e.entries, e.body, i.key, i.tie
     FROM (SELECT tenant, kind, id, key, tie FROM entity_index
         WHERE tenant = $1 AND kind = $2 AND name = $3 AND (key, tie) >= ($4, $5) AND (key, tie) < ($6, $7)
         ORDER BY key, tie LIMIT $8) AS i
     JOIN entities e ON e.tenant = i.tenant AND e.kind = i.kind AND e.id = i.id
     ORDER BY i.key, i.tie";
const FALLING: &str =
    "SELECT e.tenant, e.kind, e.id, e.version, e.layout, e.created_at, e.updated_at, e.entries, e.body, i.key, i.tie
     FROM (SELECT tenant, kind, id, key, tie FROM entity_index
         WHERE tenant = $1 AND kind = $2 AND name = $3 AND (key, tie) >= ($4, $5) AND (key, tie) < ($6, $7)
         ORDER BY key DESC, tie DESC LIMIT $8) AS i
     JOIN entities e ON e.tenant = i.tenant AND e.kind = i.kind AND e.id = i.id
     ORDER BY i.key DESC, i.tie DESC";
const COUNT: &str = "SELECT count(*) FROM (SELECT 1 FROM entity_index
     WHERE tenant = $1 AND kind = $2 AND name = $3 AND key >= $4 AND key < $5 LIMIT $6) AS found";
const OUTDATED: &str =
    "SELECT e.tenant, e.kind, e.id, e.version, e.layout, e.created_at, e.updated_at, e.entries, e.body
     FROM entities e WHERE e.kind = $1 AND e.layout < $2 ORDER BY e.layout, e.tenant, e.id LIMIT $3";

/// The columns of an entity.
type Columns = (Uuid, String, Uuid, i64, i64, i64, i64, Vec<u8>, String);
/// Whose entries are meant: tenant, kind and id.
type Owner<'a> = (Uuid, &'a str, Uuid);

/// Writes entities; no two of them are the same, or want the same unique key.
pub(super) async fn put_all(connection: &mut PgConnection, entities: &[(&EntityRow, &str)]) -> Result<()> {
    let (new, old): (Vec<_>, Vec<_>) = entities.iter().copied().partition(|(row, _)| row.version == 1);
    let owners: Vec<Owner<'_>> = old.iter().map(|(row, _)| owner(row)).collect();
    let mut before = entries(connection, &owners).await?;
    for (sql, rows) in [(UPDATE, &old), (INSERT, &new)] {
        if !rows.is_empty() {
            let rows_written = execute(connection, put(sql, rows)?).await?;
            written(rows_written, rows.len(), "entity")?;
        }
    }
    let (mut gone, mut added) = (Places::default(), Places::default());
    for (row, _) in entities {
        let before = before.remove(&owner(row)).unwrap_or_default();
        for entry in before.difference(&row.entries) {
            gone.push(owner(row), entry);
        }
        for entry in row.entries.difference(&before) {
            added.push(owner(row), entry);
        }
    }
    if !gone.ids.is_empty() {
        execute(connection, gone.bound(TAKE)).await?;
    }
    if !added.ids.is_empty() && execute(connection, added.bound(ADD)).await? < added.ids.len() as u64 {
        return Err(Error::duplicate(&added.taken(connection).await?));
    }
    Ok(())
}

pub(super) async fn remove(
    connection: &mut PgConnection,
    tenant: TenantId,
    kind: &str,
    id: Uuid,
) -> Result<()> {
    let owner = (tenant.uuid(), kind, id);
    let mut gone = Places::default();
    let before = entries(connection, &[owner]).await?;
    for entry in before.values().flatten() {
        gone.push(owner, entry);
    }
    execute(connection, gone.bound(TAKE)).await?;
    execute(connection, query(DELETE).bind(tenant.uuid()).bind(kind).bind(id))
        .await
        .map(|_| ())
}

fn owner(row: &EntityRow) -> Owner<'_> {
    (row.tenant.uuid(), &row.kind, row.id)
}

fn put<'q>(sql: &'static str, rows: &[(&'q EntityRow, &'q str)]) -> Result<Statement<'q>> {
    fn column<T>(rows: &[(&EntityRow, &str)], value: impl Fn(&EntityRow) -> T) -> Vec<T> {
        rows.iter().map(|(row, _)| value(row)).collect()
    }
    let packed: Result<Vec<Vec<u8>>> = rows.iter().map(|(row, _)| pack(&row.entries)).collect();
    Ok(query(sql)
        .bind(column(rows, |row| row.tenant.uuid()))
        .bind(
            rows.iter()
                .map(|(row, _)| row.kind.as_str())
                .collect::<Vec<&str>>(),
        )
        .bind(column(rows, |row| row.id))
        .bind(column(rows, |row| row.version as i64))
        .bind(column(rows, |row| i64::from(row.layout)))
        .bind(column(rows, |row| row.created_at.micros()))
        .bind(column(rows, |row| row.updated_at.micros()))
        .bind(packed?)
        .bind(rows.iter().map(|(_, body)| *body).collect::<Vec<&str>>()))
}

/// The entries that entities have now. Where the copy is damaged they are removed, and it has none.
async fn entries<'a>(
    connection: &mut PgConnection,
    owners: &[Owner<'a>],
) -> Result<HashMap<Owner<'a>, BTreeSet<IndexEntry>>> {
    let mut found = HashMap::new();
    if owners.is_empty() {
        return Ok(found);
    }
    let stored: Vec<(Uuid, String, Uuid, Vec<u8>)> = query_as(ENTRIES)
        .bind(owners.iter().map(|(tenant, ..)| *tenant).collect::<Vec<Uuid>>())
        .bind(owners.iter().map(|(_, kind, _)| *kind).collect::<Vec<&str>>())
        .bind(owners.iter().map(|(.., id)| *id).collect::<Vec<Uuid>>())
        .fetch_all(&mut *connection)
        .await
        .map_err(error)?;
    for (tenant, kind, id, packed) in stored {
        let owner = owners.iter().find(|owner| **owner == (tenant, kind.as_str(), id));
        match (owner, unpack(&packed)) {
            (Some(owner), Some(entries)) => drop(found.insert(*owner, entries)),
            _ => {
                let all = query(TAKE_ALL).bind(tenant).bind(&kind).bind(id);
                execute(connection, all).await?;
            }
        }
    }
    Ok(found)
}

/// Places of indexes, column by column.
#[derive(Default)]
struct Places<'a> {
    tenants: Vec<Uuid>,
    kinds: Vec<&'a str>,
    names: Vec<String>,
    keys: Vec<Vec<u8>>,
    ties: Vec<Vec<u8>>,
    ids: Vec<Uuid>,
}

impl<'a> Places<'a> {
    fn push(&mut self, (tenant, kind, id): Owner<'a>, entry: &IndexEntry) {
        self.tenants.push(tenant);
        self.kinds.push(kind);
        self.names.push(entry.index.clone());
        self.keys.push(entry.key.as_bytes().to_vec());
        self.ties.push(tie(entry, id));
        self.ids.push(id);
    }

    fn bound(&self, sql: &'static str) -> Statement<'_> {
        query(sql)
            .bind(&self.tenants)
            .bind(&self.kinds)
            .bind(&self.names)
            .bind(&self.keys)
            .bind(&self.ties)
            .bind(&self.ids)
    }

    /// The rule of a unique entry that another entity has.
    async fn taken(&self, connection: &mut PgConnection) -> Result<String> {
        let taken = query_as(TAKEN)
            .bind(&self.tenants)
            .bind(&self.kinds)
            .bind(&self.names)
            .bind(&self.keys)
            .bind(&self.ties)
            .bind(&self.ids);
        let taken: Option<(String, String)> = taken.fetch_optional(connection).await.map_err(error)?;
        let (kind, index) = taken.unwrap_or_default();
        Ok(EntityRow::rule(&kind, &index))
    }
}

/// One whose entries cannot be read has none.
fn entity((tenant, kind, id, version, layout, created_at, updated_at, entries, body): Columns) -> EntityRow {
    EntityRow {
        tenant: TenantId::from_uuid(tenant),
        kind,
        id,
        version: version as u64,
        layout: layout as u32,
        created_at: Timestamp::from_micros(created_at),
        updated_at: Timestamp::from_micros(updated_at),
        entries: unpack(&entries).unwrap_or_default(),
        body,
    }
}

pub(super) async fn outdated(pool: &PgPool, kind: &str, layout: u32, limit: u32) -> Result<Vec<EntityRow>> {
    let statement = query_as(OUTDATED)
        .bind(kind)
        .bind(i64::from(layout))
        .bind(i64::from(limit));
    let found: Vec<Columns> = rows(pool, statement).await?;
    Ok(found.into_iter().map(entity).collect())
}

#[async_trait]
impl EntityReads for TenantReads {
    async fn find_entity(&self, kind: &str, id: Uuid) -> Result<Option<EntityRow>> {
        let found: Vec<Columns> =
            rows(&self.pool, query_as(FIND).bind(self.key()).bind(kind).bind(id)).await?;
        Ok(found.into_iter().next().map(entity))
    }

    async fn find_unique_entity(&self, kind: &str, index: &str, key: &IndexKey) -> Result<Option<EntityRow>> {
        let statement = query_as(FIND_UNIQUE).bind(self.key()).bind(kind);
        let found: Vec<Columns> = rows(&self.pool, statement.bind(index).bind(key.as_bytes())).await?;
        Ok(found.into_iter().next().map(entity))
    }

    async fn page_entities(&self, query: &EntityQuery) -> Result<EntityPage> {
        type Placed = (
            Uuid,
            String,
            Uuid,
            i64,
            i64,
            i64,
            i64,
            Vec<u8>,
            String,
            Vec<u8>,
            Vec<u8>,
        );
        let (from, until) = bounds(query);
        let sql = match query.direction {
            Direction::Rising => RISING,
            Direction::Falling => FALLING,
        };
        let statement = query_as(sql)
            .bind(self.key())
            .bind(&query.kind)
            .bind(&query.index);
        let statement = statement.bind(from.0).bind(from.1).bind(until.0).bind(until.1);
        let statement = statement.bind(i64::from(query.limit) + 1);
        let found: Vec<Placed> = rows(&self.pool, statement).await?;
        let placed =
            |(tenant, kind, id, version, layout, created, updated, entries, body, key, tie): Placed| {
                let columns = (tenant, kind, id, version, layout, created, updated, entries, body);
                (place(key, &tie), entity(columns))
            };
        Ok(EntityPage::from_places(
            found.into_iter().map(placed).collect(),
            query.limit,
        ))
    }

    async fn count_entities(&self, kind: &str, index: &str, range: &KeyRange, cap: u32) -> Result<u32> {
        let ((from, _), (until, _)) = ends(range);
        let statement = query_scalar(COUNT).bind(self.key()).bind(kind).bind(index);
        let statement = statement.bind(from).bind(until).bind(i64::from(cap));
        let counted: Option<i64> = value(&self.pool, statement).await?;
        Ok(counted.and_then(|n| u32::try_from(n).ok()).unwrap_or_default())
    }
}
