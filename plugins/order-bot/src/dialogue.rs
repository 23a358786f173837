//! The conversation: from a state and an event to the next state and steps. Nothing here is performed.

use omnichat_plugin_sdk::prelude::*;
use omnichat_plugin_sdk::scenario::{Next, Step as Do, TurnContext};
use serde_json::json;

use crate::answer;
use crate::config::Settings;
use crate::language::Language;
use crate::note::{self, Reason};
use crate::number::Form;
use crate::person;
use crate::state::{Outcome, Saved, State, Step};
use crate::texts::{Texts, joined};

/// The tool has so long to answer, in milliseconds.
const LOOKUP_MS: u64 = 60_000;
const MINUTE_MS: u64 = 60_000;
/// Data of the buttons.
const ANOTHER: &str = "order-bot:another";
const PERSON: &str = "order-bot:person";

/// One turn under way.
pub(crate) struct Dialogue<'a> {
    settings: &'a Settings,
    context: &'a TurnContext,
    form: Form,
}

impl<'a> Dialogue<'a> {
    pub(crate) fn new(settings: &'a Settings, context: &'a TurnContext) -> Result<Self> {
        let form = Form::new(&settings.pattern)
            .map_err(|reason| PluginError::invalid(format!("the form of an order number: {reason}")))?;
        Ok(Self {
            settings,
            context,
            form,
        })
    }

    pub(crate) fn turn(&self, state: Option<State>) -> Next<Saved> {
        match (self.context.event.kind.as_str(), state) {
            ("message", None) => self.begin(),
            ("message", Some(state)) => self.message(state),
            ("timer", Some(state)) => self.timer(state),
            ("tool-result", Some(state)) => self.result(state),
            // What this version does not know changes nothing.
            (_, Some(state)) => self.wait(state),
            // A timer or an answer that comes after the end.
            (_, None) => Next::end(),
        }
    }

    fn begin(&self) -> Next<Saved> {
        let event = &self.context.event;
        let locale = self.context.customer.locale.as_deref();
        let language = Language::of(locale, &event.text, self.settings.language);
        let state = State::new(language);
        if self.is_for_person(&self.settings.texts(language)) {
            return self.hand_over(&state, &Reason::Asked);
        }
        match self.form.find(&event.text) {
            Some(order) => self.look_up(state, order, 0),
            None => {
                let texts = self.settings.texts(language);
                let greeting = Do::send(&texts.greeting).with_buttons(vec![vec![person_button(&texts)]]);
                self.wait(state).and(greeting)
            }
        }
    }

    fn message(&self, state: State) -> Next<Saved> {
        let texts = self.settings.texts(state.language);
        if self.is_for_person(&texts) {
            return self.hand_over(&state, &Reason::Asked);
        }
        let tries = match state.step {
            // The answer is on its way; what was written meanwhile stands in the conversation.
            Step::Looking { .. } => return self.wait(state),
            Step::Asking { tries } | Step::Offering { tries } => tries,
        };
        if self.is_pressed(ANOTHER, &texts.another_button) {
            let ask = Do::send(&texts.ask);
            return self.wait(state.at(Step::Asking { tries: 0 })).and(ask);
        }
        if let Some(order) = self.form.find(&self.context.event.text) {
            return self.look_up(state, order, tries);
        }
        if matches!(state.step, Step::Offering { .. }) {
            let choose = say(&texts.choose, &texts.ask).with_buttons(choice(&texts));
            return self.once_more(state, Step::Offering { tries: tries + 1 }, choose);
        }
        let wrong = say(&texts.wrong_form, &texts.ask).with_buttons(vec![vec![person_button(&texts)]]);
        self.once_more(state, Step::Asking { tries: tries + 1 }, wrong)
    }

    fn timer(&self, state: State) -> Next<Saved> {
        let texts = self.settings.texts(state.language);
        match state.step {
            Step::Looking { until, .. } if self.context.now < until => self.wait(state),
            Step::Looking { .. } => self.hand_over(&state, &Reason::Silent),
            Step::Asking { .. } | Step::Offering { .. } => {
                let mut end = Next::end();
                if !texts.goodbye.is_empty() {
                    end = end.and(Do::send(&texts.goodbye));
                }
                if self.settings.resolve_after_silence {
                    end = end.and(Do::resolve());
                }
                end
            }
        }
    }

    fn result(&self, mut state: State) -> Next<Saved> {
        let event = &self.context.event;
        let is_ours = event.name.as_ref().is_none_or(|name| *name == self.settings.tool);
        let (order, tries) = match &state.step {
            Step::Looking { order, tries, .. } if is_ours => (order.clone(), *tries),
            _ => return self.wait(state),
        };
        let texts = self.settings.texts(state.language);
        match answer::read(event) {
            Ok(Outcome::Found { status, eta }) => {
                let found = texts.of_found(&order, &status, eta.as_deref());
                state.remember(order, Outcome::Found { status, eta });
                let found = Do::send(&found).with_buttons(choice(&texts));
                self.wait(state.at(Step::Offering { tries: 0 })).and(found)
            }
            Ok(outcome) => {
                let missing = say(&texts.of_missing(&order), &texts.ask);
                let missing = missing.with_buttons(vec![vec![person_button(&texts)]]);
                state.remember(order, outcome);
                self.once_more(state, Step::Asking { tries: tries + 1 }, missing)
            }
            Err(why) => {
                state.remember(order, Outcome::Failed);
                let state = state.at(Step::Asking { tries });
                self.hand_over(&state, &Reason::Failed(why))
            }
        }
    }

    fn look_up(&self, state: State, order: String, tries: u32) -> Next<Saved> {
        let texts = self.settings.texts(state.language);
        let call = Do::call_tool(&self.settings.tool, &json!({ "order": order }));
        let until = self.context.now.saturating_add(LOOKUP_MS);
        let next = self.wait(state.at(Step::Looking { order, tries, until }));
        if texts.looking.is_empty() {
            next.and(call)
        } else {
            next.and(Do::send(&texts.looking)).and(call)
        }
    }

    /// Says it and waits, unless it has been tried often enough.
    fn once_more(&self, state: State, step: Step, text: Do) -> Next<Saved> {
        let (Step::Asking { tries } | Step::Offering { tries } | Step::Looking { tries, .. }) = step;
        if tries >= self.settings.tries {
            return self.hand_over(&state.at(step), &Reason::Tries(tries));
        }
        self.wait(state.at(step)).and(text)
    }

    fn hand_over(&self, state: &State, reason: &Reason) -> Next<Saved> {
        let texts = self.settings.texts(state.language);
        let failed = match reason {
            Reason::Failed(_) | Reason::Silent => texts.failed.as_str(),
            Reason::Asked | Reason::Tries(_) => "",
        };
        let text = joined(failed, &texts.handing_over);
        let note = note::of(reason, Some(state), self.settings.language);
        let end = if text.is_empty() {
            Next::end()
        } else {
            Next::end().and(Do::send(&text))
        };
        end.and(Do::hand_over(&note))
    }

    /// Goes on with a state, and is woken if nothing comes.
    fn wait(&self, state: State) -> Next<Saved> {
        let silence = u64::from(self.settings.silence_minutes) * MINUTE_MS;
        let wake_at = match &state.step {
            Step::Looking { until, .. } => *until,
            Step::Asking { .. } | Step::Offering { .. } => self.context.now.saturating_add(silence),
        };
        Next::go_on(Saved::Known(state)).wake_at(wake_at)
    }

    fn is_for_person(&self, texts: &Texts) -> bool {
        self.is_pressed(PERSON, &texts.person_button)
            || person::is_asked_for(&self.context.event.text, &self.settings.person_words)
    }

    /// Whether a button was pressed, or its words were written where buttons cannot be shown.
    fn is_pressed(&self, data: &str, words: &str) -> bool {
        let event = &self.context.event;
        match event.value.as_deref() {
            Some(value) if !value.is_empty() => value == data,
            _ => event.text.trim().to_lowercase() == words.trim().to_lowercase(),
        }
    }
}

/// A text, or another one if it is empty: the customer must hear something here.
fn say(text: &str, instead: &str) -> Do {
    Do::send(if text.trim().is_empty() { instead } else { text })
}

fn person_button(texts: &Texts) -> Button {
    button(&texts.person_button, PERSON)
}

fn choice(texts: &Texts) -> Vec<Vec<Button>> {
    vec![
        vec![button(&texts.another_button, ANOTHER)],
        vec![person_button(texts)],
    ]
}

fn button(text: &str, data: &str) -> Button {
    Button {
        text: text.to_owned(),
        kind: "reply".to_owned(),
        value: Some(data.to_owned()),
    }
}
