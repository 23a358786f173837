//! The bus wakes followers: it says how far a tenant's log has grown and that jobs have come. It may lose or repeat what it
//! says, since the log and the queue in the store hold the truth; [`super::feed`] closes every gap from there.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::broadcast;

use super::{Envelope, Ephemeral};
use crate::error::Result;
use crate::id::TenantId;

/// What travels on the bus.
#[derive(Clone, Debug)]
pub enum Signal {
    /// Events were committed on this node; here they are.
    Committed {
        /// Whose log.
        tenant: TenantId,
        /// The events, in order and without gaps among themselves.
        events: Arc<Vec<Arc<Envelope>>>,
    },
    /// Another node committed: the log has grown to this number.
    Head {
        /// Whose log.
        tenant: TenantId,
        /// The newest number.
        seq: u64,
    },
    /// A job may be due.
    Jobs,
    /// Something that is shown and not kept.
    Ephemeral {
        /// Whose.
        tenant: TenantId,
        /// What.
        ephemeral: Ephemeral,
    },
}

/// Carries signals to everybody on this node and, if it spans several, to the others.
#[async_trait]
pub trait EventBus: Send + Sync + 'static {
    /// Tells everybody. Returns before others have heard; a signal that cannot be carried is dropped with an error.
    async fn publish(&self, signal: Signal) -> Result<()>;

    /// Hears everything that is said from now on. A slow listener loses the oldest signals and learns that it did.
    fn subscribe(&self) -> broadcast::Receiver<Signal>;
}

/// A bus within one process.
#[derive(Debug)]
pub struct LocalBus {
    sender: broadcast::Sender<Signal>,
}

impl LocalBus {
    /// Signals that a slow listener may fall behind.
    const CAPACITY: usize = 8_192;

    /// A new bus.
    pub fn new() -> Self {
        Self {
            sender: broadcast::Sender::new(Self::CAPACITY),
        }
    }
}

impl Default for LocalBus {
    fn default() -> Self {
        Self::new()
    }
}

#[async_trait]
impl EventBus for LocalBus {
    async fn publish(&self, signal: Signal) -> Result<()> {
        // Nobody listening is no fault: the log keeps what was said.
        let _ = self.sender.send(signal);
        Ok(())
    }

    fn subscribe(&self) -> broadcast::Receiver<Signal> {
        self.sender.subscribe()
    }
}
