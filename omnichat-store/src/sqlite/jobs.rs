//! Statements of the queue. The first job of each lane is marked as its head; only heads are leased, so that finding work
//! costs the same however long the lanes are.

use std::time::Duration;

use omnichat_core::clock::Timestamp;
use omnichat_core::error::{Error, Result};
use omnichat_core::id::{InboxId, JobId, TenantId};
use omnichat_core::job::share::{Held, Waiting, choose};
use omnichat_core::job::{ClaimRequest, Claimed, Job, JobChange, Lease, LeaseKey, QueueDepth};
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
     (place, tenant, id, lane, kind, head, due_at, generation, attempts, unique_key, created_at, payload, inbox, losses)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0, 0, ?8, ?9, ?10, ?11, 0)";
const FINISH: &str = "DELETE FROM jobs
     WHERE id = ?2 AND tenant = ?1 AND generation = ?3 AND leased_until IS NOT NULL RETURNING lane";
const RETRY: &str = "UPDATE jobs SET leased_until = NULL, attempts = attempts + 1, due_at = ?4, error = ?5
     WHERE id = ?2 AND tenant = ?1 AND generation = ?3 AND leased_until IS NOT NULL";
const WAIT: &str = "UPDATE jobs
     SET leased_until = NULL, attempts = 0, losses = 0, due_at = ?4, created_at = ?4, error = ?5
     WHERE id = ?2 AND tenant = ?1 AND generation = ?3 AND leased_until IS NOT NULL";
const REPEAT: &str = "UPDATE jobs
     SET place = ?6, head = 0, leased_until = NULL, attempts = 0, losses = 0, due_at = ?4, payload = ?5
     WHERE id = ?2 AND tenant = ?1 AND generation = ?3 AND leased_until IS NOT NULL RETURNING lane";
const IS_REPLACED: &str = "SELECT 1 FROM jobs h JOIN jobs j
     ON j.tenant = h.tenant AND j.unique_key = h.unique_key AND j.leased_until IS NULL
     WHERE h.id = ?2 AND h.tenant = ?1 AND h.generation = ?3 AND h.leased_until IS NOT NULL LIMIT 1";
const PROMOTE: &str =
    "UPDATE jobs SET head = 1 WHERE place = (SELECT min(place) FROM jobs WHERE tenant = ?1 AND lane = ?2)";
const HOLDS: &str =
    "SELECT 1 FROM jobs WHERE id = ?2 AND tenant = ?1 AND generation = ?3 AND leased_until IS NOT NULL";
const EXTEND: &str =
    "UPDATE jobs SET leased_until = ?3 WHERE id = ?1 AND generation = ?2 AND leased_until IS NOT NULL";

// Jobs that wait are found by their shares: tenant, kind and inbox. Each share is one step in the index and gives no more jobs
// than are wanted, so that one with ten thousand jobs costs as much as one with ten.
const NEXT_SHARE: &str = "SELECT tenant, kind, inbox FROM jobs INDEXED BY jobs_shares
     WHERE head = 1 AND leased_until IS NULL AND (tenant, kind, inbox) > (?1, ?2, ?3)
     ORDER BY tenant, kind, inbox LIMIT 1";
const READY: &str = "SELECT due_at, place FROM jobs INDEXED BY jobs_shares
     WHERE head = 1 AND leased_until IS NULL AND tenant = ?1 AND kind = ?2 AND inbox = ?3 AND due_at <= ?4
     ORDER BY due_at, place LIMIT ?5";
const LEASED: &str =
    "SELECT tenant, kind, inbox, due_at, place, leased_until FROM jobs WHERE leased_until IS NOT NULL";
const LEASE: &str = "UPDATE jobs
     SET generation = generation + 1, losses = losses + (leased_until IS NOT NULL), leased_until = ?2 WHERE place = ?1
     RETURNING id, tenant, kind, lane, due_at, payload, unique_key, created_at, generation, attempts, inbox, losses";
const WAS_LEASED: &str = "SELECT leased_until IS NOT NULL FROM jobs WHERE place = ?1";
const NEXT: &str = "SELECT min(at) FROM (
     SELECT min(due_at) AS at FROM jobs WHERE head = 1 AND leased_until IS NULL AND due_at > ?1
     UNION ALL SELECT min(leased_until) FROM jobs WHERE leased_until > ?1)";
const KINDS: &str = "SELECT DISTINCT kind FROM jobs ORDER BY kind";
const DEPTH: &str = "SELECT count(*) FILTER (WHERE due_at <= ?1), count(*) FILTER (WHERE due_at > ?1),
     min(due_at) FILTER (WHERE due_at <= ?1) FROM jobs INDEXED BY jobs_lane";

/// The largest place in the queue.
pub(super) fn last_place(connection: &Connection) -> Result<i64> {
    Ok(first(connection, LAST_PLACE, [], |row| row.get(0))?.unwrap_or(0))
}

/// Whether a lease that a change needs is still held.
pub(super) fn check(connection: &Connection, tenant: TenantId, change: &JobChange) -> Result<()> {
    let Some(lease) = change.lease() else {
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
    now: Timestamp,
    tenant: TenantId,
    change: &JobChange,
    payload: &str,
    last_place: &mut i64,
) -> Result<()> {
    let owner = tenant.uuid().into_bytes();
    let held = |lease: &LeaseKey| (lease.job.uuid().into_bytes(), lease.generation as i64);
    let lane = match change {
        JobChange::Enqueue(job) => return enqueue(connection, now, job, payload, last_place),
        JobChange::Retry { lease, after, error } => {
            let (id, generation) = held(lease);
            let values = params![owner, id, generation, now.after(*after).micros(), error];
            return written(execute(connection, RETRY, values)?, "lease");
        }
        JobChange::Wait { lease, after, reason } => {
            let (id, generation) = held(lease);
            let values = params![owner, id, generation, now.after(*after).micros(), reason];
            return written(execute(connection, WAIT, values)?, "lease");
        }
        JobChange::Finish(lease) => {
            let (id, generation) = held(lease);
            first(connection, FINISH, params![owner, id, generation], lane)?
        }
        JobChange::Repeat { lease, after, .. } => {
            let (id, generation) = held(lease);
            if first(
                connection,
                IS_REPLACED,
                params![owner, id, generation],
                |_| Ok(()),
            )?
            .is_some()
            {
                first(connection, FINISH, params![owner, id, generation], lane)?
            } else {
                *last_place += 1;
                let due_at = now.after(*after).micros();
                let values = params![owner, id, generation, due_at, payload, *last_place];
                first(connection, REPEAT, values, lane)?
            }
        }
    };
    let lane = lane.ok_or_else(|| Error::conflict("lease"))?;
    execute(connection, PROMOTE, params![owner, lane]).map(|_| ())
}

fn lane(row: &Row<'_>) -> rusqlite::Result<String> {
    row.get(0)
}

fn enqueue(
    connection: &Connection,
    now: Timestamp,
    job: &Job,
    payload: &str,
    last_place: &mut i64,
) -> Result<()> {
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
    let at_once = job.due_at <= job.created_at;
    let due_at = if at_once { job.due_at.min(now) } else { job.due_at };
    let (due_at, created_at) = (due_at.micros(), job.created_at.micros());
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
        payload,
        share(job.inbox).into_bytes()
    ];
    execute(connection, INSERT, values).map(|_| ())
}

/// What stands in the column `inbox`: the inbox, or the nil UUID.
fn share(inbox: Option<InboxId>) -> Uuid {
    inbox.map_or(Uuid::nil(), |inbox| inbox.uuid())
}

fn inbox(bytes: [u8; 16]) -> Option<InboxId> {
    let id = Uuid::from_bytes(bytes);
    (!id.is_nil()).then(|| InboxId::from_uuid(id))
}

/// Leases heads of lanes, as they are shared out.
pub(super) fn claim(connection: &Connection, now: Timestamp, request: &ClaimRequest) -> Result<Claimed> {
    let is_wanted = |kind: &String| request.kinds.is_empty() || request.kinds.contains(kind);
    let mut due = ready(connection, now, request.limit, is_wanted)?;
    let mut held = Vec::new();
    let leased = all(connection, LEASED, [], |row| {
        let (tenant, due_at, until) = (row.get(0)?, row.get(3)?, row.get(5)?);
        let waiting = Waiting {
            tenant: TenantId::from_uuid(Uuid::from_bytes(tenant)),
            inbox: inbox(row.get(2)?),
            due_at: Timestamp::from_micros(due_at),
            place: row.get::<_, i64>(4)?,
        };
        Ok((row.get::<_, String>(1)?, waiting, Timestamp::from_micros(until)))
    })?;
    for (_, job, until) in leased.into_iter().filter(|(kind, ..)| is_wanted(kind)) {
        if until > now {
            held.push(Held {
                tenant: job.tenant,
                inbox: job.inbox,
                count: 1,
            });
        } else if job.due_at <= now {
            due.push(job);
        }
    }
    let until = now.after(request.lease);
    let leases = choose(request, held, due)
        .into_iter()
        .map(|place| lease(connection, place, until))
        .collect::<Result<_>>()?;
    let next = first(connection, NEXT, [now.micros()], |row| {
        row.get::<_, Option<i64>>(0)
    })?;
    let next = next.flatten().map(|at| Timestamp::from_micros(at).since(now));
    Ok(Claimed { leases, next })
}

/// The first jobs of each share that are due and not leased.
fn ready(
    connection: &Connection,
    now: Timestamp,
    limit: u32,
    is_wanted: impl Fn(&String) -> bool,
) -> Result<Vec<Waiting<i64>>> {
    let mut due = Vec::new();
    let mut last: (Vec<u8>, String, Vec<u8>) = Default::default();
    if limit == 0 {
        return Ok(due);
    }
    loop {
        let next = first(connection, NEXT_SHARE, params![last.0, last.1, last.2], |row| {
            Ok((
                row.get::<_, [u8; 16]>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, [u8; 16]>(2)?,
            ))
        })?;
        let Some((tenant, kind, of_inbox)) = next else {
            return Ok(due);
        };
        if is_wanted(&kind) {
            let values = params![tenant, kind, of_inbox, now.micros(), limit];
            due.extend(all(connection, READY, values, |row| {
                Ok(Waiting {
                    tenant: TenantId::from_uuid(Uuid::from_bytes(tenant)),
                    inbox: inbox(of_inbox),
                    due_at: Timestamp::from_micros(row.get(0)?),
                    place: row.get(1)?,
                })
            })?);
            last = (tenant.to_vec(), kind, of_inbox.to_vec());
        } else {
            // Past every inbox of this kind.
            last = (tenant.to_vec(), kind, vec![0xff; 17]);
        }
    }
}

fn lease(connection: &Connection, place: i64, until: Timestamp) -> Result<Lease> {
    let lost = first(connection, WAS_LEASED, [place], |row| row.get::<_, bool>(0))?.unwrap_or(false);
    let leased = first(connection, LEASE, params![place, until.micros()], |row| {
        let job = Job {
            id: JobId::from_uuid(Uuid::from_bytes(row.get(0)?)),
            tenant: TenantId::from_uuid(Uuid::from_bytes(row.get(1)?)),
            kind: row.get(2)?,
            lane: row.get(3)?,
            inbox: inbox(row.get(10)?),
            due_at: Timestamp::from_micros(row.get(4)?),
            payload: serde_json::Value::Null,
            unique: row.get(6)?,
            created_at: Timestamp::from_micros(row.get(7)?),
        };
        let lease = Lease {
            job,
            generation: row.get::<_, i64>(8)? as u64,
            attempts: row.get(9)?,
            lost,
            losses: row.get(11)?,
            until,
        };
        Ok((lease, row.get::<_, String>(5)?))
    })?;
    let (mut lease, payload) = leased.ok_or_else(|| Error::internal("a due job has gone"))?;
    lease.job.payload = body::decode(&payload)?;
    Ok(lease)
}

/// Gives a lease another end.
pub(super) fn extend(connection: &Connection, now: Timestamp, lease: LeaseKey, by: Duration) -> Result<()> {
    let values = params![
        lease.job.uuid().into_bytes(),
        lease.generation as i64,
        now.after(by).micros()
    ];
    written(execute(connection, EXTEND, values)?, "lease")
}

/// The kinds of the jobs there are.
pub(super) fn kinds(connection: &Connection) -> Result<Vec<String>> {
    all(connection, KINDS, [], |row| row.get(0))
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
