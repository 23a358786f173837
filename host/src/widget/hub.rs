//! One hub for each tenant that has a visitor connected to this node: it knows who is here, in which tabs, and what they were
//! told. Its [`Pump`] follows the tenant's log once for all of them; who is not connected costs nothing.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use axum::extract::ws::Utf8Bytes;
use omnichat_core::conversations::Conversation;
use omnichat_core::error::Result;
use omnichat_core::id::{ConversationId, InboxId, TenantId};
use omnichat_core::visitors::Visitor;
use tokio::sync::{mpsc, watch};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::pump::Pump;
use super::token::Claims;
use super::view::ConversationView;
use crate::app::AppState;

/// Frames that wait for a tab that reads slowly; beyond that it must connect again.
const WAITING: usize = 64;
/// And their bytes: a longer frame waits alone.
const WAITING_BYTES: usize = 1_024 * 1_024;

/// What reaches a visitor's socket.
#[derive(Clone, Debug)]
pub(super) enum Word {
    /// A frame.
    Frame(Utf8Bytes),
    /// The widget was switched off or removed, or the visitor's token was ended.
    Over,
}

/// The hub of one tenant.
pub(super) struct Hub {
    visitors: Mutex<Visitors>,
    pub(super) online: watch::Sender<bool>,
    /// Ends the hub's task when the last visitor lets go of the hub.
    _task: DropGuard,
    /// Cancelled when that task has ended, which it does not do by itself.
    ended: CancellationToken,
}

impl std::fmt::Debug for Hub {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hub")
    }
}

/// Who is here.
#[derive(Default)]
pub(super) struct Visitors {
    here: HashMap<Visitor, Here>,
    by_conversation: HashMap<ConversationId, Visitor>,
    /// Number of the last event that went to whom it concerns. It is set in the same breath in which that is decided or done,
    /// so that whoever comes in between misses nothing.
    seq: u64,
    last_seat: u64,
}

/// A connected visitor, in one or more tabs.
#[derive(Default)]
struct Here {
    seats: Vec<Chair>,
    conversation: Option<ConversationId>,
    /// Messages that no operator has read.
    unread: u32,
    /// Where the conversation stood when it was last told.
    told: Option<ConversationView>,
}

/// The hub's end of a tab.
struct Chair {
    number: u64,
    /// The generation of the inbox in which its token was made.
    generation: u32,
    /// Of a proved visitor: the trace of the secret that proved it.
    secret: Option<String>,
    words: mpsc::Sender<Word>,
    /// Bytes that wait for the tab.
    waiting: Arc<AtomicUsize>,
}

impl Chair {
    /// Says a frame; whether the tab takes it.
    fn say(&self, word: &Utf8Bytes) -> bool {
        let waiting = self.waiting.load(Ordering::Relaxed);
        if waiting > 0 && waiting + word.len() > WAITING_BYTES {
            return false;
        }
        self.waiting.fetch_add(word.len(), Ordering::Relaxed);
        self.words.try_send(Word::Frame(word.clone())).is_ok()
    }
}

/// A connected tab. Dropping it is leaving.
#[derive(Debug)]
pub(super) struct Seat {
    hub: Arc<Hub>,
    who: Visitor,
    number: u64,
    pub(super) words: Words,
    /// Cancelled when nothing will come any more, since the hub's task has died.
    pub(super) ended: CancellationToken,
    /// Whether anybody is there to answer.
    pub(super) online: watch::Receiver<bool>,
    /// What happened up to this number is not among the frames.
    pub(super) since: u64,
}

/// Frames for a tab.
#[derive(Debug)]
pub(super) struct Words {
    queue: mpsc::Receiver<Word>,
    waiting: Arc<AtomicUsize>,
}

impl Words {
    /// The next frame; none if the tab read too slowly.
    pub(super) async fn next(&mut self) -> Option<Word> {
        let word = self.queue.recv().await;
        if let Some(Word::Frame(text)) = &word {
            self.waiting.fetch_sub(text.len(), Ordering::Relaxed);
        }
        word
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut visitors = self.hub.visitors();
        if let Some(here) = visitors.here.get_mut(&self.who) {
            here.seats.retain(|chair| chair.number != self.number);
            if here.seats.is_empty() {
                let conversation = here.conversation;
                visitors.here.remove(&self.who);
                if let Some(conversation) = conversation {
                    visitors.by_conversation.remove(&conversation);
                }
            }
        }
    }
}

impl Hub {
    pub(super) fn visitors(&self) -> MutexGuard<'_, Visitors> {
        self.visitors.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A tab of a visitor connects.
    pub(super) fn sit(
        self: &Arc<Self>,
        who: &Visitor,
        claims: &Claims,
        conversation: Option<&Conversation>,
    ) -> Seat {
        let (sender, words) = mpsc::channel(WAITING);
        let waiting = Arc::new(AtomicUsize::new(0));
        let mut visitors = self.visitors();
        visitors.last_seat += 1;
        let (number, since) = (visitors.last_seat, visitors.seq);
        visitors.here.entry(who.clone()).or_default().seats.push(Chair {
            number,
            generation: claims.generation,
            secret: claims.secret.clone(),
            words: sender,
            waiting: waiting.clone(),
        });
        if let Some(conversation) = conversation {
            visitors.note(who, conversation);
        }
        drop(visitors);
        Seat {
            hub: self.clone(),
            who: who.clone(),
            number,
            words: Words {
                queue: words,
                waiting,
            },
            ended: self.ended.clone(),
            online: self.online.subscribe(),
            since,
        }
    }
}

impl Visitors {
    /// Whether a visitor is here. If not, the event with this number is done with.
    pub(super) fn concerned(&mut self, who: &Visitor, seq: u64) -> bool {
        let here = self.here.contains_key(who);
        if !here {
            self.seq = seq;
        }
        here
    }

    /// Every event up to this number is done with.
    pub(super) fn done(&mut self, seq: u64) {
        self.seq = seq;
    }

    /// The visitor of a conversation, if here.
    pub(super) fn of(&self, conversation: ConversationId) -> Option<Visitor> {
        self.by_conversation.get(&conversation).cloned()
    }

    /// Takes note of where a visitor's conversation stands; how many messages an operator has read since.
    pub(super) fn note(&mut self, who: &Visitor, conversation: &Conversation) -> u32 {
        let Some(here) = self.here.get_mut(who) else {
            return 0;
        };
        let same = here.conversation == Some(conversation.id);
        let before = if same { here.unread } else { 0 };
        let old = here.conversation.replace(conversation.id).filter(|_| !same);
        here.unread = conversation.unread_count;
        if let Some(old) = old {
            self.by_conversation.remove(&old);
        }
        self.by_conversation.insert(conversation.id, who.clone());
        if conversation.unread_count == 0 { before } else { 0 }
    }

    /// Whether this is news to the visitor; told from now on.
    pub(super) fn is_news(&mut self, who: &Visitor, view: &ConversationView) -> bool {
        match self.here.get_mut(who) {
            Some(here) if here.told.as_ref() != Some(view) => {
                here.told = Some(view.clone());
                true
            }
            _ => false,
        }
    }

    /// Says something to everybody.
    pub(super) fn say_to_all(&mut self, word: &Utf8Bytes) {
        let everybody: Vec<Visitor> = self.here.keys().cloned().collect();
        for who in everybody {
            self.say(&who, std::slice::from_ref(word));
        }
    }

    /// Ends every tab of an inbox whose token would not be taken any more: it is not of this generation, or was proved by another
    /// secret than the one with this trace; all of them if there are none, since the inbox was switched off or removed.
    pub(super) fn end(&mut self, inbox: InboxId, taken: Option<(u32, &str)>) {
        let stays = |chair: &Chair| {
            taken.is_some_and(|(generation, secret)| {
                chair.generation == generation && chair.secret.as_deref().is_none_or(|own| own == secret)
            })
        };
        for (_, here) in self.here.iter_mut().filter(|(who, _)| who.inbox() == inbox) {
            here.seats
                .retain(|chair| stays(chair) || chair.words.try_send(Word::Over).is_ok());
        }
    }

    /// Ends every tab of a visitor.
    pub(super) fn end_visitor(&mut self, who: &Visitor) {
        if let Some(here) = self.here.get_mut(who) {
            here.seats
                .retain(|chair| chair.words.try_send(Word::Over).is_ok());
        }
    }

    /// Says something to every tab of a visitor. A tab that does not take it is let go.
    pub(super) fn say(&mut self, who: &Visitor, words: &[Utf8Bytes]) {
        let Some(here) = self.here.get_mut(who) else {
            return;
        };
        here.seats
            .retain(|chair| words.iter().all(|word| chair.say(word)));
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
        let (stop, ended) = (CancellationToken::new(), CancellationToken::new());
        let hub = Arc::new(Hub {
            visitors: Mutex::new(Visitors {
                seq: follower.head(),
                ..Visitors::default()
            }),
            online: watch::Sender::new(state.engine.visitors().anybody_online(tenant).await?),
            _task: stop.clone().drop_guard(),
            ended: ended.clone(),
        });
        let pump = Pump::new(state.clone(), tenant, Arc::downgrade(&hub));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tab_that_does_not_read_is_let_go_by_bytes_too() {
        let (words, mut queue) = mpsc::channel(WAITING);
        let chair = Chair {
            generation: 0,
            secret: None,
            number: 1,
            words,
            waiting: Arc::default(),
        };
        let word = |length| Utf8Bytes::from("x".repeat(length));
        assert!(chair.say(&word(5_000_000)), "a long one alone");
        assert!(!chair.say(&word(1)));
        assert!(queue.try_recv().is_ok() && queue.try_recv().is_err());
        chair.waiting.store(0, Ordering::Relaxed);
        assert!(chair.say(&word(WAITING_BYTES / 2)) && chair.say(&word(WAITING_BYTES / 2)));
        assert!(!chair.say(&word(1)));
    }
}
