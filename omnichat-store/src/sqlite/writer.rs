//! The one writer: a thread that takes every waiting commit and claim, writes them in one transaction with one flush to the
//! disk, and then answers each caller.
//!
//! While a flush is under way the next group gathers by itself, so a single commit never waits for others, and many share
//! the flush. Normally a commit of the group is checked by reads first and then written without a savepoint, which is
//! cheaper. Should one fail after it has begun to write, the transaction is taken back whole and done again with a savepoint
//! around each commit, so that only the one that fails is missing.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;
use std::{mem, sync::Arc};

use omnichat_core::clock::{Clock, Timestamp};
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::job::{ClaimRequest, Claimed, LeaseKey};
use omnichat_core::store::Committed;
use rusqlite::Connection;
use tokio::sync::oneshot;

use super::checkpoint::Checkpointer;
use super::error::{closed, dead, error};
use super::heads::Heads;
use super::task::{Outcome, Reply, Task};
use super::{checkpoint, commit, connection, events, jobs, records};
use crate::prepared::Prepared;

/// Rows that one task to prune removes at most, so that commits need not wait long.
const PRUNE_ROWS: u32 = 2_000;

/// After so many groups the log is looked at.
const GROUPS_PER_NUDGE: u64 = 16;

/// After so long without a task the writer gives back memory.
const REST_AFTER: Duration = Duration::from_secs(10);

/// Sends tasks to the writer's thread. Dropping it lets the thread finish what waits, and waits for that.
#[derive(Debug)]
pub(super) struct Writer {
    tasks: Option<Sender<Task>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    closing: AtomicBool,
}

impl Writer {
    /// Starts the thread.
    pub(super) fn start(
        connection: Connection,
        checkpointer: Checkpointer,
        clock: Arc<dyn Clock>,
        group_limit: usize,
    ) -> Result<Self> {
        let (tasks, waiting) = channel();
        let state = State {
            heads: Heads::load(&connection)?,
            last_place: jobs::last_place(&connection)?,
            group_limit: group_limit.max(1),
            groups: 0,
            checkpointer,
            connection,
            clock,
        };
        let thread = std::thread::Builder::new()
            .name("sqlite-writer".to_owned())
            .spawn(move || state.run(&waiting));
        let thread = thread
            .map_err(|e| Error::new(ErrorKind::Unavailable, "no thread for the writer").caused_by(e))?;
        Ok(Self {
            tasks: Some(tasks),
            thread: Mutex::new(Some(thread)),
            closing: AtomicBool::new(false),
        })
    }

    pub(super) async fn commit(&self, changes: Prepared) -> Result<Committed> {
        self.ask(|reply| Task::Commit(Box::new(changes), reply)).await
    }

    pub(super) async fn claim(&self, request: ClaimRequest) -> Result<Claimed> {
        self.ask(|reply| Task::Claim(request, reply)).await
    }

    pub(super) async fn extend(&self, lease: LeaseKey, by: Duration) -> Result<()> {
        self.ask(|reply| Task::Extend(lease, by, reply)).await
    }

    pub(super) async fn prune(&self, now: Timestamp, events_before: Timestamp) -> Result<u64> {
        let mut total = 0;
        loop {
            let removed = self
                .ask(|reply| Task::Prune {
                    now,
                    events_before,
                    reply,
                })
                .await?;
            total += removed;
            if removed == 0 {
                return Ok(total);
            }
        }
    }

    pub(super) async fn ping(&self) -> Result<()> {
        self.ask(Task::Ping).await
    }

    /// Finishes every task that waits, then closes the connection.
    pub(super) async fn close(&self) -> Result<()> {
        self.closing.store(true, Ordering::Relaxed);
        self.ask(Task::Close).await
    }

    async fn ask<T>(&self, task: impl FnOnce(Reply<T>) -> Task) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        let tasks = self.tasks.as_ref().ok_or_else(closed)?;
        tasks.send(task(reply)).map_err(|_| self.gone())?;
        answer.await.map_err(|_| self.gone())?
    }

    /// Why the thread does not answer.
    fn gone(&self) -> Error {
        match self.closing.load(Ordering::Relaxed) {
            true => closed(),
            false => dead(),
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.tasks = None;
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        // A panic of the thread has been printed, and its callers heard that the store is closed.
        let _ = thread.map(JoinHandle::join);
    }
}

/// What the thread holds.
struct State {
    /// Ends before the connection is closed.
    checkpointer: Checkpointer,
    connection: Connection,
    heads: Heads,
    last_place: i64,
    clock: Arc<dyn Clock>,
    group_limit: usize,
    /// How many groups were written.
    groups: u64,
}

impl State {
    fn run(mut self, waiting: &Receiver<Task>) {
        let mut group = Vec::with_capacity(self.group_limit);
        // Ends when it is told to or when nobody is left who could ask.
        while let Some(first) = self.next(waiting) {
            let mut next = Some(first);
            while let Some(task) = next {
                if let Task::Close(reply) = task {
                    self.write_group(group);
                    return self.close(reply);
                }
                group.push(task);
                next = if group.len() < self.group_limit {
                    waiting.try_recv().ok()
                } else {
                    None
                };
            }
            self.write_group(mem::replace(&mut group, Vec::with_capacity(self.group_limit)));
        }
    }

    /// Waits for a task; gives memory back when none comes for a while.
    fn next(&self, waiting: &Receiver<Task>) -> Option<Task> {
        match waiting.recv_timeout(REST_AFTER) {
            Ok(task) => Some(task),
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => {
                checkpoint::move_log(&self.connection);
                connection::rest(&self.connection);
                waiting.recv().ok()
            }
        }
    }

    fn close(self, reply: Reply<()>) {
        // Moves the log into the database, so that the file alone is the whole store.
        let closed = self
            .connection
            .execute_batch("PRAGMA wal_checkpoint(TRUNCATE)")
            .map_err(error);
        drop(self.connection);
        drop(reply.send(closed));
    }

    fn write_group(&mut self, group: Vec<Task>) {
        if group.is_empty() {
            return;
        }
        let at = self.clock.now();
        match self.transact(&group, at) {
            Ok(outcomes) => {
                self.heads.settle();
                group
                    .into_iter()
                    .zip(outcomes)
                    .for_each(|(task, outcome)| task.answer(outcome, at));
                self.look_after_log();
            }
            Err(failure) => {
                tracing::error!(error = ?failure, "a group of commits could not be written");
                self.take_back();
                group.into_iter().for_each(|task| task.refuse(&failure));
            }
        }
    }

    /// Keeps the write-ahead log short, after everybody has been answered.
    fn look_after_log(&mut self) {
        self.groups += 1;
        if self.groups.is_multiple_of(GROUPS_PER_NUDGE) {
            self.checkpointer.nudge();
        }
        if self.checkpointer.is_due() {
            checkpoint::move_log(&self.connection);
        }
    }

    /// Writes a group and makes it durable.
    fn transact(&mut self, group: &[Task], at: Timestamp) -> Result<Vec<Outcome>> {
        self.begin()?;
        let mut outcomes: Option<Vec<Outcome>> =
            group.iter().map(|task| self.perform(task, at, false)).collect();
        if outcomes.is_none() {
            self.take_back();
            self.begin()?;
            outcomes = group.iter().map(|task| self.perform(task, at, true)).collect();
        }
        let unusable = || Error::new(ErrorKind::Unavailable, "the database cannot be written to");
        let outcomes = outcomes.ok_or_else(unusable)?;
        self.heads.save(&self.connection)?;
        self.connection.execute_batch("COMMIT").map_err(error)?;
        Ok(outcomes)
    }

    fn begin(&self) -> Result<()> {
        self.connection.execute_batch("BEGIN IMMEDIATE").map_err(error)
    }

    fn take_back(&mut self) {
        self.heads.undo(0);
        // Fails only where SQLite has rolled back by itself.
        let _ = self.connection.execute_batch("ROLLBACK");
    }

    /// Does one task. `None` if it failed and has left something that only a rollback takes back.
    fn perform(&mut self, task: &Task, at: Timestamp, savepoint: bool) -> Option<Outcome> {
        match task {
            Task::Commit(changes, _) => {
                if let Err(refused) = commit::check(&self.connection, &self.heads, changes) {
                    return Some(Outcome::Committed(Err(refused)));
                }
                let write =
                    |s: &mut Self| commit::write(&s.connection, &mut s.heads, &mut s.last_place, changes, at);
                self.guarded(savepoint, write).map(Outcome::Committed)
            }
            Task::Claim(request, _) => self
                .guarded(savepoint, |s| jobs::claim(&s.connection, at, request))
                .map(Outcome::Claimed),
            Task::Extend(lease, by, _) => self
                .guarded(savepoint, |s| jobs::extend(&s.connection, at, *lease, *by))
                .map(Outcome::Done),
            Task::Prune {
                now, events_before, ..
            } => self
                .guarded(savepoint, |s| s.prune(*now, *events_before))
                .map(Outcome::Pruned),
            Task::Ping(_) | Task::Close(_) => Some(Outcome::Done(Ok(()))),
        }
    }

    fn guarded<T>(
        &mut self,
        savepoint: bool,
        write: impl FnOnce(&mut Self) -> Result<T>,
    ) -> Option<Result<T>> {
        let mark = self.heads.mark();
        let before = self.connection.total_changes();
        if savepoint {
            self.connection.execute_batch("SAVEPOINT one").ok()?;
        }
        let result = write(self);
        if result.is_err() {
            self.heads.undo(mark);
            if savepoint {
                self.connection.execute_batch("ROLLBACK TO one").ok()?;
            } else if self.connection.total_changes() != before || self.connection.is_autocommit() {
                return None;
            }
        }
        if savepoint {
            self.connection.execute_batch("RELEASE one").ok()?;
        }
        Some(result)
    }

    fn prune(&self, now: Timestamp, events_before: Timestamp) -> Result<u64> {
        let mut removed = records::prune(&self.connection, now, PRUNE_ROWS)? as u64;
        for log in self.heads.numbers() {
            let left = PRUNE_ROWS.saturating_sub(u32::try_from(removed).unwrap_or(u32::MAX));
            if left == 0 {
                break;
            }
            removed += events::prune(&self.connection, log, now, events_before, left)? as u64;
        }
        Ok(removed)
    }
}
