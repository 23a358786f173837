//! Statements that write conversations; lists of them are in [`super::lists`].

use omnichat_core::clock::Timestamp;
use omnichat_core::conversations::{Conversation, Status};
use omnichat_core::error::{Error, Result};
use omnichat_core::id::OperatorId;
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use super::query::{all, execute, first};
use crate::body;
use crate::holder::{SCENARIO, holder};
use crate::listing::{found_by, priority_code, status_code};

const INSERT: &str = "INSERT INTO conversations
     (tenant, id, version, inbox, chat, channel, customer, status, priority, assignee, unread, waits, waiting_since,
      created_at, activity_at, labels, attributes, body)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)";
const STORED: &str = "SELECT number, inbox, chat, channel, customer, status, priority, assignee, unread, waits,
     waiting_since, created_at, activity_at, labels, attributes FROM conversations WHERE tenant = ?1 AND id = ?2 AND version = ?3 - 1";
// One more message of many moves a conversation in few lists. Only the indexes of columns that a statement names are written,
// so this common change has a statement of its own.
const ADVANCE: &str = "UPDATE conversations SET version = ?2, activity_at = ?3, body = ?4 WHERE number = ?1";
const UPDATE: &str = "UPDATE conversations
     SET version = ?2, inbox = ?3, chat = ?4, channel = ?5, customer = ?6, status = ?7, priority = ?8, assignee = ?9,
         unread = ?10, waits = ?11, waiting_since = ?12, created_at = ?13, activity_at = ?14, labels = ?15,
         attributes = ?16, body = ?17
     WHERE number = ?1";

const PUT_TAG: &str = "INSERT OR REPLACE INTO conversation_tags
     (tenant, tag, id, status, priority, inbox, assignee, unread, waits, waiting_since, created_at, activity_at)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
const REMOVE_TAG: &str = "DELETE FROM conversation_tags WHERE tenant = ?1 AND tag = ?2 AND id = ?3";
const PUT_PARTICIPANT: &str = "INSERT OR REPLACE INTO conversation_participants
     (tenant, operator, id, status, priority, inbox, assignee, unread, waits, waiting_since, created_at, activity_at)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
const REMOVE_PARTICIPANT: &str =
    "DELETE FROM conversation_participants WHERE tenant = ?1 AND operator = ?2 AND id = ?3";
const PUT_ATTRIBUTE: &str = "INSERT OR REPLACE INTO conversation_attributes
     (tenant, name, value, id, status, priority, inbox, assignee, unread, waits, waiting_since, created_at, activity_at)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
const REMOVE_ATTRIBUTE: &str =
    "DELETE FROM conversation_attributes WHERE tenant = ?1 AND name = ?2 AND value = ?3 AND id = ?4";
const ADD_LOAD: &str = "INSERT INTO operator_loads (tenant, operator, open) VALUES (?1, ?2, ?3)
     ON CONFLICT (tenant, operator) DO UPDATE SET open = open + excluded.open";
const ADD_CHANNEL: &str =
    "INSERT OR IGNORE INTO channel_inboxes (tenant, channel, inbox) VALUES (?1, ?2, ?3)";
const LOADS: &str =
    "SELECT operator, open FROM operator_loads WHERE tenant = ?1 AND open > 0 ORDER BY operator";

/// The columns of a conversation beside its key and body.
#[derive(Clone, PartialEq, Eq)]
struct Columns {
    inbox: [u8; 16],
    chat: String,
    channel: String,
    customer: [u8; 16],
    status: i16,
    priority: i16,
    assignee: Option<[u8; 16]>,
    unread: bool,
    waits: bool,
    waiting_since: Option<i64>,
    created_at: i64,
    activity_at: i64,
    labels: String,
    attributes: String,
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
            chat: c.chat.clone(),
            channel: c.channel.clone(),
            customer: c.customer.uuid().into_bytes(),
            status: status_code(c.status),
            priority: priority_code(c.priority),
            assignee: holder(c).map(Uuid::into_bytes),
            unread: c.unread_count > 0,
            waits: c.waiting_since.is_some(),
            waiting_since: c.waiting_since.map(Timestamp::micros),
            created_at: c.created_at.micros(),
            activity_at: c.last_activity_at.micros(),
            labels: body::encode(&(tags, participants))?,
            attributes: body::encode(&found_by(c))?,
        })
    }

    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            inbox: row.get(1)?,
            chat: row.get(2)?,
            channel: row.get(3)?,
            customer: row.get(4)?,
            status: row.get(5)?,
            priority: row.get(6)?,
            assignee: row.get(7)?,
            unread: row.get(8)?,
            waits: row.get(9)?,
            waiting_since: row.get(10)?,
            created_at: row.get(11)?,
            activity_at: row.get(12)?,
            labels: row.get(13)?,
            attributes: row.get(14)?,
        })
    }

    /// Whether nothing differs but the time of the last activity.
    fn advances(&self, old: &Self) -> bool {
        *self
            == Self {
                activity_at: self.activity_at,
                ..old.clone()
            }
    }

    fn labels(&self) -> Result<Labels> {
        if self.labels == "[[],[]]" {
            Ok(Labels::default())
        } else {
            body::decode(&self.labels)
        }
    }

    /// What it is found by beside tags and participants: names and values.
    fn attributes(&self) -> Result<Vec<(String, String)>> {
        if self.attributes == "[]" {
            Ok(Vec::new())
        } else {
            body::decode(&self.attributes)
        }
    }

    /// Whose open work it is.
    fn load(&self) -> Option<[u8; 16]> {
        self.assignee
            .filter(|id| *id != SCENARIO.into_bytes() && self.status <= status_code(Status::Pending))
    }
}

pub(super) fn put(connection: &Connection, c: &Conversation, body: &str) -> Result<()> {
    let (tenant, id) = (c.tenant.uuid().into_bytes(), c.id.uuid().into_bytes());
    let version = c.version as i64;
    let new = Columns::of(c)?;
    if c.version == 1 {
        let values = params![
            tenant,
            id,
            version,
            new.inbox,
            new.chat,
            new.channel,
            new.customer,
            new.status,
            new.priority,
            new.assignee,
            new.unread,
            new.waits,
            new.waiting_since,
            new.created_at,
            new.activity_at,
            new.labels,
            new.attributes,
            body
        ];
        execute(connection, INSERT, values)?;
        execute(connection, ADD_CHANNEL, params![tenant, new.channel, new.inbox])?;
        put_labels(connection, tenant, id, &new)?;
        return add_load(connection, tenant, new.load(), 1);
    }

    let stored = first(connection, STORED, params![tenant, id, version], |row| {
        Ok((row.get::<_, i64>(0)?, Columns::read(row)?))
    })?;
    let (number, old) = stored.ok_or_else(|| Error::conflict("conversation"))?;
    if new.advances(&old) {
        execute(
            connection,
            ADVANCE,
            params![number, version, new.activity_at, body],
        )?;
    } else {
        let values = params![
            number,
            version,
            new.inbox,
            new.chat,
            new.channel,
            new.customer,
            new.status,
            new.priority,
            new.assignee,
            new.unread,
            new.waits,
            new.waiting_since,
            new.created_at,
            new.activity_at,
            new.labels,
            new.attributes,
            body
        ];
        execute(connection, UPDATE, values)?;
    }
    if (&new.channel, new.inbox) != (&old.channel, old.inbox) {
        execute(connection, ADD_CHANNEL, params![tenant, new.channel, new.inbox])?;
    }
    if (&new.labels, &new.attributes) != (&old.labels, &old.attributes) {
        remove_labels(connection, tenant, id, &old)?;
    }
    if new != old {
        put_labels(connection, tenant, id, &new)?;
    }
    if new.load() != old.load() {
        add_load(connection, tenant, old.load(), -1)?;
        add_load(connection, tenant, new.load(), 1)?;
    }
    Ok(())
}

/// Writes the rows of its tags, participants and attributes, which carry its columns.
fn put_labels(connection: &Connection, tenant: [u8; 16], id: [u8; 16], c: &Columns) -> Result<()> {
    let (tags, participants) = c.labels()?;
    let put = |sql: &str, label: &dyn rusqlite::ToSql| {
        let values = params![
            tenant,
            label,
            id,
            c.status,
            c.priority,
            c.inbox,
            c.assignee,
            c.unread,
            c.waits,
            c.waiting_since,
            c.created_at,
            c.activity_at
        ];
        execute(connection, sql, values).map(|_| ())
    };
    for (name, value) in c.attributes()? {
        let values = params![
            tenant,
            name,
            value,
            id,
            c.status,
            c.priority,
            c.inbox,
            c.assignee,
            c.unread,
            c.waits,
            c.waiting_since,
            c.created_at,
            c.activity_at
        ];
        execute(connection, PUT_ATTRIBUTE, values)?;
    }
    tags.iter().try_for_each(|tag| put(PUT_TAG, tag))?;
    participants
        .iter()
        .try_for_each(|operator| put(PUT_PARTICIPANT, &operator.uuid().into_bytes()))
}

fn remove_labels(connection: &Connection, tenant: [u8; 16], id: [u8; 16], c: &Columns) -> Result<()> {
    let (tags, participants) = c.labels()?;
    for (name, value) in c.attributes()? {
        execute(connection, REMOVE_ATTRIBUTE, params![tenant, name, value, id])?;
    }
    for tag in tags {
        execute(connection, REMOVE_TAG, params![tenant, tag, id])?;
    }
    for operator in participants {
        execute(
            connection,
            REMOVE_PARTICIPANT,
            params![tenant, operator.uuid().into_bytes(), id],
        )?;
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
    all(connection, LOADS, [tenant], |row| {
        Ok((OperatorId::from_uuid(Uuid::from_bytes(row.get(0)?)), row.get(1)?))
    })
}
