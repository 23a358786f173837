//! A group of commits inside one transaction.
//!
//! Commits that touch different rows, or follow each other on the same ones as writers of one conversation do, are a *wave*:
//! their rows are written together, in a few statements with arrays, of each row only its last version ([`super::latest`]). What
//! fails often is found before ([`super::check`]) and left out. Should a wave fail all the same, it is taken back to its
//! savepoint and its commits are written one after the other, so that only the one that fails is missing. A commit that
//! touches a row twice, or rare kinds of rows, is written alone from the beginning.

use std::collections::HashMap;

use omnichat_core::change::{Removal, Row};
use omnichat_core::clock::Timestamp;
use omnichat_core::contacts::ContactKey;
use omnichat_core::entities::IndexEntry;
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::id::TenantId;
use omnichat_core::job::JobChange;
use sqlx::Connection;
use sqlx::postgres::PgConnection;
use uuid::Uuid;

use super::error::error;
use super::events::NewEvents;
use super::heads::Heads;
use super::latest::Latest;
use super::queue::Change;
use super::{
    audit, chats, check, contacts, conversations, customers, entities, events, files, inboxes, messages,
    operators, queue, records, tenants,
};
use crate::prepared::Prepared;

/// The longest body, in bytes, of an entity that is written together with others.
const BODY_OF_WAVE: usize = 64 * 1_024;

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
    let mut touched: HashMap<Key<'_>, Touch> = HashMap::new();
    for (n, commit) in group.iter().enumerate() {
        if !writing.heads.knows(commit.tenant) && !commit.makes_tenant {
            // An earlier commit of the group may be making it.
            writing.write_wave(connection, std::mem::take(&mut wave)).await?;
            touched.clear();
        }
        let keys = keys(commit);
        let fits = keys.as_ref().is_some_and(|keys| {
            let mut keys = keys.iter();
            keys.all(|(key, touch)| touched.get(key).is_none_or(|before| touch.follows(before)))
        });
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

/// What two commits of a wave may share only if the second follows the first.
#[derive(PartialEq, Eq, Hash)]
enum Key<'a> {
    Row(u8, TenantId, Uuid),
    Contact(TenantId, ContactKey),
    Chat(Uuid, &'a str),
    Conversation(Uuid, &'a str),
    ExternalId(Uuid, &'a str, &'a str),
    Client(Uuid, &'a str),
    Job(Uuid),
    Entity(TenantId, &'a str, Uuid),
    Entry(TenantId, &'a str, &'a IndexEntry),
}

/// How a commit touches what a key names.
#[derive(Clone, Copy)]
enum Touch {
    /// It writes this version of the row.
    Version(u64),
    /// It is the unique key of this row.
    Holder(Uuid),
    /// Nobody else may.
    Alone,
}

impl Touch {
    /// Whether it may come in the same wave as what came before.
    fn follows(&self, before: &Self) -> bool {
        match (before, self) {
            (Self::Version(before), Self::Version(version)) => *version == before + 1,
            (Self::Holder(before), Self::Holder(holder)) => holder == before,
            _ => false,
        }
    }
}

/// What a commit touches, and how; none if it must be written alone.
fn keys(commit: &Prepared) -> Option<HashMap<Key<'_>, Touch>> {
    if !commit.removals.is_empty() {
        return None;
    }
    let mut entities = 0;
    let mut keys = HashMap::new();
    let mut is_first = true;
    let mut add = |key, touch| is_first &= keys.insert(key, touch).is_none();
    for (row, _) in &commit.rows {
        match row {
            Row::Customer(row) => add(
                Key::Row(0, row.tenant, row.id.uuid()),
                Touch::Version(row.version),
            ),
            Row::Contact(row) => {
                let id = row.id.uuid();
                add(Key::Row(1, row.tenant, id), Touch::Version(row.version));
                add(Key::Contact(row.tenant, row.key()), Touch::Holder(id));
            }
            Row::Chat(row) => {
                let id = row.id.uuid();
                add(Key::Row(5, row.tenant, id), Touch::Version(row.version));
                add(Key::Chat(row.inbox.uuid(), &row.external_id), Touch::Holder(id));
            }
            Row::Conversation(row) => {
                let id = row.id.uuid();
                add(Key::Row(2, row.tenant, id), Touch::Version(row.version));
                add(Key::Conversation(row.inbox.uuid(), &row.chat), Touch::Holder(id));
            }
            Row::Message(row) => {
                add(Key::Row(3, row.tenant, row.id.uuid()), Touch::Alone);
                let mut ids: Vec<&str> = row
                    .external_id
                    .iter()
                    .chain(&row.more_external_ids)
                    .map(String::as_str)
                    .collect();
                ids.sort_unstable();
                ids.dedup();
                for id in ids {
                    add(Key::ExternalId(row.inbox.uuid(), &row.chat, id), Touch::Alone);
                }
                if let Some(key) = &row.client_key {
                    add(Key::Client(row.conversation.uuid(), key), Touch::Alone);
                }
            }
            // What one gives up another of the same commit may take: one after the other. And a wave is one statement: those that are
            // large would make it larger than it need be.
            Row::Entity(row) if entities == 0 && row.body.len() <= BODY_OF_WAVE => {
                entities += 1;
                add(Key::Entity(row.tenant, &row.kind, row.id), Touch::Alone);
                for entry in row.entries.iter().filter(|entry| entry.unique) {
                    add(Key::Entry(row.tenant, &row.kind, entry), Touch::Alone);
                }
            }
            Row::Audit(row) => add(Key::Row(4, row.tenant, row.id.uuid()), Touch::Alone),
            _ => return None,
        }
    }
    for (job, _) in &commit.jobs {
        let id = match (job, job.lease()) {
            (JobChange::Enqueue(job), _) => Some(job.id),
            (_, lease) => lease.map(|lease| lease.job),
        };
        if let Some(id) = id {
            add(Key::Job(id.uuid()), Touch::Alone);
        }
    }
    is_first.then_some(keys)
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
        let mut next = HashMap::new();
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
                Removal::Record { kind, key } => {
                    records::remove(connection, commit.tenant, kind, key).await?
                }
                Removal::Entity { kind, id } => {
                    entities::remove(connection, commit.tenant, kind, *id).await?
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
    for (seq, event) in (first..).zip(&commit.events) {
        new.tenants.push(commit.tenant.uuid());
        new.numbers.push(seq as i64);
        new.bodies.push(&event.body);
        new.abouts.push(&event.about);
    }
}

/// Writes rows; kinds that are common together, others one by one.
async fn write_rows(connection: &mut PgConnection, rows: &[&(Row, String)]) -> Result<()> {
    let mut customers = Latest::default();
    let mut contacts = Latest::default();
    let mut chats = Latest::default();
    let mut conversations = Latest::default();
    let mut messages = Vec::new();
    let mut entities = Vec::new();
    for (row, body) in rows.iter().copied() {
        match row {
            Row::Customer(row) => customers.push((row.tenant, row.id.uuid(), row.version), row, body)?,
            Row::Contact(row) => contacts.push((row.tenant, row.id.uuid(), row.version), row, body)?,
            Row::Chat(row) => chats.push((row.tenant, row.id.uuid(), row.version), row, body)?,
            Row::Conversation(row) => {
                conversations.push((row.tenant, row.id.uuid(), row.version), row, body)?
            }
            Row::Message(row) => messages.push((row, body.as_str())),
            Row::Entity(row) => entities.push((row, body.as_str())),
            Row::Tenant(row) => tenants::put(connection, row, body).await?,
            Row::Operator(row) => operators::put(connection, row, body).await?,
            Row::Inbox(row) => inboxes::put(connection, row, body).await?,
            Row::Revision(row) => messages::add_revision(connection, row, body).await?,
            Row::File(row) => files::put(connection, row, body).await?,
            Row::Record(row) => records::put(connection, row, body).await?,
            Row::Audit(row) => audit::put(connection, row, body).await?,
        }
    }
    customers::put_all(connection, &customers.rows).await?;
    contacts::put_all(connection, &contacts.rows).await?;
    chats::put_all(connection, &chats.rows).await?;
    conversations::put_all(connection, &conversations.rows).await?;
    messages::put_all(connection, &messages).await?;
    entities::put_all(connection, &entities).await
}
