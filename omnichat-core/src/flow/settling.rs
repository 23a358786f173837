//! Writing down what came of work that cannot be taken back.
//!
//! A message that has gone out must not go out again because the store was away for a moment. So what came of it is written again
//! and again while the lease is held; if it cannot be written, the job is *not* given back: its lease runs out, and the next
//! holder learns by [`Lease::losses`] that the work may have been done.

use std::time::Duration;

use tokio::time::{Instant, sleep};

use crate::change::Changes;
use crate::conversations::Turn;
use crate::error::{Error, ErrorKind, Result};
use crate::job::Lease;
use crate::ports::Ports;

/// The longest pause between two tries. Workers that found the store away let more time than this pass before they claim again
/// ([`crate::engine`]), so that who has something to write down comes first.
pub(crate) const PAUSE_MAX: Duration = Duration::from_millis(500);
/// The first pause.
const PAUSE: Duration = Duration::from_millis(20);
/// For how long it is tried. The store will hardly come back as if nothing had happened after that.
const GIVE_UP_AFTER: Duration = Duration::from_secs(3_600);
/// Conflicts with others who write to the same rows that are tried again at once.
const AT_ONCE: u32 = 12;

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settled {
    /// It is written.
    Written,
    /// The store failed while it was written, and afterwards the lease was gone: very likely with what was written.
    Probably,
    /// Another holds the job, or it is gone; nothing was written.
    Taken,
    /// It could not be written. The job stays leased until its lease ends.
    Unwritten,
}

/// Tries that go on until something is written.
pub(crate) struct Settling<'a> {
    ports: &'a Ports,
    lease: &'a Lease,
    since: Instant,
    tries: u32,
    pause: Duration,
    /// A commit failed in such a way that it may have been written.
    is_doubtful: bool,
    /// The unique rule that the last try broke.
    broke: Option<String>,
}

impl<'a> Settling<'a> {
    pub(crate) fn new(ports: &'a Ports, lease: &'a Lease) -> Self {
        Self {
            ports,
            lease,
            since: Instant::now(),
            tries: 0,
            pause: PAUSE,
            is_doubtful: false,
            broke: None,
        }
    }

    /// Whether the last try broke a unique rule.
    pub(crate) fn broke(&self, rule: &str) -> bool {
        self.broke.as_deref() == Some(rule)
    }

    /// Tries once to commit what was planned, and waits if it is to be tried again: then it says nothing, and the caller plans anew
    /// from what is stored. The changes must end the job or give it back: that is what makes a repeated commit harmless.
    pub(crate) async fn write(&mut self, planned: Result<Changes>) -> Option<Settled> {
        match planned {
            Ok(changes) => match self.ports.commit(changes).await {
                Ok(_) => Some(Settled::Written),
                Err(error) => self.failed(error, true).await,
            },
            Err(error) => self.failed(error, false).await,
        }
    }

    /// The same for what was planned in a turn at writing to a chat.
    pub(crate) async fn write_in(&mut self, turn: Turn, planned: Result<Changes>) -> Option<Settled> {
        match planned {
            Ok(changes) => match self.ports.commit_in(turn, changes).await {
                Ok(_) => Some(Settled::Written),
                Err(error) => self.failed(error, true).await,
            },
            Err(error) => {
                // Others need not wait with this one.
                drop(turn);
                self.failed(error, false).await
            }
        }
    }

    async fn failed(&mut self, error: Error, was_sent: bool) -> Option<Settled> {
        let job = &self.lease.job;
        if error.is_lost_lease() {
            tracing::warn!(job = %job.id, kind = job.kind, "another worker has taken the job over");
            return Some(match self.is_doubtful {
                true => Settled::Probably,
                false => Settled::Taken,
            });
        }
        let is_refused = matches!(error.kind(), ErrorKind::Conflict | ErrorKind::Duplicate);
        self.is_doubtful |= was_sent && !is_refused;
        self.broke = error.context_value("unique").map(str::to_owned);
        self.tries += 1;
        if is_refused && self.tries < AT_ONCE {
            return None;
        }
        if self.since.elapsed() > GIVE_UP_AFTER {
            tracing::error!(job = %job.id, kind = job.kind, %error, "what came of a job could not be written down");
            return Some(Settled::Unwritten);
        }
        tracing::warn!(job = %job.id, kind = job.kind, %error, "what came of a job cannot be written down yet; trying again");
        sleep(self.pause).await;
        self.pause = (self.pause * 2).min(PAUSE_MAX);
        None
    }
}
