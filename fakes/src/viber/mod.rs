//! Viber's REST Bot API as of 7.3.0.
//!
//! Customers have a Viber of some version: a message whose `min_api_version` is above it is refused with status 13, and one that
//! holds what its own `min_api_version` does not know with 14.
//!
//! What the platform does not document is chosen here and may differ: how often and when an untaken event is repeated (after
//! 10, 30, 60, 120, 300 and 600 seconds), and that members which no document names are refused with status 3.
//! Not played: public chats, inline chats, payments and `client_status`; [`Viber::emits`] delivers any event.

mod api;
mod check;
mod customer;
mod events;
mod keyboard;
mod refused;
mod state;

use std::io;
use std::sync::Arc;

use serde_json::Value;

use crate::journal::{Attempt, Call, Journal, Refusal};
use crate::media::Media;
use crate::script::Failure;
use crate::server::{Place, Server};
use crate::start::Start;

pub use customer::Customer;
use state::{State, Webhook};

/// A Viber of one bot. Ends when dropped.
#[derive(Debug)]
pub struct Viber {
    state: Arc<State>,
    server: Server,
}

/// A message that the bot sent and the platform took.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The `message_token` that the bot got; beyond 2^53.
    pub token: u64,
    /// The id of the customer.
    pub receiver: String,
    /// The member `type`: `text`, `picture` …
    pub kind: String,
    /// Text or caption.
    pub text: Option<String>,
    /// What was at `media` of a picture, a video or a file. Not fetched for a welcome message.
    pub media: Option<Media>,
    /// The keyboard as it was sent.
    pub keyboard: Option<Value>,
    /// Comes back with the customer's next message.
    pub tracking_data: Option<String>,
    /// Whether it was the answer to `conversation_started`.
    pub welcome: bool,
    /// The message as it was sent.
    pub body: Value,
}

impl Viber {
    /// A Viber that knows this token, on a free port of loopback.
    ///
    /// # Panics
    ///
    /// When loopback has no port to give.
    pub async fn start(token: impl Into<String>) -> Self {
        Self::open(Start::token(token)).expect("a free port on loopback")
    }

    /// A Viber that starts so. Needs no runtime around it.
    pub fn open(start: Start) -> io::Result<Self> {
        let place = Place::take(start.port)?;
        let (state, letters) = State::new(place.url(), place.handle(), &start);
        let state = Arc::new(state);
        let bot: Arc<State> = Arc::clone(&state);
        place.handle().spawn(Arc::clone(&state.post).work(letters, bot));
        let server = place.serve(api::router(Arc::clone(&state)))?;
        Ok(Self { state, server })
    }

    /// The address to use instead of `https://chatapi.viber.com`, without a slash at the end; methods are below `/pa/`.
    pub fn url(&self) -> &str {
        self.server.url()
    }

    /// Every call that came, also those that were refused or failed. Its methods are named like `send_message`.
    pub fn calls(&self) -> &Journal<Call> {
        &self.state.desk.calls
    }

    /// Every message that was taken, one for each receiver.
    pub fn sent(&self) -> &Journal<Sent> {
        &self.state.sent
    }

    /// What the platform refused on its own account.
    pub fn refusals(&self) -> &Journal<Refusal> {
        &self.state.refusals
    }

    /// Every attempt to deliver an event, also the handshake of `set_webhook`.
    pub fn attempts(&self) -> &Journal<Attempt> {
        &self.state.post.attempts
    }

    /// The webhook that is set.
    pub fn webhook(&self) -> Option<String> {
        self.state.webhook_url()
    }

    /// Another system sets its own webhook, or removes the one that there is: events go there or nowhere from now on.
    pub fn is_taken_over(&self, url: Option<&str>) {
        let types = events::EVENT_TYPES.map(str::to_owned).to_vec();
        self.state.world().webhook = url.map(|url| Webhook {
            url: url.to_owned(),
            event_types: types,
            named: false,
        });
    }

    /// Lets the next call of this method fail; several failures come in their order.
    pub fn fail_next(&self, method: &str, failure: Failure) {
        self.state.desk.script.fail_next(method, failure);
    }

    /// Lets every call of this method fail until [`Viber::heal`].
    pub fn fail_always(&self, method: &str, failure: Failure) {
        self.state.desk.script.fail_always(method, failure);
    }

    /// Forgets the failures of a method.
    pub fn heal(&self, method: &str) {
        self.state.desk.script.heal(method);
    }

    /// A customer; new ones know the bot from nowhere and are not subscribed.
    pub fn customer(&self, id: &str, name: &str) -> Customer {
        Customer::meet(Arc::clone(&self.state), id, name)
    }

    /// Reports that a message reached the customer's device. Like `seen` it may be reported several times.
    ///
    /// # Panics
    ///
    /// When no message has this token.
    pub fn delivered(&self, token: u64) {
        self.state.receipt("delivered", token, None);
    }

    /// Reports that the customer read a message.
    ///
    /// # Panics
    ///
    /// When no message has this token.
    pub fn seen(&self, token: u64) {
        self.state.receipt("seen", token, None);
    }

    /// Reports that a message that was taken cannot be delivered.
    ///
    /// # Panics
    ///
    /// When no message has this token.
    pub fn failed(&self, token: u64, desc: &str) {
        self.state.receipt("failed", token, Some(desc));
    }

    /// Whether every message is reported as delivered as soon as it is taken. It is not unless told.
    pub fn delivers_at_once(&self, on: bool) {
        self.state.delivers_at_once(on);
    }

    /// Whether every event is posted once more after it was taken.
    pub fn deliver_twice(&self, on: bool) {
        self.state.post.twice(on);
    }

    /// Keeps the next events until there are so many, then delivers them, the last one first.
    pub fn deliver_reordered(&self, count: usize) {
        self.state.post.reorder(count);
    }

    /// Posts this as an event, signed, whatever it is.
    pub fn emits(&self, event: Value) {
        self.state.post.send("", event);
    }

    /// Lets all files of customers expire: their addresses answer 404 from now on.
    pub fn expire_media(&self) {
        self.state.shelf.expire();
    }

    /// Waits until every event is taken or given up.
    ///
    /// # Panics
    ///
    /// When that takes more than a minute.
    pub async fn settled(&self) {
        self.state.post.settled(self.server.handle()).await;
    }
}

/// What stands in `X-Viber-Content-Signature` for a body: HMAC-SHA256 with the token, in lower-case hex.
pub fn signature(token: &str, body: &[u8]) -> String {
    use hmac::{Hmac, KeyInit, Mac};
    let mac = Hmac::<sha2::Sha256>::new_from_slice(token.as_bytes());
    let mut mac = mac.expect("HMAC takes keys of any length");
    mac.update(body);
    hex::encode(mac.finalize().into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_that_of_the_published_example() {
        let body = r#"{"event":"unsubscribed","timestamp":1516678387902,"user_id":"KMMqtlNTDxIm/5bZhdQ5uA==","message_token":5136431130449316903}"#;
        assert_eq!(
            signature(
                "44b935abea139fd6-53fa53b32559c4a6-12dbd3d883b06835",
                body.as_bytes()
            ),
            "d84d8648b402a2737838fea4da41d903d1af1aed92466b1758828ad27e31a9f9"
        );
    }
}
