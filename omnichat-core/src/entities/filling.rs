//! Placing entities anew whose indexes were defined otherwise when they were last written.

use super::kinds::KnownKind;
use super::model::EntityRow;
use crate::change::Changes;
use crate::error::{Error, ErrorKind, Result};
use crate::event::Origin;
use crate::ports::Ports;

/// Rows that are read, and at most written, at once.
const BATCH: u32 = 200;
/// How many bytes they may have together, for kinds whose rows are large.
const BATCH_BYTES: usize = 8 * 1_024 * 1_024;

/// Places every outdated row of every kind anew. Two hosts may do so at once: who comes second to a row leaves it.
///
/// # Errors
/// Those of the store; what has been placed stays so.
pub(crate) async fn fill(ports: &Ports) -> Result<()> {
    for (name, kind) in ports.entities.all() {
        while !fill_some(ports, name, kind).await? {}
    }
    Ok(())
}

/// Whether no row of an earlier layout is left.
pub(crate) async fn is_complete(ports: &Ports, name: &str) -> Result<bool> {
    let kind = ports.entities.get(name)?;
    if kind.is_complete() {
        return Ok(true);
    }
    let left = ports.store.outdated_entities(name, kind.layout(), 1).await?;
    if left.is_empty() {
        kind.set_complete();
    }
    Ok(left.is_empty())
}

/// Whether nothing is left to do.
async fn fill_some(ports: &Ports, name: &str, kind: &KnownKind) -> Result<bool> {
    let rows = ports
        .store
        .outdated_entities(name, kind.layout(), batch(kind))
        .await?;
    if rows.is_empty() {
        kind.set_complete();
        return Ok(true);
    }
    let mut placed = 0;
    for rows in rows.chunk_by(|a, b| a.tenant == b.tenant) {
        let rows: Vec<_> = rows.iter().map(|row| place(kind, row)).collect();
        if commit(ports, &rows).await? {
            placed += rows.len();
            continue;
        }
        // One of them cannot be placed: the others are.
        for row in rows {
            placed += usize::from(commit_one(ports, row).await?);
        }
    }
    // What cannot be placed is tried again with the next round.
    Ok(placed == 0)
}

/// How many rows of a kind are read at once.
fn batch(kind: &KnownKind) -> u32 {
    let fit = BATCH_BYTES / kind.body_max().max(1);
    u32::try_from(fit).unwrap_or(BATCH).clamp(1, BATCH)
}

/// The row in its new places. One that cannot be read keeps those that it has.
fn place(kind: &KnownKind, row: &EntityRow) -> EntityRow {
    let entries = kind.places(row).unwrap_or_else(|error| {
        tracing::warn!(kind = row.kind, id = %row.id, %error, "an entity keeps its old places in the indexes");
        row.entries.clone()
    });
    EntityRow {
        entries,
        layout: kind.layout(),
        version: row.version + 1,
        ..row.clone()
    }
}

/// Places one row. Where another already is by a rule that is new, it is found by everything but that.
async fn commit_one(ports: &Ports, mut row: EntityRow) -> Result<bool> {
    loop {
        let changes = changes_of(std::slice::from_ref(&row));
        let Err(error) = ports.commit(changes).await else {
            return Ok(true);
        };
        let broken = error.context_value("unique").map(str::to_owned);
        let before = row.entries.len();
        row.entries
            .retain(|entry| !entry.unique || broken != Some(EntityRow::rule(&row.kind, &entry.index)));
        if row.entries.len() == before {
            return refused(error).map(|()| false);
        }
        tracing::warn!(kind = row.kind, id = %row.id, %error, "an entity cannot stand where another does");
    }
}

/// Whether all of them were placed.
async fn commit(ports: &Ports, rows: &[EntityRow]) -> Result<bool> {
    match ports.commit(changes_of(rows)).await {
        Ok(_) => Ok(true),
        Err(error) => refused(error).map(|()| false),
    }
}

fn changes_of(rows: &[EntityRow]) -> Changes {
    let mut changes = Changes::new(rows[0].tenant, Origin::system("entities"));
    for row in rows {
        changes.put(row.clone());
    }
    changes
}

/// Passes on what is no fault of a row: the store is away.
fn refused(error: Error) -> Result<()> {
    match error.kind() {
        ErrorKind::Conflict | ErrorKind::Duplicate | ErrorKind::Invalid => Ok(()),
        _ => Err(error),
    }
}
