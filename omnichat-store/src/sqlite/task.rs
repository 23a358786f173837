//! What the writer is asked to do, and what came of it.

use std::time::Duration;

use omnichat_core::clock::Timestamp;
use omnichat_core::error::{Error, Result};
use omnichat_core::job::{ClaimRequest, Claimed, LeaseKey};
use omnichat_core::store::Committed;
use tokio::sync::oneshot;

use crate::prepared::Prepared;

/// Where an answer goes.
pub(super) type Reply<T> = oneshot::Sender<Result<T>>;

/// A task with the place where its answer goes.
pub(super) enum Task {
    /// Write changes.
    Commit(Box<Prepared>, Reply<Committed>),
    /// Lease jobs.
    Claim(ClaimRequest, Reply<Claimed>),
    /// Prolong a lease.
    Extend(LeaseKey, Duration, Reply<()>),
    /// Throw away a bounded number of rows that are over.
    Prune {
        now: Timestamp,
        events_before: Timestamp,
        reply: Reply<u64>,
    },
    /// Show that writing is possible.
    Ping(Reply<()>),
    /// End, once everything before this is done.
    Close(Reply<()>),
}

/// What a task came to, true once the transaction is durable.
pub(super) enum Outcome {
    /// The number of the first event.
    Committed(Result<u64>),
    /// The leases.
    Claimed(Result<Claimed>),
    /// Nothing to tell.
    Done(Result<()>),
    /// How many rows went.
    Pruned(Result<u64>),
}

impl Task {
    /// Answers the caller. If nobody waits any more, the caller was dropped; that is its own affair.
    pub(super) fn answer(self, outcome: Outcome, at: Timestamp) {
        match (self, outcome) {
            (Self::Commit(changes, reply), Outcome::Committed(result)) => {
                drop(reply.send(result.map(|first| changes.committed(first, at))));
            }
            (Self::Claim(_, reply), Outcome::Claimed(result)) => drop(reply.send(result)),
            (Self::Prune { reply, .. }, Outcome::Pruned(result)) => drop(reply.send(result)),
            (Self::Extend(_, _, reply) | Self::Ping(reply) | Self::Close(reply), Outcome::Done(result)) => {
                drop(reply.send(result));
            }
            (task, _) => task.refuse(&Error::internal("a task came to something else")),
        }
    }

    /// Answers that the transaction failed.
    pub(super) fn refuse(self, failure: &Error) {
        let error = Error::new(failure.kind(), failure.to_string());
        match self {
            Self::Commit(_, reply) => drop(reply.send(Err(error))),
            Self::Claim(_, reply) => drop(reply.send(Err(error))),
            Self::Prune { reply, .. } => drop(reply.send(Err(error))),
            Self::Extend(_, _, reply) | Self::Ping(reply) | Self::Close(reply) => {
                drop(reply.send(Err(error)))
            }
        }
    }
}
