//! One hub for each tenant that has a screen on this node: it follows the tenant's log once, writes each event down as text
//! once, and keeps the newest texts, so that a thousand screens cost hardly more than one. A screen reads from the hub at its
//! own pace by number; what the hub does not keep any more it reads from the store.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock, Weak};

use axum::extract::ws::Utf8Bytes;
use omnichat_core::Engine;
use omnichat_core::actor::{Actor, Permission};
use omnichat_core::entities::Entity;
use omnichat_core::error::{ErrorKind, Result};
use omnichat_core::event::feed::{Followed, Follower};
use omnichat_core::event::ring::{Limits, Ring, Shelf};
use omnichat_core::event::{Envelope, Ephemeral, Event};
use omnichat_core::id::{ApiKeyId, ConversationId, OperatorId, RoleId, TenantId};
use omnichat_core::roles::OwnRole;
use tokio::sync::{broadcast, watch};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::protocol::ServerFrame;
use super::viewers::Viewers;
use crate::views::event::EventView;

/// Texts that a hub keeps, in bytes of the texts.
const KEPT: Limits = Limits {
    entries: 2_048,
    bytes: 16 * 1024 * 1024,
    share: 256 * 1024,
};
/// Texts that the hubs of all tenants keep together, but for their shares.
const ALL: usize = 64 * 1024 * 1024;
/// A screen is handed no more once it has so many bytes.
const HANDED: usize = 1024 * 1024;
/// Events before the head that a new hub fetches: after a restart every screen comes back at once and wants the same ones.
const PREFILL: u32 = 256;
/// Events that are read at once for that: each may be long.
const PREFILL_PAGE: u32 = 32;
/// Moments that a screen may be behind before it misses some.
const MOMENTS: usize = 256;
/// Calls to look again that a screen may be behind before it looks in any case.
const CALLS: usize = 64;

/// An event as text.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) seq: u64,
    /// What it says, for whoever decides who may see it.
    pub(crate) envelope: Arc<Envelope>,
    pub(crate) text: Utf8Bytes,
}

impl Frame {
    pub(crate) async fn of(engine: &Engine, envelope: Arc<Envelope>) -> Result<Self> {
        let event = EventView::of(engine, envelope.tenant, &envelope.event).await?;
        let seq = envelope.seq;
        let frame = ServerFrame::Event {
            seq,
            at: envelope.at.into(),
            event: &event,
        };
        Ok(Self {
            seq,
            text: frame.text(),
            envelope,
        })
    }
}

/// Something that is shown and not kept, as text.
#[derive(Clone, Debug)]
pub(crate) struct Moment {
    /// Only for those who may see this conversation; without one, for those with the right to see colleagues.
    pub(crate) about: Option<ConversationId>,
    pub(crate) text: Utf8Bytes,
}

impl Moment {
    /// The right that is needed where no conversation decides.
    pub(crate) const RIGHT: Permission = Permission::OPERATORS_READ;
}

/// Something about who an operator is or may do has changed: its screens look at what is stored now. What was said of it in an
/// event is not acted on, since an event that is read again may be of long ago.
#[derive(Clone, Copy, Debug)]
pub(crate) enum LookAgain {
    /// This operator, and the keys for which it answers.
    Operator(OperatorId),
    /// This key.
    Key(ApiKeyId),
    /// Those who have this role of the organisation's own, and every key: somebody with the role may answer for it.
    Role(RoleId),
    /// Everybody: something may have been missed.
    All,
}

/// What a hub has after a number.
pub(crate) enum After {
    /// The next texts, in order and without gaps; none if there is nothing newer.
    Frames(Vec<Arc<Frame>>),
    /// The hub does not keep it any more.
    Gone,
}

/// The hub of one tenant.
#[derive(Debug)]
pub(crate) struct Hub {
    ring: RwLock<Ring<Arc<Frame>>>,
    head: watch::Sender<u64>,
    moments: broadcast::Sender<Moment>,
    calls: broadcast::Sender<LookAgain>,
    /// Ends the hub's task when the last screen lets go of the hub.
    _task: DropGuard,
    /// Cancelled when that task has ended, which it does not do by itself.
    ended: CancellationToken,
}

impl Hub {
    /// Number of the newest event.
    pub(crate) fn head(&self) -> watch::Receiver<u64> {
        self.head.subscribe()
    }

    /// Everything that is shown and not kept, from now on.
    pub(crate) fn moments(&self) -> broadcast::Receiver<Moment> {
        self.moments.subscribe()
    }

    /// Calls to look again, from now on.
    pub(crate) fn calls(&self) -> broadcast::Receiver<LookAgain> {
        self.calls.subscribe()
    }

    /// Cancelled when nothing will come any more, since the hub's task has died.
    pub(crate) fn ended(&self) -> CancellationToken {
        self.ended.clone()
    }

    fn look_again(&self, who: LookAgain) {
        let _ = self.calls.send(who);
    }

    /// Up to `limit` events after a number, fewer if they are long.
    pub(crate) fn after(&self, seq: u64, limit: usize) -> After {
        let ring = self.ring.read().unwrap_or_else(PoisonError::into_inner);
        ring.after(seq, limit, HANDED).map_or(After::Gone, After::Frames)
    }

    fn push(&self, frames: Vec<Frame>) {
        let Some(head) = frames.last().map(|frame| frame.seq) else {
            return;
        };
        let mut ring = self.ring.write().unwrap_or_else(PoisonError::into_inner);
        for frame in frames {
            let (seq, bytes) = (frame.seq, frame.text.len());
            ring.push(seq, Arc::new(frame), bytes);
        }
        drop(ring);
        self.head.send_replace(head);
    }

    fn restart(&self, head: u64) {
        let mut ring = self.ring.write().unwrap_or_else(PoisonError::into_inner);
        ring.restart(head);
        drop(ring);
        self.head.send_replace(head);
    }
}

/// The hubs of this node.
#[derive(Debug)]
pub(crate) struct Hubs {
    open: Mutex<HashMap<TenantId, Weak<Hub>>>,
    shelf: Arc<Shelf>,
    /// Opening reads from the store; two screens that come at once share one hub.
    opening: tokio::sync::Mutex<()>,
}

impl Default for Hubs {
    fn default() -> Self {
        Self {
            open: Mutex::default(),
            shelf: Arc::new(Shelf::new(ALL)),
            opening: tokio::sync::Mutex::default(),
        }
    }
}

impl Hubs {
    /// The hub of a tenant.
    pub(crate) async fn of(&self, engine: &Engine, tenant: TenantId) -> Result<Arc<Hub>> {
        if let Some(hub) = self.known(tenant) {
            return Ok(hub);
        }
        let _one_at_a_time = self.opening.lock().await;
        if let Some(hub) = self.known(tenant) {
            return Ok(hub);
        }
        let follower = engine.follow(tenant, None).await?;
        let head = follower.head();
        let (stop, ended) = (CancellationToken::new(), CancellationToken::new());
        let hub = Arc::new(Hub {
            ring: RwLock::new(Ring::new(head, KEPT, self.shelf.clone())),
            head: watch::Sender::new(head),
            moments: broadcast::Sender::new(MOMENTS),
            calls: broadcast::Sender::new(CALLS),
            _task: stop.clone().drop_guard(),
            ended: ended.clone(),
        });
        fill(&hub, engine, tenant, head).await?;
        hub.head.send_replace(head);
        let pump = Pump {
            engine: engine.clone(),
            tenant,
            hub: Arc::downgrade(&hub),
            viewers: Viewers::default(),
        };
        tokio::spawn(async move {
            // However it ends.
            let _ended = ended.drop_guard();
            tokio::select! {
                () = stop.cancelled() => {}
                () = pump.run(follower) => {}
            }
        });
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, hub| hub.strong_count() > 0);
        open.insert(tenant, Arc::downgrade(&hub));
        Ok(hub)
    }

    fn known(&self, tenant: TenantId) -> Option<Arc<Hub>> {
        self.open
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&tenant)
            .and_then(Weak::upgrade)
            .filter(|hub| !hub.ended.is_cancelled())
    }
}

/// Puts the newest events up to the head into a hub.
async fn fill(hub: &Hub, engine: &Engine, tenant: TenantId, head: u64) -> Result<()> {
    let mut place = head.saturating_sub(u64::from(PREFILL));
    while place < head {
        let events = engine.events_after(tenant, place, PREFILL_PAGE).await?;
        let Some(last) = events.last().map(|envelope| envelope.seq) else {
            return Ok(());
        };
        let mut frames = Vec::with_capacity(events.len());
        for envelope in events.into_iter().filter(|envelope| envelope.seq <= head) {
            frames.push(Frame::of(engine, Arc::new(envelope)).await?);
        }
        hub.push(frames);
        place = last;
    }
    Ok(())
}

/// Carries a tenant's log into its hub.
struct Pump {
    engine: Engine,
    tenant: TenantId,
    hub: Weak<Hub>,
    viewers: Viewers,
}

impl Pump {
    async fn run(mut self, mut follower: Follower) {
        loop {
            let followed = follower.next().await;
            let Some(hub) = self.hub.upgrade() else { return };
            let outcome = match followed {
                Ok(Followed::Events(events)) => self.events(&hub, events).await,
                Ok(Followed::Ephemeral(ephemeral)) => self.moment(&hub, ephemeral).await,
                Ok(Followed::Resync(head)) => {
                    hub.restart(head);
                    hub.look_again(LookAgain::All);
                    Ok(())
                }
                Err(error) => Err(error),
            };
            drop(hub);
            if let Err(error) = outcome {
                tracing::warn!(tenant = %self.tenant, %error, "screens do not get events; trying again in a second");
                tokio::time::sleep(std::time::Duration::from_secs(1)).await;
            }
        }
    }

    /// Writes events down. If one cannot be, those before it are passed on and screens fetch the rest from the store.
    async fn events(&self, hub: &Hub, events: Vec<Arc<Envelope>>) -> Result<()> {
        let last = events.last().map(|envelope| envelope.seq);
        for envelope in &events {
            // At once, and not when a screen that reads slowly has come so far.
            match &envelope.event {
                Event::OperatorUpdated { operator } => hub.look_again(LookAgain::Operator(operator.id)),
                Event::ApiKeyUpdated { key } => hub.look_again(LookAgain::Key(key.id)),
                Event::EntityChanged { kind, id, .. } if kind == OwnRole::KIND => {
                    hub.look_again(id.parse().map_or(LookAgain::All, LookAgain::Role));
                }
                _ => {}
            }
        }
        let mut frames = Vec::with_capacity(events.len());
        for envelope in events {
            match Frame::of(&self.engine, envelope).await {
                Ok(frame) => frames.push(frame),
                Err(error) => {
                    hub.push(frames);
                    hub.restart(last.unwrap_or_default());
                    return Err(error);
                }
            }
        }
        hub.push(frames);
        Ok(())
    }

    async fn moment(&mut self, hub: &Hub, ephemeral: Ephemeral) -> Result<()> {
        let moment = match ephemeral {
            Ephemeral::Typing {
                conversation,
                author,
                on,
            } => Moment {
                about: Some(conversation),
                text: ServerFrame::Typing {
                    conversation_id: conversation,
                    author: (&author).into(),
                    on,
                }
                .text(),
            },
            Ephemeral::Viewers {
                conversation,
                node,
                viewers,
            } => {
                let viewers = self.viewers.merge(conversation, node, viewers);
                let viewers = viewers.iter().map(Into::into).collect();
                Moment {
                    about: Some(conversation),
                    text: ServerFrame::Viewers {
                        conversation_id: conversation,
                        viewers,
                    }
                    .text(),
                }
            }
            Ephemeral::SignedOut { operator } => {
                hub.look_again(LookAgain::Operator(operator));
                return Ok(());
            }
            Ephemeral::Presence { operator, connected } => {
                let system = Actor::system(self.tenant, "screens");
                let found = match self.engine.operators().get(&system, operator).await {
                    Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
                    found => found?,
                };
                Moment {
                    about: None,
                    text: ServerFrame::Presence {
                        operator_id: operator,
                        status: found.status.into(),
                        connected,
                    }
                    .text(),
                }
            }
        };
        let _ = hub.moments.send(moment);
        Ok(())
    }
}
