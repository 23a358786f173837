//! One hub for each tenant that has a visitor connected to this node: it follows the tenant's log once, and turns each event
//! into frames for the visitors whom it concerns. Who is not connected costs nothing.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use axum::extract::ws::Utf8Bytes;
use omnichat_core::conversations::Conversation;
use omnichat_core::error::Result;
use omnichat_core::event::feed::{Followed, Follower};
use omnichat_core::event::{Envelope, Ephemeral, Event};
use omnichat_core::id::{ConversationId, InboxId, TenantId};
use omnichat_core::messages::{Author, Message};
use serde::Serialize;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::history::History;
use super::site::is_online;
use super::view::{ConversationView, MessageView};
use crate::app::AppState;
use crate::ws::protocol::text;

/// Frames that wait for a visitor who reads slowly; beyond that the visitor must connect again.
const WAITING: usize = 64;

/// What the host says on the widget's WebSocket.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum ServerFrame<'a> {
    Hello { seq: u64, online: bool },
    Event { seq: u64, event: VisitorEvent<'a> },
    Typing { on: bool, name: &'a str },
    Online { online: bool },
    Resync { seq: u64 },
    Pong,
}

/// Something that happened, as its visitor sees it.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum VisitorEvent<'a> {
    MessageCreated { message: &'a MessageView },
    MessageUpdated { message: &'a MessageView },
    ConversationUpdated { conversation: &'a ConversationView },
}

impl ServerFrame<'_> {
    pub(super) fn text(&self) -> Utf8Bytes {
        text(self)
    }
}

fn event_frame(seq: u64, event: VisitorEvent<'_>) -> Utf8Bytes {
    ServerFrame::Event { seq, event }.text()
}

/// What reaches a visitor's socket.
#[derive(Clone, Debug)]
pub(super) enum Word {
    /// A frame.
    Frame(Utf8Bytes),
    /// The widget was switched off or removed.
    Over,
}

type Peer = (InboxId, String);

/// The hub of one tenant.
pub(super) struct Hub {
    visitors: Mutex<Visitors>,
    online: watch::Sender<bool>,
    /// Ends the hub's task when the last visitor lets go of the hub.
    _task: DropGuard,
}

impl std::fmt::Debug for Hub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hub")
    }
}

#[derive(Default)]
struct Visitors {
    here: HashMap<Peer, Here>,
    by_conversation: HashMap<ConversationId, Peer>,
    /// Number of the last event that went to whom it concerns.
    seq: u64,
    last_seat: u64,
}

/// A connected visitor, in one or more tabs.
#[derive(Default)]
struct Here {
    seats: Vec<(u64, mpsc::Sender<Word>)>,
    conversation: Option<ConversationId>,
    /// Messages that no operator has read.
    unread: u32,
    /// Where the conversation stood when it was last told.
    told: Option<ConversationView>,
}

/// A connected tab. Dropping it is leaving.
#[derive(Debug)]
pub(super) struct Seat {
    hub: Arc<Hub>,
    peer: Peer,
    number: u64,
    /// Frames for this tab. Ends when the tab reads too slowly.
    pub(super) words: mpsc::Receiver<Word>,
    /// Whether anybody is there to answer.
    pub(super) online: watch::Receiver<bool>,
    /// What happened up to this number is not among the frames.
    pub(super) since: u64,
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut visitors = self.hub.visitors();
        if let Some(here) = visitors.here.get_mut(&self.peer) {
            here.seats.retain(|(number, _)| *number != self.number);
            if here.seats.is_empty() {
                let conversation = here.conversation;
                visitors.here.remove(&self.peer);
                if let Some(conversation) = conversation {
                    visitors.by_conversation.remove(&conversation);
                }
            }
        }
    }
}

impl Hub {
    fn visitors(&self) -> MutexGuard<'_, Visitors> {
        self.visitors.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A tab of a visitor connects.
    pub(super) fn sit(
        self: &Arc<Self>,
        inbox: InboxId,
        peer: &str,
        conversation: Option<&Conversation>,
    ) -> Seat {
        let (sender, words) = mpsc::channel(WAITING);
        let peer = (inbox, peer.to_owned());
        let mut visitors = self.visitors();
        visitors.last_seat += 1;
        let (number, since) = (visitors.last_seat, visitors.seq);
        visitors
            .here
            .entry(peer.clone())
            .or_default()
            .seats
            .push((number, sender));
        if let Some(conversation) = conversation {
            visitors.note(&peer, conversation);
        }
        drop(visitors);
        Seat {
            hub: self.clone(),
            peer,
            number,
            words,
            online: self.online.subscribe(),
            since,
        }
    }

    fn concerns(&self, peer: &Peer) -> bool {
        self.visitors().here.contains_key(peer)
    }
}

impl Visitors {
    /// Takes note of where a visitor's conversation stands; how many messages an operator has read since.
    fn note(&mut self, peer: &Peer, conversation: &Conversation) -> u32 {
        let Some(here) = self.here.get_mut(peer) else {
            return 0;
        };
        let same = here.conversation == Some(conversation.id);
        let before = if same { here.unread } else { 0 };
        let old = here.conversation.replace(conversation.id).filter(|_| !same);
        here.unread = conversation.unread_count;
        if let Some(old) = old {
            self.by_conversation.remove(&old);
        }
        self.by_conversation.insert(conversation.id, peer.clone());
        if conversation.unread_count == 0 { before } else { 0 }
    }

    /// Says something to every tab of a visitor. A tab that does not take it is let go.
    fn say(&mut self, peer: &Peer, words: &[Utf8Bytes]) {
        let Some(here) = self.here.get_mut(peer) else {
            return;
        };
        here.seats.retain(|(_, sender)| {
            words
                .iter()
                .all(|word| sender.try_send(Word::Frame(word.clone())).is_ok())
        });
    }
}

/// The hubs of this node.
#[derive(Debug, Default)]
pub(super) struct Hubs {
    open: Mutex<HashMap<TenantId, Weak<Hub>>>,
    opening: tokio::sync::Mutex<()>,
}

impl Hubs {
    /// The hub of a tenant.
    pub(super) async fn of(&self, state: &AppState, tenant: TenantId) -> Result<Arc<Hub>> {
        if let Some(hub) = self.known(tenant) {
            return Ok(hub);
        }
        let _one_at_a_time = self.opening.lock().await;
        if let Some(hub) = self.known(tenant) {
            return Ok(hub);
        }
        let follower = state.engine.follow(tenant, None).await?;
        let stop = CancellationToken::new();
        let hub = Arc::new(Hub {
            visitors: Mutex::new(Visitors {
                seq: follower.head(),
                ..Visitors::default()
            }),
            online: watch::Sender::new(is_online(&state.engine, tenant).await?),
            _task: stop.clone().drop_guard(),
        });
        let pump = Pump {
            state: state.clone(),
            tenant,
            hub: Arc::downgrade(&hub),
        };
        tokio::spawn(async move {
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
    }
}

/// Carries a tenant's log to its visitors.
struct Pump {
    state: AppState,
    tenant: TenantId,
    hub: Weak<Hub>,
}

impl Pump {
    async fn run(self, mut follower: Follower) {
        loop {
            let followed = follower.next().await;
            let Some(hub) = self.hub.upgrade() else { return };
            match followed {
                Ok(Followed::Events(events)) => {
                    for envelope in events {
                        if let Err(error) = self.event(&hub, &envelope).await {
                            tracing::warn!(seq = envelope.seq, %error, "a visitor was not told of an event; their tab starts anew");
                            self.resync(&hub, envelope.seq);
                        }
                        hub.visitors().seq = envelope.seq;
                    }
                }
                Ok(Followed::Ephemeral(Ephemeral::Typing {
                    conversation,
                    author,
                    on,
                })) => {
                    if let Author::Operator { name, .. } = &author {
                        let word = ServerFrame::Typing { on, name }.text();
                        let mut visitors = hub.visitors();
                        if let Some(peer) = visitors.by_conversation.get(&conversation).cloned() {
                            visitors.say(&peer, &[word]);
                        }
                    }
                }
                Ok(Followed::Ephemeral(_)) => {}
                Ok(Followed::Resync(head)) => {
                    hub.visitors().seq = head;
                    self.resync(&hub, head);
                }
                Err(error) => {
                    tracing::warn!(tenant = %self.tenant, %error, "visitors do not get events; trying again in a second");
                    drop(hub);
                    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
                }
            }
        }
    }

    /// Everybody fetches their conversation anew.
    fn resync(&self, hub: &Hub, seq: u64) {
        let word = ServerFrame::Resync { seq }.text();
        let mut visitors = hub.visitors();
        let peers: Vec<Peer> = visitors.here.keys().cloned().collect();
        for peer in peers {
            visitors.say(&peer, std::slice::from_ref(&word));
        }
    }

    async fn event(&self, hub: &Hub, envelope: &Envelope) -> Result<()> {
        match &envelope.event {
            Event::ConversationCreated { conversation } | Event::ConversationUpdated { conversation } => {
                self.tell(hub, envelope, Some(conversation), None).await
            }
            Event::MessageCreated {
                conversation,
                message,
            } => {
                self.tell(hub, envelope, Some(conversation), Some((message, true)))
                    .await
            }
            Event::MessageUpdated {
                message,
                conversation,
            } => {
                self.tell(hub, envelope, conversation.as_ref(), Some((message, false)))
                    .await
            }
            Event::OperatorUpdated { .. } => {
                let online = is_online(&self.state.engine, self.tenant).await?;
                hub.online
                    .send_if_modified(|before| std::mem::replace(before, online) != online);
                Ok(())
            }
            Event::InboxUpdated { inbox } if !inbox.enabled => {
                self.end(hub, inbox.id);
                Ok(())
            }
            Event::InboxDeleted { inbox } => {
                self.end(hub, *inbox);
                Ok(())
            }
            Event::InboxUpdated { .. } | Event::CustomerUpdated { .. } | Event::QuarantineAdded { .. } => {
                Ok(())
            }
        }
    }

    /// Tells the visitor whom it concerns, if they are here.
    async fn tell(
        &self,
        hub: &Hub,
        envelope: &Envelope,
        conversation: Option<&Conversation>,
        message: Option<(&Message, bool)>,
    ) -> Result<()> {
        let peer = match (conversation, message) {
            (Some(conversation), _) => (conversation.inbox, conversation.peer.clone()),
            (None, Some((message, _))) => (message.inbox, message.peer.clone()),
            (None, None) => return Ok(()),
        };
        if !hub.concerns(&peer) {
            return Ok(());
        }
        let history = History {
            state: &self.state,
            tenant: self.tenant,
            inbox: peer.0,
        };
        let seq = envelope.seq;
        let mut words = Vec::new();
        if let Some((message, new)) = message {
            words.extend(self.message(&history, seq, message, new, conversation).await?);
        }
        if let Some(conversation) = conversation {
            let read = hub.visitors().note(&peer, conversation);
            for message in history
                .read_messages(conversation, usize::try_from(read).unwrap_or(usize::MAX))
                .await?
            {
                words.push(event_frame(
                    seq,
                    VisitorEvent::MessageUpdated { message: &message },
                ));
            }
            let view = history.conversation_view(conversation).await?;
            let mut visitors = hub.visitors();
            if let Some(here) = visitors.here.get_mut(&peer)
                && here.told.as_ref() != Some(&view)
            {
                words.push(event_frame(
                    seq,
                    VisitorEvent::ConversationUpdated { conversation: &view },
                ));
                here.told = Some(view);
            }
        }
        hub.visitors().say(&peer, &words);
        Ok(())
    }

    async fn message(
        &self,
        history: &History<'_>,
        seq: u64,
        message: &Message,
        new: bool,
        conversation: Option<&Conversation>,
    ) -> Result<Option<Utf8Bytes>> {
        let stored;
        let conversation = match conversation {
            Some(conversation) => conversation,
            None => {
                let store = self.state.engine.ports().tenant(self.tenant);
                match store.find_conversation(message.conversation).await? {
                    Some(found) => {
                        stored = found;
                        &stored
                    }
                    None => return Ok(None),
                }
            }
        };
        let Some(view) = history.message(message, conversation, new).await? else {
            return Ok(None);
        };
        let event = match new {
            true => VisitorEvent::MessageCreated { message: &view },
            false => VisitorEvent::MessageUpdated { message: &view },
        };
        Ok(Some(event_frame(seq, event)))
    }

    /// An inbox was switched off or removed: its visitors have nobody to talk to.
    fn end(&self, hub: &Hub, inbox: InboxId) {
        let mut visitors = hub.visitors();
        for (_, here) in visitors.here.iter_mut().filter(|((of, _), _)| *of == inbox) {
            here.seats
                .retain(|(_, sender)| sender.try_send(Word::Over).is_ok());
        }
    }
}
