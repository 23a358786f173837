//! What a tool says of an order.

use omnichat_plugin_sdk::scenario::TurnEvent;
use serde_json::Value;

use crate::state::Outcome;

/// Longest status or date that is told, in characters.
const TEXT_MAX: usize = 200;

/// What came of a lookup; why it failed, for operators, if it did.
pub(crate) fn read(event: &TurnEvent) -> Result<Outcome, String> {
    if let Some(error) = &event.error {
        return Err(format!("{} ({})", error.message, error.code));
    }
    let result = event.result.as_deref().unwrap_or_default();
    let result: Value =
        serde_json::from_str(result).map_err(|_| "the tool's answer is no JSON".to_owned())?;
    if result.get("found") == Some(&Value::Bool(false)) {
        return Ok(Outcome::Missing);
    }
    match text(&result, "status") {
        Some(status) => Ok(Outcome::Found {
            status,
            eta: text(&result, "eta"),
        }),
        None => Err("the tool's answer has no status".to_owned()),
    }
}

fn text(result: &Value, name: &str) -> Option<String> {
    let text = match result.get(name)? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let cut: String = text.chars().take(TEXT_MAX).collect();
    (!cut.is_empty()).then_some(cut)
}

#[cfg(test)]
mod tests {
    use super::*;
    use omnichat_plugin_sdk::types::PluginError;

    fn result(result: &str) -> Result<Outcome, String> {
        read(&TurnEvent {
            result: Some(result.to_owned()),
            ..TurnEvent::default()
        })
    }

    #[test]
    fn answers_are_told_apart() {
        let found = |status: &str, eta: Option<&str>| Outcome::Found {
            status: status.to_owned(),
            eta: eta.map(str::to_owned),
        };
        for (answer, outcome) in [
            (
                r#"{"found":true,"status":"shipped","eta":"today"}"#,
                found("shipped", Some("today")),
            ),
            (r#"{"status":7,"eta":""}"#, found("7", None)),
            (r#"{"found":false,"status":"gone"}"#, Outcome::Missing),
        ] {
            assert_eq!(result(answer), Ok(outcome), "{answer}");
        }
        for answer in ["", "7", "{}", r#"{"found":true}"#, r#"{"status":{}}"#] {
            assert!(result(answer).is_err(), "{answer}");
        }
        let long = result(&format!(r#"{{"status":"{}"}}"#, "я".repeat(1_000)));
        assert_eq!(long, Ok(found(&"я".repeat(TEXT_MAX), None)));
    }

    #[test]
    fn an_error_says_why() {
        let event = TurnEvent {
            error: Some(PluginError::unavailable("the shop sleeps")),
            ..TurnEvent::default()
        };
        assert_eq!(read(&event), Err("the shop sleeps (unavailable)".to_owned()));
    }
}
