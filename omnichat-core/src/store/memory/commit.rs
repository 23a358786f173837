//! A commit: everything is written in order, and each write says how it is undone; the first fault undoes them all.

use std::sync::Arc;

use super::State;
use super::rows::{Kept, put, replace};
use crate::change::{Changes, Removal, Row};
use crate::clock::Timestamp;
use crate::entities::EntityRow;
use crate::error::{Error, Result};
use crate::event::{About, Envelope, NewEvent};
use crate::files::File;
use crate::id::TenantId;
use crate::inboxes::Inbox;
use crate::job::JobChange;
use crate::records::Record;
use crate::store::Committed;
use crate::text::json_len;

/// Takes one write back.
type Undo = Box<dyn FnOnce(&mut State)>;

/// Writes everything or nothing.
pub(super) fn commit(state: &mut State, now: Timestamp, changes: Changes) -> Result<Committed> {
    let tenant = changes.tenant;
    refuse_foreign(state, &changes)?;

    let mut undo = Vec::new();
    let written = write(
        state,
        &mut undo,
        now,
        tenant,
        changes.rows,
        changes.removals,
        changes.jobs,
    );
    let jobs_queued = match written {
        Ok(jobs_queued) => jobs_queued,
        Err(error) => {
            for undo in undo.into_iter().rev() {
                undo(state);
            }
            return Err(error);
        }
    };

    // Nothing can fail from here on.
    let tables = state.tables(tenant);
    let first = tables.event_head + 1;
    let origin = Arc::new(changes.origin);
    let number = |(seq, new): (u64, NewEvent)| {
        Arc::new(Envelope {
            tenant,
            seq,
            at: now,
            bytes: json_len(&new.event) + json_len(&About::of(&origin, &new.changed)),
            origin: origin.clone(),
            changed: new.changed,
            event: new.event,
        })
    };
    let events: Vec<_> = (first..).zip(changes.events).map(number).collect();
    tables.event_head += events.len() as u64;
    tables.events.extend(events.iter().cloned());
    Ok(Committed { events, jobs_queued })
}

/// Fails if something belongs to another tenant, or to one that does not exist.
fn refuse_foreign(state: &State, changes: &Changes) -> Result<()> {
    let tenant = changes.tenant;
    let foreign_row = changes.rows.iter().any(|row| row.tenant() != tenant);
    let foreign_job = changes
        .jobs
        .iter()
        .any(|job| matches!(job, JobChange::Enqueue(job) if job.tenant != tenant));
    if foreign_row || foreign_job {
        return Err(Error::forbidden("a row or job of another tenant").with("tenant", tenant));
    }
    let exists = state
        .tenants
        .get(&tenant)
        .is_some_and(|tables| !tables.tenant.is_empty());
    let is_made = changes.rows.iter().any(|row| matches!(row, Row::Tenant(_)));
    if !exists && !is_made {
        return Err(Error::not_found("tenant").with("tenant", tenant));
    }
    for row in &changes.rows {
        let Row::Inbox(inbox) = row else { continue };
        if state
            .tenants
            .iter()
            .any(|(owner, tables)| *owner != tenant && tables.inboxes.contains_key(&inbox.id))
        {
            return Err(Error::conflict("inbox"));
        }
    }
    Ok(())
}

/// Writes rows, removals and jobs until the first fault. Returns whether jobs were queued.
fn write(
    state: &mut State,
    undo: &mut Vec<Undo>,
    now: Timestamp,
    tenant: TenantId,
    rows: Vec<Row>,
    removals: Vec<Removal>,
    jobs: Vec<JobChange>,
) -> Result<bool> {
    for row in rows {
        undo.push(match row {
            Row::Tenant(row) => write_row(state, tenant, row),
            Row::Operator(row) => write_row(state, tenant, row),
            Row::Inbox(row) => write_row(state, tenant, row),
            Row::Customer(row) => write_row(state, tenant, row),
            Row::Contact(row) => write_row(state, tenant, row),
            Row::Chat(row) => write_row(state, tenant, row),
            Row::Conversation(row) => write_row(state, tenant, row),
            Row::Message(row) => write_row(state, tenant, row),
            Row::Revision(row) => write_row(state, tenant, row),
            Row::File(row) => write_row(state, tenant, row),
            Row::Record(row) => write_row(state, tenant, row),
            Row::Entity(row) => write_row(state, tenant, row),
            Row::Audit(row) => write_row(state, tenant, row),
        }?);
    }
    for removal in removals {
        undo.push(match removal {
            Removal::Inbox(id) => remove_row::<Inbox>(state, tenant, id),
            Removal::File(id) => remove_row::<File>(state, tenant, id),
            Removal::Record { kind, key } => remove_row::<Record>(state, tenant, (kind, key)),
            Removal::Entity { kind, id } => remove_row::<EntityRow>(state, tenant, (kind, id)),
        });
    }
    let mut jobs_queued = false;
    for job in jobs {
        jobs_queued |= !matches!(job, JobChange::Finish(_));
        if let Some(before) = state.queue.change(now, tenant, job)? {
            undo.push(Box::new(move |state| state.queue.undo(before)));
        }
    }
    Ok(jobs_queued)
}

fn write_row<R: Kept>(state: &mut State, tenant: TenantId, row: R) -> Result<Undo> {
    let key = row.key();
    let before = put(state.tables(tenant), row)?;
    Ok(undo_row(tenant, key, before))
}

fn remove_row<R: Kept>(state: &mut State, tenant: TenantId, key: R::Key) -> Undo {
    let before = replace::<R>(state.tables(tenant), key.clone(), None);
    undo_row(tenant, key, before)
}

fn undo_row<R: Kept>(tenant: TenantId, key: R::Key, before: Option<R>) -> Undo
where
    R::Key: 'static,
{
    Box::new(move |state| {
        replace(state.tables(tenant), key, before);
    })
}
