//! A group of commits inside one transaction.
//!
//! Commits that touch different rows are a *wave*: their rows are written together, in a few statements with arrays. What
//! fails often is found before ([`super::check`]) and left out. Should a wave fail all the same, it is taken back to its
//! savepoint and its commits are written one after the other, so that only the one that fails is missing. A commit that
//! touches a row twice, or rare kinds of rows, is written alone from the beginning.

use std::collections::HashSet;

use omnichat_core::change::{Removal, Row};
use omnichat_core::clock::Timestamp;
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::job::JobChange;
use sqlx::Connection;
use sqlx::postgres::PgConnection;

use super::error::error;
use super::events::NewEvents;
use super::heads::Heads;
use super::queue::Change;
use super::{
    audit, check, conversations, customers, events, files, inboxes, messages, operators, quarantine, queue,
    records, tenants,
};
use crate::prepared::Prepared;

/// What each commit of a group came to: the number of its first event.
pub(super) type Outcomes = Vec<Option<Result<u64>>>;

/// Writes a group. An error of the whole means that nothing of it may count.
pub(super) async fn write_group(
    connection: &mut PgConnection,
    group: &[Prepared],
    at: Timestamp,
    queue_now: Option<i64>,
) -> Result<Outcomes> {
    let tenants: Vec<_> = group.iter().map(|commit| commit.tenant).collect();
    let mut writing = Writing {
        heads: Heads::lock(connection, &tenants).await?,
        outcomes: (0..group.len()).map(|_| None).collect(),
        group,
        at,
        queue_now,
    };
    let mut wave: Vec<usize> = Vec::new();
    let mut touched = HashSet::new();
    for (n, commit) in group.iter().enumerate() {
        if !writing.heads.knows(commit.tenant) && !commit.makes_tenant {
            // An earlier commit of the group may be making it.
            writing.write_wave(connection, std::mem::take(&mut wave)).await?;
            touched.clear();
        }
        let keys = keys(commit);
        let fits = keys
            .as_ref()
            .is_some_and(|keys| keys.iter().all(|key| !touched.contains(key)));
        if !fits {
            writing.write_wave(connection, std::mem::take(&mut wave)).await?;
            touched.clear();
        }
        match keys {
            Some(keys) => {
                touched.extend(keys);
                wave.push(n);
            }
            None => writing.write_alone(connection, n).await?,
        }
    }
    writing.write_wave(connection, wave).await?;
    writing.heads.save(connection).await?;
    Ok(writing.outcomes)
}

/// What no two commits of a wave may share.
#[derive(PartialEq, Eq, Hash)]
enum Key<'a> {
    Id(u8, uuid::Uuid),
    Identity(uuid::Uuid, &'a str),
    Conversation(uuid::Uuid, &'a str),
    ExternalId(uuid::Uuid, &'a str, &'a str),
    Client(uuid::Uuid, &'a str),
    Job(uuid::Uuid),
}

/// The keys of a commit; none if it must be written alone.
fn keys(commit: &Prepared) -> Option<Vec<Key<'_>>> {
    if !commit.removals.is_empty() {
        return None;
    }
    let mut keys = Vec::new();
    for (row, _) in &commit.rows {
        match row {
            Row::Customer(row) => keys.push(Key::Id(0, row.id.uuid())),
            Row::Identity(row) => {
                keys.push(Key::Id(1, row.id.uuid()));
                keys.push(Key::Identity(row.inbox.uuid(), &row.peer));
            }
            Row::Conversation(row) => {
                keys.push(Key::Id(2, row.id.uuid()));
                keys.push(Key::Conversation(row.inbox.uuid(), &row.peer));
            }
            Row::Message(row) => {
                keys.push(Key::Id(3, row.id.uuid()));
                let mut ids: Vec<&str> = row
                    .external_id
                    .iter()
                    .chain(&row.more_external_ids)
                    .map(String::as_str)
                    .collect();
                ids.sort_unstable();
                ids.dedup();
                keys.extend(
                    ids.into_iter()
                        .map(|id| Key::ExternalId(row.inbox.uuid(), &row.peer, id)),
                );
                keys.extend(
                    row.client_key
                        .as_deref()
                        .map(|key| Key::Client(row.conversation.uuid(), key)),
                );
            }
            _ => return None,
        }
    }
    for (job, _) in &commit.jobs {
        let id = match (job, job.lease()) {
            (JobChange::Enqueue(job), _) => Some(job.id),
            (_, lease) => lease.map(|lease| lease.job),
        };
        keys.extend(id.map(|id| Key::Job(id.uuid())));
    }
    let mut seen = HashSet::new();
    keys.iter().all(|key| seen.insert(key)).then_some(keys)
}

struct Writing<'a> {
    heads: Heads,
    outcomes: Outcomes,
    group: &'a [Prepared],
    at: Timestamp,
    /// The queue's time; none where the database says it.
    queue_now: Option<i64>,
}

impl Writing<'_> {
    async fn write_wave(&mut self, connection: &mut PgConnection, wave: Vec<usize>) -> Result<()> {
        let (known, unknown): (Vec<usize>, Vec<usize>) = wave
            .into_iter()
            .partition(|n| self.heads.knows(self.group[*n].tenant));
        for n in unknown {
            let tenant = self.group[n].tenant;
            self.outcomes[n] = Some(Err(Error::not_found("tenant").with("tenant", tenant)));
        }
        if let [n] = known[..] {
            return self.write_alone(connection, n).await;
        }
        if known.is_empty() {
            return Ok(());
        }
        let mut savepoint = connection.begin().await.map_err(error)?;
        match self.try_wave(&mut savepoint, &known).await {
            Ok(()) => savepoint.commit().await.map_err(error),
            Err(failure) if failure.kind() == ErrorKind::Unavailable => Err(failure),
            Err(_) => {
                savepoint.rollback().await.map_err(error)?;
                for n in known {
                    self.write_alone(connection, n).await?;
                }
                Ok(())
            }
        }
    }

    async fn try_wave(&mut self, connection: &mut PgConnection, wave: &[usize]) -> Result<()> {
        let commits: Vec<&Prepared> = wave.iter().map(|n| &self.group[*n]).collect();
        let mut refused = check::refused(connection, &commits).await?;
        let good: Vec<usize> = (0..wave.len())
            .filter(|place| !refused.contains_key(place))
            .collect();
        let commits: Vec<&Prepared> = good.iter().map(|place| commits[*place]).collect();
        let mut rows: Vec<&(Row, String)> = Vec::new();
        let mut jobs: Vec<Change<'_>> = Vec::new();
        for commit in &commits {
            rows.extend(&commit.rows);
            jobs.extend(
                commit
                    .jobs
                    .iter()
                    .map(|(job, payload)| (commit.tenant, job, payload.as_str())),
            );
        }
        write_rows(connection, &rows).await?;
        queue::change_all(connection, self.queue_now, &jobs).await?;

        let mut new = NewEvents::default();
        let mut used: Vec<(usize, u64)> = Vec::new();
        let mut next = std::collections::HashMap::new();
        for (place, commit) in good.iter().zip(&commits) {
            let first = match next.get(&commit.tenant) {
                Some(first) => *first,
                None => self.heads.next(commit.tenant)?,
            };
            number(&mut new, commit, first);
            next.insert(commit.tenant, first + commit.events.len() as u64);
            used.push((*place, first));
        }
        events::append(connection, self.at, new).await?;

        // Nothing can fail from here on.
        for (place, first) in used {
            let commit = &self.group[wave[place]];
            self.heads.advance(commit.tenant, commit.events.len() as u64);
            self.outcomes[wave[place]] = Some(Ok(first));
        }
        for (place, error) in refused.drain() {
            self.outcomes[wave[place]] = Some(Err(error));
        }
        Ok(())
    }

    async fn write_alone(&mut self, connection: &mut PgConnection, n: usize) -> Result<()> {
        let commit = &self.group[n];
        let was_known = self.heads.knows(commit.tenant);
        if !was_known && !commit.makes_tenant {
            self.outcomes[n] = Some(Err(Error::not_found("tenant").with("tenant", commit.tenant)));
            return Ok(());
        }
        let mut savepoint = connection.begin().await.map_err(error)?;
        match self.try_alone(&mut savepoint, commit).await {
            Ok(first) => {
                savepoint.commit().await.map_err(error)?;
                self.heads.advance(commit.tenant, commit.events.len() as u64);
                self.outcomes[n] = Some(Ok(first));
                Ok(())
            }
            Err(failure) if failure.kind() == ErrorKind::Unavailable => Err(failure),
            Err(failure) => {
                savepoint.rollback().await.map_err(error)?;
                if !was_known {
                    self.heads.remove(commit.tenant);
                }
                self.outcomes[n] = Some(Err(failure));
                Ok(())
            }
        }
    }

    async fn try_alone(&mut self, connection: &mut PgConnection, commit: &Prepared) -> Result<u64> {
        for row in &commit.rows {
            write_rows(connection, &[row]).await?;
            if let (Row::Tenant(tenant), _) = row {
                self.heads.add(tenant.id);
            }
        }
        for removal in &commit.removals {
            match removal {
                Removal::Inbox(id) => inboxes::remove(connection, commit.tenant, *id).await?,
                Removal::File(id) => files::remove(connection, commit.tenant, *id).await?,
                Removal::Quarantined(id) => quarantine::remove(connection, commit.tenant, *id).await?,
                Removal::Record { kind, key } => {
                    records::remove(connection, commit.tenant, kind, key).await?
                }
            }
        }
        let jobs: Vec<_> = commit
            .jobs
            .iter()
            .map(|(job, payload)| (commit.tenant, job, payload.as_str()))
            .collect();
        queue::change_all(connection, self.queue_now, &jobs).await?;
        let first = self.heads.next(commit.tenant)?;
        let mut new = NewEvents::default();
        number(&mut new, commit, first);
        events::append(connection, self.at, new).await?;
        Ok(first)
    }
}

fn number<'a>(new: &mut NewEvents<'a>, commit: &'a Prepared, first: u64) {
    for (seq, (_, body)) in (first..).zip(&commit.events) {
        new.tenants.push(commit.tenant.uuid());
        new.numbers.push(seq as i64);
        new.bodies.push(body);
    }
}

/// Writes rows, no two of which are the same; kinds that are common together, others one by one.
async fn write_rows(connection: &mut PgConnection, rows: &[&(Row, String)]) -> Result<()> {
    let mut customers = Vec::new();
    let mut identities = Vec::new();
    let mut conversations = Vec::new();
    let mut messages = Vec::new();
    for (row, body) in rows.iter().copied() {
        match row {
            Row::Customer(row) => customers.push((row, body.as_str())),
            Row::Identity(row) => identities.push((row, body.as_str())),
            Row::Conversation(row) => conversations.push((row, body.as_str())),
            Row::Message(row) => messages.push((row, body.as_str())),
            Row::Tenant(row) => tenants::put(connection, row, body).await?,
            Row::Operator(row) => operators::put(connection, row, body).await?,
            Row::Inbox(row) => inboxes::put(connection, row, body).await?,
            Row::Revision(row) => messages::add_revision(connection, row, body).await?,
            Row::File(row) => files::put(connection, row, body).await?,
            Row::Quarantined(row) => quarantine::put(connection, row, body).await?,
            Row::Record(row) => records::put(connection, row, body).await?,
            Row::Audit(row) => audit::put(connection, row, body).await?,
        }
    }
    customers::put_all(connection, &customers).await?;
    customers::put_identities(connection, &identities).await?;
    conversations::put_all(connection, &conversations).await?;
    messages::put_all(connection, &messages).await
}
