//! What can be seen of a group of commits before any of it is written: stale versions, messages that came twice, lost leases.
//! Commits that fail often fail here, and cost the others nothing.

use std::collections::{BTreeSet, HashMap};

use omnichat_core::change::{Row, unique};
use omnichat_core::error::{Error, Result};
use omnichat_core::messages::Message;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, query_as};
use uuid::Uuid;

use super::error::error;
use super::messages;
use super::queue::{Change, lost_leases};
use crate::prepared::Prepared;

/// The kinds that are written most: their tables and their nouns. A kind is its place here.
const KINDS: [(&str, &str); 5] = [
    ("customers", "customer"),
    ("contacts", "contact"),
    ("conversations", "conversation"),
    ("messages", "message"),
    ("chats", "chat"),
];

/// Asks for kind, tenant, id and version of rows of these kinds, and looks into no other table.
fn versions(kinds: &BTreeSet<i16>) -> String {
    let part = |kind: &i16| {
        let (table, _) = KINDS[*kind as usize];
        format!(
            "SELECT {kind}::smallint, n.tenant, n.id, c.version \
             FROM unnest($1::smallint[], $2::uuid[], $3::uuid[]) AS n (kind, tenant, id) \
             JOIN {table} c ON c.tenant = n.tenant AND c.id = n.id WHERE n.kind = {kind}"
        )
    };
    let parts: Vec<String> = kinds.iter().map(part).collect();
    parts.join(" UNION ALL ")
}

/// Kind, tenant, id and version of a row, if it is of these kinds.
fn versioned(row: &Row) -> Option<(i16, Uuid, Uuid, u64)> {
    match row {
        Row::Customer(row) => Some((0, row.tenant.uuid(), row.id.uuid(), row.version)),
        Row::Contact(row) => Some((1, row.tenant.uuid(), row.id.uuid(), row.version)),
        Row::Conversation(row) => Some((2, row.tenant.uuid(), row.id.uuid(), row.version)),
        Row::Message(row) => Some((3, row.tenant.uuid(), row.id.uuid(), row.version)),
        Row::Chat(row) => Some((4, row.tenant.uuid(), row.id.uuid(), row.version)),
        _ => None,
    }
}

/// Why each of the commits, by its place in the list, cannot be written.
pub(super) async fn refused(
    connection: &mut PgConnection,
    commits: &[&Prepared],
) -> Result<HashMap<usize, Error>> {
    let mut refused = HashMap::new();
    stale(connection, commits, &mut refused).await?;

    let new: Vec<(usize, &Message)> = commits
        .iter()
        .enumerate()
        .flat_map(|(n, commit)| commit.rows.iter().map(move |(row, _)| (n, row)))
        .filter_map(|(n, row)| {
            if let Row::Message(m) = row {
                Some((n, m))
            } else {
                None
            }
        })
        .filter(|(_, message)| message.version == 1)
        .collect();
    let doubles = messages::duplicates(connection, &new.iter().map(|(_, m)| *m).collect::<Vec<_>>()).await?;
    for (n, _) in new.iter().filter(|(_, message)| doubles.contains(&message.id)) {
        refused
            .entry(*n)
            .or_insert_with(|| Error::duplicate(unique::MESSAGE_EXTERNAL));
    }

    let mut owners = Vec::new();
    let mut changes: Vec<Change<'_>> = Vec::new();
    for (n, commit) in commits.iter().enumerate() {
        for (job, payload) in &commit.jobs {
            owners.push(n);
            changes.push((commit.tenant, job, payload));
        }
    }
    for lost in lost_leases(connection, &changes).await? {
        refused
            .entry(owners[lost])
            .or_insert_with(|| Error::conflict("lease"));
    }
    Ok(refused)
}

async fn stale(
    connection: &mut PgConnection,
    commits: &[&Prepared],
    refused: &mut HashMap<usize, Error>,
) -> Result<()> {
    let numbered = commits.iter().enumerate();
    let rows: Vec<(usize, (i16, Uuid, Uuid, u64))> = numbered
        .flat_map(|(n, commit)| {
            commit
                .rows
                .iter()
                .filter_map(move |(row, _)| Some((n, versioned(row)?)))
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let kinds = rows.iter().map(|(_, (kind, ..))| *kind).collect();
    let stored: Vec<(i16, Uuid, Uuid, i64)> = query_as(AssertSqlSafe(versions(&kinds)))
        .bind(rows.iter().map(|(_, (kind, ..))| *kind).collect::<Vec<i16>>())
        .bind(
            rows.iter()
                .map(|(_, (_, tenant, ..))| *tenant)
                .collect::<Vec<Uuid>>(),
        )
        .bind(rows.iter().map(|(_, (_, _, id, _))| *id).collect::<Vec<Uuid>>())
        .fetch_all(connection)
        .await
        .map_err(error)?;
    let mut newest: HashMap<(i16, Uuid, Uuid), u64> = stored
        .into_iter()
        .map(|(kind, tenant, id, version)| ((kind, tenant, id), version as u64))
        .collect();
    for (n, (kind, tenant, id, version)) in rows {
        // A row that is not there counts as version 0; one commit may follow another on the same row.
        let newest = newest.entry((kind, tenant, id)).or_default();
        if *newest + 1 == version {
            *newest = version;
        } else {
            refused
                .entry(n)
                .or_insert_with(|| Error::conflict(KINDS[kind as usize].1));
        }
    }
    Ok(())
}
