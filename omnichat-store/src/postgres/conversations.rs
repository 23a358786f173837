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
use super::query::{execute, written};
use crate::body;
use crate::listing::{priority_code, status_code};

const INSERT: &str = "INSERT INTO conversations
     (tenant, id, version, inbox, peer, channel, customer, status, priority, assignee, unread, waiting_since, created_at,
      activity_at, labels, body)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::uuid[], $5::text[], $6::text[], $7::uuid[],
         $8::smallint[], $9::smallint[], $10::uuid[], $11::int[], $12::bigint[], $13::bigint[], $14::bigint[],
         $15::text[], $16::text[])";
const UPDATE: &str = "UPDATE conversations c
     SET version = n.version, inbox = n.inbox, peer = n.peer, channel = n.channel, customer = n.customer,
         status = n.status, priority = n.priority, assignee = n.assignee, unread = n.unread,
         waiting_since = n.waiting_since, created_at = n.created_at, activity_at = n.activity_at, labels = n.labels,
         body = n.body
     FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::uuid[], $5::text[], $6::text[], $7::uuid[],
         $8::smallint[], $9::smallint[], $10::uuid[], $11::int[], $12::bigint[], $13::bigint[], $14::bigint[],
         $15::text[], $16::text[])
         AS n (tenant, id, version, inbox, peer, channel, customer, status, priority, assignee, unread, waiting_since,
             created_at, activity_at, labels, body)
     WHERE c.tenant = n.tenant AND c.id = n.id AND c.version = n.version - 1";
const STORED: &str =
    "SELECT c.tenant, c.id, c.inbox, c.channel, c.status, c.assignee, c.created_at, c.activity_at, c.labels
     FROM unnest($1::uuid[], $2::uuid[]) AS n (tenant, id)
     JOIN conversations c ON c.tenant = n.tenant AND c.id = n.id";

const ADD_TAGS: &str =
    "INSERT INTO conversation_tags (tenant, tag, status, activity_at, conversation, created_at)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::smallint[], $4::bigint[], $5::uuid[], $6::bigint[])";
const REMOVE_TAGS: &str = "DELETE FROM conversation_tags l
     USING unnest($1::uuid[], $2::text[], $3::smallint[], $4::bigint[], $5::uuid[], $6::bigint[])
         AS n (tenant, tag, status, activity_at, conversation, created_at)
     WHERE l.tenant = n.tenant AND l.tag = n.tag AND l.status = n.status AND l.activity_at = n.activity_at
         AND l.conversation = n.conversation";
const ADD_PARTICIPANTS: &str =
    "INSERT INTO conversation_participants (tenant, operator, status, activity_at, conversation, created_at)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::bigint[], $5::uuid[], $6::bigint[])";
const REMOVE_PARTICIPANTS: &str = "DELETE FROM conversation_participants l
     USING unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::bigint[], $5::uuid[], $6::bigint[])
         AS n (tenant, operator, status, activity_at, conversation, created_at)
     WHERE l.tenant = n.tenant AND l.operator = n.operator AND l.status = n.status AND l.activity_at = n.activity_at
         AND l.conversation = n.conversation";
const ADD_LOADS: &str = "INSERT INTO operator_loads (tenant, operator, open)
     SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[])
     ON CONFLICT (tenant, operator) DO UPDATE SET open = operator_loads.open + excluded.open";
const ADD_CHANNELS: &str = "INSERT INTO channel_inboxes (tenant, channel, inbox)
     SELECT * FROM unnest($1::uuid[], $2::text[], $3::uuid[]) ON CONFLICT DO NOTHING";
const LOADS: &str =
    "SELECT operator, open FROM operator_loads WHERE tenant = $1 AND open > 0 ORDER BY operator";

/// Where a conversation stands in the lists of its labels, among an operator's work and on its channel.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
struct Stand {
    tenant: Uuid,
    id: Uuid,
    inbox: Uuid,
    channel: String,
    status: i16,
    assignee: Option<Uuid>,
    created_at: i64,
    activity_at: i64,
    labels: String,
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
            assignee: c.assignee.map(|id| id.uuid()),
            created_at: c.created_at.micros(),
            activity_at: c.last_activity_at.micros(),
            labels: body::encode(&(tags, participants))?,
        })
    }

    /// Whose open work it is.
    fn load(&self) -> Option<(Uuid, Uuid)> {
        let operator = self
            .assignee
            .filter(|_| self.status <= status_code(Status::Pending));
        operator.map(|operator| (self.tenant, operator))
    }

    /// What the rows of its labels hold.
    fn label_places(&self) -> (i16, i64, i64, &str) {
        (self.status, self.activity_at, self.created_at, &self.labels)
    }
}

/// Writes conversations; no two of them are the same.
pub(super) async fn put_all(
    connection: &mut PgConnection,
    conversations: &[(&Conversation, &str)],
) -> Result<()> {
    let (new, changed): (Vec<_>, Vec<_>) = conversations.iter().copied().partition(|(c, _)| c.version == 1);
    let mut stored = stored(connection, &changed).await?;
    let mut gone = Vec::new();
    let mut come = Vec::new();
    let mut loads: HashMap<(Uuid, Uuid), i64> = HashMap::new();
    let mut channels = Vec::new();
    for (c, _) in &changed {
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
        if before.label_places() != after.label_places() {
            gone.push(before);
            come.push(after);
        }
    }
    for (c, _) in &new {
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
    write_labels(connection, REMOVE_TAGS, REMOVE_PARTICIPANTS, &gone).await?;
    write_labels(connection, ADD_TAGS, ADD_PARTICIPANTS, &come).await?;
    add_loads(connection, loads).await?;
    add_channels(connection, channels).await
}

async fn stored(
    connection: &mut PgConnection,
    conversations: &[(&Conversation, &str)],
) -> Result<HashMap<(Uuid, Uuid), Stand>> {
    if conversations.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<Stand> = query_as(STORED)
        .bind(
            conversations
                .iter()
                .map(|(c, _)| c.tenant.uuid())
                .collect::<Vec<Uuid>>(),
        )
        .bind(
            conversations
                .iter()
                .map(|(c, _)| c.id.uuid())
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
    conversations: &[(&Conversation, &str)],
) -> Result<()> {
    if conversations.is_empty() {
        return Ok(());
    }
    let rows = || conversations.iter().map(|(c, _)| *c);
    let labels = rows()
        .map(|c| Stand::of(c).map(|stand| stand.labels))
        .collect::<Result<Vec<String>>>()?;
    let statement = query(sql)
        .bind(rows().map(|c| c.tenant.uuid()).collect::<Vec<Uuid>>())
        .bind(rows().map(|c| c.id.uuid()).collect::<Vec<Uuid>>())
        .bind(rows().map(|c| c.version as i64).collect::<Vec<i64>>())
        .bind(rows().map(|c| c.inbox.uuid()).collect::<Vec<Uuid>>())
        .bind(rows().map(|c| c.peer.as_str()).collect::<Vec<&str>>())
        .bind(rows().map(|c| c.channel.as_str()).collect::<Vec<&str>>())
        .bind(rows().map(|c| c.customer.uuid()).collect::<Vec<Uuid>>())
        .bind(rows().map(|c| status_code(c.status)).collect::<Vec<i16>>())
        .bind(rows().map(|c| priority_code(c.priority)).collect::<Vec<i16>>())
        .bind(
            rows()
                .map(|c| c.assignee.map(|id| id.uuid()))
                .collect::<Vec<Option<Uuid>>>(),
        )
        .bind(
            rows()
                .map(|c| i32::try_from(c.unread_count).unwrap_or(i32::MAX))
                .collect::<Vec<i32>>(),
        )
        .bind(
            rows()
                .map(|c| c.waiting_since.map(Timestamp::micros))
                .collect::<Vec<Option<i64>>>(),
        )
        .bind(rows().map(|c| c.created_at.micros()).collect::<Vec<i64>>())
        .bind(rows().map(|c| c.last_activity_at.micros()).collect::<Vec<i64>>())
        .bind(labels)
        .bind(conversations.iter().map(|(_, body)| *body).collect::<Vec<&str>>());
    written(
        execute(connection, statement).await?,
        conversations.len(),
        "conversation",
    )
}

/// Adds or removes the rows of tags and participants.
async fn write_labels(
    connection: &mut PgConnection,
    tags_sql: &'static str,
    participants_sql: &'static str,
    stands: &[Stand],
) -> Result<()> {
    let mut tags: Vec<(&Stand, String)> = Vec::new();
    let mut participants: Vec<(&Stand, Uuid)> = Vec::new();
    for stand in stands.iter().filter(|stand| stand.labels != "[[],[]]") {
        let labels: Labels = body::decode(&stand.labels)?;
        tags.extend(labels.0.into_iter().map(|tag| (stand, tag)));
        participants.extend(labels.1.into_iter().map(|operator| (stand, operator.uuid())));
    }
    if !tags.is_empty() {
        let (stands, tags): (Vec<&Stand>, Vec<String>) = tags.into_iter().unzip();
        let tenants: Vec<Uuid> = stands.iter().map(|stand| stand.tenant).collect();
        execute(
            connection,
            bind_places(query(tags_sql).bind(tenants).bind(tags), &stands),
        )
        .await?;
    }
    if !participants.is_empty() {
        let (stands, operators): (Vec<&Stand>, Vec<Uuid>) = participants.into_iter().unzip();
        let tenants: Vec<Uuid> = stands.iter().map(|stand| stand.tenant).collect();
        execute(
            connection,
            bind_places(query(participants_sql).bind(tenants).bind(operators), &stands),
        )
        .await?;
    }
    Ok(())
}

fn bind_places<'q>(statement: super::query::Statement<'q>, stands: &[&Stand]) -> super::query::Statement<'q> {
    statement
        .bind(stands.iter().map(|stand| stand.status).collect::<Vec<i16>>())
        .bind(stands.iter().map(|stand| stand.activity_at).collect::<Vec<i64>>())
        .bind(stands.iter().map(|stand| stand.id).collect::<Vec<Uuid>>())
        .bind(stands.iter().map(|stand| stand.created_at).collect::<Vec<i64>>())
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
    let rows: Vec<(Uuid, i64)> = query_as(LOADS)
        .bind(tenant)
        .fetch_all(pool)
        .await
        .map_err(error)?;
    Ok(rows
        .into_iter()
        .map(|(operator, open)| (OperatorId::from_uuid(operator), open as u32))
        .collect())
}
