//! Statements of the queue. The first job of each lane is marked as its head; only heads are leased, so that finding work
//! costs the same however long the lanes are.

use std::time::Duration;

use omnichat_core::clock::Timestamp;
use omnichat_core::error::{Error, Result};
use omnichat_core::id::{InboxId, JobId, TenantId};
use omnichat_core::job::share::{FEW, Held, Waiting, choose};
use omnichat_core::job::{ClaimRequest, Claimed, Job, JobChange, Lease, LeaseKey, QueueDepth};
use rusqlite::{Connection, Row, params};
use uuid::Uuid;

use super::query::{all, execute, first, text, written};
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

// Most of the time hardly anything is due, whatever waits: that is read kind by kind as it stands. Where much is due it is found by
// its shares: kind, tenant and inbox. Each share is one step in the index and gives no more jobs than are wanted, so that one with
// ten thousand jobs costs as much as one with ten.
const FIRST_KIND: &str = "SELECT kind FROM jobs INDEXED BY jobs_ready
     WHERE head = 1 AND leased_until IS NULL ORDER BY kind LIMIT 1";
const NEXT_KIND: &str = "SELECT kind FROM jobs INDEXED BY jobs_ready
     WHERE head = 1 AND leased_until IS NULL AND kind > ?1 ORDER BY kind LIMIT 1";
const READY: &str = "SELECT tenant, inbox, due_at, place FROM jobs INDEXED BY jobs_ready
     WHERE head = 1 AND leased_until IS NULL AND kind = ?1 AND due_at <= ?2 ORDER BY due_at, place LIMIT ?3";
const NEXT_SHARE: &str = "SELECT tenant, inbox FROM jobs INDEXED BY jobs_shares
     WHERE head = 1 AND leased_until IS NULL AND kind = ?1 AND (tenant, inbox) > (?2, ?3)
     ORDER BY tenant, inbox LIMIT 1";
const READY_OF_SHARE: &str = "SELECT tenant, inbox, due_at, place FROM jobs INDEXED BY jobs_shares
     WHERE head = 1 AND leased_until IS NULL AND kind = ?1 AND tenant = ?2 AND inbox = ?3 AND due_at <= ?4
     ORDER BY due_at, place LIMIT ?5";
const LEASED: &str =
    "SELECT tenant, inbox, due_at, place, leased_until, kind FROM jobs WHERE leased_until IS NOT NULL";
const LEASE: &str = "UPDATE jobs
     SET generation = generation + 1, losses = losses + (leased_until IS NOT NULL), leased_until = ?2 WHERE place = ?1
     RETURNING id, tenant, kind, lane, due_at, payload, unique_key, created_at, generation, attempts, inbox, losses";
const WAS_LEASED: &str = "SELECT leased_until IS NOT NULL FROM jobs WHERE place = ?1";
const NEXT_DUE: &str = "SELECT min(due_at) FROM jobs INDEXED BY jobs_ready
     WHERE head = 1 AND leased_until IS NULL AND kind = ?1 AND due_at > ?2";
const NEXT_END: &str = "SELECT min(leased_until) FROM jobs WHERE leased_until > ?1";
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
    let kinds = waiting_kinds(connection)?;
    let wanted: Vec<&String> = kinds.iter().filter(|kind| is_wanted(kind)).collect();
    let mut due = ready(connection, now, request.limit, &wanted)?;
    let mut held = Vec::new();
    let leased = all(connection, LEASED, [], |row| {
        let until = Timestamp::from_micros(row.get(4)?);
        Ok((row.get::<_, String>(5)?, waiting(row)?, until))
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
    let next = next(connection, now, &kinds)?.map(|at| at.since(now));
    Ok(Claimed { leases, next })
}

/// A row of tenant, inbox, due time and place.
fn waiting(row: &Row<'_>) -> rusqlite::Result<Waiting<i64>> {
    Ok(Waiting {
        tenant: TenantId::from_uuid(Uuid::from_bytes(row.get(0)?)),
        inbox: inbox(row.get(1)?),
        due_at: Timestamp::from_micros(row.get(2)?),
        place: row.get(3)?,
    })
}

/// The kinds of the jobs that wait at the head of a lane.
fn waiting_kinds(connection: &Connection) -> Result<Vec<String>> {
    let mut kinds: Vec<String> = Vec::new();
    loop {
        let next = match kinds.last() {
            None => first(connection, FIRST_KIND, [], |row| row.get(0))?,
            Some(last) => first(connection, NEXT_KIND, [last], |row| row.get(0))?,
        };
        match next {
            Some(kind) => kinds.push(kind),
            None => return Ok(kinds),
        }
    }
}

/// What is due and not leased: all of it where that is little, else the first jobs of each share.
fn ready(
    connection: &Connection,
    now: Timestamp,
    limit: u32,
    kinds: &[&String],
) -> Result<Vec<Waiting<i64>>> {
    let mut due = Vec::new();
    for kind in kinds {
        let values = params![kind, now.micros(), i64::from(FEW) - due.len() as i64];
        due.extend(all(connection, READY, values, waiting)?);
        if due.len() >= FEW as usize {
            return ready_by_share(connection, now, limit, kinds);
        }
    }
    Ok(due)
}

fn ready_by_share(
    connection: &Connection,
    now: Timestamp,
    limit: u32,
    kinds: &[&String],
) -> Result<Vec<Waiting<i64>>> {
    let mut due = Vec::new();
    for kind in kinds {
        // An empty blob is before every other.
        let (mut tenant, mut of_inbox): (Vec<u8>, Vec<u8>) = Default::default();
        while let Some(next) = first(connection, NEXT_SHARE, params![kind, tenant, of_inbox], |row| {
            Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Vec<u8>>(1)?))
        })? {
            (tenant, of_inbox) = next;
            let values = params![kind, tenant, of_inbox, now.micros(), limit];
            due.extend(all(connection, READY_OF_SHARE, values, waiting)?);
        }
    }
    Ok(due)
}

/// When time alone makes another job claimable.
fn next(connection: &Connection, now: Timestamp, kinds: &[String]) -> Result<Option<Timestamp>> {
    let at = |row: &Row<'_>| row.get::<_, Option<i64>>(0);
    let mut next = first(connection, NEXT_END, [now.micros()], at)?.flatten();
    for kind in kinds {
        let due = first(connection, NEXT_DUE, params![kind, now.micros()], at)?.flatten();
        next = next.into_iter().chain(due).min();
    }
    Ok(next.map(Timestamp::from_micros))
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
            damaged: false,
            until,
        };
        Ok((lease, text(row, 5)?))
    })?;
    let (mut lease, payload) = leased.ok_or_else(|| Error::internal("a due job has gone"))?;
    body::payload(&mut lease, &payload);
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use omnichat_core::clock::{Clock, ManualClock};
    use omnichat_core::testing::Builder;
    use rusqlite::StatementStatus;

    use super::*;
    use crate::sqlite::migrate::migrate;

    /// However many inboxes have something that waits.
    #[test]
    fn a_claim_costs_nothing_where_nothing_is_due() {
        let clock = Arc::new(ManualClock::default());
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, clock.now()).unwrap();
        let (now, mut place) = (clock.now(), 0);
        for n in 0..200 {
            let make = Builder::new(clock.clone());
            let inbox = InboxId::generate(&*clock);
            let job = make
                .job(&n.to_string())
                .of(inbox)
                .due(now.after(Duration::from_secs(60)));
            enqueue(&connection, now, &job, "null", &mut place).unwrap();
        }
        let request = ClaimRequest {
            limit: 16,
            ..ClaimRequest::default()
        };
        let claimed = claim(&connection, now, &request).unwrap();
        assert_eq!(
            (claimed.leases.len(), claimed.next),
            (0, Some(Duration::from_secs(60)))
        );
        let runs = |sql: &&str| {
            connection
                .prepare_cached(sql)
                .unwrap()
                .get_status(StatementStatus::Run)
        };
        let statements = [
            FIRST_KIND,
            NEXT_KIND,
            READY,
            NEXT_SHARE,
            READY_OF_SHARE,
            LEASED,
            NEXT_DUE,
            NEXT_END,
        ];
        let runs: Vec<i32> = statements.iter().map(runs).collect();
        assert_eq!(runs, [1, 1, 1, 0, 0, 1, 1, 1]);
    }
}
