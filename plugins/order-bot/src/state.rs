//! What is remembered of a conversation between turns.

use serde::{Deserialize, Serialize};

use crate::language::Language;

/// Rises when the state's meaning changes.
const VERSION: u32 = 1;
/// So many lookups are remembered for the note.
const REMEMBERED: usize = 20;

/// A state as it was stored, perhaps by another version of the plugin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Saved {
    /// Of this shape.
    Known(State),
    /// Of another one: the conversation begins anew.
    Foreign(serde_json::Value),
}

impl Saved {
    /// The state, if it is one of this version.
    pub(crate) fn open(self) -> Option<State> {
        match self {
            Self::Known(state) if state.version == VERSION => Some(state),
            _ => None,
        }
    }
}

/// Where a conversation is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct State {
    version: u32,
    pub(crate) language: Language,
    pub(crate) step: Step,
    pub(crate) asked: Vec<Lookup>,
}

/// What the bot waits for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "snake_case")]
pub(crate) enum Step {
    /// An order number.
    Asking {
        /// Answers in a row that led nowhere.
        tries: u32,
    },
    /// The tool's answer.
    Looking {
        order: String,
        /// As in `Asking`.
        tries: u32,
        /// After this it is too late, in milliseconds since 1970.
        until: u64,
    },
    /// What the customer wants after an order was found.
    Offering {
        /// Answers in a row that were not understood.
        tries: u32,
    },
}

/// What came of looking for an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Lookup {
    pub(crate) order: String,
    pub(crate) outcome: Outcome,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    Found { status: String, eta: Option<String> },
    Missing,
    Failed,
}

impl State {
    pub(crate) fn new(language: Language) -> Self {
        Self {
            version: VERSION,
            language,
            step: Step::Asking { tries: 0 },
            asked: Vec::new(),
        }
    }

    /// The same at another step.
    pub(crate) fn at(self, step: Step) -> Self {
        Self { step, ..self }
    }

    /// Remembers what came of a lookup.
    pub(crate) fn remember(&mut self, order: String, outcome: Outcome) {
        if self.asked.len() >= REMEMBERED {
            self.asked.remove(0);
        }
        self.asked.push(Lookup { order, outcome });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_state_comes_back_as_it_was() {
        let mut state = State::new(Language::Russian);
        state.remember("1".to_owned(), Outcome::Missing);
        let written = serde_json::to_value(Saved::Known(state.clone())).expect("JSON");
        assert_eq!(written["version"], 1);
        let read: Saved = serde_json::from_value(written).expect("a state");
        assert_eq!(read.open(), Some(state));
    }

    #[test]
    fn a_state_of_another_version_is_none() {
        let mut later = serde_json::to_value(State::new(Language::English)).expect("JSON");
        later["version"] = 2.into();
        for foreign in [later, json!({ "v": 7 }), json!(null), json!([])] {
            let read: Saved = serde_json::from_value(foreign.clone()).expect("anything");
            assert_eq!(read.open(), None, "{foreign}");
        }
    }

    #[test]
    fn what_is_remembered_has_an_end() {
        let mut state = State::new(Language::English);
        for number in 0..50 {
            state.remember(number.to_string(), Outcome::Failed);
        }
        assert_eq!(state.asked.len(), REMEMBERED);
        assert_eq!(state.asked.last().map(|last| last.order.as_str()), Some("49"));
    }
}
