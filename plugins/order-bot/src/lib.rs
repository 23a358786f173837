//! A scenario that asks for an order number, looks it up through a tool, tells the customer, and hands over to a person.
//!
//! `dialogue` is the conversation; `state` is what it remembers, `texts` what it says, `note` what it tells operators.
//! `number` and `person` understand customers, `answer` understands the tool.

mod answer;
mod config;
mod dialogue;
mod language;
mod note;
mod number;
mod person;
mod state;
mod texts;

pub use config::Settings;
pub use language::Language;
pub use state::{Saved, State};
pub use texts::{English, Russian};

use omnichat_plugin_sdk::prelude::*;
use omnichat_plugin_sdk::scenario::{Next, TurnContext};

use dialogue::Dialogue;

/// The scenario.
#[derive(Debug)]
pub struct OrderBot;

omnichat_plugin_sdk::export_scenario!(OrderBot);

impl Scenario for OrderBot {
    type Config = Settings;
    type State = Saved;

    fn describe() -> Descriptor {
        Descriptor::new("order-bot", env!("CARGO_PKG_VERSION"), "Order bot")
            .summary("Asks for an order number, looks it up, and hands over to a person.")
            .config::<Settings>()
            .capabilities(&["buttons"])
            .docs(include_str!("../docs.md"))
    }

    fn validate(settings: &Settings) -> Vec<ConfigIssue> {
        settings.issues()
    }

    fn turn(settings: Settings, context: &TurnContext, state: Option<Saved>) -> Result<Next<Saved>> {
        Ok(Dialogue::new(&settings, context)?.turn(state.and_then(Saved::open)))
    }
}
