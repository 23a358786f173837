//! Calls of a scenario.

use async_trait::async_trait;
use omnichat_core::automations::scenario::{Person, ToolFailure};
use omnichat_core::automations::{ScenarioAction, Turn, TurnContext, TurnEvent};
use omnichat_core::error::FieldError;
use wasmtime::Store;

use super::channel::common;
use super::scenario_world::ScenarioPlugin;
use super::scenario_world::exports::omnichat::plugin::scenario as wit;
use super::types::{buttons_from_wit, millis, time, unknown, words};
use crate::descriptor::Described;
use crate::factors::State;
use crate::outcome::PluginError;
use crate::worlds::{Common, Said, ScenarioGuest};

common!(ScenarioPlugin, omnichat_plugin_scenario);

#[async_trait]
impl ScenarioGuest for ScenarioPlugin {
    async fn on_event(
        &self,
        store: &mut Store<State>,
        context: &TurnContext,
        state: Option<&[u8]>,
    ) -> Said<Turn> {
        let turn = self
            .omnichat_plugin_scenario()
            .call_on_event(store, &context_to_wit(context), state)
            .await?;
        Ok(turn.map_err(PluginError::from).and_then(turn_from_wit))
    }
}

fn context_to_wit(context: &TurnContext) -> wit::TurnContext {
    wit::TurnContext {
        conversation: context.conversation.to_string(),
        channel: context.channel.clone(),
        customer: person_to_wit(&context.customer),
        event: event_to_wit(&context.event),
        now: millis(context.now),
        seed: context.seed,
        extra: "{}".to_owned(),
    }
}

fn person_to_wit(person: &Person) -> wit::Person {
    wit::Person {
        id: person.id.to_string(),
        name: words(&person.name),
        locale: person.locale.clone(),
        attributes: person
            .attributes
            .iter()
            .map(|(key, value)| (key.clone(), words(value)))
            .collect(),
    }
}

fn event_to_wit(event: &TurnEvent) -> wit::TurnEvent {
    let mut made = wit::TurnEvent {
        kind: String::new(),
        text: String::new(),
        value: None,
        name: None,
        result: None,
        error: None,
        extra: "{}".to_owned(),
    };
    made.kind = match event {
        TurnEvent::Message { text, value } => {
            (made.text, made.value) = (words(text), value.as_deref().map(words));
            "message"
        }
        TurnEvent::Timer => "timer",
        TurnEvent::ToolResult { name, result } => {
            made.name = Some(name.clone());
            match result {
                Ok(answer) => made.result = Some(answer.to_string()),
                Err(failure) => made.error = Some(failure_to_wit(failure)),
            }
            "tool-result"
        }
    }
    .to_owned();
    made
}

/// The codes of the contract are those of the core, with hyphens.
fn failure_to_wit(
    failure: &ToolFailure,
) -> crate::worlds::v0_1::channel_world::omnichat::plugin::types::PluginError {
    PluginError {
        retryable: failure.retryable,
        ..PluginError::new(&failure.code.replace('_', "-"), failure.message.clone())
    }
    .into()
}

fn turn_from_wit(turn: wit::Turn) -> Result<Turn, PluginError> {
    Ok(Turn {
        state: turn.state,
        actions: turn
            .actions
            .into_iter()
            .map(action_from_wit)
            .collect::<Result<_, _>>()?,
        wake_at: turn.wake_at.map(time),
    })
}

fn action_from_wit(action: wit::Action) -> Result<ScenarioAction, PluginError> {
    let kind = action.kind;
    let name = action.name.ok_or_else(|| {
        PluginError::new(
            "malformed",
            format!("the scenario gave an action «{kind}» without a name"),
        )
    });
    Ok(match kind.as_str() {
        "send" => ScenarioAction::Send {
            text: action.text,
            buttons: buttons_from_wit(action.buttons)?,
        },
        "note" => ScenarioAction::Note { text: action.text },
        "tag" => ScenarioAction::Tag { name: name? },
        "untag" => ScenarioAction::Untag { name: name? },
        "set-attribute" => ScenarioAction::SetAttribute {
            name: name?,
            value: action.text,
        },
        "call-tool" => {
            let args = action.args.unwrap_or_else(|| "{}".to_owned());
            ScenarioAction::CallTool {
                name: name?,
                args: serde_json::from_str(&args).map_err(|error| {
                    PluginError::new(
                        "malformed",
                        format!("the arguments of a tool are no JSON: {error}"),
                    )
                })?,
            }
        }
        "hand-over" => ScenarioAction::HandOver { note: action.text },
        "resolve" => ScenarioAction::Resolve,
        other => return Err(unknown("an action", other)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use omnichat_core::messages::{Button, ButtonAction};
    use serde_json::json;

    fn action(kind: &str) -> wit::Action {
        wit::Action {
            kind: kind.to_owned(),
            text: "t".to_owned(),
            buttons: vec![vec![
                super::super::channel_world::omnichat::plugin::types::Button {
                    text: "b".to_owned(),
                    kind: "reply".to_owned(),
                    value: Some("d".to_owned()),
                },
            ]],
            name: Some("n".to_owned()),
            args: Some("{\"a\":1}".to_owned()),
            extra: "{}".to_owned(),
        }
    }

    #[test]
    fn every_action_is_understood_and_an_unknown_one_is_named() {
        let (text, name) = ("t".to_owned(), "n".to_owned());
        let buttons = vec![vec![Button {
            text: "b".to_owned(),
            action: ButtonAction::Reply { data: "d".to_owned() },
        }]];
        for (kind, expected) in [
            (
                "send",
                ScenarioAction::Send {
                    text: text.clone(),
                    buttons,
                },
            ),
            ("note", ScenarioAction::Note { text: text.clone() }),
            ("tag", ScenarioAction::Tag { name: name.clone() }),
            ("untag", ScenarioAction::Untag { name: name.clone() }),
            (
                "set-attribute",
                ScenarioAction::SetAttribute {
                    name: name.clone(),
                    value: text.clone(),
                },
            ),
            (
                "call-tool",
                ScenarioAction::CallTool {
                    name,
                    args: json!({ "a": 1 }),
                },
            ),
            ("hand-over", ScenarioAction::HandOver { note: text }),
            ("resolve", ScenarioAction::Resolve),
        ] {
            assert_eq!(action_from_wit(action(kind)).unwrap(), expected);
        }
        assert!(
            action_from_wit(action("dance"))
                .unwrap_err()
                .message
                .contains("dance")
        );
        let nameless = wit::Action {
            name: None,
            ..action("tag")
        };
        assert!(action_from_wit(nameless).unwrap_err().message.contains("tag"));
    }

    #[test]
    fn every_event_has_its_kind() {
        let failed = Err(ToolFailure {
            code: "not_found".to_owned(),
            message: "no".to_owned(),
            retryable: true,
        });
        for (kind, event) in [
            (
                "message",
                TurnEvent::Message {
                    text: "hi".to_owned(),
                    value: Some("v".to_owned()),
                },
            ),
            ("timer", TurnEvent::Timer),
            (
                "tool-result",
                TurnEvent::ToolResult {
                    name: "n".to_owned(),
                    result: Ok(json!(1)),
                },
            ),
            (
                "tool-result",
                TurnEvent::ToolResult {
                    name: "n".to_owned(),
                    result: failed,
                },
            ),
        ] {
            let made = event_to_wit(&event);
            assert_eq!(made.kind, kind);
            assert_eq!(
                made.result.is_some() || made.error.is_some(),
                kind == "tool-result"
            );
            if let Some(error) = made.error {
                assert_eq!((error.code.as_str(), error.retryable), ("not-found", true));
            }
        }
    }
}
