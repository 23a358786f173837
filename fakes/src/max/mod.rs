//! The Bot API of MAX as of schema 0.0.32.
//!
//! What the platform does not document is chosen here and may differ: the codes that go with 405, 429 and 5xx; the members
//! that no schema names are refused with 400 `proto.payload`, and so is polling beside a subscription; without a `marker`
//! long polling gives the last update only; a dialog that the customer removed is one that does not exist.
//! The API takes 30 calls a second and two polls, by [`Start::second`]: at the usual haste of a fake nobody is as fast.
//! Not played: groups and channels (only dialogs), resumable uploads, and the translation of `format` into `markup`.
//! [`Max::emits`] delivers any update.

mod api;
mod check;
mod customer;
mod keyboard;
mod messages;
mod pace;
mod refused;
mod shapes;
mod state;
mod subscriptions;
mod updates;
mod uploads;

use std::io;
use std::sync::Arc;

use serde_json::Value;

use crate::journal::{Attempt, Call, Journal, Refusal};
use crate::media::Media;
use crate::script::Failure;
use crate::server::{Place, Server};
use crate::start::Start;

pub use customer::Customer;
use state::State;

/// A MAX of one bot. Ends when dropped.
#[derive(Debug)]
pub struct Max {
    state: Arc<State>,
    server: Server,
}

/// A message that the bot sent and the platform took.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The id that the bot got.
    pub mid: String,
    /// The dialog.
    pub chat_id: i64,
    /// The customer.
    pub user_id: i64,
    /// The text, as it was written: with its markdown or HTML.
    pub text: Option<String>,
    /// `markdown` or `html`.
    pub format: Option<String>,
    /// The attachments as they were sent.
    pub attachments: Vec<Value>,
    /// The files behind them, in their order.
    pub files: Vec<Media>,
    /// The body of the call.
    pub body: Value,
}

impl Max {
    /// A MAX that knows this token, on a free port of loopback.
    ///
    /// # Panics
    ///
    /// When loopback has no port to give.
    pub async fn start(token: impl Into<String>) -> Self {
        Self::open(Start::token(token)).expect("a free port on loopback")
    }

    /// A MAX that starts so. Needs no runtime around it.
    pub fn open(start: Start) -> io::Result<Self> {
        let place = Place::take(start.port)?;
        let (state, letters) = State::new(place.url(), place.handle(), &start);
        let state = Arc::new(state);
        let bot: Arc<State> = Arc::clone(&state);
        place.handle().spawn(Arc::clone(&state.post).work(letters, bot));
        let server = place.serve(api::router(Arc::clone(&state)))?;
        Ok(Self { state, server })
    }

    /// The address to use instead of `https://platform-api2.max.ru`, without a slash at the end.
    pub fn url(&self) -> &str {
        self.server.url()
    }

    /// Every call that came, also those that were refused or failed. Its methods are named like `POST /messages`,
    /// `GET /messages/{id}`, `POST /chats/{id}/actions`, and `POST /upload` for the second step of an upload.
    pub fn calls(&self) -> &Journal<Call> {
        &self.state.desk.calls
    }

    /// Every new message that was taken. What edits and removals made of them shows [`Customer::sees`].
    pub fn sent(&self) -> &Journal<Sent> {
        &self.state.sent
    }

    /// What the platform refused on its own account, unfinished files among it.
    pub fn refusals(&self) -> &Journal<Refusal> {
        &self.state.refusals
    }

    /// Every attempt to deliver an update to a webhook.
    pub fn attempts(&self) -> &Journal<Attempt> {
        &self.state.post.attempts
    }

    /// The addresses that are subscribed. Eight hours of the platform without a success end a subscription.
    pub fn subscriptions(&self) -> Vec<String> {
        let world = self.state.world();
        world.subscriptions.iter().map(|one| one.url.clone()).collect()
    }

    /// Ends all subscriptions, as eight hours without a success do: updates go to long polling from now on.
    pub fn drop_subscriptions(&self) {
        self.state.world().subscriptions.clear();
    }

    /// Lets the next call of this method fail; several failures come in their order.
    pub fn fail_next(&self, method: &str, failure: Failure) {
        self.state.desk.script.fail_next(method, failure);
    }

    /// Lets every call of this method fail until [`Max::heal`].
    pub fn fail_always(&self, method: &str, failure: Failure) {
        self.state.desk.script.fail_always(method, failure);
    }

    /// Forgets the failures of a method.
    pub fn heal(&self, method: &str) {
        self.state.desk.script.heal(method);
    }

    /// For every file that is uploaded from now on: how often a message with it is answered `attachment.not.ready`.
    pub fn not_ready(&self, times: u32) {
        self.state.world().uploads.not_ready = times;
    }

    /// A customer; new ones have no dialog with the bot yet.
    pub fn customer(&self, user_id: i64, first_name: &str) -> Customer {
        Customer::meet(Arc::clone(&self.state), user_id, first_name)
    }

    /// Whether every update is posted once more after it was taken.
    pub fn deliver_twice(&self, on: bool) {
        self.state.post.twice(on);
    }

    /// Keeps the next updates until there are so many, then delivers them, the last one first.
    pub fn deliver_reordered(&self, count: usize) {
        self.state.post.reorder(count);
    }

    /// Delivers this as an update, whatever it is and whichever types were chosen.
    pub fn emits(&self, update: Value) {
        self.state.bring(update, |_| true);
    }

    /// Lets all files expire: their addresses answer 404 from now on.
    pub fn expire_media(&self) {
        self.state.shelf.expire();
    }

    /// Waits until every delivery to a webhook is taken or given up.
    ///
    /// # Panics
    ///
    /// When that takes more than a minute.
    pub async fn settled(&self) {
        self.state.post.settled(self.server.handle()).await;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::*;

    async fn status(max: &Max, verb: &str, path: &str, body: &Value) -> u16 {
        let verb = reqwest::Method::from_bytes(verb.as_bytes()).unwrap();
        let request = reqwest::Client::new()
            .request(verb, format!("{}{path}", max.url()))
            .header("Authorization", "a-token")
            .body(body.to_string());
        request.send().await.unwrap().status().as_u16()
    }

    #[tokio::test]
    async fn a_subscription_rules_polling_out() {
        let max = Max::start("a-token").await;
        let poll = "/updates?timeout=0";
        assert_eq!(status(&max, "GET", poll, &Value::Null).await, 200);
        let subscription = json!({"url": "http://127.0.0.1:9/max"});
        assert_eq!(status(&max, "POST", "/subscriptions", &subscription).await, 200);
        assert_eq!(status(&max, "GET", poll, &Value::Null).await, 400);
        max.drop_subscriptions();
        assert_eq!(status(&max, "GET", poll, &Value::Null).await, 200);
    }

    #[tokio::test]
    async fn who_calls_too_often_is_told_so() {
        let max = Max::open(Start {
            second: Duration::from_secs(3_600),
            ..Start::token("a-token")
        });
        let max = max.unwrap();
        let poll = "/updates?timeout=0";
        for expected in [200, 200, 429] {
            assert_eq!(status(&max, "GET", poll, &Value::Null).await, expected);
        }
        for _ in 3..30 {
            assert_eq!(status(&max, "GET", "/me", &Value::Null).await, 200);
        }
        assert_eq!(status(&max, "GET", "/me", &Value::Null).await, 429);
    }
}
