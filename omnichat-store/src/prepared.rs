//! Changes on their way to a writer: checked and turned into JSON by the task that calls, so that the one writer does nothing
//! that others can do for it.

use std::sync::Arc;

use omnichat_core::change::{Changes, Removal, Row};
use omnichat_core::clock::Timestamp;
use omnichat_core::error::{Error, Result};
use omnichat_core::event::{About, Envelope, NewEvent, Origin};
use omnichat_core::id::TenantId;
use omnichat_core::job::JobChange;
use omnichat_core::store::Committed;

use crate::body;

/// Changes that are ready to be written.
#[derive(Debug)]
pub(crate) struct Prepared {
    /// Whose they are.
    pub(crate) tenant: TenantId,
    /// Rows with their bodies.
    pub(crate) rows: Vec<(Row, String)>,
    /// Rows to remove.
    pub(crate) removals: Vec<Removal>,
    /// Changes of the queue, with the payload as text where there is one.
    pub(crate) jobs: Vec<(JobChange, String)>,
    /// Who wants it written and why.
    origin: Origin,
    /// Events with what is written of them.
    pub(crate) events: Vec<PreparedEvent>,
    /// A row of the tenant itself is among them.
    pub(crate) makes_tenant: bool,
}

/// An event with the texts of its columns.
#[derive(Debug)]
pub(crate) struct PreparedEvent {
    new: NewEvent,
    /// What happened.
    pub(crate) body: String,
    /// Who did it, why, and what it touched.
    pub(crate) about: String,
}

impl Prepared {
    /// Checks that nothing belongs to another tenant, and writes the bodies.
    pub(crate) fn new(changes: Changes) -> Result<Self> {
        let tenant = changes.tenant;
        let foreign_row = changes.rows.iter().any(|row| row.tenant() != tenant);
        let foreign_job = changes
            .jobs
            .iter()
            .any(|job| matches!(job, JobChange::Enqueue(job) if job.tenant != tenant));
        if foreign_row || foreign_job {
            return Err(Error::forbidden("a row or job of another tenant").with("tenant", tenant));
        }
        Ok(Self {
            tenant,
            makes_tenant: changes.rows.iter().any(|row| matches!(row, Row::Tenant(_))),
            rows: with_text(changes.rows, row_body)?,
            removals: changes.removals,
            jobs: with_text(changes.jobs, job_payload)?,
            events: events(&changes.origin, changes.events)?,
            origin: changes.origin,
        })
    }

    /// What a caller hears once the changes are durable and their events have numbers from `first` on.
    pub(crate) fn committed(self, first: u64, at: Timestamp) -> Committed {
        let tenant = self.tenant;
        let jobs_queued = self
            .jobs
            .iter()
            .any(|(job, _)| !matches!(job, JobChange::Finish(_)));
        let origin = Arc::new(self.origin);
        let numbered = (first..).zip(self.events);
        let events = numbered
            .map(|(seq, prepared)| {
                Arc::new(Envelope {
                    tenant,
                    seq,
                    at,
                    bytes: prepared.body.len() + prepared.about.len(),
                    origin: origin.clone(),
                    changed: prepared.new.changed,
                    event: prepared.new.event,
                })
            })
            .collect();
        Committed { events, jobs_queued }
    }
}

fn events(origin: &Origin, events: Vec<NewEvent>) -> Result<Vec<PreparedEvent>> {
    let prepare = |new: NewEvent| {
        Ok(PreparedEvent {
            body: body::encode(&new.event)?,
            about: body::encode(&About::of(origin, &new.changed))?,
            new,
        })
    };
    events.into_iter().map(prepare).collect()
}

fn with_text<T>(items: Vec<T>, text: impl Fn(&T) -> Result<String>) -> Result<Vec<(T, String)>> {
    items
        .into_iter()
        .map(|item| {
            let text = text(&item)?;
            Ok((item, text))
        })
        .collect()
}

fn row_body(row: &Row) -> Result<String> {
    match row {
        Row::Tenant(row) => body::encode(row),
        Row::Operator(row) => body::encode(row),
        Row::Inbox(row) => body::encode(row),
        Row::Customer(row) => body::encode(row),
        Row::Contact(row) => body::encode(row),
        Row::Chat(row) => body::encode(row),
        Row::Conversation(row) => body::encode(row),
        Row::Message(row) => body::encode(row),
        Row::Revision(row) => body::encode(row),
        Row::File(row) => body::encode(row),
        Row::Record(row) => body::encode(row),
        Row::Entity(row) => Ok(row.body.clone()),
        Row::Audit(row) => body::encode(row),
    }
}

fn job_payload(job: &JobChange) -> Result<String> {
    match job {
        JobChange::Enqueue(job) => body::encode(&job.payload),
        JobChange::Repeat { payload, .. } => body::encode(payload),
        JobChange::Finish(_) | JobChange::Retry { .. } | JobChange::Wait { .. } => Ok(String::new()),
    }
}

/// The text before which every text that begins with `prefix` lies, in the order of bytes.
pub(crate) fn prefix_end(prefix: &str) -> String {
    // The last character becomes the next one; where there is none, the one before it.
    let mut chars: Vec<char> = prefix.chars().collect();
    while let Some(last) = chars.pop() {
        let next = (u32::from(last) + 1..=u32::from(char::MAX)).find_map(char::from_u32);
        if let Some(next) = next {
            chars.push(next);
            return chars.into_iter().collect();
        }
    }
    char::MAX.to_string().repeat(64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_ends_after_everything_that_begins_with_it() {
        for prefix in ["", "a", "a\u{10ffff}", "ж", "\u{d7ff}", "session/"] {
            let end = prefix_end(prefix);
            for more in ["", "z", "\u{10ffff}\u{10ffff}"] {
                assert!(format!("{prefix}{more}") < end, "{prefix:?} {more:?}");
            }
        }
        assert!(prefix_end("ab").as_str() <= "ac");
    }
}
