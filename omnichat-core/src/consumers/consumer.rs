//! What a consumer is.

use std::sync::Arc;

use async_trait::async_trait;

use crate::change::Changes;
use crate::error::Result;
use crate::event::{Envelope, Origin};
use crate::id::TenantId;
use crate::ports::Ports;

/// Where a consumer begins in a log that it has never read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begins {
    /// With what happens from now on. In the log of a tenant that is founded while the consumer is there it misses nothing.
    Now,
    /// With the oldest event that is still kept.
    AtTheOldest,
}

/// Something that follows every log.
#[async_trait]
pub trait Consumer: Send + Sync + 'static {
    /// The name under which its places are kept. Another name is another consumer. An embedder's has a dot, which no name of the engine's
    /// has.
    fn name(&self) -> &str;

    /// Where it begins in a log that it has never read.
    fn begins(&self) -> Begins {
        Begins::Now
    }

    /// What follows from these events of one tenant: the next ones in its log, in order and without gaps. They are handed over again
    /// until what follows is written, so nothing may be done here that is not in the changes. Events that follow from these changes come
    /// to it as well: one that answers its own events never ends.
    ///
    /// # Errors
    /// Any: the same events come again after a pause that grows to a minute. Events behind them wait meanwhile, of this tenant and this
    /// consumer only.
    async fn react(&self, reaction: &Reaction, events: &[Arc<Envelope>]) -> Result<Changes>;
}

/// What a consumer reacts with.
#[derive(Clone, Debug)]
pub struct Reaction {
    /// The tenant whose events they are.
    pub tenant: TenantId,
    /// The consumer's name.
    pub consumer: String,
    /// The engine's traits, to read with.
    pub ports: Arc<Ports>,
}

impl Reaction {
    /// No changes yet.
    pub fn changes(&self) -> Changes {
        Changes::new(self.tenant, Origin::consumer(&self.consumer))
    }
}
