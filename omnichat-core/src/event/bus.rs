//! The bus wakes followers: it says how far a tenant's log has grown and that jobs have come. It may lose or repeat what it
//! says, since the log and the queue in the store hold the truth; [`super::feed`] closes every gap from there.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError, Weak};

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

/// A bus within one process. Events that a slow listener has not heard yet stay in memory, so only so many bytes of them travel
/// at once; of what is committed meanwhile it says the number alone, and listeners read it from the log.
#[derive(Debug)]
pub struct LocalBus {
    sender: broadcast::Sender<Signal>,
    travelling: Mutex<Travelling>,
}

/// Events that somebody may still have to hear.
#[derive(Debug, Default)]
struct Travelling {
    commits: VecDeque<(Weak<Vec<Arc<Envelope>>>, usize)>,
    bytes: usize,
}

impl Travelling {
    /// Whether there is room for the events; then they count.
    fn take(&mut self, events: &Arc<Vec<Arc<Envelope>>>) -> bool {
        let size: usize = events.iter().map(|envelope| envelope.bytes).sum();
        let arrived = |commits: &VecDeque<(Weak<_>, usize)>| {
            commits
                .front()
                .is_some_and(|(commit, _)| Weak::strong_count(commit) == 0)
        };
        while arrived(&self.commits)
            && let Some((_, size)) = self.commits.pop_front()
        {
            self.bytes -= size;
        }
        let fits = self.bytes + size <= LocalBus::BYTES;
        if fits {
            self.commits.push_back((Arc::downgrade(events), size));
            self.bytes += size;
        }
        fits
    }
}

impl LocalBus {
    /// Signals that a slow listener may fall behind.
    const CAPACITY: usize = 8_192;
    /// Bytes of events, as JSON, that a slow listener may hold in memory.
    const BYTES: usize = 32 * 1024 * 1024;

    /// A new bus.
    pub fn new() -> Self {
        Self {
            sender: broadcast::Sender::new(Self::CAPACITY),
            travelling: Mutex::default(),
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
        let signal = match signal {
            Signal::Committed { tenant, events } => {
                let mut travelling = self.travelling.lock().unwrap_or_else(PoisonError::into_inner);
                match events.last() {
                    Some(last) if !travelling.take(&events) => Signal::Head {
                        tenant,
                        seq: last.seq,
                    },
                    _ => Signal::Committed { tenant, events },
                }
            }
            other => other,
        };
        // Nobody listening is no fault: the log keeps what was said.
        let _ = self.sender.send(signal);
        Ok(())
    }

    fn subscribe(&self) -> broadcast::Receiver<Signal> {
        self.sender.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::event::{Event, Origin};
    use crate::id::{InboxId, QuarantineId};
    use crate::text::json_len;

    fn committed(seq: u64, bytes: usize) -> Signal {
        let tenant = TenantId::from_uuid(uuid::Uuid::nil());
        let event = Event::QuarantineAdded {
            inbox: InboxId::from_uuid(uuid::Uuid::nil()),
            id: QuarantineId::from_uuid(uuid::Uuid::nil()),
            reason: "x".repeat(bytes),
        };
        let envelope = Envelope {
            tenant,
            seq,
            at: Timestamp::default(),
            bytes: json_len(&event),
            origin: Arc::new(Origin::system("test")),
            changed: Vec::new(),
            event,
        };
        Signal::Committed {
            tenant,
            events: Arc::new(vec![Arc::new(envelope)]),
        }
    }

    #[tokio::test]
    async fn a_slow_listener_does_not_hold_everything_in_memory() {
        let bus = LocalBus::new();
        let mut slow = bus.subscribe();
        for seq in 1..=60 {
            bus.publish(committed(seq, 1024 * 1024)).await.unwrap();
        }
        let (mut whole, mut numbers) = (0, Vec::new());
        while let Ok(signal) = slow.try_recv() {
            match signal {
                Signal::Committed { events, .. } => whole += events.len() as u64,
                Signal::Head { seq, .. } => numbers.push(seq),
                _ => {}
            }
        }
        assert_eq!(whole, 31);
        assert_eq!(numbers, (32..=60).collect::<Vec<u64>>());
        // What has been heard makes room.
        bus.publish(committed(61, 1024 * 1024)).await.unwrap();
        assert!(matches!(slow.try_recv(), Ok(Signal::Committed { .. })));
    }
}
