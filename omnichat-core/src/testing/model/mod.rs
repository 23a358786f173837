//! Random commands against the memory store and another store, whose answers must be the same.
//!
//! [`check`] makes sequences of commits, claims and the like in which few names meet often, so that rules are broken and
//! leases run out; does the same to both stores; asks both the same questions after each command, and every question at the
//! end; opens the other store again, if it keeps data, and asks once more. A difference is shrunk to a short sequence.
//!
//! ```
//! # use std::sync::Arc;
//! # use omnichat_core::clock::ManualClock;
//! # use omnichat_core::store::memory::MemoryStore;
//! # use omnichat_core::testing::{StoreFixture, model};
//! async fn my_store() -> StoreFixture {
//!     let clock = Arc::new(ManualClock::default());
//!     StoreFixture::new(Arc::new(MemoryStore::new(clock.clone())), clock)
//! }
//!
//! model::check(my_store, 3);
//! ```

mod command;
mod conditions;
mod questions;
mod world;

use std::fmt::Debug;
use std::sync::Arc;
use std::time::Duration;

use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use self::command::{Command, Step, Version};
use self::world::World;
use super::StoreFixture;
use super::store_suite::kinds::found;
use super::store_suite::scene::Scene;
use crate::change::{Changes, Row};
use crate::error::{ErrorKind, Result};
use crate::job::{ClaimRequest, JobChange, LeaseKey};
use crate::store::Store;
use crate::store::memory::MemoryStore;

/// Compares a store with the memory store over so many sequences of commands. `make` gives a fresh, empty store each time,
/// or `None` where the server that it needs is not there.
///
/// The sequences are the same in every run. The variables `OMNICHAT_MODEL_CASES` and `OMNICHAT_MODEL_SEED` (a number) ask
/// for more and for others.
///
/// # Panics
/// When the stores differ; the message holds the shortest sequence found.
pub fn check<M: Into<Option<StoreFixture>>>(make: impl AsyncFn() -> M, cases: u32) {
    let cases = number("OMNICHAT_MODEL_CASES").map_or(cases, |n| n as u32);
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&number("OMNICHAT_MODEL_SEED").unwrap_or(1).to_le_bytes());
    let config = Config {
        cases,
        failure_persistence: None,
        max_shrink_iters: 2_000,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime can be built");
    let outcome = runner.run(&command::sequences(), |commands| {
        runtime.block_on(async {
            match make().await.into() {
                Some(fixture) => compare(fixture, &commands).await.map_err(TestCaseError::fail),
                None => Ok(()),
            }
        })
    });
    match outcome {
        Ok(()) => {}
        Err(TestError::Fail(reason, commands)) => panic!("{reason}\nafter these commands: {commands:#?}"),
        Err(TestError::Abort(reason)) => panic!("{reason}"),
    }
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

/// Both stores and what they are asked about.
struct Pair {
    memory: Arc<dyn Store>,
    other: Arc<dyn Store>,
    world: World,
    /// Every lease that was ever given.
    leases: Vec<LeaseKey>,
}

/// Does the same to both stores. Says where they differ.
async fn compare(fixture: StoreFixture, commands: &[Command]) -> std::result::Result<(), String> {
    let world = World::new(fixture.clock.clone());
    let memory = Arc::new(MemoryStore::new(fixture.clock.clone()));
    let mut pair = Pair {
        memory,
        other: fixture.store.clone(),
        world,
        leases: Vec::new(),
    };
    for tenant in 0..World::TENANTS {
        let mut changes = pair.world.make(tenant).changes();
        changes.put(pair.world.make(tenant).tenant());
        pair.commit(changes, true).await?;
    }
    for (n, command) in commands.iter().enumerate() {
        let differ = |e: String| format!("command {n}, {command:?}: {e}");
        pair.run(command).await.map_err(differ)?;
        questions::ask_some(&pair, n as u64).await.map_err(differ)?;
    }
    questions::ask_all(&pair).await?;
    let close = pair.other.close().await;
    close.map_err(|e| format!("the store cannot be closed: {e:?}"))?;
    if let Some(again) = fixture.reopen_quietly().await {
        pair.other = again;
        questions::ask_all(&pair)
            .await
            .map_err(|e| format!("opened again: {e}"))?;
        let _ = pair.other.close().await;
    }
    Ok(())
}

impl Pair {
    async fn run(&mut self, command: &Command) -> std::result::Result<(), String> {
        match command {
            Command::Commit { tenant, steps } => {
                let changes = self.changes(*tenant, steps).await;
                self.commit(changes, steps.len() == 1).await
            }
            Command::Claim {
                limit,
                kind,
                secs,
                caps,
            } => {
                let request = ClaimRequest {
                    lease: Duration::from_secs(*secs),
                    limit: *limit,
                    kinds: kind.iter().map(|kind| (*kind).to_owned()).collect(),
                    per_tenant: caps.0,
                    per_inbox: caps.1,
                    ..ClaimRequest::default()
                };
                let given = self.memory.claim_jobs(request.clone()).await;
                let other = self.other.claim_jobs(request).await;
                same("the claimed jobs", &given, &other)?;
                let leases = given.unwrap_or_default().leases;
                self.leases.extend(leases.iter().map(|lease| lease.key()));
                Ok(())
            }
            Command::Extend { lease, secs } => {
                let (lease, by) = (self.lease(*lease), Duration::from_secs(*secs));
                let given = self.memory.extend_lease(lease, by).await;
                same(
                    "an extended lease",
                    &given,
                    &self.other.extend_lease(lease, by).await,
                )
            }
            Command::Advance { secs } => {
                self.world.clock.advance(Duration::from_secs(*secs));
                Ok(())
            }
            Command::Prune { secs } => {
                let (now, before) = (self.world.now(), self.world.in_secs(-secs));
                let given = self.memory.prune(now, before).await;
                same("pruned rows", &given, &self.other.prune(now, before).await)
            }
        }
    }

    async fn changes(&self, tenant: usize, steps: &[Step]) -> Changes {
        let make = self.world.make(tenant);
        let scene = Scene::of(make, self.memory.clone());
        let mut changes = make.changes();
        for step in steps {
            match step {
                Step::Put {
                    kind,
                    slot,
                    version,
                    seed,
                } => {
                    let row = self.world.row(tenant, *kind, *slot, *seed);
                    let stored = found(&scene, &row).await.map_or(0, |row| world::version(&row));
                    // Earlier steps of the same commit count too.
                    let pending = changes
                        .rows
                        .iter()
                        .rev()
                        .find(|other| world::same_key(other, &row));
                    let stored = pending.map_or(stored, world::version);
                    let version = match version {
                        Version::Next => stored + 1,
                        Version::Same => stored,
                        Version::Skip => stored + 2,
                        Version::First => 1,
                    };
                    changes.rows.push(world::with_version(row, version));
                }
                Step::Remove { kind, slot } => {
                    changes.removals.extend(self.world.removal(tenant, *kind, *slot))
                }
                Step::Enqueue {
                    lane,
                    unique,
                    kind,
                    inbox,
                    secs,
                } => {
                    let mut job = make.job(lane).due(self.world.in_secs(*secs));
                    job.inbox = inbox.map(|slot| self.world.inbox(tenant, slot));
                    job.unique = unique.map(str::to_owned);
                    (*kind).clone_into(&mut job.kind);
                    changes.job(job);
                }
                Step::Finish { lease } => {
                    changes.job(JobChange::Finish(self.lease(*lease)));
                }
                Step::Retry { lease, secs } => {
                    changes.job(JobChange::Retry {
                        lease: self.lease(*lease),
                        after: Duration::from_secs(*secs),
                        error: "no".to_owned(),
                    });
                }
                Step::Wait { lease, secs } => {
                    changes.job(JobChange::Wait {
                        lease: self.lease(*lease),
                        after: Duration::from_secs(*secs),
                        reason: "away".to_owned(),
                    });
                }
                Step::Repeat { lease, secs } => {
                    changes.job(JobChange::Repeat {
                        lease: self.lease(*lease),
                        after: Duration::from_secs(*secs),
                        payload: serde_json::json!({ "secs": secs }),
                    });
                }
                Step::Tell { seed } => {
                    if let Row::Customer(customer) = self.world.row(tenant, world::Kind::Customer, 0, *seed) {
                        changes.event(crate::event::Event::CustomerUpdated { customer });
                    }
                }
            }
        }
        changes
    }

    /// Commits to both. Of several faults in one commit each store may name another.
    async fn commit(&self, changes: Changes, one_fault: bool) -> std::result::Result<(), String> {
        let given = self.memory.commit(changes.clone()).await;
        let other = self.other.commit(changes).await;
        match (&given, &other) {
            (Err(a), Err(b)) if a.kind() != b.kind() => {
                let refused = |kind| matches!(kind, ErrorKind::Conflict | ErrorKind::Duplicate);
                if one_fault && a.kind() != ErrorKind::Conflict || !refused(a.kind()) || !refused(b.kind()) {
                    return Err(format!("a commit was refused with {b:?} instead of {a:?}"));
                }
                Ok(())
            }
            (Err(_), Err(_)) => Ok(()),
            _ => same("a commit", &given.map(|c| c.events), &other.map(|c| c.events)),
        }
    }

    /// A lease that was given once, or one that never was.
    fn lease(&self, n: usize) -> LeaseKey {
        match self.leases.len() {
            0 => LeaseKey {
                job: self.world.unknown_job(),
                generation: 1,
            },
            count => self.leases[n % count],
        }
    }
}

/// Fails unless both answers are the same; of errors only the kinds are compared.
fn same<T: Debug>(what: &str, given: &Result<T>, other: &Result<T>) -> std::result::Result<(), String> {
    let show = |answer: &Result<T>| match answer {
        Ok(value) => format!("{value:?}"),
        Err(error) => format!("the error {:?}", error.kind()),
    };
    let (expected, found) = (show(given), show(other));
    if expected == found {
        Ok(())
    } else {
        Err(format!("{what}:\n  expected {expected}\n     found {found}"))
    }
}
