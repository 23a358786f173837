//! One chat: who waits, what is under way, and what is remembered.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;

use super::round::Round;
use super::thread::Thread;
use crate::change::{Changes, Row};
use crate::clock::Timestamp;
use crate::conversations::Conversation;
use crate::error::{Error, ErrorKind, Result};
use crate::id::ConversationId;
use crate::store::Exclusive;

/// For how long what is remembered is used without a look at the store. Row versions refuse a plan that would overwrite
/// something newer; this is for what is only read, such as whether the customer was blocked.
const FRESH: Duration = Duration::from_secs(5);

/// A chat that somebody writes to, or wrote to not long ago.
#[derive(Debug, Default)]
pub(super) struct Chat {
    /// Held by the writer whose turn it is.
    pub(super) queue: Arc<tokio::sync::Mutex<()>>,
    /// Wakes the writer whose turn it is when no commit is under way any more.
    pub(super) idle: Notify,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
pub(super) struct State {
    /// Writers that wait for their turn or have it.
    present: u32,
    /// Commits that the store has been given and has not answered.
    pub(super) under_way: u32,
    /// Commits that the store was ever given.
    commits: u64,
    /// Rises when a commit fails: what was planned on top of it cannot succeed.
    generation: u64,
    /// Conversations as the commits under way leave them.
    planned: Vec<Conversation>,
    /// The thread as the commits under way leave it, and when it was last read from the store.
    thread: Option<(Thread, Timestamp)>,
    /// Whether another process has written here, and what came of that.
    pub(super) round: Round,
}

impl Chat {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn generation(&self) -> u64 {
        self.state().generation
    }

    pub(super) fn commits(&self) -> u64 {
        self.state().commits
    }

    /// A conversation as the commits under way leave it; none if they do not touch it.
    pub(super) fn planned(&self, id: ConversationId) -> Option<Conversation> {
        self.state().planned.iter().find(|one| one.id == id).cloned()
    }

    /// The thread, if it is known well enough to plan from.
    pub(super) fn thread(&self, now: Timestamp) -> Option<Thread> {
        let state = self.state();
        let (thread, read_at) = state.thread.as_ref()?;
        (state.under_way > 0 || now.since(*read_at) < FRESH).then(|| thread.clone())
    }

    /// A thread that was read from the store, with what the commits under way do to it.
    pub(super) fn read(&self, mut thread: Thread, now: Timestamp) -> Thread {
        let mut state = self.state();
        state.planned.iter().for_each(|one| thread.see(one));
        state.thread = Some((thread.clone(), now));
        thread
    }

    /// A thread whose first rows are about to be committed.
    pub(super) fn begin(&self, thread: Option<Thread>, now: Timestamp) {
        let mut state = self.state();
        let read_at = state.thread.take().map_or(now, |(_, read_at)| read_at);
        state.thread = thread.map(|thread| (thread, read_at));
    }

    /// What is remembered may be out of date.
    pub(super) fn forget(&self) {
        self.state().thread = None;
    }
}

/// A commit that the store has been given. One that is dropped without an answer may have been written or not.
pub(super) struct UnderWay {
    chat: Arc<Chat>,
    generation: u64,
    answered: bool,
}

impl UnderWay {
    /// # Errors
    /// `Conflict` if what the changes were planned from has come to nothing since.
    pub(super) fn begin(chat: Arc<Chat>, generation: u64, changes: &Changes) -> Result<Self> {
        let mut state = chat.state();
        if state.generation != generation {
            return Err(Error::conflict("the conversation"));
        }
        state.under_way += 1;
        state.commits += 1;
        for row in &changes.rows {
            if let Row::Conversation(row) = row {
                state.planned.retain(|one| one.id != row.id);
                state.planned.push(row.clone());
            }
        }
        if let Some((thread, _)) = &mut state.thread {
            thread.follow(&changes.rows);
        }
        drop(state);
        Ok(Self {
            chat,
            generation,
            answered: false,
        })
    }

    /// The store has answered.
    pub(super) fn end<T>(mut self, outcome: &Result<T>, now: Timestamp) {
        self.answered = true;
        let stale = outcome
            .as_ref()
            .is_err_and(|error| error.kind() == ErrorKind::Conflict);
        self.settle(outcome.is_ok(), stale.then_some(now));
    }

    fn settle(&self, written: bool, met: Option<Timestamp>) {
        let mut state = self.chat.state();
        state.under_way -= 1;
        if !written && self.generation == state.generation {
            state.generation += 1;
            state.planned.clear();
            state.thread = None;
            // Nothing before it failed, so it was not one of ours that was quicker.
            if let Some(now) = met {
                state.round.met(now);
            }
        }
        let mut over = None;
        if state.under_way == 0 {
            state.planned.clear();
            self.chat.idle.notify_one();
            over = state.over();
        }
        drop(state);
        drop(over);
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        if !self.answered {
            self.settle(false, None);
        }
    }
}

/// A writer that waits for its turn or has it.
#[derive(Debug)]
pub(super) struct Present(pub(super) Arc<Chat>);

impl Present {
    pub(super) fn new(chat: Arc<Chat>) -> Self {
        chat.state().present += 1;
        Self(chat)
    }
}

impl Drop for Present {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.present -= 1;
        let over = state.over();
        drop(state);
        drop(over);
    }
}

impl State {
    /// What keeps other processes waiting, if nobody here needs it any more. To be dropped after the state.
    fn over(&mut self) -> Option<Exclusive> {
        (self.present == 0 && self.under_way == 0)
            .then(|| self.round.leave())
            .flatten()
    }
}
