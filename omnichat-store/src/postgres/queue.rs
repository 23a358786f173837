//! Changes of the queue by a group of commits: what is stored is read once, the changes are played through in order in
//! memory, and what comes of them is written in a handful of statements.

use std::collections::{HashMap, HashSet};

use omnichat_core::error::{Error, Result};
use omnichat_core::id::TenantId;
use omnichat_core::job::{Job, JobChange, LeaseKey};
use sqlx::postgres::PgConnection;
use sqlx::{query, query_as, query_scalar};
use uuid::Uuid;

use super::error::error;
use super::jobs::{micros, share};
use super::query::{execute, written};

const HELD: &str = "SELECT id, tenant, generation, lane, unique_key FROM jobs
     WHERE id = ANY ($1) AND leased_until IS NOT NULL ORDER BY place FOR UPDATE";
const WAITING: &str =
    "SELECT j.tenant, j.unique_key FROM unnest($1::uuid[], $2::text[]) AS n (tenant, unique_key)
     JOIN jobs j ON j.tenant = n.tenant AND j.unique_key = n.unique_key AND j.leased_until IS NULL";
const EXISTS: &str = "SELECT count(*) FROM jobs WHERE id = ANY ($1)";
const PLACES: &str = "SELECT nextval('jobs_place') FROM generate_series(1, $1)";
const FINISH: &str = "DELETE FROM jobs WHERE id = ANY ($1)";
// The time is the database's, unless the store was given a clock.
const RETRY: &str = "UPDATE jobs j SET leased_until = NULL, attempts = j.attempts + 1, error = n.error,
         due_at = coalesce($4::bigint, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint) + n.after
     FROM unnest($1::uuid[], $2::bigint[], $3::text[]) AS n (id, after, error) WHERE j.id = n.id";
const WAIT: &str = "UPDATE jobs j
     SET leased_until = NULL, attempts = 0, losses = 0, due_at = t.now + n.after, created_at = t.now + n.after,
         error = n.error
     FROM unnest($1::uuid[], $2::bigint[], $3::text[]) AS n (id, after, error),
         (SELECT coalesce($4::bigint, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint) AS now) AS t
     WHERE j.id = n.id";
const REPEAT: &str = "UPDATE jobs j
     SET place = n.place, head = false, leased_until = NULL, attempts = 0, losses = 0, payload = n.payload,
         due_at = coalesce($5::bigint, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint) + n.after
     FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::text[]) AS n (id, place, after, payload)
     WHERE j.id = n.id";
// A job begins as the head of its lane if none is there and it is the first of the new ones. What is due when it is made is due
// by the database's time.
const INSERT: &str = "INSERT INTO jobs
     (place, tenant, id, lane, kind, head, due_at, generation, attempts, unique_key, created_at, payload, inbox, losses)
     SELECT n.place, n.tenant, n.id, n.lane, n.kind,
         n.first AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.tenant = n.tenant AND j.lane = n.lane),
         CASE WHEN n.due_at <= n.created_at
             THEN least(n.due_at, coalesce($12::bigint, (extract(epoch FROM clock_timestamp()) * 1000000)::bigint))
             ELSE n.due_at END,
         0, 0, n.unique_key, n.created_at, n.payload, n.inbox, 0
     FROM unnest($1::bigint[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::bool[], $7::bigint[], $8::text[],
         $9::bigint[], $10::text[], $11::uuid[])
         AS n (place, tenant, id, lane, kind, first, due_at, unique_key, created_at, payload, inbox)";
const PROMOTE: &str = "UPDATE jobs SET head = true WHERE place IN (
     SELECT j.place FROM unnest($1::uuid[], $2::text[]) AS n (tenant, lane)
     CROSS JOIN LATERAL (
         SELECT place FROM jobs WHERE tenant = n.tenant AND lane = n.lane ORDER BY place LIMIT 1) AS j
     ) AND NOT head";

/// A change with its tenant and payload.
pub(super) type Change<'a> = (TenantId, &'a JobChange, &'a str);

/// A job that somebody holds.
#[derive(Clone, Debug)]
struct Held {
    tenant: Uuid,
    generation: u64,
    lane: String,
    unique: Option<String>,
}

/// Reads, and locks, the jobs that are held of those whose leases are needed.
async fn held(connection: &mut PgConnection, changes: &[Change<'_>]) -> Result<HashMap<Uuid, Held>> {
    let ids: Vec<Uuid> = changes
        .iter()
        .filter_map(|(_, change, _)| change.lease())
        .map(|l| l.job.uuid())
        .collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Uuid, Uuid, i64, String, Option<String>)> = query_as(HELD)
        .bind(ids)
        .fetch_all(connection)
        .await
        .map_err(error)?;
    let held = |(id, tenant, generation, lane, unique): (Uuid, Uuid, i64, String, Option<String>)| {
        (
            id,
            Held {
                tenant,
                generation: generation as u64,
                lane,
                unique,
            },
        )
    };
    Ok(rows.into_iter().map(held).collect())
}

/// Which of the changes, by their place in the list, need a lease that is not held.
pub(super) async fn lost_leases(connection: &mut PgConnection, changes: &[Change<'_>]) -> Result<Vec<usize>> {
    let held = held(connection, changes).await?;
    let is_held = |tenant: &TenantId, key: LeaseKey| {
        held.get(&key.job.uuid())
            .is_some_and(|h| h.tenant == tenant.uuid() && h.generation == key.generation)
    };
    let lost = changes.iter().enumerate().filter_map(|(n, (tenant, change, _))| {
        let key = change.lease()?;
        (!is_held(tenant, key)).then_some(n)
    });
    Ok(lost.collect())
}

/// What is to be written.
#[derive(Default)]
struct Plan<'a> {
    finished: Vec<Uuid>,
    retried: Vec<(Uuid, i64, &'a str)>,
    waiting: Vec<(Uuid, i64, &'a str)>,
    /// With their turn among the places that are given out.
    repeated: Vec<(Uuid, usize, i64, &'a str)>,
    queued: Vec<(usize, &'a Job, &'a str)>,
    /// Lanes whose head may have changed.
    lanes: HashSet<(Uuid, String)>,
    turns: usize,
}

impl Plan<'_> {
    fn turn(&mut self) -> usize {
        self.turns += 1;
        self.turns - 1
    }
}

/// Does what commits ask, in order.
pub(super) async fn change_all(
    connection: &mut PgConnection,
    now: Option<i64>,
    changes: &[Change<'_>],
) -> Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    let mut held = held(connection, changes).await?;
    let mut waiting = waiting(connection, changes, &held).await?;
    let mut plan = Plan::default();
    let mut skipped = Vec::new();
    for (tenant, change, payload) in changes {
        if let JobChange::Enqueue(job) = change {
            let is_waiting = job
                .unique
                .clone()
                .is_some_and(|key| !waiting.insert((tenant.uuid(), key)));
            if is_waiting {
                skipped.push(job.id.uuid());
            } else {
                let turn = plan.turn();
                plan.queued.push((turn, job, payload));
            }
            continue;
        }
        let Some(key) = change.lease() else { continue };
        let job = held
            .remove(&key.job.uuid())
            .filter(|job| job.tenant == tenant.uuid() && job.generation == key.generation)
            .ok_or_else(|| Error::conflict("lease"))?;
        let id = key.job.uuid();
        let unique = job.unique.map(|unique| (job.tenant, unique));
        match change {
            JobChange::Retry { after, error, .. } => {
                plan.retried.push((id, micros(*after), error));
                waiting.extend(unique);
            }
            JobChange::Wait { after, reason, .. } => {
                plan.waiting.push((id, micros(*after), reason));
                waiting.extend(unique);
            }
            JobChange::Repeat { after, .. } if unique.as_ref().is_none_or(|key| !waiting.contains(key)) => {
                let turn = plan.turn();
                plan.repeated.push((id, turn, micros(*after), payload));
                plan.lanes.insert((job.tenant, job.lane));
                waiting.extend(unique);
            }
            _ => {
                plan.finished.push(id);
                plan.lanes.insert((job.tenant, job.lane));
            }
        }
    }
    if !skipped.is_empty() {
        let known: i64 = query_scalar(EXISTS)
            .bind(skipped)
            .fetch_one(&mut *connection)
            .await
            .map_err(error)?;
        if known > 0 {
            return Err(Error::conflict("job"));
        }
    }
    write(connection, now, plan).await
}

/// The unique keys, of those that are wanted, with which a job waits already.
async fn waiting(
    connection: &mut PgConnection,
    changes: &[Change<'_>],
    held: &HashMap<Uuid, Held>,
) -> Result<HashSet<(Uuid, String)>> {
    let mut wanted: (Vec<Uuid>, Vec<&str>) = Default::default();
    for (tenant, change, _) in changes {
        let unique = match change {
            JobChange::Enqueue(job) => job.unique.as_ref(),
            JobChange::Repeat { lease, .. } => {
                held.get(&lease.job.uuid()).and_then(|job| job.unique.as_ref())
            }
            _ => None,
        };
        if let Some(unique) = unique {
            wanted.0.push(tenant.uuid());
            wanted.1.push(unique);
        }
    }
    if wanted.0.is_empty() {
        return Ok(HashSet::new());
    }
    let rows = query_as(WAITING)
        .bind(wanted.0)
        .bind(wanted.1)
        .fetch_all(connection)
        .await
        .map_err(error)?;
    Ok(rows.into_iter().collect())
}

async fn write(connection: &mut PgConnection, now: Option<i64>, plan: Plan<'_>) -> Result<()> {
    if !plan.finished.is_empty() {
        let wanted = plan.finished.len();
        written(
            execute(connection, query(FINISH).bind(&plan.finished)).await?,
            wanted,
            "lease",
        )?;
    }
    for (sql, given_back) in [(RETRY, &plan.retried), (WAIT, &plan.waiting)] {
        if given_back.is_empty() {
            continue;
        }
        let statement = query(sql)
            .bind(given_back.iter().map(|r| r.0).collect::<Vec<Uuid>>())
            .bind(given_back.iter().map(|r| r.1).collect::<Vec<i64>>())
            .bind(given_back.iter().map(|r| r.2).collect::<Vec<&str>>())
            .bind(now);
        written(execute(connection, statement).await?, given_back.len(), "lease")?;
    }
    if plan.turns > 0 {
        let places: Vec<i64> = query_scalar(PLACES)
            .bind(plan.turns as i64)
            .fetch_all(&mut *connection)
            .await
            .map_err(error)?;
        repeat(connection, now, &plan, &places).await?;
        enqueue(connection, now, &plan, &places).await?;
    }
    if !plan.lanes.is_empty() {
        let (tenants, lanes): (Vec<Uuid>, Vec<String>) = plan.lanes.into_iter().unzip();
        execute(connection, query(PROMOTE).bind(tenants).bind(lanes)).await?;
    }
    Ok(())
}

async fn repeat(
    connection: &mut PgConnection,
    now: Option<i64>,
    plan: &Plan<'_>,
    places: &[i64],
) -> Result<()> {
    if plan.repeated.is_empty() {
        return Ok(());
    }
    let statement = query(REPEAT)
        .bind(plan.repeated.iter().map(|r| r.0).collect::<Vec<Uuid>>())
        .bind(plan.repeated.iter().map(|r| places[r.1]).collect::<Vec<i64>>())
        .bind(plan.repeated.iter().map(|r| r.2).collect::<Vec<i64>>())
        .bind(plan.repeated.iter().map(|r| r.3).collect::<Vec<&str>>())
        .bind(now);
    written(
        execute(connection, statement).await?,
        plan.repeated.len(),
        "lease",
    )
}

async fn enqueue(
    connection: &mut PgConnection,
    now: Option<i64>,
    plan: &Plan<'_>,
    places: &[i64],
) -> Result<()> {
    if plan.queued.is_empty() {
        return Ok(());
    }
    let jobs = &plan.queued;
    let mut lanes = HashSet::new();
    let first: Vec<bool> = jobs
        .iter()
        .map(|(_, job, _)| lanes.insert((job.tenant, &job.lane)))
        .collect();
    let statement = query(INSERT)
        .bind(
            jobs.iter()
                .map(|(turn, _, _)| places[*turn])
                .collect::<Vec<i64>>(),
        )
        .bind(
            jobs.iter()
                .map(|(_, job, _)| job.tenant.uuid())
                .collect::<Vec<Uuid>>(),
        )
        .bind(
            jobs.iter()
                .map(|(_, job, _)| job.id.uuid())
                .collect::<Vec<Uuid>>(),
        )
        .bind(
            jobs.iter()
                .map(|(_, job, _)| job.lane.as_str())
                .collect::<Vec<&str>>(),
        )
        .bind(
            jobs.iter()
                .map(|(_, job, _)| job.kind.as_str())
                .collect::<Vec<&str>>(),
        )
        .bind(first)
        .bind(
            jobs.iter()
                .map(|(_, job, _)| job.due_at.micros())
                .collect::<Vec<i64>>(),
        )
        .bind(
            jobs.iter()
                .map(|(_, job, _)| job.unique.as_deref())
                .collect::<Vec<Option<&str>>>(),
        )
        .bind(
            jobs.iter()
                .map(|(_, job, _)| job.created_at.micros())
                .collect::<Vec<i64>>(),
        )
        .bind(jobs.iter().map(|(_, _, payload)| *payload).collect::<Vec<&str>>())
        .bind(
            jobs.iter()
                .map(|(_, job, _)| share(job.inbox))
                .collect::<Vec<Uuid>>(),
        )
        .bind(now);
    execute(connection, statement).await.map(|_| ())
}
