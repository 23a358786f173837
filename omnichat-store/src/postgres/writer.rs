//! The one writer of this node: a task that takes every waiting commit, writes them in one transaction, and then answers each
//! caller. While one group is being written the next gathers by itself. Other nodes have writers of their own; the row locks
//! of tenants order them, see [`super::heads`].

use std::sync::{Arc, Mutex, PoisonError};

use omnichat_core::clock::{Clock, Timestamp};
use omnichat_core::error::{Error, Result};
use omnichat_core::store::Committed;
use sqlx::postgres::PgPool;
use tokio::sync::{mpsc, oneshot};

use super::commit::{Outcomes, write_group};
use super::error::{closed, dead, error};
use super::query::QueueClock;
use crate::prepared::Prepared;

type Reply = oneshot::Sender<Result<Committed>>;

/// What the writer is asked to do.
enum Task {
    Commit(Box<Prepared>, Reply),
    /// Show that the task lives.
    Ping(oneshot::Sender<()>),
    /// End, once everything before this is done.
    Close(oneshot::Sender<()>),
}

/// Sends commits to the writer's task. Dropping it lets the task finish what waits.
#[derive(Debug)]
pub(super) struct Writer {
    tasks: Mutex<Option<mpsc::UnboundedSender<Task>>>,
}

impl Writer {
    /// Starts the task.
    pub(super) fn start(
        pool: PgPool,
        clock: Arc<dyn Clock>,
        queue_clock: QueueClock,
        group_limit: usize,
    ) -> Self {
        let (tasks, waiting) = mpsc::unbounded_channel();
        tokio::spawn(run(pool, clock, queue_clock, group_limit.max(1), waiting));
        Self {
            tasks: Mutex::new(Some(tasks)),
        }
    }

    pub(super) async fn commit(&self, changes: Prepared) -> Result<Committed> {
        let (reply, answer) = oneshot::channel();
        self.send(Task::Commit(Box::new(changes), reply))?;
        answer.await.map_err(|_| self.gone())?
    }

    /// Whether the task lives and gets on.
    pub(super) async fn ping(&self) -> Result<()> {
        let (reply, answer) = oneshot::channel();
        self.send(Task::Ping(reply))?;
        answer.await.map_err(|_| self.gone())
    }

    /// Finishes every commit that waits, then ends the task.
    pub(super) async fn close(&self) {
        let (reply, ended) = oneshot::channel();
        if self.send(Task::Close(reply)).is_ok() {
            self.tasks.lock().unwrap_or_else(PoisonError::into_inner).take();
            // An error means that it has ended already.
            let _ = ended.await;
        }
    }

    fn send(&self, task: Task) -> Result<()> {
        let tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        let tasks = tasks.as_ref().ok_or_else(closed)?;
        tasks.send(task).map_err(|_| dead())
    }

    /// Why the task does not answer.
    fn gone(&self) -> Error {
        let is_open = self
            .tasks
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_some();
        match is_open {
            true => dead(),
            false => closed(),
        }
    }
}

async fn run(
    pool: PgPool,
    clock: Arc<dyn Clock>,
    queue_clock: QueueClock,
    group_limit: usize,
    mut waiting: mpsc::UnboundedReceiver<Task>,
) {
    let mut tasks = Vec::with_capacity(group_limit);
    while waiting.recv_many(&mut tasks, group_limit).await > 0 {
        let mut group = Vec::with_capacity(tasks.len());
        let mut replies = Vec::with_capacity(tasks.len());
        let mut closing = None;
        for task in tasks.drain(..) {
            match task {
                // Whatever came after it finds the store closed.
                _ if closing.is_some() => {}
                Task::Commit(changes, reply) => {
                    group.push(*changes);
                    replies.push(reply);
                }
                // If nobody waits any more, that is its own affair.
                Task::Ping(reply) => drop(reply.send(())),
                Task::Close(reply) => closing = Some(reply),
            }
        }
        if !group.is_empty() {
            let at = clock.now();
            let outcomes = transact(&pool, &group, at, queue_clock.now()).await;
            answer(group, replies, outcomes, at);
        }
        if let Some(reply) = closing {
            let _ = reply.send(());
            return;
        }
    }
}

async fn transact(
    pool: &PgPool,
    group: &[Prepared],
    at: Timestamp,
    queue_now: Option<i64>,
) -> Result<Outcomes> {
    let mut transaction = pool.begin().await.map_err(error)?;
    let outcomes = write_group(&mut transaction, group, at, queue_now).await?;
    transaction.commit().await.map_err(error)?;
    Ok(outcomes)
}

fn answer(group: Vec<Prepared>, replies: Vec<Reply>, outcomes: Result<Outcomes>, at: Timestamp) {
    match outcomes {
        Ok(outcomes) => {
            for ((changes, reply), outcome) in group.into_iter().zip(replies).zip(outcomes) {
                let outcome = outcome.unwrap_or_else(|| Err(Error::internal("a commit was passed over")));
                // If nobody waits any more, the caller was dropped; that is its own affair.
                let _ = reply.send(outcome.map(|first| changes.committed(first, at)));
            }
        }
        Err(failure) => {
            tracing::error!(error = ?failure, "a group of commits could not be written");
            for reply in replies {
                let _ = reply.send(Err(Error::new(failure.kind(), failure.to_string())));
            }
        }
    }
}
