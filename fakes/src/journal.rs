//! What happened, in order, and a way to wait for it that does not sleep.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::runtime::Handle;
use tokio::sync::watch;

use crate::script::Failure;

/// How long a test waits at most; then what was expected does not come.
const PATIENCE: Duration = Duration::from_secs(20);

/// One kind of things that happened. Clones show the same list.
#[derive(Clone)]
pub struct Journal<T> {
    list: Arc<watch::Sender<Vec<T>>>,
    clock: Handle,
}

impl<T: Clone + Send + Sync + fmt::Debug + 'static> Journal<T> {
    pub(crate) fn new(clock: &Handle) -> Self {
        Self {
            list: Arc::new(watch::Sender::new(Vec::new())),
            clock: clock.clone(),
        }
    }

    pub(crate) fn push(&self, entry: T) {
        self.list.send_modify(|list| list.push(entry));
    }

    /// Everything so far.
    pub fn all(&self) -> Vec<T> {
        self.list.borrow().clone()
    }

    /// How many there are so far.
    pub fn len(&self) -> usize {
        self.list.borrow().len()
    }

    /// Whether nothing happened so far.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The newest one.
    pub fn last(&self) -> Option<T> {
        self.list.borrow().last().cloned()
    }

    /// Waits until there are `count` of them, and gives all that there are then.
    ///
    /// # Panics
    ///
    /// When they have not come within 20 seconds; the message says what has.
    pub async fn await_len(&self, count: usize) -> Vec<T> {
        self.await_that(&format!("{count} of them"), move |list| list.len() >= count)
            .await
    }

    /// Waits until the list is as it should be, and gives it. `what` is said when it never is.
    ///
    /// # Panics
    ///
    /// When it is not so within 20 seconds; the message says what there is instead.
    pub async fn await_that(
        &self,
        what: &str,
        mut holds: impl FnMut(&[T]) -> bool + Send + 'static,
    ) -> Vec<T> {
        let mut seen = self.list.subscribe();
        // On the fake's own clock: the test's may be paused.
        let waited = self.clock.spawn(async move {
            let found = seen.wait_for(|list| holds(list));
            matches!(tokio::time::timeout(PATIENCE, found).await, Ok(Ok(_)))
        });
        let list = || self.all();
        assert!(
            waited.await.unwrap_or(false),
            "waited for {what}; there is {:#?}",
            list()
        );
        list()
    }
}

impl<T> fmt::Debug for Journal<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Journal({})", self.list.borrow().len())
    }
}

/// One call of the platform's API.
#[derive(Clone, Debug)]
pub struct Call {
    /// The method: Viber's name (`send_message`), MAX's verb and path (`POST /chats/{id}/actions`).
    pub method: String,
    /// The path as it came, without the query.
    pub path: String,
    /// The query, decoded.
    pub query: Vec<(String, String)>,
    /// The token that the caller showed.
    pub token: Option<String>,
    /// The JSON of the body; null where it is none.
    pub body: Value,
    /// The failure that the test asked for.
    pub failure: Option<Failure>,
}

impl Call {
    /// The first value of a parameter of the query.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// A mistake of the bot: a call, or an answer to a delivery, that the platform refuses. Failures that the test asked for
/// are not here, so a test may end with "there is none".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The method that was called.
    pub method: String,
    /// The number it was refused with: Viber's status, MAX's HTTP status.
    pub status: u16,
    /// What is wrong, for a person.
    pub why: String,
}

/// One attempt to deliver an event to the bot.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// The event.
    pub event: Value,
    /// The body that was posted, to the byte.
    pub body: String,
    /// 1 for the first attempt of the event, then 2, 3 …
    pub number: u32,
    /// HTTP status and body of the answer, or why there is none.
    pub answer: Result<(u16, String), String>,
}

impl Attempt {
    /// Whether the bot took it.
    pub fn taken(&self) -> bool {
        matches!(self.answer, Ok((200, _)))
    }
}
