//! Statements of the event logs.

use async_trait::async_trait;
use omnichat_core::clock::Timestamp;
use omnichat_core::error::Result;
use omnichat_core::event::{Envelope, READ_BYTES};
use omnichat_core::store::EventReads;
use sqlx::postgres::PgConnection;
use sqlx::{query, query_as, query_scalar};
use uuid::Uuid;

use super::query::{execute, rows, value};
use super::readers::TenantReads;
use crate::body;

const INSERT: &str = "INSERT INTO events (tenant, seq, at, body, about)
     SELECT tenant, seq, $3, body, about
     FROM unnest($1::uuid[], $2::bigint[], $4::text[], $5::text[]) AS n (tenant, seq, body, about)";
const HEAD: &str = "SELECT head FROM tenants WHERE id = $1";
const TAIL: &str =
    "SELECT coalesce((SELECT min(seq) FROM events WHERE tenant = $1), head + 1) FROM tenants WHERE id = $1";
const AFTER: &str = "SELECT seq, at, body, about FROM (
         SELECT seq, at, body, about,
             sum(bytes) OVER (ORDER BY seq ROWS UNBOUNDED PRECEDING) - bytes AS before
         FROM (SELECT seq, at, body, about, octet_length(body) + coalesce(octet_length(about), 0) AS bytes
             FROM events WHERE tenant = $1 AND seq > $2 ORDER BY seq LIMIT $3) AS later) AS summed
     WHERE before < $4 ORDER BY seq";
// No further than the slowest consumer has read. Its number is read as a text, since a damaged row is no JSON.
const PRUNE: &str = r#"DELETE FROM events WHERE tenant = $1 AND seq IN (
     SELECT seq FROM events WHERE tenant = $1 AND seq < coalesce(
         (SELECT seq FROM events WHERE tenant = $1 AND at >= $2 ORDER BY seq LIMIT 1), 9223372036854775807)
     AND seq <= coalesce(
         (SELECT min(coalesce(substring(body from '"seq":([0-9]{1,18})')::bigint, 0)) FROM records
             WHERE tenant = $1 AND kind = 'consumer'
                 AND coalesce(substring(body from '"holds_until":(-?[0-9]{1,18})')::bigint > $4, TRUE)),
         9223372036854775807)
     ORDER BY seq LIMIT $3)"#;

/// Events with their places, column by column.
#[derive(Debug, Default)]
pub(super) struct NewEvents<'a> {
    pub(super) tenants: Vec<Uuid>,
    pub(super) numbers: Vec<i64>,
    pub(super) bodies: Vec<&'a str>,
    pub(super) abouts: Vec<&'a str>,
}

/// Appends events.
pub(super) async fn append(
    connection: &mut PgConnection,
    at: Timestamp,
    events: NewEvents<'_>,
) -> Result<()> {
    if events.numbers.is_empty() {
        return Ok(());
    }
    let statement = query(INSERT)
        .bind(events.tenants)
        .bind(events.numbers)
        .bind(at.micros())
        .bind(events.bodies)
        .bind(events.abouts);
    execute(connection, statement).await.map(|_| ())
}

/// Removes up to `limit` events of a log from before the first that is not older than a time. Returns how many.
pub(super) async fn prune(
    connection: &mut PgConnection,
    tenant: Uuid,
    now: Timestamp,
    before: Timestamp,
    limit: i64,
) -> Result<u64> {
    execute(
        connection,
        query(PRUNE)
            .bind(tenant)
            .bind(before.micros())
            .bind(limit)
            .bind(now.micros()),
    )
    .await
}

#[async_trait]
impl EventReads for TenantReads {
    async fn event_head(&self) -> Result<u64> {
        let head: Option<i64> = value(&self.pool, query_scalar(HEAD).bind(self.key())).await?;
        Ok(head.unwrap_or(0) as u64)
    }

    async fn event_tail(&self) -> Result<u64> {
        let tail: Option<i64> = value(&self.pool, query_scalar(TAIL).bind(self.key())).await?;
        Ok(tail.unwrap_or(1) as u64)
    }

    async fn events_after(&self, seq: u64, limit: u32) -> Result<Vec<Envelope>> {
        let seq = i64::try_from(seq).unwrap_or(i64::MAX);
        let statement = query_as(AFTER)
            .bind(self.key())
            .bind(seq)
            .bind(i64::from(limit))
            .bind(READ_BYTES as i64);
        let found: Vec<(i64, i64, String, Option<String>)> = rows(&self.pool, statement).await?;
        let envelope = |(seq, at, text, about): (i64, i64, String, Option<String>)| {
            body::envelope(self.tenant, seq as u64, at, &text, about.as_deref())
        };
        Ok(found.into_iter().map(envelope).collect())
    }
}
