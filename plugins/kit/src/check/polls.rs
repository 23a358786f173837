//! Polling: where the next poll goes on.

use anyhow::Result;
use omnichat_plugin_runtime::Export;
use serde_json::Value;

use super::{Check, Subject};

/// A poll goes on where the last one ended, and never further back.
pub(super) async fn cursor(subject: &Subject<'_>) -> Result<Check> {
    const NAME: &str = "poll cursor grows";
    if !subject.theatre.plugin.descriptor().capabilities.polling {
        return Ok(Check::skipped(NAME, "it does not poll"));
    }
    let (mut polls, mut wrong) = (0, Vec::new());
    for recorded in subject.good(Export::Poll) {
        let Ok(scene) = recorded.scene() else { continue };
        let name = &recorded.line.name;
        let mut answers = Vec::new();
        for _ in 0..2 {
            let played = subject
                .theatre
                .play(Export::Poll, &recorded.line.input, &scene)
                .await?;
            answers.push(played.answer.map_err(|fault| fault.to_string()));
        }
        polls += 1;
        let (first, second) = (&answers[0], &answers[1]);
        if first != second {
            wrong.push(format!("«{name}» brings something else the second time"));
        }
        let cursor = match first {
            Ok(answer) => answer.pointer("/ok/cursor").and_then(Value::as_str),
            Err(fault) => {
                wrong.push(format!("«{name}»: {fault}"));
                continue;
            }
        };
        match (recorded.line.input.as_str(), cursor) {
            (Some(before), None) => wrong.push(format!("«{name}» forgets the cursor {before}")),
            (Some(before), Some(after)) if fell(before, after) => {
                wrong.push(format!("«{name}» goes back from {before} to {after}"))
            }
            _ => {}
        }
    }
    if polls == 0 {
        return Ok(Check::skipped(NAME, "no recorded poll"));
    }
    Ok(Check::unless(NAME, &wrong, format!("{polls} polls")))
}

/// Whether a cursor went back. Only numbers have an order that is known here.
fn fell(before: &str, after: &str) -> bool {
    match (before.parse::<i128>(), after.parse::<i128>()) {
        (Ok(before), Ok(after)) => after < before,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_as_numbers() {
        assert!(!fell("9", "10") && !fell("9", "9") && fell("10", "9") && !fell("abc", "abb"));
    }
}
