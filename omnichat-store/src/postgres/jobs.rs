//! Statements of the queue. The first job of each lane is marked as its head; only heads are leased, so that finding work
//! costs the same however long the lanes are.
//!
//! A lane belongs to one tenant, and whoever changes it holds the tenant's row lock, so two nodes never disagree about its
//! head. Claims need no such lock: they only lease heads.

use std::time::Duration;

use omnichat_core::clock::Timestamp;
use omnichat_core::error::{Error, Result};
use omnichat_core::id::{InboxId, JobId, TenantId};
use omnichat_core::job::share::{FEW, Held, Waiting, choose};
use omnichat_core::job::{ClaimRequest, Claimed, Job, Lease, LeaseKey, QueueDepth};
use sqlx::postgres::{PgPool, PgRow};
use sqlx::{Row, query, query_as, query_scalar};
use uuid::Uuid;

use super::error::error;
use crate::body;

/// How often a claim chooses anew when other nodes were quicker with what it chose.
const TRIES: u32 = 4;

// Most of the time hardly anything is due, whatever waits: that is read kind by kind as it stands. Where much is due it is found by
// its shares: kind, tenant and inbox. Each share is one step in the index and gives no more jobs than are wanted, so that one with
// ten thousand jobs costs as much as one with ten.
// The rows that come of it: 0 the time and the next due time, 1 a job that may be leased, 2 a lease that is held.
const LOOK: &str = "WITH RECURSIVE clock AS MATERIALIZED (
         SELECT coalesce($1::bigint, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint) AS now
     ), kinds AS (
         (SELECT kind FROM jobs WHERE head AND leased_until IS NULL ORDER BY kind LIMIT 1)
         UNION ALL
         SELECT n.kind FROM kinds k CROSS JOIN LATERAL (
             SELECT kind FROM jobs WHERE head AND leased_until IS NULL AND kind > k.kind ORDER BY kind LIMIT 1) n
     ), wanted AS MATERIALIZED (
         SELECT kind FROM kinds WHERE cardinality($3::text[]) = 0 OR kind = ANY ($3)
     ), due AS MATERIALIZED (
         SELECT r.* FROM wanted w CROSS JOIN clock CROSS JOIN LATERAL (
             SELECT tenant, inbox, due_at, place FROM jobs
             WHERE head AND leased_until IS NULL AND kind = w.kind AND due_at <= now ORDER BY due_at, place LIMIT $4) r
         LIMIT $4
     ), much AS MATERIALIZED (
         SELECT count(*) >= $4 AS is_due FROM due
     ), shares AS (
         SELECT n.* FROM wanted w CROSS JOIN LATERAL (
             SELECT kind, tenant, inbox FROM jobs WHERE head AND leased_until IS NULL AND kind = w.kind
             ORDER BY tenant, inbox LIMIT 1) n
         WHERE (SELECT is_due FROM much)
         UNION ALL
         SELECT n.* FROM shares s CROSS JOIN LATERAL (
             SELECT kind, tenant, inbox FROM jobs
             WHERE head AND leased_until IS NULL AND kind = s.kind AND (tenant, inbox) > (s.tenant, s.inbox)
             ORDER BY tenant, inbox LIMIT 1) n
     )
     SELECT 0::smallint, NULL::uuid, NULL::uuid, now, (SELECT least(
         (SELECT min(n.due_at) FROM kinds k CROSS JOIN LATERAL (
             SELECT due_at FROM jobs WHERE head AND leased_until IS NULL AND kind = k.kind AND due_at > now
             ORDER BY due_at LIMIT 1) n),
         (SELECT min(leased_until) FROM jobs WHERE leased_until > now))) FROM clock
     UNION ALL
     SELECT 1::smallint, tenant, inbox, due_at, place FROM due WHERE NOT (SELECT is_due FROM much)
     UNION ALL
     SELECT 1::smallint, s.tenant, s.inbox, r.due_at, r.place FROM shares s CROSS JOIN clock CROSS JOIN LATERAL (
         SELECT due_at, place FROM jobs
         WHERE head AND leased_until IS NULL AND kind = s.kind AND tenant = s.tenant AND inbox = s.inbox AND due_at <= now
         ORDER BY due_at, place LIMIT $2) r
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
const NOW: &str = "SELECT coalesce($1::bigint, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint)";
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
        let got = claimed.leases.iter().map(|lease| Held {
            tenant: lease.job.tenant,
            inbox: lease.job.inbox,
            count: 1,
        });
        let rest = ClaimRequest {
            limit: request.limit.saturating_sub(claimed.leases.len() as u32),
            own: request.own.iter().copied().chain(got).collect(),
            ..request.clone()
        };
        match claim_once(pool, now, &rest, &mut claimed).await {
            Ok(false) => {}
            Ok(true) => break,
            // What is leased already must be worked off: thrown away it would come back as lost.
            Err(error) if !claimed.leases.is_empty() => {
                tracing::warn!(%error, "not everything that is due could be claimed");
                break;
            }
            Err(error) => return Err(error),
        }
    }
    if !claimed.leases.is_empty() && !request.lease.is_zero() {
        let own = request.lease;
        claimed.next = Some(claimed.next.map_or(own, |next| next.min(own)));
    }
    Ok(claimed)
}

/// One look and what is leased after it. Says whether that was all there is to have.
async fn claim_once(
    pool: &PgPool,
    now: Option<i64>,
    request: &ClaimRequest,
    claimed: &mut Claimed,
) -> Result<bool> {
    let sight = look(pool, now, request).await?;
    claimed.next = sight.next.map(|at| at.since(sight.now));
    let chosen = choose(request, sight.held, sight.due);
    if chosen.is_empty() {
        return Ok(true);
    }
    let leases = lease_all(pool, sight.now, &chosen, request.lease).await?;
    let is_all = leases.len() == chosen.len();
    claimed.leases.extend(leases);
    Ok(is_all)
}

/// What a row is of, its tenant and inbox, a time, and its place or another time.
type Looked = (i16, Option<Uuid>, Option<Uuid>, i64, Option<i64>);

async fn look(pool: &PgPool, now: Option<i64>, request: &ClaimRequest) -> Result<Sight> {
    let rows: Vec<Looked> = query_as(LOOK)
        .bind(now)
        .bind(i64::from(request.limit))
        .bind(&request.kinds)
        .bind(i64::from(FEW))
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
            damaged: false,
            until,
        };
        Ok((row.try_get(11)?, lease))
    };
    let (place, mut lease) = read().map_err(error)?;
    body::payload(&mut lease, row.try_get(5).map_err(error)?);
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

/// The time by which the queue goes.
pub(super) async fn now(pool: &PgPool, now: Option<i64>) -> Result<Timestamp> {
    let micros = query_scalar(NOW).bind(now).fetch_one(pool).await.map_err(error)?;
    Ok(Timestamp::from_micros(micros))
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
