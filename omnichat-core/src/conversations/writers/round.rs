//! Taking turns with other processes: a round is what one process plans and commits while the others wait.

use std::time::Duration;

use super::chat::Chat;
use crate::clock::Timestamp;
use crate::id::TenantId;
use crate::ports::Ports;
use crate::store::Exclusive;

/// How long a process goes on letting its writers in before another process has its round.
const ROUND: Duration = Duration::from_millis(100);
/// After so long without a meeting processes no longer wait for each other.
const CALM: Duration = Duration::from_secs(5);

/// Whether a chat is written to by several processes, and whose round it is.
#[derive(Debug, Default)]
pub(super) struct Round {
    /// When another process was last quicker.
    met_at: Option<Timestamp>,
    /// Keeps other processes waiting, and since when.
    mine: Option<(Exclusive, Timestamp)>,
    /// The store belongs to this process.
    alone: bool,
}

impl Round {
    /// Another process has written.
    pub(super) fn met(&mut self, now: Timestamp) {
        if !self.alone {
            self.met_at = Some(now);
        }
    }

    /// Lets other processes in.
    pub(super) fn leave(&mut self) -> Option<Exclusive> {
        self.mine.take().map(|(exclusive, _)| exclusive)
    }

    /// Whether a writer can go on as it is: the round of this process lasts, or there is nobody to take turns with.
    fn goes_on(&self, now: Timestamp) -> bool {
        match &self.mine {
            Some((_, since)) => now.since(*since) < ROUND,
            None => !self.is_shared(now),
        }
    }

    /// Whether other processes have been met of late.
    fn is_shared(&self, now: Timestamp) -> bool {
        self.met_at.is_some_and(|at| now.since(at) < CALM)
    }
}

/// The writer whose turn it is joins this process's round. One that has lasted long enough ends, whether or not others were met
/// of late: they may be waiting for just that. Another begins if they were.
pub(super) async fn enter(chat: &Chat, ports: &Ports, tenant: TenantId, key: &str) {
    if chat.state().round.goes_on(ports.now()) {
        return;
    }
    while chat.state().under_way > 0 {
        chat.idle.notified().await;
    }
    let (over, is_shared) = {
        let mut state = chat.state();
        (state.round.leave(), state.round.is_shared(ports.now()))
    };
    drop(over);
    if !is_shared {
        return;
    }
    let exclusive = match ports.store.exclude(tenant, key).await {
        Ok(exclusive) => exclusive,
        // Row versions still refuse what would overwrite; it only takes more tries.
        Err(error) => {
            tracing::warn!(%error, "writers of several processes cannot take turns");
            return;
        }
    };
    // What was remembered is from before the others' round.
    chat.forget();
    let mut state = chat.state();
    match exclusive {
        Some(exclusive) => state.round.mine = Some((exclusive, ports.now())),
        None => state.round.alone = true,
    }
    if state.round.alone {
        state.round.met_at = None;
    }
}
