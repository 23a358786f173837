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

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use lru::LruCache;

use crate::conversations::Conversation;
use crate::error::{Error, ErrorKind, Result};
use crate::id::{InboxId, TenantId};
use crate::ports::Ports;
use chat::{Chat, Present};
pub(crate) use thread::Thread;
pub(crate) use turn::Turn;

/// Chats that are remembered. One that is forgotten while somebody writes to it costs a conflict, no more.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(20_000).unwrap();
/// How often a change is planned anew. A fault of ours would repeat it for ever otherwise: writers that queue are refused once
/// or twice.
const TRIES: u32 = 100;

/// Who writes to which chat, and what is remembered of each.
#[derive(Debug)]
pub struct Writers {
    chats: Mutex<LruCache<(InboxId, String), Arc<Chat>>>,
}

impl Default for Writers {
    fn default() -> Self {
        Self {
            chats: Mutex::new(LruCache::new(REMEMBERED)),
        }
    }
}

impl Writers {
    /// One use case's attempts at writing to a chat.
    pub(crate) fn attempts(&self, tenant: TenantId, inbox: InboxId, peer: &str) -> Attempts {
        let mut chats = self.chats.lock().unwrap_or_else(PoisonError::into_inner);
        let chat = chats
            .get_or_insert((inbox, peer.to_owned()), Arc::default)
            .clone();
        Attempts {
            chat,
            tenant,
            key: format!("{inbox}/{peer}"),
            read: None,
            tries: 0,
        }
    }

    /// The same for the chat of a conversation that was read just now. The first turn plans from it if nobody else has written
    /// in between.
    pub(crate) fn attempts_at(&self, conversation: Conversation) -> Attempts {
        let mut attempts = self.attempts(conversation.tenant, conversation.inbox, &conversation.peer);
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
        let read = read.filter(|(_, commits)| *commits == self.chat.commits());
        Turn::new(present, head, read.map(|(conversation, _)| conversation))
    }

    /// Whether an error is worth another turn: another wrote the conversation first.
    ///
    /// # Errors
    /// The error itself if it is not, and `Unavailable` after too many.
    pub(crate) fn again(&mut self, error: Error) -> Result<()> {
        self.tries += 1;
        if error.kind() != ErrorKind::Conflict {
            return Err(error);
        }
        if self.tries < TRIES {
            return Ok(());
        }
        let busy = "too many write to this conversation at once; try again";
        Err(Error::new(ErrorKind::Unavailable, busy).caused_by(error))
    }
}
