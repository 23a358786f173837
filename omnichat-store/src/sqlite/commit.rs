//! One commit inside the writer's transaction.
//!
//! [`check`] only reads, and finds what fails often: stale versions, messages that came twice, lost leases. A commit that it
//! refuses has written nothing. [`write()`] is right without it; when it fails, the writer takes back what it wrote.

use std::collections::HashSet;

use omnichat_core::change::{Removal, Row};
use omnichat_core::clock::Timestamp;
use omnichat_core::error::{Error, Result};
use omnichat_core::id::TenantId;
use rusqlite::{Connection, params};
use uuid::Uuid;

use super::heads::Heads;
use super::query::first;
use super::{
    audit, chats, contacts, conversations, customers, entities, events, files, inboxes, jobs, messages,
    operators, records, tenants,
};
use crate::prepared::Prepared;

const CUSTOMER: &str = "SELECT version FROM customers WHERE tenant = ?1 AND id = ?2";
const CONTACT: &str = "SELECT version FROM contacts WHERE tenant = ?1 AND id = ?2";
const CHAT: &str = "SELECT version FROM chats WHERE tenant = ?1 AND id = ?2";
const CONVERSATION: &str = "SELECT version FROM conversations WHERE tenant = ?1 AND id = ?2";
const MESSAGE: &str = "SELECT version FROM messages WHERE tenant = ?1 AND id = ?2";

/// Whether the commit can be written, as far as a look at the stored rows tells.
pub(super) fn check(connection: &Connection, heads: &Heads, changes: &Prepared) -> Result<()> {
    if !heads.knows(changes.tenant) && !changes.makes_tenant {
        return Err(Error::not_found("tenant").with("tenant", changes.tenant));
    }
    let mut seen = HashSet::new();
    for (row, _) in &changes.rows {
        match row {
            Row::Customer(row) => check_version(
                connection,
                changes.tenant,
                CUSTOMER,
                row.id.uuid(),
                row.version,
                &mut seen,
            ),
            Row::Contact(row) => check_version(
                connection,
                changes.tenant,
                CONTACT,
                row.id.uuid(),
                row.version,
                &mut seen,
            ),
            Row::Chat(row) => check_version(
                connection,
                changes.tenant,
                CHAT,
                row.id.uuid(),
                row.version,
                &mut seen,
            ),
            Row::Conversation(row) => check_version(
                connection,
                changes.tenant,
                CONVERSATION,
                row.id.uuid(),
                row.version,
                &mut seen,
            ),
            Row::Message(row) => {
                check_version(
                    connection,
                    changes.tenant,
                    MESSAGE,
                    row.id.uuid(),
                    row.version,
                    &mut seen,
                )?;
                if row.version == 1 && messages::is_duplicate(connection, row)? {
                    return Err(Error::duplicate(omnichat_core::change::unique::MESSAGE_EXTERNAL));
                }
                Ok(())
            }
            _ => Ok(()),
        }?;
    }
    changes
        .jobs
        .iter()
        .try_for_each(|(job, _)| jobs::check(connection, changes.tenant, job))
}

fn check_version(
    connection: &Connection,
    tenant: TenantId,
    sql: &'static str,
    id: Uuid,
    version: u64,
    seen: &mut HashSet<(&'static str, Uuid)>,
) -> Result<()> {
    // A commit may write a row twice; then only the first is compared with what is stored.
    if !seen.insert((sql, id)) {
        return Ok(());
    }
    let stored = first(
        connection,
        sql,
        params![tenant.uuid().into_bytes(), id.into_bytes()],
        |row| row.get::<_, i64>(0),
    )?;
    let fits = match stored {
        Some(stored) => version > 1 && stored as u64 == version - 1,
        None => version == 1,
    };
    let noun = match sql {
        CUSTOMER => "customer",
        CONTACT => "contact",
        CHAT => "chat",
        CONVERSATION => "conversation",
        _ => "message",
    };
    if fits { Ok(()) } else { Err(Error::conflict(noun)) }
}

/// Writes everything, in order. Returns the number of the first event.
pub(super) fn write(
    connection: &Connection,
    heads: &mut Heads,
    last_place: &mut i64,
    changes: &Prepared,
    at: Timestamp,
) -> Result<u64> {
    let tenant = changes.tenant;
    for (row, body) in &changes.rows {
        match row {
            Row::Tenant(row) => {
                tenants::put(connection, row, body)?;
                if row.version == 1 {
                    heads.add(row.id, connection.last_insert_rowid());
                }
            }
            Row::Operator(row) => operators::put(connection, row, body)?,
            Row::Inbox(row) => inboxes::put(connection, row, body)?,
            Row::Customer(row) => customers::put(connection, row, body)?,
            Row::Contact(row) => contacts::put(connection, row, body)?,
            Row::Chat(row) => chats::put(connection, row, body)?,
            Row::Conversation(row) => conversations::put(connection, row, body)?,
            Row::Message(row) => messages::put(connection, row, body)?,
            Row::Revision(row) => messages::add_revision(connection, row, body)?,
            Row::File(row) => files::put(connection, row, body)?,
            Row::Record(row) => records::put(connection, row, body)?,
            Row::Entity(row) => entities::put(connection, row, body)?,
            Row::Audit(row) => audit::put(connection, row, body)?,
        }
    }
    for removal in &changes.removals {
        match removal {
            Removal::Inbox(id) => inboxes::remove(connection, tenant, *id)?,
            Removal::File(id) => files::remove(connection, tenant, *id)?,
            Removal::Record { kind, key } => records::remove(connection, tenant, kind, key)?,
            Removal::Entity { kind, id } => entities::remove(connection, tenant, kind, *id)?,
        }
    }
    for (job, payload) in &changes.jobs {
        jobs::change(connection, at, tenant, job, payload, last_place)?;
    }
    let (log, first) = heads.take(tenant, changes.events.len() as u64)?;
    for (seq, event) in (first..).zip(&changes.events) {
        events::append(connection, log, seq, at, event)?;
    }
    Ok(first)
}
