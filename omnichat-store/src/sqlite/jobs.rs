//! Statements of the queue. The first job of each lane is marked as its head; only heads are leased, so that finding work
//! costs the same however long the lanes are.

use omnichat_core::clock::Timestamp;
use omnichat_core::error::{Error, Result};
use omnichat_core::id::{JobId, TenantId};
use omnichat_core::job::{ClaimRequest, Job, JobChange, Lease, LeaseKey, QueueDepth};
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use super::query::{all, execute, first, written};
use crate::body;

const LAST_PLACE: &str = "SELECT coalesce(max(place), 0) FROM jobs";
const EXISTS: &str = "SELECT 1 FROM jobs WHERE id = ?1";
const WAITS: &str =
    "SELECT 1 FROM jobs WHERE tenant = ?1 AND unique_key = ?2 AND leased_until IS NULL LIMIT 1";
const LANE_IN_USE: &str = "SELECT 1 FROM jobs WHERE tenant = ?1 AND lane = ?2 LIMIT 1";
const INSERT: &str = "INSERT INTO jobs
     (place, tenant, id, lane, kind, head, due_at, generation, attempts, unique_key, created_at, payload)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, 0, ?8, ?9, ?10)";
const FINISH: &str = "DELETE FROM jobs
     WHERE id = ?2 AND tenant = ?1 AND generation = ?3 AND leased_until IS NOT NULL RETURNING lane";
const RETRY: &str = "UPDATE jobs SET leased_until = NULL, attempts = attempts + 1, due_at = ?4, error = ?5
     WHERE id = ?2 AND tenant = ?1 AND generation = ?3 AND leased_until IS NOT NULL";
const REPEAT: &str =
    "UPDATE jobs SET place = ?6, head = 0, leased_until = NULL, attempts = 0, due_at = ?4, payload = ?5
     WHERE id = ?2 AND tenant = ?1 AND generation = ?3 AND leased_until IS NOT NULL RETURNING lane";
const PROMOTE: &str =
    "UPDATE jobs SET head = 1 WHERE place = (SELECT min(place) FROM jobs WHERE tenant = ?1 AND lane = ?2)";
const HOLDS: &str =
    "SELECT 1 FROM jobs WHERE id = ?2 AND tenant = ?1 AND generation = ?3 AND leased_until IS NOT NULL";
const EXTEND: &str =
    "UPDATE jobs SET leased_until = ?3 WHERE id = ?1 AND generation = ?2 AND leased_until IS NOT NULL";

const READY: &str = "SELECT due_at, place FROM jobs
     WHERE head = 1 AND leased_until IS NULL AND due_at <= ?1 ORDER BY due_at, place LIMIT ?2";
const READY_OF_KINDS: &str = "SELECT due_at, place FROM jobs
     WHERE head = 1 AND leased_until IS NULL AND due_at <= ?1 AND kind IN (SELECT value FROM json_each(?3))
     ORDER BY due_at, place LIMIT ?2";
const LOST: &str = "SELECT due_at, place FROM jobs
     WHERE leased_until IS NOT NULL AND leased_until <= ?1 AND due_at <= ?1 ORDER BY due_at, place LIMIT ?2";
const LOST_OF_KINDS: &str = "SELECT due_at, place FROM jobs
     WHERE leased_until IS NOT NULL AND leased_until <= ?1 AND due_at <= ?1
     AND kind IN (SELECT value FROM json_each(?3)) ORDER BY due_at, place LIMIT ?2";
const WAS_LEASED: &str = "SELECT leased_until IS NOT NULL FROM jobs WHERE place = ?1";
const LEASE: &str = "UPDATE jobs SET leased_until = ?2, generation = generation + 1 WHERE place = ?1
     RETURNING id, tenant, kind, lane, due_at, payload, unique_key, created_at, generation, attempts";

const NEXT_DUE: &str = "SELECT min(at) FROM (
     SELECT min(due_at) AS at FROM jobs WHERE head = 1 AND leased_until IS NULL
     UNION ALL SELECT min(leased_until) FROM jobs WHERE leased_until IS NOT NULL)";
const DEPTH: &str = "SELECT count(*) FILTER (WHERE due_at <= ?1), count(*) FILTER (WHERE due_at > ?1),
     min(due_at) FILTER (WHERE due_at <= ?1) FROM jobs INDEXED BY jobs_lane";

/// The largest place in the queue.
pub(super) fn last_place(connection: &Connection) -> Result<i64> {
    Ok(first(connection, LAST_PLACE, [], |row| row.get(0))?.unwrap_or(0))
}

/// Whether a lease that a change needs is still held.
pub(super) fn check(connection: &Connection, tenant: TenantId, change: &JobChange) -> Result<()> {
    let (JobChange::Finish(lease) | JobChange::Retry { lease, .. } | JobChange::Repeat { lease, .. }) =
        change
    else {
        return Ok(());
    };
    let values = params![
        tenant.uuid().into_bytes(),
        lease.job.uuid().into_bytes(),
        lease.generation as i64
    ];
    first(connection, HOLDS, values, |_| Ok(()))?.ok_or_else(|| Error::conflict("lease"))
}

/// Does what a commit asks. `last_place` counts the places that were given out.
pub(super) fn change(
    connection: &Connection,
    tenant: TenantId,
    change: &JobChange,
    payload: &str,
    last_place: &mut i64,
) -> Result<()> {
    let owner = tenant.uuid().into_bytes();
    let lane = match change {
        JobChange::Enqueue(job) => return enqueue(connection, job, payload, last_place),
        JobChange::Retry { lease, due_at, error } => {
            let (id, generation) = (lease.job.uuid().into_bytes(), lease.generation as i64);
            let rows = execute(
                connection,
                RETRY,
                params![owner, id, generation, due_at.micros(), error],
            )?;
            return written(rows, "lease");
        }
        JobChange::Finish(lease) => {
            let values = params![owner, lease.job.uuid().into_bytes(), lease.generation as i64];
            first(connection, FINISH, values, lane)?
        }
        JobChange::Repeat { lease, due_at, .. } => {
            *last_place += 1;
            let (id, generation) = (lease.job.uuid().into_bytes(), lease.generation as i64);
            let values = params![owner, id, generation, due_at.micros(), payload, *last_place];
            first(connection, REPEAT, values, lane)?
        }
    };
    let lane = lane.ok_or_else(|| Error::conflict("lease"))?;
    execute(connection, PROMOTE, params![owner, lane]).map(|_| ())
}

fn lane(row: &Row<'_>) -> rusqlite::Result<String> {
    row.get(0)
}

fn enqueue(connection: &Connection, job: &Job, payload: &str, last_place: &mut i64) -> Result<()> {
    let (tenant, id) = (job.tenant.uuid().into_bytes(), job.id.uuid().into_bytes());
    if let Some(key) = &job.unique
        && first(connection, WAITS, params![tenant, key], |_| Ok(()))?.is_some()
    {
        let exists = first(connection, EXISTS, [id], |_| Ok(()))?.is_some();
        return if exists {
            Err(Error::conflict("job"))
        } else {
            Ok(())
        };
    }
    let is_head = first(connection, LANE_IN_USE, params![tenant, job.lane], |_| Ok(()))?.is_none();
    *last_place += 1;
    let (due_at, created_at) = (job.due_at.micros(), job.created_at.micros());
    let values = params![
        *last_place,
        tenant,
        id,
        job.lane,
        job.kind,
        is_head,
        due_at,
        job.unique,
        created_at,
        payload
    ];
    execute(connection, INSERT, values).map(|_| ())
}

/// Leases heads of lanes, longest due first.
pub(super) fn claim(connection: &Connection, request: &ClaimRequest) -> Result<Vec<Lease>> {
    let place = |row: &Row<'_>| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?));
    let (now, limit) = (request.now.micros(), request.limit);
    let mut due = if request.kinds.is_empty() {
        let mut due = all(connection, READY, params![now, limit], place)?;
        due.extend(all(connection, LOST, params![now, limit], place)?);
        due
    } else {
        let kinds = body::encode(&request.kinds)?;
        let mut due = all(connection, READY_OF_KINDS, params![now, limit, kinds], place)?;
        due.extend(all(connection, LOST_OF_KINDS, params![now, limit, kinds], place)?);
        due
    };
    due.sort_unstable();
    due.truncate(limit as usize);
    due.into_iter()
        .map(|(_, place)| lease(connection, place, request.until))
        .collect()
}

fn lease(connection: &Connection, place: i64, until: Timestamp) -> Result<Lease> {
    let lost = first(connection, WAS_LEASED, [place], |row| row.get::<_, bool>(0))?.unwrap_or(false);
    let leased = first(connection, LEASE, params![place, until.micros()], |row| {
        let job = Job {
            id: JobId::from_uuid(Uuid::from_bytes(row.get(0)?)),
            tenant: TenantId::from_uuid(Uuid::from_bytes(row.get(1)?)),
            kind: row.get(2)?,
            lane: row.get(3)?,
            due_at: Timestamp::from_micros(row.get(4)?),
            payload: serde_json::Value::Null,
            unique: row.get(6)?,
            created_at: Timestamp::from_micros(row.get(7)?),
        };
        Ok((
            job,
            row.get::<_, String>(5)?,
            row.get::<_, i64>(8)?,
            row.get::<_, u32>(9)?,
        ))
    })?;
    let (mut job, payload, generation, attempts) =
        leased.ok_or_else(|| Error::internal("a due job has gone"))?;
    job.payload = body::decode(&payload)?;
    Ok(Lease {
        job,
        generation: generation as u64,
        attempts,
        lost,
        until,
    })
}

/// Gives a lease another end.
pub(super) fn extend(connection: &Connection, lease: LeaseKey, until: Timestamp) -> Result<()> {
    let values = params![
        lease.job.uuid().into_bytes(),
        lease.generation as i64,
        until.micros()
    ];
    written(execute(connection, EXTEND, values)?, "lease")
}

/// When the next job may be claimed.
pub(super) fn next_due(connection: &Connection) -> Result<Option<Timestamp>> {
    let at = first(connection, NEXT_DUE, [], |row| row.get::<_, Option<i64>>(0))?;
    Ok(at.flatten().map(Timestamp::from_micros))
}

/// How full the queue is.
pub(super) fn depth(connection: &Connection, now: Timestamp) -> Result<QueueDepth> {
    let depth = first(connection, DEPTH, [now.micros()], |row| {
        Ok(QueueDepth {
            due: row.get::<_, i64>(0)? as u64,
            waiting: row.get::<_, i64>(1)? as u64,
            oldest_due: row.get::<_, Option<i64>>(2)?.map(Timestamp::from_micros),
        })
    })?;
    Ok(depth.unwrap_or_default())
}
