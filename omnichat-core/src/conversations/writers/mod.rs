//! Writers of one chat stand in a queue, so that they follow each other instead of refusing each other.
//!
//! Whoever wants to change a chat's conversation waits for a turn, plans the change from the conversation *as the writers
//! before left it*, hands the commit to the store and lets the next one in, before the commit is durable. So twenty writers
//! of one conversation share a flush to the disk, and each sees what the one before did. A commit that fails takes those
//! with it that were planned on top of it: their row versions do not fit any more, and they are planned anew.
//!
//! Within a process nobody is in the way of anybody. Writers of two processes may meet: the store refuses the later one.
//! From then on both processes also take turns with each other ([`Store::exclude`](crate::store::Store::exclude)), a
//! [round] at a time, until the chat has been quiet for a while.
//!
//! What this process writes without a turn (routing, files that were fetched, changes of a customer) is told to the chats that it
//! touches, so that none takes it for another process. Where that is missed, since a chat was not remembered at the moment, the
//! process takes turns with nobody for that while: each round costs a lock, and nothing else.
//!
//! ```ignore
//! let mut attempts = ports.writers.attempts_at(conversation);
//! loop {
//!     let mut turn = attempts.turn(ports).await;
//!     let conversation = turn.conversation(&*store, id).await?;
//!     // … plan the changes …
//!     match ports.commit_in(turn, changes).await {
//!         Err(error) => attempts.again(error)?,
//!         done => return done,
//!     }
//! }
//! ```

mod chat;
mod round;
mod thread;
mod turn;

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lru::LruCache;

use crate::change::{Changes, Row};
use crate::conversations::Conversation;
use crate::error::{Error, ErrorKind, Result};
use crate::id::{InboxId, TenantId};
use crate::ports::Ports;
use chat::{Beside, Chat, Present};
pub(crate) use thread::Thread;
pub(crate) use turn::Turn;

/// Chats that are remembered. One that is forgotten while somebody writes to it costs a conflict, no more.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(20_000).unwrap();
/// Bytes that are remembered of all of them, about 3 KiB each. Strangers may make a chat larger, and fewer are remembered then.
const REMEMBERED_BYTES: usize = 64 * 1_024 * 1_024;
/// How often a change is planned anew. A fault of ours would repeat it for ever otherwise: writers that queue are refused once
/// or twice.
const TRIES: u32 = 100;

/// Where a chat is: its inbox and its chat.
type Place = (InboxId, String);

/// Who writes to which chat, and what is remembered of each.
#[derive(Debug)]
pub struct Writers {
    chats: Mutex<LruCache<Place, Arc<Chat>>>,
    /// How many bytes are remembered of all, and how many may be.
    remembered: Arc<AtomicUsize>,
    most: usize,
}

impl Default for Writers {
    fn default() -> Self {
        Self::remembering(REMEMBERED_BYTES)
    }
}

impl Writers {
    fn remembering(most: usize) -> Self {
        Self {
            chats: Mutex::new(LruCache::new(REMEMBERED)),
            remembered: Arc::default(),
            most,
        }
    }

    /// One use case's attempts at writing to a chat.
    pub(crate) fn attempts(&self, tenant: TenantId, inbox: InboxId, chat: &str) -> Attempts {
        let mut chats = self.chats();
        let new = || Arc::new(Chat::new(self.remembered.clone()));
        let key = format!("{inbox}/{chat}");
        let chat = chats.get_or_insert((inbox, chat.to_owned()), new).clone();
        let mut too_much = self.remembered.load(Ordering::Relaxed).saturating_sub(self.most);
        // Not the one that was asked for just now.
        while too_much > 0 && chats.len() > 1 {
            let Some((_, oldest)) = chats.pop_lru() else { break };
            too_much = too_much.saturating_sub(oldest.weight());
        }
        drop(chats);
        Attempts {
            chat,
            tenant,
            key,
            read: None,
            tries: 0,
        }
    }

    fn chats(&self) -> MutexGuard<'_, LruCache<Place, Arc<Chat>>> {
        self.chats.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Tells the chats that are remembered of a commit that does not queue, which touches them by its rows or since they are named.
    /// To be dropped when it is over.
    pub(crate) fn beside(&self, changes: &Changes, chats: &[crate::chats::Chat]) -> impl Send + use<> {
        let mut touched: BTreeMap<(InboxId, &String), bool> = BTreeMap::new();
        let told = chats.iter().map(|one| (one.inbox, &one.external_id, true));
        let rows = changes.rows.iter().filter_map(|row| match row {
            Row::Conversation(row) => Some((row.inbox, &row.chat, true)),
            Row::Chat(row) => Some((row.inbox, &row.external_id, true)),
            Row::Message(row) => Some((row.inbox, &row.chat, false)),
            _ => None,
        });
        for (inbox, chat, is_remembered) in rows.chain(told) {
            *touched.entry((inbox, chat)).or_default() |= is_remembered;
        }
        let mut beside = Vec::new();
        if !touched.is_empty() {
            let chats = self.chats();
            for ((inbox, chat), is_remembered) in touched {
                if let Some(chat) = chats.peek(&(inbox, chat.clone())) {
                    beside.push(Beside::begin(chat.clone(), is_remembered));
                }
            }
        }
        beside
    }

    /// The same for the chat of a conversation that was read just now. The first turn plans from it if nobody else has written
    /// in between.
    pub(crate) fn attempts_at(&self, conversation: Conversation) -> Attempts {
        let mut attempts = self.attempts(conversation.tenant, conversation.inbox, &conversation.chat);
        attempts.read = Some((conversation, attempts.chat.commits()));
        attempts
    }
}

/// What one use case tries until it is written.
#[derive(Debug)]
pub(crate) struct Attempts {
    chat: Arc<Chat>,
    tenant: TenantId,
    key: String,
    /// What was read before the first turn, and how many commits the chat had seen then.
    read: Option<(Conversation, u64)>,
    tries: u32,
}

impl Attempts {
    /// Waits until everybody who came before has planned.
    pub(crate) async fn turn(&mut self, ports: &Ports) -> Turn {
        let present = Present::new(self.chat.clone());
        let head = self.chat.queue.clone().lock_owned().await;
        round::enter(&self.chat, ports, self.tenant, &self.key).await;
        let read = self.read.take();
        let read =
            read.filter(|(seen, commits)| *commits == self.chat.commits() && !self.chat.is_outdated(seen));
        Turn::new(present, head, read.map(|(conversation, _)| conversation))
    }

    /// Whether an error is worth another turn: another wrote the conversation first.
    ///
    /// # Errors
    /// The error itself if it is not, and `Internal` after too many: nobody is refused so often by others, so the change is at
    /// fault, and would be each time that it is brought again.
    pub(crate) fn again(&mut self, error: Error) -> Result<()> {
        self.tries += 1;
        if error.kind() != ErrorKind::Conflict || error.is_lost_lease() {
            return Err(error);
        }
        if self.tries < TRIES {
            return Ok(());
        }
        Err(
            Error::internal("the change was refused as out of date each time that it was tried")
                .caused_by(error),
        )
    }
}

#[cfg(test)]
mod tests;
