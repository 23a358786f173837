//! Statements that write conversations; lists of them are in [`super::lists`].

use std::collections::HashMap;

use omnichat_core::clock::Timestamp;
use omnichat_core::conversations::{Conversation, Status};
use omnichat_core::error::{Error, Result};
use omnichat_core::id::OperatorId;
use sqlx::postgres::{PgConnection, PgPool};
use sqlx::{query, query_as};
use uuid::Uuid;

use super::error::error;
use super::latest::Version;
use super::query::{Statement, execute, rows, written};
use crate::body;
use crate::holder::{SCENARIO, holder};
use crate::listing::{found_by, priority_code, status_code};

const INSERT: &str = "INSERT INTO conversations
     (tenant, id, version, inbox, chat, channel, customer, status, priority, assignee, unread, waits, waiting_since,
      created_at, activity_at, labels, attributes, body)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::uuid[], $5::text[], $6::text[], $7::uuid[],
         $8::smallint[], $9::smallint[], $10::uuid[], $11::bool[], $12::bool[], $13::bigint[], $14::bigint[],
         $15::bigint[], $16::text[], $17::text[], $18::text[])";
const UPDATE: &str = "UPDATE conversations c
     SET version = n.version, inbox = n.inbox, chat = n.chat, channel = n.channel, customer = n.customer,
         status = n.status, priority = n.priority, assignee = n.assignee, unread = n.unread,
         waits = n.waits, waiting_since = n.waiting_since, created_at = n.created_at, activity_at = n.activity_at,
         labels = n.labels, attributes = n.attributes, body = n.body
     FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::uuid[], $5::text[], $6::text[], $7::uuid[],
         $8::smallint[], $9::smallint[], $10::uuid[], $11::bool[], $12::bool[], $13::bigint[], $14::bigint[],
         $15::bigint[], $16::text[], $17::text[], $18::text[], $19::bigint[])
         AS n (tenant, id, version, inbox, chat, channel, customer, status, priority, assignee, unread, waits,
             waiting_since, created_at, activity_at, labels, attributes, body, replaces)
     WHERE c.tenant = n.tenant AND c.id = n.id AND c.version = n.replaces";
const STORED: &str =
    "SELECT c.tenant, c.id, c.inbox, c.channel, c.status, c.priority, c.assignee, c.unread, c.waits,
         c.waiting_since, c.created_at, c.activity_at, c.labels, c.attributes
     FROM unnest($1::uuid[], $2::uuid[]) AS n (tenant, id)
     JOIN conversations c ON c.tenant = n.tenant AND c.id = n.id";

const PUT_TAGS: &str = "INSERT INTO conversation_tags
     (tenant, tag, id, status, priority, inbox, assignee, unread, waits, waiting_since, created_at, activity_at)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::smallint[], $5::smallint[], $6::uuid[], $7::uuid[],
         $8::bool[], $9::bool[], $10::bigint[], $11::bigint[], $12::bigint[])
     ON CONFLICT (tenant, tag, id) DO UPDATE
     SET status = excluded.status, priority = excluded.priority, inbox = excluded.inbox, assignee = excluded.assignee,
         unread = excluded.unread, waits = excluded.waits, waiting_since = excluded.waiting_since,
         created_at = excluded.created_at, activity_at = excluded.activity_at";
const REMOVE_TAGS: &str = "DELETE FROM conversation_tags l
     USING unnest($1::uuid[], $2::text[], $3::uuid[]) AS n (tenant, tag, id)
     WHERE l.tenant = n.tenant AND l.tag = n.tag AND l.id = n.id";
const PUT_PARTICIPANTS: &str = "INSERT INTO conversation_participants
     (tenant, operator, id, status, priority, inbox, assignee, unread, waits, waiting_since, created_at, activity_at)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::smallint[], $5::smallint[], $6::uuid[], $7::uuid[],
         $8::bool[], $9::bool[], $10::bigint[], $11::bigint[], $12::bigint[])
     ON CONFLICT (tenant, operator, id) DO UPDATE
     SET status = excluded.status, priority = excluded.priority, inbox = excluded.inbox, assignee = excluded.assignee,
         unread = excluded.unread, waits = excluded.waits, waiting_since = excluded.waiting_since,
         created_at = excluded.created_at, activity_at = excluded.activity_at";
const REMOVE_PARTICIPANTS: &str = "DELETE FROM conversation_participants l
     USING unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS n (tenant, operator, id)
     WHERE l.tenant = n.tenant AND l.operator = n.operator AND l.id = n.id";
const PUT_ATTRIBUTES: &str = "INSERT INTO conversation_attributes
     (tenant, name, value, id, status, priority, inbox, assignee, unread, waits, waiting_since, created_at, activity_at)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::smallint[], $6::smallint[], $7::uuid[], $8::uuid[],
         $9::bool[], $10::bool[], $11::bigint[], $12::bigint[], $13::bigint[])
     ON CONFLICT (tenant, name, value, id) DO UPDATE
     SET status = excluded.status, priority = excluded.priority, inbox = excluded.inbox, assignee = excluded.assignee,
         unread = excluded.unread, waits = excluded.waits, waiting_since = excluded.waiting_since,
         created_at = excluded.created_at, activity_at = excluded.activity_at";
const REMOVE_ATTRIBUTES: &str = "DELETE FROM conversation_attributes a
     USING unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[]) AS n (tenant, name, value, id)
     WHERE a.tenant = n.tenant AND a.name = n.name AND a.value = n.value AND a.id = n.id";
const ADD_LOADS: &str = "INSERT INTO operator_loads (tenant, operator, open)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[])
     ON CONFLICT (tenant, operator) DO UPDATE SET open = operator_loads.open + excluded.open";
const ADD_CHANNELS: &str = "INSERT INTO channel_inboxes (tenant, channel, inbox)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[]) ON CONFLICT DO NOTHING";
const LOADS: &str =
    "SELECT operator, open FROM operator_loads WHERE tenant = $1 AND open > 0 ORDER BY operator";

/// Where a conversation stands in lists.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
struct Stand {
    tenant: Uuid,
    id: Uuid,
    inbox: Uuid,
    channel: String,
    status: i16,
    priority: i16,
    assignee: Option<Uuid>,
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

impl Stand {
    fn of(c: &Conversation) -> Result<Self> {
        let (mut tags, mut participants) = (c.tags.clone(), c.participants.clone());
        tags.sort_unstable();
        tags.dedup();
        participants.sort_unstable();
        participants.dedup();
        Ok(Self {
            tenant: c.tenant.uuid(),
            id: c.id.uuid(),
            inbox: c.inbox.uuid(),
            channel: c.channel.clone(),
            status: status_code(c.status),
            priority: priority_code(c.priority),
            assignee: holder(c),
            unread: c.unread_count > 0,
            waits: c.waiting_since.is_some(),
            waiting_since: c.waiting_since.map(Timestamp::micros),
            created_at: c.created_at.micros(),
            activity_at: c.last_activity_at.micros(),
            labels: body::encode(&(tags, participants))?,
            attributes: body::encode(&found_by(c))?,
        })
    }

    /// Whose open work it is.
    fn load(&self) -> Option<(Uuid, Uuid)> {
        let operator = self
            .assignee
            .filter(|id| *id != SCENARIO && self.status <= status_code(Status::Pending));
        operator.map(|operator| (self.tenant, operator))
    }
}

/// Writes conversations; no two of them are the same.
pub(super) async fn put_all(
    connection: &mut PgConnection,
    conversations: &[Version<'_, Conversation>],
) -> Result<()> {
    let (new, changed): (Vec<_>, Vec<_>) = conversations.iter().copied().partition(Version::is_new);
    let mut stored = stored(connection, &changed).await?;
    let mut gone = Vec::new();
    let mut come = Vec::new();
    let mut loads: HashMap<(Uuid, Uuid), i64> = HashMap::new();
    let mut channels = Vec::new();
    for c in changed.iter().map(|c| c.row) {
        let before = stored
            .remove(&(c.tenant.uuid(), c.id.uuid()))
            .ok_or_else(|| Error::conflict("conversation"))?;
        let after = Stand::of(c)?;
        before
            .load()
            .into_iter()
            .for_each(|key| *loads.entry(key).or_default() -= 1);
        after
            .load()
            .into_iter()
            .for_each(|key| *loads.entry(key).or_default() += 1);
        if (before.inbox, &before.channel) != (after.inbox, &after.channel) {
            channels.push((after.tenant, after.channel.clone(), after.inbox));
        }
        if before != after {
            if (&before.labels, &before.attributes) != (&after.labels, &after.attributes) {
                gone.push(before);
            }
            come.push(after);
        }
    }
    for c in new.iter().map(|c| c.row) {
        let after = Stand::of(c)?;
        after
            .load()
            .into_iter()
            .for_each(|key| *loads.entry(key).or_default() += 1);
        channels.push((after.tenant, after.channel.clone(), after.inbox));
        come.push(after);
    }
    write(connection, UPDATE, &changed).await?;
    write(connection, INSERT, &new).await?;
    remove_labels(connection, &gone).await?;
    put_labels(connection, &come).await?;
    add_loads(connection, loads).await?;
    add_channels(connection, channels).await
}

async fn stored(
    connection: &mut PgConnection,
    conversations: &[Version<'_, Conversation>],
) -> Result<HashMap<(Uuid, Uuid), Stand>> {
    if conversations.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<Stand> = query_as(STORED)
        .bind(
            conversations
                .iter()
                .map(|c| c.row.tenant.uuid())
                .collect::<Vec<Uuid>>(),
        )
        .bind(
            conversations
                .iter()
                .map(|c| c.row.id.uuid())
                .collect::<Vec<Uuid>>(),
        )
        .fetch_all(connection)
        .await
        .map_err(error)?;
    Ok(rows
        .into_iter()
        .map(|stand| ((stand.tenant, stand.id), stand))
        .collect())
}

async fn write(
    connection: &mut PgConnection,
    sql: &'static str,
    conversations: &[Version<'_, Conversation>],
) -> Result<()> {
    if conversations.is_empty() {
        return Ok(());
    }
    let rows = || conversations.iter().map(|c| c.row);
    let (labels, attributes): (Vec<String>, Vec<String>) = rows()
        .map(|c| Stand::of(c).map(|stand| (stand.labels, stand.attributes)))
        .collect::<Result<Vec<_>>>()?
        .into_iter()
        .unzip();
    let mut statement = query(sql)
        .bind(rows().map(|c| c.tenant.uuid()).collect::<Vec<Uuid>>())
        .bind(rows().map(|c| c.id.uuid()).collect::<Vec<Uuid>>())
        .bind(rows().map(|c| c.version as i64).collect::<Vec<i64>>())
        .bind(rows().map(|c| c.inbox.uuid()).collect::<Vec<Uuid>>())
        .bind(rows().map(|c| c.chat.as_str()).collect::<Vec<&str>>())
        .bind(rows().map(|c| c.channel.as_str()).collect::<Vec<&str>>())
        .bind(rows().map(|c| c.customer.uuid()).collect::<Vec<Uuid>>())
        .bind(rows().map(|c| status_code(c.status)).collect::<Vec<i16>>())
        .bind(rows().map(|c| priority_code(c.priority)).collect::<Vec<i16>>())
        .bind(rows().map(holder).collect::<Vec<Option<Uuid>>>())
        .bind(rows().map(|c| c.unread_count > 0).collect::<Vec<bool>>())
        .bind(rows().map(|c| c.waiting_since.is_some()).collect::<Vec<bool>>())
        .bind(
            rows()
                .map(|c| c.waiting_since.map(Timestamp::micros))
                .collect::<Vec<Option<i64>>>(),
        )
        .bind(rows().map(|c| c.created_at.micros()).collect::<Vec<i64>>())
        .bind(rows().map(|c| c.last_activity_at.micros()).collect::<Vec<i64>>())
        .bind(labels)
        .bind(attributes)
        .bind(conversations.iter().map(|c| c.body).collect::<Vec<&str>>());
    if !conversations.iter().any(Version::is_new) {
        let replaces = conversations.iter().map(|c| c.replaces as i64);
        statement = statement.bind(replaces.collect::<Vec<i64>>());
    }
    written(
        execute(connection, statement).await?,
        conversations.len(),
        "conversation",
    )
}

/// Tags and participants of conversations, each with its own.
type Labelled<'a, L> = (Vec<&'a Stand>, Vec<L>);

fn labelled(stands: &[Stand]) -> Result<(Labelled<'_, String>, Labelled<'_, Uuid>)> {
    let (mut tags, mut participants) = (Labelled::default(), Labelled::default());
    for stand in stands.iter().filter(|stand| stand.labels != "[[],[]]") {
        let labels: Labels = body::decode(&stand.labels)?;
        for tag in labels.0 {
            tags.0.push(stand);
            tags.1.push(tag);
        }
        for operator in labels.1 {
            participants.0.push(stand);
            participants.1.push(operator.uuid());
        }
    }
    Ok((tags, participants))
}

/// Writes the rows of tags, participants and attributes, which carry the columns of their conversation.
async fn put_labels(connection: &mut PgConnection, stands: &[Stand]) -> Result<()> {
    let ((tagged, tags), (joined, operators)) = labelled(stands)?;
    if !tagged.is_empty() {
        let statement = query(PUT_TAGS).bind(tenants(&tagged)).bind(tags);
        execute(connection, bind_columns(statement, &tagged)).await?;
    }
    if !joined.is_empty() {
        let statement = query(PUT_PARTICIPANTS).bind(tenants(&joined)).bind(operators);
        execute(connection, bind_columns(statement, &joined)).await?;
    }
    let (of, names, values) = noted(stands)?;
    if !of.is_empty() {
        let statement = query(PUT_ATTRIBUTES).bind(tenants(&of)).bind(names).bind(values);
        execute(connection, bind_columns(statement, &of)).await?;
    }
    Ok(())
}

async fn remove_labels(connection: &mut PgConnection, stands: &[Stand]) -> Result<()> {
    let ((tagged, tags), (joined, operators)) = labelled(stands)?;
    let ids = |stands: &[&Stand]| stands.iter().map(|stand| stand.id).collect::<Vec<Uuid>>();
    if !tagged.is_empty() {
        execute(
            connection,
            query(REMOVE_TAGS)
                .bind(tenants(&tagged))
                .bind(tags)
                .bind(ids(&tagged)),
        )
        .await?;
    }
    if !joined.is_empty() {
        let statement = query(REMOVE_PARTICIPANTS).bind(tenants(&joined)).bind(operators);
        execute(connection, statement.bind(ids(&joined))).await?;
    }
    let (of, names, values) = noted(stands)?;
    if !of.is_empty() {
        let statement = query(REMOVE_ATTRIBUTES)
            .bind(tenants(&of))
            .bind(names)
            .bind(values);
        execute(connection, statement.bind(ids(&of))).await?;
    }
    Ok(())
}

/// Names and values of attributes, each with its conversation.
type Noted<'a> = (Vec<&'a Stand>, Vec<String>, Vec<String>);

fn noted(stands: &[Stand]) -> Result<Noted<'_>> {
    let mut noted = Noted::default();
    for stand in stands.iter().filter(|stand| stand.attributes != "[]") {
        let attributes: Vec<(String, String)> = body::decode(&stand.attributes)?;
        for (name, value) in attributes {
            noted.0.push(stand);
            noted.1.push(name);
            noted.2.push(value);
        }
    }
    Ok(noted)
}

fn tenants(stands: &[&Stand]) -> Vec<Uuid> {
    stands.iter().map(|stand| stand.tenant).collect()
}

fn bind_columns<'q>(statement: Statement<'q>, stands: &[&Stand]) -> Statement<'q> {
    statement
        .bind(stands.iter().map(|stand| stand.id).collect::<Vec<Uuid>>())
        .bind(stands.iter().map(|stand| stand.status).collect::<Vec<i16>>())
        .bind(stands.iter().map(|stand| stand.priority).collect::<Vec<i16>>())
        .bind(stands.iter().map(|stand| stand.inbox).collect::<Vec<Uuid>>())
        .bind(
            stands
                .iter()
                .map(|stand| stand.assignee)
                .collect::<Vec<Option<Uuid>>>(),
        )
        .bind(stands.iter().map(|stand| stand.unread).collect::<Vec<bool>>())
        .bind(stands.iter().map(|stand| stand.waits).collect::<Vec<bool>>())
        .bind(
            stands
                .iter()
                .map(|stand| stand.waiting_since)
                .collect::<Vec<Option<i64>>>(),
        )
        .bind(stands.iter().map(|stand| stand.created_at).collect::<Vec<i64>>())
        .bind(stands.iter().map(|stand| stand.activity_at).collect::<Vec<i64>>())
}

async fn add_loads(connection: &mut PgConnection, loads: HashMap<(Uuid, Uuid), i64>) -> Result<()> {
    let mut changed: Vec<_> = loads.into_iter().filter(|(_, by)| *by != 0).collect();
    if changed.is_empty() {
        return Ok(());
    }
    changed.sort_unstable();
    let statement = query(ADD_LOADS)
        .bind(
            changed
                .iter()
                .map(|((tenant, _), _)| *tenant)
                .collect::<Vec<Uuid>>(),
        )
        .bind(
            changed
                .iter()
                .map(|((_, operator), _)| *operator)
                .collect::<Vec<Uuid>>(),
        )
        .bind(changed.iter().map(|(_, by)| *by).collect::<Vec<i64>>());
    execute(connection, statement).await.map(|_| ())
}

async fn add_channels(connection: &mut PgConnection, mut channels: Vec<(Uuid, String, Uuid)>) -> Result<()> {
    if channels.is_empty() {
        return Ok(());
    }
    channels.sort_unstable();
    channels.dedup();
    let statement = query(ADD_CHANNELS)
        .bind(channels.iter().map(|(tenant, ..)| *tenant).collect::<Vec<Uuid>>())
        .bind(
            channels
                .iter()
                .map(|(_, channel, _)| channel.as_str())
                .collect::<Vec<&str>>(),
        )
        .bind(channels.iter().map(|(.., inbox)| *inbox).collect::<Vec<Uuid>>());
    execute(connection, statement).await.map(|_| ())
}

/// How many open conversations each operator has.
pub(super) async fn loads(pool: &PgPool, tenant: Uuid) -> Result<Vec<(OperatorId, u32)>> {
    let loads: Vec<(Uuid, i64)> = rows(pool, query_as(LOADS).bind(tenant)).await?;
    Ok(loads
        .into_iter()
        .map(|(operator, open)| (OperatorId::from_uuid(operator), open as u32))
        .collect())
}
