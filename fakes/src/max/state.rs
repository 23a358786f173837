//! What the platform knows: the bot's subscriptions, its dialogs, their messages and files.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::runtime::Handle;
use tokio::sync::watch;

use crate::deliver::{Addressee, Letters, Post, Rule, Target};
use crate::exchange::Desk;
use crate::journal::{Journal, Refusal};
use crate::media::Shelf;
use crate::script::Script;
use crate::start::Start;

use super::Sent;
use super::pace::Pace;
use super::refused::Refused;
use super::subscriptions::Subscription;
use super::updates::Queue;
use super::uploads::Uploads;

/// Ten attempts; 60 seconds after the first, then each pause 2.5 times the last.
const RULE: Rule = Rule {
    answer_within: Duration::from_secs(30),
    pauses: &[
        60.0, 150.0, 375.0, 937.5, 2343.75, 5859.4, 14648.4, 36621.1, 91552.7,
    ],
};
/// So long nothing may be taken before the subscription ends, in seconds.
const UNSUBSCRIBED_AFTER: f64 = 8.0 * 3_600.0;
/// Calls of the API within a second.
const CALLS_MAX: usize = 30;
/// Polls within a second.
const POLLS_MAX: usize = 2;
const FIRST_CHAT: i64 = 182_000_001;
/// Beyond what a double can hold, and odd.
const FIRST_SEQ: i64 = 116_327_994_376_978_001;
const SEQ_STEP: i64 = 2;

#[derive(Debug)]
pub(super) struct State {
    pub(super) token: String,
    second: Duration,
    calls: Mutex<Pace>,
    polls: Mutex<Pace>,
    pub(super) desk: Desk,
    pub(super) post: Arc<Post>,
    pub(super) shelf: Shelf,
    pub(super) sent: Journal<Sent>,
    pub(super) refusals: Journal<Refusal>,
    pub(super) base: String,
    /// Tells long polling that the queue has grown.
    pub(super) grown: watch::Sender<()>,
    world: Mutex<World>,
}

#[derive(Debug, Default)]
pub(super) struct World {
    pub(super) subscriptions: Vec<Subscription>,
    pub(super) queue: Queue,
    /// By the id of the customer.
    pub(super) dialogs: BTreeMap<i64, Dialog>,
    /// By `mid`, which grows.
    pub(super) messages: BTreeMap<String, Value>,
    /// The message that a callback is about, by the id of the callback.
    pub(super) callbacks: BTreeMap<String, String>,
    pub(super) uploads: Uploads,
    /// How many ids were given.
    given: i64,
}

#[derive(Debug)]
pub(super) struct Dialog {
    pub(super) chat_id: i64,
    pub(super) first_name: String,
    pub(super) access: Access,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// The customer never turned to the bot.
    None,
    Open,
    /// The customer stopped the bot.
    Stopped,
}

impl World {
    /// A number that was not given before.
    pub(super) fn number(&mut self) -> i64 {
        self.given += 1;
        self.given
    }

    /// The ids of a new message: `mid` and `seq`.
    pub(super) fn ids(&mut self, chat: i64) -> (String, i64) {
        let seq = FIRST_SEQ + SEQ_STEP * self.number();
        (format!("mid.{chat:016x}{seq:016x}"), seq)
    }

    pub(super) fn next_chat(&self) -> i64 {
        FIRST_CHAT + i64::try_from(self.dialogs.len()).unwrap_or(i64::MAX - FIRST_CHAT)
    }

    /// The customer in a dialog.
    pub(super) fn user_of(&self, chat: i64) -> Option<i64> {
        let found = self.dialogs.iter().find(|(_, dialog)| dialog.chat_id == chat);
        found.map(|(user, _)| *user)
    }
}

impl State {
    pub(super) fn new(base: &str, clock: &Handle, start: &Start) -> (Self, Letters) {
        let (post, letters) = Post::new(clock, start, RULE);
        let state = Self {
            token: start.token.clone(),
            second: start.second,
            calls: Mutex::new(Pace::new(CALLS_MAX)),
            polls: Mutex::new(Pace::new(POLLS_MAX)),
            desk: Desk {
                script: Script::default(),
                calls: Journal::new(clock),
            },
            post: Arc::new(post),
            shelf: Shelf::new(base),
            sent: Journal::new(clock),
            refusals: Journal::new(clock),
            base: base.to_owned(),
            grown: watch::Sender::new(()),
            world: Mutex::default(),
        };
        (state, letters)
    }

    pub(super) fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().expect("no panic holds it")
    }

    /// Whether there is room for another call of the API in this second.
    pub(super) fn admits_call(&self) -> Result<(), Refused> {
        self.admits(&self.calls, "calls", CALLS_MAX)
    }

    /// Whether there is room for another poll in this second.
    pub(super) fn admits_poll(&self) -> Result<(), Refused> {
        self.admits(&self.polls, "polls", POLLS_MAX)
    }

    fn admits(&self, pace: &Mutex<Pace>, what: &str, most: usize) -> Result<(), Refused> {
        let mut pace = pace.lock().expect("no panic holds it");
        match pace.admits(Instant::now(), self.second) {
            true => Ok(()),
            false => Err(Refused::new(
                429,
                format!("more than {most} {what} within a second"),
            )),
        }
    }

    pub(super) fn refuse(&self, method: &str, refused: &Refused) {
        self.refusals.push(Refusal {
            method: method.to_owned(),
            status: refused.http,
            why: format!("{}: {}", refused.code, refused.message),
        });
    }

    /// Brings an update to those subscriptions that chose its type, or to long polling when there is no subscription.
    pub(super) fn tell(&self, update: Value) {
        let kind = update["update_type"].as_str().unwrap_or_default().to_owned();
        self.bring(update, |one| one.wants(&kind));
    }

    pub(super) fn bring(&self, update: Value, wanted: impl Fn(&Subscription) -> bool) {
        let mut world = self.world();
        if world.subscriptions.is_empty() {
            world.queue.push(update);
            drop(world);
            self.grown.send_replace(());
            return;
        }
        let urls: Vec<String> = world
            .subscriptions
            .iter()
            .filter(|one| wanted(one))
            .map(|one| one.url.clone())
            .collect();
        drop(world);
        for url in urls {
            self.post.send(&url, update.clone());
        }
    }
}

impl Addressee for State {
    fn target(&self, to: &str, _body: &str) -> Option<Target> {
        let world = self.world();
        let found = world.subscriptions.iter().find(|one| one.url == to)?;
        let secret = found.secret.clone();
        Some(Target {
            url: to.to_owned(),
            headers: secret
                .map(|secret| ("X-Max-Bot-Api-Secret", secret))
                .into_iter()
                .collect(),
        })
    }

    fn taken(&self, _event: &Value, _answer: &str) {
        // What the bot says beside 200 means nothing.
    }

    fn failing(&self, to: &str, seconds: f64) {
        if seconds > UNSUBSCRIBED_AFTER {
            self.world().subscriptions.retain(|one| one.url != to);
        }
    }
}
