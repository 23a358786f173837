//! Doorman: a scenario of OmniChat.
//!
//! It asks a customer what the matter is, tags the conversation with the topic that was chosen and hands it over to a person. Change
//! it into what your bot does.
//!
//! A scenario performs nothing: each turn takes the state that the last one left and what has happened, and gives the next state and
//! steps. The host stores both together and carries the steps out.

use omnichat_plugin_sdk::prelude::*;
use omnichat_plugin_sdk::scenario::{Next, Step, TurnContext, TurnEvent};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// After so many answers that name no topic, a person takes over.
const TRIES: u32 = 2;
const MINUTE_MS: u64 = 60_000;

/// The settings; their schema becomes the form that an administrator fills in.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Settings {
    /// What the bot asks.
    #[schemars(title = "Question", length(min = 1, max = 1_000))]
    question: String,
    /// What a customer can choose, each a button. The choice becomes the tag of the conversation.
    #[schemars(title = "Topics", length(max = 10), inner(length(min = 1, max = 40)))]
    topics: Vec<String>,
    /// After so many minutes without an answer, a person takes over.
    #[schemars(title = "Minutes of silence", range(min = 1, max = 1_440))]
    silence_minutes: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            question: "Hello! What is it about?".to_owned(),
            topics: ["Delivery", "Payment", "Something else"]
                .map(str::to_owned)
                .to_vec(),
            silence_minutes: 15,
        }
    }
}

/// What is remembered of a conversation between turns: here, that the question was asked.
#[derive(Debug, Serialize, Deserialize)]
pub struct Asked {
    /// How many answers named no topic.
    misses: u32,
}

/// The scenario.
#[derive(Debug)]
pub struct DoormanScenario;

impl Scenario for DoormanScenario {
    type Config = Settings;
    type State = Asked;

    fn describe() -> Descriptor {
        Descriptor::new("doorman", env!("CARGO_PKG_VERSION"), "Doorman")
            .summary("Says in one sentence what it does for customers.")
            .config::<Settings>()
            .docs(include_str!("../docs.md"))
    }

    fn validate(settings: &Settings) -> Vec<ConfigIssue> {
        if settings.topics.iter().all(|topic| topic.trim().is_empty()) {
            return vec![ConfigIssue::new("topics", "required", "name at least one topic")];
        }
        Vec::new()
    }

    fn turn(settings: Settings, context: &TurnContext, state: Option<Asked>) -> Result<Next<Asked>> {
        // The time stands in the context: a turn that is repeated must come to the same.
        let silence = context.now + u64::from(settings.silence_minutes) * MINUTE_MS;
        let ask = |asked: Asked, text: &str| {
            let question = Step::send(text).with_buttons(buttons(&settings.topics));
            Next::go_on(asked).and(question).wake_at(silence)
        };
        Ok(match (context.event.kind.as_str(), state) {
            ("message", None) => ask(Asked { misses: 0 }, &settings.question),
            ("message", Some(Asked { misses })) => match chosen(&settings.topics, &context.event) {
                Some(topic) => Next::end()
                    .and(Step::tag(topic))
                    .and(Step::send("Thank you! Somebody will be with you in a moment."))
                    .and(Step::hand_over(&format!("It is about: {topic}"))),
                None if misses + 1 < TRIES => ask(
                    Asked { misses: misses + 1 },
                    "Please choose one of these, so that the right person answers.",
                ),
                None => Next::end().and(Step::hand_over("The customer chose none of the topics.")),
            },
            ("timer", Some(_)) => Next::end().and(Step::hand_over("The customer has not answered.")),
            // What this version does not know changes nothing.
            (_, Some(asked)) => Next::go_on(asked).wake_at(silence),
            (_, None) => Next::end(),
        })
    }
}

/// One topic a row.
fn buttons(topics: &[String]) -> Vec<Vec<Button>> {
    let rows = topics.iter().map(|topic| {
        vec![Button {
            text: topic.clone(),
            kind: "reply".to_owned(),
            value: Some(topic.clone()),
        }]
    });
    rows.collect()
}

/// The topic of a pressed button, or the one that was typed.
fn chosen<'a>(topics: &'a [String], event: &TurnEvent) -> Option<&'a str> {
    let said = event
        .value
        .as_deref()
        .unwrap_or(&event.text)
        .trim()
        .to_lowercase();
    let topics = topics.iter().map(String::as_str);
    topics
        .into_iter()
        .find(|topic| topic.trim().to_lowercase() == said)
}

omnichat_plugin_sdk::export_scenario!(DoormanScenario);
