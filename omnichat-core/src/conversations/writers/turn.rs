//! A turn: the right to plan the next change of a chat.

use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

use tokio::sync::OwnedMutexGuard;

use super::chat::{After, Chat, Present, Since, UnderWay};
use super::thread::Thread;
use crate::change::Changes;
use crate::clock::{Clock, Timestamp};
use crate::conversations::Conversation;
use crate::error::Result;
use crate::id::ConversationId;
use crate::store::{Committed, Store, TenantStore};

/// The right to plan the next change of a chat. Dropping it lets the next writer in.
#[derive(Debug)]
pub(crate) struct Turn {
    present: Present,
    head: OwnedMutexGuard<()>,
    since: Since,
    /// A conversation that was read before, and that nobody here has changed since.
    read: Option<Conversation>,
    after: After,
}

impl Turn {
    pub(super) fn new(present: Present, head: OwnedMutexGuard<()>, read: Option<Conversation>) -> Self {
        let since = present.0.since();
        Self {
            present,
            head,
            since,
            read,
            after: After::default(),
        }
    }

    fn chat(&self) -> &Arc<Chat> {
        &self.present.0
    }

    /// A conversation of the chat as the writers before left it.
    pub(crate) async fn conversation(
        &mut self,
        store: &dyn TenantStore,
        id: ConversationId,
    ) -> Result<Option<Conversation>> {
        if let Some(conversation) = self.chat().planned(id) {
            return Ok(Some(conversation));
        }
        match self.read.take().filter(|read| read.id == id) {
            Some(conversation) => Ok(Some(conversation)),
            None => store.find_conversation(id).await,
        }
    }

    /// The thread as the writers before left it, if it is remembered.
    pub(crate) fn thread(&self, store: &dyn Store, now: Timestamp) -> Option<Thread> {
        self.chat().thread(now, store.is_shared())
    }

    /// Remembers a thread that was read from the store just now; answers with it as the writers before left it.
    pub(crate) fn has_read(&self, thread: Thread, now: Timestamp) -> Thread {
        self.chat().read(thread, now)
    }

    /// The thread as the planned change leaves it, to be remembered once that is committed; none if the chat has none any more.
    pub(crate) fn leaves(&mut self, thread: Option<Thread>) {
        self.after = match thread {
            Some(thread) => After::Thread(Box::new(thread)),
            None => After::Nothing,
        };
    }

    /// Hands the changes to the store, lets the next writer in, and waits until they are durable.
    ///
    /// # Errors
    /// Those of [`Store::commit`]; `Conflict` also if a commit failed on which these changes were planned.
    pub(crate) async fn commit(
        self,
        store: &dyn Store,
        clock: &dyn Clock,
        changes: Changes,
    ) -> Result<Committed> {
        let Self {
            present,
            head,
            since,
            after,
            ..
        } = self;
        let under_way = UnderWay::begin(present.0.clone(), since, &changes, after, clock.now())?;
        let mut commit = store.commit(changes);
        // A store takes its place in the order of commits when it is asked first.
        let first = poll_fn(|context| Poll::Ready(commit.as_mut().poll(context))).await;
        drop(head);
        drop(present);
        let outcome = match first {
            Poll::Ready(outcome) => outcome,
            Poll::Pending => commit.await,
        };
        under_way.end(&outcome, clock.now());
        outcome
    }
}
