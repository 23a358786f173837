//! Turns of a scenario.

use anyhow::Result;
use omnichat_plugin_runtime::Export;
use serde_json::{Value, json};

use super::{Check, Subject, garbage};

pub(super) async fn checks(subject: &Subject<'_>) -> Result<Vec<Check>> {
    Ok(vec![repeated(subject).await?, mangled(subject).await?])
}

/// The same context and state give the same turn, whatever the clock says.
async fn repeated(subject: &Subject<'_>) -> Result<Check> {
    const NAME: &str = "repeated turn, same actions";
    let (mut turns, mut wrong) = (0, Vec::new());
    for recorded in subject.recorded(Export::OnEvent) {
        let Ok(scene) = recorded.scene() else { continue };
        let first = subject
            .theatre
            .play(Export::OnEvent, &recorded.line.input, &scene)
            .await?
            .answer;
        let mut later = scene;
        later.clock += 3_600_000;
        let second = subject
            .theatre
            .play(Export::OnEvent, &recorded.line.input, &later)
            .await?
            .answer;
        turns += 1;
        match (first, second) {
            (Ok(first), Ok(second)) if first == second => {}
            (Err(fault), _) | (_, Err(fault)) => wrong.push(format!("«{}»: {fault}", recorded.line.name)),
            _ => wrong.push(format!(
                "«{}» comes to something else the second time",
                recorded.line.name
            )),
        }
    }
    if turns == 0 {
        return Ok(Check::skipped(NAME, "no recorded on-event"));
    }
    Ok(Check::unless(NAME, &wrong, format!("{turns} turns")))
}

/// What customers write and what earlier versions stored is an error in the scenario's own words, at most.
async fn mangled(subject: &Subject<'_>) -> Result<Check> {
    const NAME: &str = "garbage never traps";
    let scene = subject.scene();
    let recorded = subject
        .recorded(Export::OnEvent)
        .map(|recorded| &recorded.line.input)
        .cloned();
    let mut samples: Vec<Value> = recorded.collect();
    if samples.is_empty() {
        samples.push(
            json!({ "context": { "conversation": "1", "channel": "check", "event": { "kind": "message" } } }),
        );
    }
    let mut inputs = Vec::new();
    for state in garbage::documents() {
        inputs.push(with(&samples[0], "/state", state));
    }
    for sample in samples.iter().step_by((samples.len() / 4).max(1)) {
        inputs.extend(
            garbage::texts()
                .into_iter()
                .map(|text| with(sample, "/context/event/text", text.into())),
        );
        for kind in ["timer", "tool-result", "of-tomorrow", ""] {
            inputs.push(with(sample, "/context/event/kind", kind.into()));
        }
    }
    let mut wrong = Vec::new();
    for input in &inputs {
        if let Err(fault) = subject.theatre.play(Export::OnEvent, input, &scene).await?.answer {
            let shown: String = input.to_string().chars().take(80).collect();
            wrong.push(format!("{shown}…: {fault}"));
        }
    }
    Ok(Check::unless(NAME, &wrong, format!("{} turns", inputs.len())))
}

/// The document with another value at a place; its parent is there.
fn with(document: &Value, place: &str, value: Value) -> Value {
    let mut changed = document.clone();
    if let Some((parent, name)) = place.rsplit_once('/')
        && let Some(Value::Object(fields)) = changed.pointer_mut(parent)
    {
        fields.insert(name.to_owned(), value);
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_put_at_its_place() {
        assert_eq!(
            with(&json!({ "a": {} }), "/a/b", json!(1)),
            json!({ "a": { "b": 1 } })
        );
        assert_eq!(with(&json!({}), "/state", json!(1)), json!({ "state": 1 }));
    }
}
