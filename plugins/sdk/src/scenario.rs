//! A scenario: a reducer that turns a state and an event into the next state and actions. It performs nothing itself, so that
//! the host can commit state and actions together and repeat a turn.
//!
//! ```
//! use omnichat_plugin_sdk::prelude::*;
//! use omnichat_plugin_sdk::scenario::{Next, Step, TurnContext};
//!
//! #[derive(serde::Deserialize, schemars::JsonSchema)]
//! struct Settings {}
//!
//! #[derive(serde::Serialize, serde::Deserialize)]
//! struct Asked;
//!
//! struct Greeter;
//!
//! impl Scenario for Greeter {
//!     type Config = Settings;
//!     type State = Asked;
//!
//!     fn describe() -> Descriptor {
//!         Descriptor::new("greeter", "0.1.0", "Greeter").config::<Settings>()
//!     }
//!
//!     fn turn(_: Settings, context: &TurnContext, state: Option<Asked>) -> Result<Next<Asked>> {
//!         Ok(match state {
//!             None => Next::go_on(Asked).and(Step::send("What is your order's number?")),
//!             Some(Asked) => Next::end().and(Step::note(&format!("The order is {}", context.event.text))),
//!         })
//!     }
//! }
//!
//! omnichat_plugin_sdk::export_scenario!(Greeter);
//! ```

use std::marker::PhantomData;

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::bindings::scenario::exports::omnichat::plugin::scenario::Guest;
pub use crate::bindings::scenario::exports::omnichat::plugin::scenario::{
    Action as Step, Person, Turn, TurnContext, TurnEvent,
};
use crate::config;
use crate::phase::Phase;
use crate::types::{Button, ConfigIssue, Descriptor, PluginError, Result, document};

/// A scenario.
pub trait Scenario: Sized {
    /// The settings.
    type Config: DeserializeOwned + JsonSchema;
    /// What it remembers of a conversation between turns; 64 KiB of JSON at most.
    type State: Serialize + DeserializeOwned;

    /// What it is. Pure.
    fn describe() -> Descriptor;

    /// Finds what the schema cannot express as wrong.
    fn validate(config: &Self::Config) -> Vec<ConfigIssue> {
        let _ = config;
        Vec::new()
    }

    /// Turns settings that an earlier version checked into those of this version.
    ///
    /// # Errors
    /// Any error keeps the earlier version at work.
    fn migrate(from_version: &str, config: serde_json::Value) -> Result<serde_json::Value> {
        let _ = from_version;
        Ok(config)
    }

    /// One turn. Pure: the same context and state give the same turn; time and chance are in the context.
    ///
    /// # Errors
    /// An error leaves the state as it was.
    fn turn(
        config: Self::Config,
        context: &TurnContext,
        state: Option<Self::State>,
    ) -> Result<Next<Self::State>>;
}

/// What a turn came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Next<S> {
    /// The next state; none ends the scenario for this conversation.
    pub state: Option<S>,
    /// Done in this order.
    pub steps: Vec<Step>,
    /// Wakes the scenario at this time, in milliseconds since 1970, unless something else happens before.
    pub wake_at: Option<u64>,
}

impl<S> Next<S> {
    /// Goes on with a state.
    pub fn go_on(state: S) -> Self {
        Self {
            state: Some(state),
            steps: Vec::new(),
            wake_at: None,
        }
    }

    /// Ends here.
    pub fn end() -> Self {
        Self {
            state: None,
            steps: Vec::new(),
            wake_at: None,
        }
    }

    /// And does this.
    #[must_use]
    pub fn and(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// And is woken at this time.
    #[must_use]
    pub fn wake_at(mut self, at: u64) -> Self {
        self.wake_at = Some(at);
        self
    }
}

impl Step {
    fn new(kind: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            ..Self::default()
        }
    }

    /// Writes to the customer.
    pub fn send(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            ..Self::new("send")
        }
    }

    /// The same with rows of buttons.
    #[must_use]
    pub fn with_buttons(mut self, buttons: Vec<Vec<Button>>) -> Self {
        self.buttons = buttons;
        self
    }

    /// Leaves a note for operators.
    pub fn note(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            ..Self::new("note")
        }
    }

    /// Tags the conversation.
    pub fn tag(name: &str) -> Self {
        Self {
            name: Some(name.to_owned()),
            ..Self::new("tag")
        }
    }

    /// Takes a tag off.
    pub fn untag(name: &str) -> Self {
        Self {
            name: Some(name.to_owned()),
            ..Self::new("untag")
        }
    }

    /// Sets an attribute of the customer.
    pub fn set_attribute(name: &str, value: &str) -> Self {
        Self {
            name: Some(name.to_owned()),
            text: value.to_owned(),
            ..Self::new("set-attribute")
        }
    }

    /// Calls a tool; its answer comes as a `tool-result`.
    pub fn call_tool(name: &str, args: &serde_json::Value) -> Self {
        Self {
            name: Some(name.to_owned()),
            args: Some(args.to_string()),
            ..Self::new("call-tool")
        }
    }

    /// Hands over to an operator, with a note.
    pub fn hand_over(note: &str) -> Self {
        Self {
            text: note.to_owned(),
            ..Self::new("hand-over")
        }
    }

    /// Resolves the conversation.
    pub fn resolve() -> Self {
        Self::new("resolve")
    }
}

/// A scenario as the contract wants it.
#[doc(hidden)]
#[derive(Debug)]
pub struct Exported<S>(PhantomData<S>);

impl<S: Scenario + 'static> Guest for Exported<S> {
    fn describe() -> Descriptor {
        Phase::Pure.run(S::describe)
    }

    fn validate_config(settings: String) -> Result<(), Vec<ConfigIssue>> {
        Phase::Offline.run(|| match config::read(&settings) {
            Err(issue) => Err(vec![issue]),
            Ok(config) => Some(S::validate(&config))
                .filter(|issues| !issues.is_empty())
                .map_or(Ok(()), Err),
        })
    }

    fn migrate_config(from_version: String, settings: String) -> Result<String> {
        Phase::Offline.run(|| {
            let settings = serde_json::from_str(&settings)
                .map_err(|_| PluginError::malformed("the settings are no JSON"))?;
            S::migrate(&from_version, settings).map(|settings| settings.to_string())
        })
    }

    fn on_event(context: TurnContext, state: Option<Vec<u8>>) -> Result<Turn> {
        Phase::Offline.run(|| {
            let state = state.map(|bytes| document(&bytes)).transpose();
            let state = state.map_err(|_| PluginError::malformed("the state is not one of this version"))?;
            let next = S::turn(config::current()?, &context, state)?;
            let state = next.state.as_ref().map(serde_json::to_vec).transpose();
            Ok(Turn {
                state: state.map_err(|_| PluginError::invalid("the state cannot be written as JSON"))?,
                actions: next.steps,
                wake_at: next.wake_at,
            })
        })
    }
}

/// Exports a scenario from the plugin. Write it once, at the root of the crate.
#[macro_export]
macro_rules! export_scenario {
    ($scenario:ty) => {
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            type Component = $crate::scenario::Exported<$scenario>;
            $crate::bindings::scenario::export_scenario_world!(
                Component with_types_in $crate::bindings::scenario
            );
        };
    };
}
