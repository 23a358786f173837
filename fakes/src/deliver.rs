//! Delivery of events to the bot's webhook: one after the other, and what is not taken again later, by the platform's
//! rule. While one event waits for its next attempt the following ones pass it, as on real platforms.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, watch};

use crate::escape::escaped;
use crate::journal::{Attempt, Journal};
use crate::loopback::Loopback;
use crate::start::Start;

/// How a platform repeats what was not taken.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rule {
    /// How long an answer may take, in real time.
    pub(crate) answer_within: Duration,
    /// The pauses before the second attempt, the third and so on, in seconds of the platform. After the last one the event
    /// is lost.
    pub(crate) pauses: &'static [f64],
}

/// Whom events are for.
pub(crate) trait Addressee: Send + Sync + 'static {
    /// Where a body goes, and with which headers; none when nobody wants it any more.
    fn target(&self, to: &str, body: &str) -> Option<Target>;

    /// An event was taken with HTTP 200 and this body.
    fn taken(&self, event: &Value, answer: &str);

    /// Nothing has been taken at this address for so long, in seconds of the platform.
    fn failing(&self, to: &str, seconds: f64);
}

/// A webhook as it is called.
pub(crate) struct Target {
    pub(crate) url: String,
    pub(crate) headers: Vec<(&'static str, String)>,
}

#[derive(Clone, Debug)]
struct Letter {
    to: String,
    event: Value,
    body: String,
}

/// The post office of one fake.
#[derive(Debug)]
pub(crate) struct Post {
    /// Every attempt so far.
    pub(crate) attempts: Journal<Attempt>,
    pub(crate) way: Loopback,
    rule: Rule,
    second: Duration,
    queue: mpsc::UnboundedSender<Letter>,
    habits: Mutex<Habits>,
    written: AtomicUsize,
    /// How many letters are neither taken nor lost.
    open: watch::Sender<usize>,
    failing_since: Mutex<HashMap<String, Instant>>,
}

#[derive(Debug, Default)]
struct Habits {
    twice: bool,
    /// How many letters are to be kept before they all go, the last one first.
    reorder: usize,
    kept: Vec<Letter>,
}

/// The letters that wait for [`Post::work`].
pub(crate) struct Letters(mpsc::UnboundedReceiver<Letter>);

impl Post {
    pub(crate) fn new(clock: &Handle, start: &Start, mut rule: Rule) -> (Self, Letters) {
        let (queue, letters) = mpsc::unbounded_channel();
        rule.answer_within = start.answer_within.unwrap_or(rule.answer_within);
        let post = Self {
            attempts: Journal::new(clock),
            way: Loopback::new(),
            rule,
            second: start.second,
            queue,
            habits: Mutex::default(),
            written: AtomicUsize::new(0),
            open: watch::Sender::new(0),
            failing_since: Mutex::default(),
        };
        (post, Letters(letters))
    }

    pub(crate) fn answer_within(&self) -> Duration {
        self.rule.answer_within
    }

    /// Sends an event on its way. Every second one is written with `\uXXXX` escapes.
    pub(crate) fn send(&self, to: &str, event: Value) {
        let body = match self.written.fetch_add(1, Ordering::Relaxed) % 2 {
            0 => event.to_string(),
            _ => escaped(&event),
        };
        let to = to.to_owned();
        self.open.send_modify(|open| *open += 1);
        let mut habits = self.habits.lock().expect("no panic holds it");
        habits.kept.push(Letter { to, event, body });
        if habits.kept.len() >= habits.reorder {
            habits.reorder = 0;
            for letter in habits.kept.drain(..).rev() {
                // The worker lives as long as the fake.
                let _ = self.queue.send(letter);
            }
        }
    }

    pub(crate) fn twice(&self, on: bool) {
        self.habits.lock().expect("no panic holds it").twice = on;
    }

    pub(crate) fn reorder(&self, count: usize) {
        self.habits.lock().expect("no panic holds it").reorder = count;
    }

    /// Waits until every event is taken or lost.
    pub(crate) async fn settled(&self, clock: &Handle) {
        let mut open = self.open.subscribe();
        let settled = clock.spawn(async move {
            let waited = tokio::time::timeout(Duration::from_secs(60), open.wait_for(|open| *open == 0));
            matches!(waited.await, Ok(Ok(_)))
        });
        let settled = settled.await.unwrap_or(false);
        assert!(
            settled,
            "events are still under way; attempts: {:#?}",
            self.attempts.all()
        );
    }

    /// Delivers until the fake ends.
    pub(crate) async fn work(self: Arc<Self>, mut letters: Letters, bot: Arc<dyn Addressee>) {
        while let Some(letter) = letters.0.recv().await {
            let twice = self.habits.lock().expect("no panic holds it").twice;
            match self.attempt(&letter, 1, &*bot).await {
                Outcome::Taken if twice => {
                    self.attempt(&letter, 2, &*bot).await;
                    self.close();
                }
                Outcome::Taken | Outcome::Unwanted => self.close(),
                Outcome::Failed => {
                    tokio::spawn(Arc::clone(&self).repeat(letter, Arc::clone(&bot)));
                }
            }
        }
    }

    async fn repeat(self: Arc<Self>, letter: Letter, bot: Arc<dyn Addressee>) {
        for (pause, number) in self.rule.pauses.iter().zip(2..) {
            tokio::time::sleep(self.second.mul_f64(*pause)).await;
            if self.attempt(&letter, number, &*bot).await != Outcome::Failed {
                break;
            }
        }
        self.close();
    }

    async fn attempt(&self, letter: &Letter, number: u32, bot: &dyn Addressee) -> Outcome {
        let Some(target) = bot.target(&letter.to, &letter.body) else {
            return Outcome::Unwanted;
        };
        let within = self.rule.answer_within;
        let answer = self
            .way
            .post(&target.url, &target.headers, &letter.body, within)
            .await;
        // What follows from the answer is done before anybody sees that there is one.
        let outcome = match &answer {
            Ok((200, body)) => {
                self.failing_since
                    .lock()
                    .expect("no panic holds it")
                    .remove(&letter.to);
                // A repetition is answered like the first one; it means nothing new.
                if number == 1 || !self.was_taken(&letter.body) {
                    bot.taken(&letter.event, body);
                }
                Outcome::Taken
            }
            _ => {
                let mut failing = self.failing_since.lock().expect("no panic holds it");
                let since = failing.entry(letter.to.clone()).or_insert_with(Instant::now);
                let seconds = since.elapsed().as_secs_f64() / self.second.as_secs_f64();
                drop(failing);
                bot.failing(&letter.to, seconds);
                Outcome::Failed
            }
        };
        self.attempts.push(Attempt {
            event: letter.event.clone(),
            body: letter.body.clone(),
            number,
            answer,
        });
        outcome
    }

    fn was_taken(&self, body: &str) -> bool {
        let attempts = self.attempts.all();
        attempts
            .iter()
            .any(|attempt| attempt.body == body && attempt.taken())
    }

    fn close(&self) {
        self.open.send_modify(|open| *open -= 1);
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Taken,
    /// Nobody wants it any more.
    Unwanted,
    Failed,
}
