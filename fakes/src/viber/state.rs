//! What the platform knows: the bot's webhook, its customers, its messages.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use serde_json::{Map, Value};
use tokio::runtime::Handle;

use crate::deliver::{Addressee, Letters, Post, Rule, Target};
use crate::exchange::Desk;
use crate::journal::{Journal, Refusal};
use crate::media::{Media, Shelf};
use crate::script::Script;
use crate::start::Start;

use super::refused::{Refused, name};
use super::{Sent, check, events, signature};

/// Ours: the documentation says only that events are repeated with the same token.
const RULE: Rule = Rule {
    answer_within: Duration::from_secs(5),
    pauses: &[10.0, 30.0, 60.0, 120.0, 300.0, 600.0],
};
/// Beyond what a double can hold, and odd, so that a token that went through one is another.
const FIRST_TOKEN: u64 = 4_912_661_846_655_238_145;
const TOKEN_STEP: u64 = 2;
/// The version of the API that customers' Viber knows unless told.
const RECENT_VERSION: u64 = 10;

#[derive(Debug)]
pub(super) struct State {
    pub(super) token: String,
    pub(super) second: Duration,
    pub(super) desk: Desk,
    pub(super) post: Arc<Post>,
    pub(super) shelf: Shelf,
    pub(super) sent: Journal<Sent>,
    pub(super) refusals: Journal<Refusal>,
    receipts: AtomicBool,
    world: Mutex<World>,
}

#[derive(Debug)]
pub(super) struct World {
    pub(super) webhook: Option<Webhook>,
    pub(super) people: BTreeMap<String, Person>,
    next_token: u64,
    /// To whom or from whom the message with a token is.
    pub(super) owners: HashMap<u64, String>,
}

#[derive(Clone, Debug)]
pub(super) struct Webhook {
    pub(super) url: String,
    pub(super) event_types: Vec<String>,
    /// Whether names were asked for.
    pub(super) named: bool,
}

#[derive(Debug)]
pub(super) struct Person {
    pub(super) name: String,
    /// The version of the API that the customer's Viber knows.
    pub(super) api_version: u64,
    pub(super) subscribed: bool,
    /// When the bot sent something since the customer last wrote.
    pub(super) unanswered: Vec<Instant>,
    /// When the bot asked for the details.
    pub(super) looked_up: Vec<Instant>,
    /// Of the last message of the bot.
    pub(super) tracking_data: Option<String>,
    /// Below the last message of the bot.
    pub(super) keyboard: Option<Value>,
}

impl Default for Person {
    fn default() -> Self {
        Self {
            name: String::new(),
            api_version: RECENT_VERSION,
            subscribed: false,
            unanswered: Vec::new(),
            looked_up: Vec::new(),
            tracking_data: None,
            keyboard: None,
        }
    }
}

impl World {
    pub(super) fn token(&mut self, owner: &str) -> u64 {
        let token = self.next_token;
        self.next_token += TOKEN_STEP;
        self.owners.insert(token, owner.to_owned());
        token
    }
}

impl State {
    pub(super) fn new(base: &str, clock: &Handle, start: &Start) -> (Self, Letters) {
        let (post, letters) = Post::new(clock, start, RULE);
        let state = Self {
            token: start.token.clone(),
            second: start.second,
            desk: Desk {
                script: Script::default(),
                calls: Journal::new(clock),
            },
            post: Arc::new(post),
            shelf: Shelf::new(base),
            sent: Journal::new(clock),
            refusals: Journal::new(clock),
            receipts: AtomicBool::new(false),
            world: Mutex::new(World {
                webhook: None,
                people: BTreeMap::new(),
                next_token: FIRST_TOKEN,
                owners: HashMap::new(),
            }),
        };
        (state, letters)
    }

    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().expect("no panic holds it")
    }

    pub(super) fn webhook_url(&self) -> Option<String> {
        Some(self.world().webhook.as_ref()?.url.clone())
    }

    pub(super) fn delivers_at_once(&self, on: bool) {
        self.receipts.store(on, Ordering::Relaxed);
    }

    /// Whether so many seconds of the platform have passed.
    pub(super) fn passed(&self, since: Instant, seconds: u32) -> bool {
        since.elapsed() >= self.second * seconds
    }

    pub(super) fn refuse(&self, method: &str, refused: Refused) -> u16 {
        self.refusals.push(Refusal {
            method: method.to_owned(),
            status: refused.status,
            why: format!("{}: {}", name(refused.status), refused.why),
        });
        refused.status
    }

    /// Posts an event, if the bot wants events of its type.
    pub(super) fn tell(&self, event: Value) {
        let kind = event["event"].as_str().unwrap_or_default();
        let mandatory = events::EVENT_TYPES[..events::MANDATORY].contains(&kind);
        let wanted = {
            let world = self.world();
            let chosen = |webhook: &Webhook| webhook.event_types.iter().any(|chosen| chosen == kind);
            world
                .webhook
                .as_ref()
                .is_some_and(|webhook| mandatory || chosen(webhook))
        };
        // Without a webhook events are lost, as on the platform.
        if wanted {
            self.post.send("", event);
        }
    }

    pub(super) fn receipt(&self, kind: &str, token: u64, desc: Option<&str>) {
        let owner = self.world().owners.get(&token).cloned();
        let owner = owner.unwrap_or_else(|| panic!("no message has the token {token}"));
        self.tell(events::receipt(kind, token, &owner, desc));
    }

    /// Brings a checked message to a customer.
    pub(super) fn show(
        &self,
        receiver: &str,
        token: u64,
        body: Map<String, Value>,
        media: Option<Media>,
        welcome: bool,
    ) {
        let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
        let sent = Sent {
            token,
            receiver: receiver.to_owned(),
            kind: text("type").unwrap_or_default(),
            text: text("text"),
            media,
            keyboard: body.get("keyboard").cloned(),
            tracking_data: text("tracking_data"),
            welcome,
            body: body.into(),
        };
        if let Some(person) = self.world().people.get_mut(receiver) {
            // A message without a keyboard takes the old one away.
            person.keyboard.clone_from(&sent.keyboard);
            person.tracking_data.clone_from(&sent.tracking_data);
            person.unanswered.push(Instant::now());
        }
        self.sent.push(sent);
        if self.receipts.load(Ordering::Relaxed) {
            self.receipt("delivered", token, None);
        }
    }
}

impl Addressee for State {
    fn target(&self, _to: &str, body: &str) -> Option<Target> {
        let url = self.webhook_url()?;
        let signature = signature(&self.token, body.as_bytes());
        let headers = vec![("X-Viber-Content-Signature", signature)];
        Some(Target { url, headers })
    }

    /// An answer to `conversation_started` may be a welcome message.
    fn taken(&self, event: &Value, answer: &str) {
        if event["event"] != "conversation_started" || answer.trim().is_empty() {
            return;
        }
        let welcome = serde_json::from_str::<Map<String, Value>>(answer)
            .map_err(|_| Refused::bad("the answer is no message"))
            .and_then(|welcome| match welcome.contains_key("receiver") {
                true => Err(Refused::bad("a welcome message has no receiver")),
                false => check::message(&welcome).map(|()| welcome),
            });
        match welcome {
            Ok(welcome) => {
                let receiver = event["user"]["id"].as_str().unwrap_or_default();
                let token = self.world().token(receiver);
                self.show(receiver, token, welcome, None, true);
            }
            Err(refused) => drop(self.refuse("conversation_started", refused)),
        }
    }

    fn failing(&self, _to: &str, _seconds: f64) {
        // Viber keeps a webhook however long it fails.
    }
}
