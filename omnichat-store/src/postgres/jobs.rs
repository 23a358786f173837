//! Statements of the queue. The first job of each lane is marked as its head; only heads are leased, so that finding work
//! costs the same however long the lanes are.
//!
//! A lane belongs to one tenant, and whoever changes it holds the tenant's row lock, so two nodes never disagree about its
//! head. Claims need no such lock: they only lease heads.

use std::time::Duration;

use omnichat_core::clock::Timestamp;
use omnichat_core::error::{Error, Result};
use omnichat_core::id::{InboxId, JobId, TenantId};
use omnichat_core::job::share::{Held, Waiting, choose};
use omnichat_core::job::{ClaimRequest, Claimed, Job, Lease, LeaseKey, QueueDepth};
use sqlx::postgres::{PgPool, PgRow};
use sqlx::{Row, query, query_as, query_scalar};
use uuid::Uuid;

use super::error::error;
use crate::body;

/// How often a claim chooses anew when other nodes were quicker with what it chose.
const TRIES: u32 = 4;

// Jobs that wait are found by their shares: tenant, kind and inbox. Each share is one step in the index and gives no more jobs
// than are wanted, so that one with ten thousand jobs costs as much as one with ten. Of unwanted kinds the inboxes are passed over.
// The rows that come of it: 0 the time and the next due time, 1 a job that may be leased, 2 a lease that is held.
const LOOK: &str = "WITH RECURSIVE clock AS MATERIALIZED (
         SELECT coalesce($1::bigint, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint) AS now
     ), shares AS (
         (SELECT tenant, kind, inbox FROM jobs WHERE head AND leased_until IS NULL AND $2 > 0
          ORDER BY tenant, kind, inbox LIMIT 1)
         UNION ALL
         SELECT n.tenant, n.kind, n.inbox FROM shares s CROSS JOIN LATERAL (
             SELECT tenant, kind, inbox FROM jobs
             WHERE head AND leased_until IS NULL AND (tenant, kind, inbox) > (s.tenant, s.kind,
                 CASE WHEN cardinality($3::text[]) = 0 OR s.kind = ANY ($3) THEN s.inbox
                      ELSE 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid END)
             ORDER BY tenant, kind, inbox LIMIT 1) n
     )
     SELECT 0::smallint, NULL::uuid, NULL::uuid, now, (SELECT least(
         (SELECT due_at FROM jobs WHERE head AND leased_until IS NULL AND due_at > now ORDER BY due_at LIMIT 1),
         (SELECT min(leased_until) FROM jobs WHERE leased_until > now))) FROM clock
     UNION ALL
     SELECT 1::smallint, s.tenant, s.inbox, r.due_at, r.place FROM shares s CROSS JOIN clock CROSS JOIN LATERAL (
         SELECT due_at, place FROM jobs
         WHERE head AND leased_until IS NULL AND tenant = s.tenant AND kind = s.kind AND inbox = s.inbox AND due_at <= now
         ORDER BY due_at, place LIMIT $2) r
     WHERE cardinality($3::text[]) = 0 OR s.kind = ANY ($3)
     UNION ALL
     SELECT CASE WHEN leased_until > now THEN 2 ELSE 1 END::smallint, tenant, inbox, due_at, place FROM jobs CROSS JOIN clock
     WHERE leased_until IS NOT NULL AND (leased_until > now OR due_at <= now)
         AND (cardinality($3::text[]) = 0 OR kind = ANY ($3))";
const LEASE: &str = "WITH chosen AS (
         SELECT place, leased_until IS NOT NULL AS lost FROM jobs
         WHERE place = ANY ($1) AND head AND due_at <= $2 AND (leased_until IS NULL OR leased_until <= $2)
         FOR UPDATE SKIP LOCKED
     )
     UPDATE jobs j SET leased_until = $3, generation = generation + 1, losses = losses + c.lost::int
     FROM chosen c WHERE j.place = c.place
     RETURNING j.id, j.tenant, j.kind, j.lane, j.due_at, j.payload, j.unique_key, j.created_at, j.generation, j.attempts,
         c.lost, j.place, j.inbox, j.losses";
const EXTEND: &str = "UPDATE jobs
     SET leased_until = coalesce($1::bigint, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint) + $4
     WHERE id = $2 AND generation = $3 AND leased_until IS NOT NULL";
const KINDS: &str = "SELECT DISTINCT kind FROM jobs ORDER BY kind";
const DEPTH: &str = "SELECT count(*) FILTER (WHERE due_at <= $1), count(*) FILTER (WHERE due_at > $1),
     min(due_at) FILTER (WHERE due_at <= $1) FROM jobs";

/// What a look at the queue shows.
struct Sight {
    now: Timestamp,
    next: Option<Timestamp>,
    due: Vec<Waiting<i64>>,
    held: Vec<Held>,
}

/// What stands in the column `inbox`: the inbox, or the nil UUID.
pub(super) fn share(inbox: Option<InboxId>) -> Uuid {
    inbox.map_or(Uuid::nil(), |inbox| inbox.uuid())
}

fn inbox(id: Uuid) -> Option<InboxId> {
    (!id.is_nil()).then(|| InboxId::from_uuid(id))
}

/// Leases heads of lanes, as they are shared out. `now` is none where the database says it.
pub(super) async fn claim(pool: &PgPool, now: Option<i64>, request: &ClaimRequest) -> Result<Claimed> {
    let mut claimed = Claimed::default();
    for _ in 0..TRIES {
        let rest = ClaimRequest {
            limit: request.limit.saturating_sub(claimed.leases.len() as u32),
            ..request.clone()
        };
        let sight = look(pool, now, &rest).await?;
        claimed.next = sight.next.map(|at| at.since(sight.now));
        let chosen = choose(&rest, sight.held, sight.due);
        if chosen.is_empty() {
            break;
        }
        let leases = lease_all(pool, sight.now, &chosen, request.lease).await?;
        let is_all = leases.len() == chosen.len();
        claimed.leases.extend(leases);
        if is_all {
            break;
        }
    }
    if !claimed.leases.is_empty() && !request.lease.is_zero() {
        let own = request.lease;
        claimed.next = Some(claimed.next.map_or(own, |next| next.min(own)));
    }
    Ok(claimed)
}

/// What a row is of, its tenant and inbox, a time, and its place or another time.
type Looked = (i16, Option<Uuid>, Option<Uuid>, i64, Option<i64>);

async fn look(pool: &PgPool, now: Option<i64>, request: &ClaimRequest) -> Result<Sight> {
    let rows: Vec<Looked> = query_as(LOOK)
        .bind(now)
        .bind(i64::from(request.limit))
        .bind(&request.kinds)
        .fetch_all(pool)
        .await
        .map_err(error)?;
    let mut sight = Sight {
        now: Timestamp::default(),
        next: None,
        due: Vec::new(),
        held: Vec::new(),
    };
    for (what, tenant, of_inbox, at, number) in rows {
        let (Some(tenant), Some(of_inbox)) = (tenant, of_inbox) else {
            sight.now = Timestamp::from_micros(at);
            sight.next = number.map(Timestamp::from_micros);
            continue;
        };
        let (tenant, inbox) = (TenantId::from_uuid(tenant), inbox(of_inbox));
        match what {
            1 => sight.due.push(Waiting {
                tenant,
                inbox,
                due_at: Timestamp::from_micros(at),
                place: number.unwrap_or_default(),
            }),
            _ => sight.held.push(Held {
                tenant,
                inbox,
                count: 1,
            }),
        }
    }
    Ok(sight)
}

/// Leases what is still free of the chosen places, in their order.
async fn lease_all(pool: &PgPool, now: Timestamp, places: &[i64], time: Duration) -> Result<Vec<Lease>> {
    let until = now.after(time);
    let rows = query(LEASE)
        .bind(places)
        .bind(now.micros())
        .bind(until.micros())
        .fetch_all(pool)
        .await
        .map_err(error)?;
    let mut leases: Vec<(i64, Lease)> = rows.iter().map(|row| lease(row, until)).collect::<Result<_>>()?;
    leases.sort_by_key(|(place, _)| places.iter().position(|chosen| chosen == place));
    Ok(leases.into_iter().map(|(_, lease)| lease).collect())
}

fn lease(row: &PgRow, until: Timestamp) -> Result<(i64, Lease)> {
    let read = || -> Result<(i64, Lease), sqlx::Error> {
        let job = Job {
            id: JobId::from_uuid(row.try_get(0)?),
            tenant: TenantId::from_uuid(row.try_get(1)?),
            kind: row.try_get(2)?,
            lane: row.try_get(3)?,
            inbox: inbox(row.try_get(12)?),
            due_at: Timestamp::from_micros(row.try_get(4)?),
            payload: serde_json::Value::Null,
            unique: row.try_get(6)?,
            created_at: Timestamp::from_micros(row.try_get(7)?),
        };
        let lease = Lease {
            job,
            generation: row.try_get::<i64, _>(8)? as u64,
            attempts: row.try_get::<i64, _>(9)? as u32,
            lost: row.try_get(10)?,
            losses: row.try_get::<i64, _>(13)? as u32,
            until,
        };
        Ok((row.try_get(11)?, lease))
    };
    let (place, mut lease) = read().map_err(error)?;
    lease.job.payload = body::decode(row.try_get(5).map_err(error)?)?;
    Ok((place, lease))
}

/// Gives a lease another end.
pub(super) async fn extend(pool: &PgPool, now: Option<i64>, lease: LeaseKey, by: Duration) -> Result<()> {
    let statement = query(EXTEND)
        .bind(now)
        .bind(lease.job.uuid())
        .bind(lease.generation as i64)
        .bind(micros(by));
    let rows = statement.execute(pool).await.map_err(error)?.rows_affected();
    if rows == 1 {
        Ok(())
    } else {
        Err(Error::conflict("lease"))
    }
}

/// A length of time for a statement.
pub(super) fn micros(time: Duration) -> i64 {
    Timestamp::default().after(time).micros()
}

/// The kinds of the jobs there are.
pub(super) async fn kinds(pool: &PgPool) -> Result<Vec<String>> {
    query_scalar(KINDS).fetch_all(pool).await.map_err(error)
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
