//! One chat: who waits, what is under way, and what is remembered.

use std::sync::atomic::{AtomicUsize, Ordering};
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
/// The same while commits are under way: what the store says is behind them then, and who reads it makes the others wait. A chat
/// in which it is never quiet is looked at all the same.
const STALE: Duration = Duration::from_secs(20);
/// And for how long where no other process writes to the store: what this one writes is told to the chat, whoever writes it.
const OWN: Duration = Duration::from_secs(60);

/// A chat that somebody writes to, or wrote to not long ago.
#[derive(Debug, Default)]
pub(super) struct Chat {
    /// Held by the writer whose turn it is.
    pub(super) queue: Arc<tokio::sync::Mutex<()>>,
    /// Wakes the writer whose turn it is when no commit is under way any more.
    pub(super) idle: Notify,
    state: Mutex<State>,
    /// Bytes that all chats together remember.
    remembered: Arc<AtomicUsize>,
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
    /// The conversation that was last committed, and its version: one that was read before is older.
    left: Option<(ConversationId, u64)>,
    /// Commits of this process that do not queue (routing, files that were fetched, changes of a customer) and are under way.
    beside: u32,
    /// Such commits that there ever were.
    besides: u64,
    /// The thread as the commits under way leave it.
    thread: Option<Remembered>,
    /// Whether another process has written here, and what came of that.
    pub(super) round: Round,
}

/// A thread that is remembered.
#[derive(Debug)]
struct Remembered {
    thread: Thread,
    /// When it was last read from the store.
    read_at: Timestamp,
    weight: Weight,
}

/// So many bytes of what all chats remember.
#[derive(Debug)]
struct Weight {
    bytes: usize,
    of_all: Arc<AtomicUsize>,
}

impl Drop for Weight {
    fn drop(&mut self) {
        self.of_all.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

/// What is remembered of a chat once a change is under way.
#[derive(Debug, Default)]
pub(super) enum After {
    /// What was remembered before, with the rows that are written.
    #[default]
    Followed,
    /// This thread.
    Thread(Box<Thread>),
    /// Nothing: it goes on elsewhere.
    Nothing,
}

/// What a turn was planned from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Since {
    /// Commits that failed before.
    generation: u64,
    /// Commits beside the queue before; none if one was under way.
    besides: Option<u64>,
}

impl Chat {
    /// A chat of which nothing is known. What it remembers is added to the sum of all.
    pub(super) fn new(remembered: Arc<AtomicUsize>) -> Self {
        Self {
            remembered,
            ..Self::default()
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn since(&self) -> Since {
        let state = self.state();
        Since {
            generation: state.generation,
            besides: (state.beside == 0).then_some(state.besides),
        }
    }

    pub(super) fn commits(&self) -> u64 {
        self.state().commits
    }

    /// A conversation as the commits under way leave it; none if they do not touch it.
    pub(super) fn planned(&self, id: ConversationId) -> Option<Conversation> {
        self.state().planned.iter().find(|one| one.id == id).cloned()
    }

    /// Whether a conversation was read before a commit that has changed it since.
    pub(super) fn is_outdated(&self, seen: &Conversation) -> bool {
        let state = self.state();
        state
            .left
            .is_some_and(|(id, version)| id == seen.id && version > seen.version)
    }

    /// The thread, if it is known well enough to plan from.
    pub(super) fn thread(&self, now: Timestamp, is_shared: bool) -> Option<Thread> {
        let state = self.state();
        let known = state.thread.as_ref()?;
        let lasts = match state.under_way {
            _ if !is_shared => OWN,
            0 => FRESH,
            _ => STALE,
        };
        (now.since(known.read_at) < lasts).then(|| known.thread.clone())
    }

    /// A thread that was read from the store, with what the commits under way do to it.
    pub(super) fn read(&self, mut thread: Thread, now: Timestamp) -> Thread {
        let mut state = self.state();
        if state.under_way > 0
            && let Some(known) = &state.thread
        {
            thread.keep_newer(&known.thread);
        }
        state.planned.iter().for_each(|one| thread.see(one));
        state.thread = Some(self.remembered(thread.clone(), now));
        thread
    }

    fn remembered(&self, thread: Thread, read_at: Timestamp) -> Remembered {
        let bytes = thread.weight();
        self.remembered.fetch_add(bytes, Ordering::Relaxed);
        let of_all = self.remembered.clone();
        Remembered {
            thread,
            read_at,
            weight: Weight { bytes, of_all },
        }
    }

    /// How many bytes are remembered of it.
    pub(super) fn weight(&self) -> usize {
        self.state().thread.as_ref().map_or(0, |known| known.weight.bytes)
    }

    /// What is remembered may be out of date.
    pub(super) fn forget(&self) {
        self.state().thread = None;
    }
}

/// A commit of this process that does not queue. Until it is dropped, and for whatever was planned before, a conflict says
/// nothing of other processes.
pub(super) struct Beside {
    chat: Arc<Chat>,
    /// It writes what is remembered.
    is_remembered: bool,
}

impl Beside {
    pub(super) fn begin(chat: Arc<Chat>, is_remembered: bool) -> Self {
        let mut state = chat.state();
        state.beside += 1;
        drop(state);
        Self { chat, is_remembered }
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        let mut state = self.chat.state();
        state.beside -= 1;
        state.besides += 1;
        if self.is_remembered {
            state.thread = None;
            // What was read before is not planned from, just as after a commit in the queue.
            state.commits += 1;
        }
    }
}

/// A commit that the store has been given. One that is dropped without an answer may have been written or not.
pub(super) struct UnderWay {
    chat: Arc<Chat>,
    since: Since,
    answered: bool,
}

impl UnderWay {
    /// # Errors
    /// `Conflict` if what the changes were planned from has come to nothing since.
    pub(super) fn begin(
        chat: Arc<Chat>,
        since: Since,
        changes: &Changes,
        after: After,
        now: Timestamp,
    ) -> Result<Self> {
        let mut state = chat.state();
        if state.generation != since.generation {
            return Err(Error::conflict("the conversation"));
        }
        state.under_way += 1;
        state.commits += 1;
        for row in &changes.rows {
            if let Row::Conversation(row) = row {
                state.planned.retain(|one| one.id != row.id);
                state.planned.push(row.clone());
                state.left = Some((row.id, row.version));
            }
        }
        let known = state.thread.take();
        let read_at = known.as_ref().map_or(now, |known| known.read_at);
        let thread = match after {
            After::Followed => known.map(|Remembered { mut thread, .. }| {
                thread.follow(&changes.rows);
                thread
            }),
            // What was written beside the queue meanwhile is not in it.
            After::Thread(thread) if state.has_been_alone(since) => Some(*thread),
            After::Thread(_) | After::Nothing => None,
        };
        state.thread = thread.map(|thread| chat.remembered(thread, read_at));
        drop(state);
        Ok(Self {
            chat,
            since,
            answered: false,
        })
    }

    /// The store has answered.
    pub(super) fn end<T>(mut self, outcome: &Result<T>, now: Timestamp) {
        self.answered = true;
        let stale = outcome
            .as_ref()
            .is_err_and(|error| error.kind() == ErrorKind::Conflict && !error.is_lost_lease());
        self.settle(outcome.is_ok(), stale.then_some(now));
    }

    fn settle(&self, written: bool, met: Option<Timestamp>) {
        let mut state = self.chat.state();
        state.under_way -= 1;
        if !written && self.since.generation == state.generation {
            state.generation += 1;
            state.left = None;
            state.planned.clear();
            state.thread = None;
            // Nothing before it failed, so it was not one of ours that was quicker, unless it wrote beside the queue.
            if let Some(now) = met
                && state.has_been_alone(self.since)
            {
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
    /// Whether nobody of this process has written beside the queue since.
    fn has_been_alone(&self, since: Since) -> bool {
        self.beside == 0 && since.besides == Some(self.besides)
    }

    /// What keeps other processes waiting, if nobody here needs it any more. To be dropped after the state.
    fn over(&mut self) -> Option<Exclusive> {
        (self.present == 0 && self.under_way == 0)
            .then(|| self.round.leave())
            .flatten()
    }
}
