//! Statements that write conversations and find one; lists of them are in [`super::lists`].

use omnichat_core::clock::Timestamp;
use omnichat_core::conversations::Conversation;
use omnichat_core::error::{Error, Result};
use omnichat_core::id::OperatorId;
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use super::query::{execute, first};
use crate::body;
use crate::listing::{priority_code, status_code};

const INSERT: &str = "INSERT INTO conversations
     (tenant, id, version, inbox, peer, channel, customer, status, priority, assignee, unread, waiting_since, created_at,
      activity_at, labels, body)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)";
const STORED: &str =
    "SELECT number, inbox, peer, channel, customer, status, priority, assignee, waiting_since, created_at,
     activity_at, labels FROM conversations WHERE tenant = ?1 AND id = ?2 AND version = ?3 - 1";
// A message changes a few columns. Only the indexes of columns that a statement names are written, so each common change has
// a statement of its own.
const UPDATE: &str =
    "UPDATE conversations SET version = ?2, unread = ?3, activity_at = ?4, body = ?5 WHERE number = ?1";
const UPDATE_WAITING: &str = "UPDATE conversations SET waiting_since = ?2 WHERE number = ?1";
const UPDATE_PLACE: &str =
    "UPDATE conversations SET status = ?2, priority = ?3, assignee = ?4 WHERE number = ?1";
const UPDATE_REST: &str = "UPDATE conversations
     SET inbox = ?2, peer = ?3, channel = ?4, customer = ?5, created_at = ?6, labels = ?7 WHERE number = ?1";

const ADD_TAG: &str =
    "INSERT INTO conversation_tags (tenant, tag, status, activity_at, conversation, created_at)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
const REMOVE_TAG: &str = "DELETE FROM conversation_tags
     WHERE tenant = ?1 AND tag = ?2 AND status = ?3 AND activity_at = ?4 AND conversation = ?5";
const ADD_PARTICIPANT: &str =
    "INSERT INTO conversation_participants (tenant, operator, status, activity_at, conversation, created_at)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
const REMOVE_PARTICIPANT: &str = "DELETE FROM conversation_participants
     WHERE tenant = ?1 AND operator = ?2 AND status = ?3 AND activity_at = ?4 AND conversation = ?5";
const ADD_LOAD: &str = "INSERT INTO operator_loads (tenant, operator, open) VALUES (?1, ?2, ?3)
     ON CONFLICT (tenant, operator) DO UPDATE SET open = open + excluded.open";
const ADD_CHANNEL: &str =
    "INSERT OR IGNORE INTO channel_inboxes (tenant, channel, inbox) VALUES (?1, ?2, ?3)";

/// The columns of a conversation beside its key and body.
#[derive(PartialEq, Eq)]
struct Columns {
    inbox: [u8; 16],
    peer: String,
    channel: String,
    customer: [u8; 16],
    status: i16,
    priority: i16,
    assignee: Option<[u8; 16]>,
    waiting_since: Option<i64>,
    created_at: i64,
    activity_at: i64,
    labels: String,
}

/// Tags and participants, each once.
type Labels = (Vec<String>, Vec<OperatorId>);

impl Columns {
    fn of(c: &Conversation) -> Result<Self> {
        let (mut tags, mut participants) = (c.tags.clone(), c.participants.clone());
        tags.sort_unstable();
        tags.dedup();
        participants.sort_unstable();
        participants.dedup();
        Ok(Self {
            inbox: c.inbox.uuid().into_bytes(),
            peer: c.peer.clone(),
            channel: c.channel.clone(),
            customer: c.customer.uuid().into_bytes(),
            status: status_code(c.status),
            priority: priority_code(c.priority),
            assignee: c.assignee.map(|id| id.uuid().into_bytes()),
            waiting_since: c.waiting_since.map(Timestamp::micros),
            created_at: c.created_at.micros(),
            activity_at: c.last_activity_at.micros(),
            labels: body::encode(&(tags, participants))?,
        })
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            inbox: row.get(1)?,
            peer: row.get(2)?,
            channel: row.get(3)?,
            customer: row.get(4)?,
            status: row.get(5)?,
            priority: row.get(6)?,
            assignee: row.get(7)?,
            waiting_since: row.get(8)?,
            created_at: row.get(9)?,
            activity_at: row.get(10)?,
            labels: row.get(11)?,
        })
    }

    /// Where it stands in the lists of its labels.
    fn label_places(&self) -> (i16, i64, i64, &str) {
        (self.status, self.activity_at, self.created_at, &self.labels)
    }

    /// Whose open work it is.
    fn load(&self) -> Option<[u8; 16]> {
        self.assignee
            .filter(|_| self.status <= status_code(omnichat_core::conversations::Status::Pending))
    }
}

pub(super) fn put(connection: &Connection, c: &Conversation, body: &str) -> Result<()> {
    let (tenant, id) = (c.tenant.uuid().into_bytes(), c.id.uuid().into_bytes());
    let new = Columns::of(c)?;
    if c.version == 1 {
        let values = params![
            tenant,
            id,
            c.version as i64,
            new.inbox,
            new.peer,
            new.channel,
            new.customer,
            new.status,
            new.priority,
            new.assignee,
            c.unread_count,
            new.waiting_since,
            new.created_at,
            new.activity_at,
            new.labels,
            body
        ];
        execute(connection, INSERT, values)?;
        execute(connection, ADD_CHANNEL, params![tenant, new.channel, new.inbox])?;
        write_labels(connection, tenant, id, &new, ADD_TAG, ADD_PARTICIPANT)?;
        return add_load(connection, tenant, new.load(), 1);
    }

    let stored = first(connection, STORED, params![tenant, id, c.version as i64], |row| {
        Ok((row.get(0)?, Columns::read(row)?))
    })?;
    let (number, old): (i64, Columns) = stored.ok_or_else(|| Error::conflict("conversation"))?;
    execute(
        connection,
        UPDATE,
        params![number, c.version as i64, c.unread_count, new.activity_at, body],
    )?;
    if new.waiting_since != old.waiting_since {
        execute(connection, UPDATE_WAITING, params![number, new.waiting_since])?;
    }
    if (new.status, new.priority, new.assignee) != (old.status, old.priority, old.assignee) {
        execute(
            connection,
            UPDATE_PLACE,
            params![number, new.status, new.priority, new.assignee],
        )?;
    }
    let rest = |c: &Columns| {
        (
            c.inbox,
            c.peer.clone(),
            c.channel.clone(),
            c.customer,
            c.created_at,
            c.labels.clone(),
        )
    };
    if rest(&new) != rest(&old) {
        let values = params![
            number,
            new.inbox,
            new.peer,
            new.channel,
            new.customer,
            new.created_at,
            new.labels
        ];
        execute(connection, UPDATE_REST, values)?;
        execute(connection, ADD_CHANNEL, params![tenant, new.channel, new.inbox])?;
    }
    if new.label_places() != old.label_places() {
        write_labels(connection, tenant, id, &old, REMOVE_TAG, REMOVE_PARTICIPANT)?;
        write_labels(connection, tenant, id, &new, ADD_TAG, ADD_PARTICIPANT)?;
    }
    if new.load() != old.load() {
        add_load(connection, tenant, old.load(), -1)?;
        add_load(connection, tenant, new.load(), 1)?;
    }
    Ok(())
}

/// Adds or removes the rows of its tags and participants.
fn write_labels(
    connection: &Connection,
    tenant: [u8; 16],
    id: [u8; 16],
    at: &Columns,
    tag_sql: &str,
    participant_sql: &str,
) -> Result<()> {
    if at.labels == "[[],[]]" {
        return Ok(());
    }
    let (tags, participants): Labels = body::decode(&at.labels)?;
    let adds = tag_sql == ADD_TAG;
    for tag in tags {
        let (status, activity_at) = (at.status, at.activity_at);
        if adds {
            execute(
                connection,
                tag_sql,
                params![tenant, tag, status, activity_at, id, at.created_at],
            )?;
        } else {
            execute(connection, tag_sql, params![tenant, tag, status, activity_at, id])?;
        }
    }
    for operator in participants {
        let operator = operator.uuid().into_bytes();
        let (status, activity_at) = (at.status, at.activity_at);
        if adds {
            execute(
                connection,
                participant_sql,
                params![tenant, operator, status, activity_at, id, at.created_at],
            )?;
        } else {
            execute(
                connection,
                participant_sql,
                params![tenant, operator, status, activity_at, id],
            )?;
        }
    }
    Ok(())
}

fn add_load(connection: &Connection, tenant: [u8; 16], operator: Option<[u8; 16]>, by: i64) -> Result<()> {
    match operator {
        Some(operator) => execute(connection, ADD_LOAD, params![tenant, operator, by]).map(|_| ()),
        None => Ok(()),
    }
}

/// How many open conversations each operator has.
pub(super) fn loads(connection: &Connection, tenant: [u8; 16]) -> Result<Vec<(OperatorId, u32)>> {
    const LOADS: &str =
        "SELECT operator, open FROM operator_loads WHERE tenant = ?1 AND open > 0 ORDER BY operator";
    super::query::all(connection, LOADS, [tenant], |row| {
        Ok((OperatorId::from_uuid(Uuid::from_bytes(row.get(0)?)), row.get(1)?))
    })
}
