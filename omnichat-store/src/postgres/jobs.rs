//! Statements of the queue. The first job of each lane is marked as its head; only heads are leased, so that finding work
//! costs the same however long the lanes are.
//!
//! A lane belongs to one tenant, and whoever changes it holds the tenant's row lock, so two nodes never disagree about its
//! head. Claims need no such lock: they only lease heads.

use omnichat_core::clock::Timestamp;
use omnichat_core::error::{Error, Result};
use omnichat_core::id::{JobId, TenantId};
use omnichat_core::job::{ClaimRequest, Job, Lease, LeaseKey, QueueDepth};
use sqlx::postgres::{PgPool, PgRow};
use sqlx::{Row, query, query_as, query_scalar};

use super::error::error;
use crate::body;

// Both sets are locked before the best of them are leased; the locks of the rest end with the statement.
const CLAIM: &str = "WITH ready AS (
         SELECT place, due_at FROM jobs
         WHERE head AND leased_until IS NULL AND due_at <= $1 AND (cardinality($4::text[]) = 0 OR kind = ANY ($4))
         ORDER BY due_at, place LIMIT $3 FOR UPDATE SKIP LOCKED
     ), lost AS (
         SELECT place, due_at FROM jobs
         WHERE leased_until <= $1 AND due_at <= $1 AND (cardinality($4::text[]) = 0 OR kind = ANY ($4))
         ORDER BY due_at, place LIMIT $3 FOR UPDATE SKIP LOCKED
     ), chosen AS (
         SELECT place, due_at, false AS lost FROM ready UNION ALL SELECT place, due_at, true FROM lost
         ORDER BY due_at, place LIMIT $3
     )
     UPDATE jobs j SET leased_until = $2, generation = generation + 1 FROM chosen c WHERE j.place = c.place
     RETURNING j.id, j.tenant, j.kind, j.lane, j.due_at, j.payload, j.unique_key, j.created_at, j.generation, j.attempts,
         c.lost, j.place";
const EXTEND: &str =
    "UPDATE jobs SET leased_until = $3 WHERE id = $1 AND generation = $2 AND leased_until IS NOT NULL";
const NEXT_DUE: &str = "SELECT least(
     (SELECT min(due_at) FROM jobs WHERE head AND leased_until IS NULL),
     (SELECT min(leased_until) FROM jobs WHERE leased_until IS NOT NULL))";
const DEPTH: &str = "SELECT count(*) FILTER (WHERE due_at <= $1), count(*) FILTER (WHERE due_at > $1),
     min(due_at) FILTER (WHERE due_at <= $1) FROM jobs";

/// Leases heads of lanes, longest due first.
pub(super) async fn claim(pool: &PgPool, request: &ClaimRequest) -> Result<Vec<Lease>> {
    let rows = query(CLAIM)
        .bind(request.now.micros())
        .bind(request.until.micros())
        .bind(i64::from(request.limit))
        .bind(&request.kinds)
        .fetch_all(pool)
        .await
        .map_err(error)?;
    let mut leases: Vec<(i64, Lease)> = rows
        .iter()
        .map(|row| lease(row, request.until))
        .collect::<Result<_>>()?;
    leases.sort_unstable_by_key(|(place, lease)| (lease.job.due_at, *place));
    Ok(leases.into_iter().map(|(_, lease)| lease).collect())
}

fn lease(row: &PgRow, until: Timestamp) -> Result<(i64, Lease)> {
    let read = || -> Result<(i64, Lease), sqlx::Error> {
        let job = Job {
            id: JobId::from_uuid(row.try_get(0)?),
            tenant: TenantId::from_uuid(row.try_get(1)?),
            kind: row.try_get(2)?,
            lane: row.try_get(3)?,
            due_at: Timestamp::from_micros(row.try_get(4)?),
            payload: serde_json::Value::Null,
            unique: row.try_get(6)?,
            created_at: Timestamp::from_micros(row.try_get(7)?),
        };
        let (generation, attempts) = (row.try_get::<i64, _>(8)? as u64, row.try_get::<i64, _>(9)? as u32);
        Ok((
            row.try_get(11)?,
            Lease {
                job,
                generation,
                attempts,
                lost: row.try_get(10)?,
                until,
            },
        ))
    };
    let (place, mut lease) = read().map_err(error)?;
    lease.job.payload = body::decode(row.try_get(5).map_err(error)?)?;
    Ok((place, lease))
}

/// Gives a lease another end.
pub(super) async fn extend(pool: &PgPool, lease: LeaseKey, until: Timestamp) -> Result<()> {
    let statement = query(EXTEND)
        .bind(lease.job.uuid())
        .bind(lease.generation as i64)
        .bind(until.micros());
    let rows = statement.execute(pool).await.map_err(error)?.rows_affected();
    if rows == 1 {
        Ok(())
    } else {
        Err(Error::conflict("lease"))
    }
}

/// When the next job may be claimed.
pub(super) async fn next_due(pool: &PgPool) -> Result<Option<Timestamp>> {
    let at: Option<i64> = query_scalar(NEXT_DUE).fetch_one(pool).await.map_err(error)?;
    Ok(at.map(Timestamp::from_micros))
}

/// How full the queue is.
pub(super) async fn depth(pool: &PgPool, now: Timestamp) -> Result<QueueDepth> {
    let (due, waiting, oldest): (i64, i64, Option<i64>) = query_as(DEPTH)
        .bind(now.micros())
        .fetch_one(pool)
        .await
        .map_err(error)?;
    let oldest_due = oldest.map(Timestamp::from_micros);
    Ok(QueueDepth {
        due: due as u64,
        waiting: waiting as u64,
        oldest_due,
    })
}
