//! Tools: what is listed, and calls with arguments that make no sense.

use std::collections::BTreeSet;

use anyhow::Result;
use omnichat_plugin_runtime::Export;
use serde_json::{Value, json};

use super::{Check, Subject, code, garbage};
use crate::stage::{Scene, Script};

pub(super) async fn checks(subject: &Subject<'_>) -> Result<Vec<Check>> {
    let (first, second) = (list(subject).await?, list(subject).await?);
    let mut wrong = Vec::new();
    if first != second {
        wrong.push("the second list differs from the first one".to_owned());
    }
    let tools: Vec<&Value> = first.as_array().into_iter().flatten().collect();
    let names: BTreeSet<&str> = tools
        .iter()
        .filter_map(|tool| tool.get("name")?.as_str())
        .collect();
    if tools.is_empty() || names.len() != tools.len() || names.contains("") {
        wrong.push("each tool needs a name of its own".to_owned());
    }
    for tool in &tools {
        let schema = tool
            .get("args_schema")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let schema: Value = serde_json::from_str(schema).unwrap_or_default();
        if schema.get("type") != Some(&json!("object")) {
            wrong.push(format!("the arguments of {} are no object", tool["name"]));
        }
        if tool
            .get("description")
            .and_then(Value::as_str)
            .is_none_or(str::is_empty)
        {
            wrong.push(format!("{} says nothing of when to use it", tool["name"]));
        }
    }
    let shown: Vec<&str> = names.iter().copied().collect();
    Ok(vec![
        Check::unless("lists its tools the same twice", &wrong, shown.join(", ")),
        unknown(subject).await?,
        mangled(subject, &shown).await?,
    ])
}

async fn list(subject: &Subject<'_>) -> Result<Value> {
    let answer = subject
        .theatre
        .play(Export::ListTools, &Value::Null, &Scene::default())
        .await?
        .answer?;
    Ok(answer.get("ok").cloned().unwrap_or_default())
}

async fn unknown(subject: &Subject<'_>) -> Result<Check> {
    const NAME: &str = "unknown tool refused";
    let input = json!({ "name": "no-such-tool", "args": {}, "context": { "call": "1" } });
    let answer = subject
        .theatre
        .play(Export::CallTool, &input, &subject.scene())
        .await?
        .answer;
    Ok(match answer {
        Ok(answer) => match code(&answer) {
            Some(code @ ("not-found" | "invalid" | "rejected")) => Check::ok(NAME, code),
            other => Check::failed(
                NAME,
                format!("{} instead of not-found", other.unwrap_or("an answer")),
            ),
        },
        Err(fault) => Check::failed(NAME, fault.to_string()),
    })
}

/// What an AI makes up is an error in the tool's own words, at most.
async fn mangled(subject: &Subject<'_>, names: &[&str]) -> Result<Check> {
    const NAME: &str = "garbage never traps";
    // Whatever it asks its platform, there is nobody.
    let scene = Scene {
        script: Script::Always(omnichat_plugin_runtime::Answer {
            status: 404,
            ..Default::default()
        }),
        ..subject.scene()
    };
    let (mut calls, mut wrong) = (0, Vec::new());
    for name in names {
        let recorded = subject
            .recorded(Export::CallTool)
            .find(|recorded| recorded.line.input["name"] == *name);
        let args = recorded.map(|recorded| recorded.line.input["args"].clone());
        let fields = args
            .as_ref()
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .map(|(field, _)| field.clone());
        let mut all = garbage::documents();
        for field in fields {
            all.extend(
                garbage::documents()
                    .into_iter()
                    .map(|value| json!({ &field: value })),
            );
            all.extend(garbage::texts().into_iter().map(|text| json!({ &field: text })));
        }
        for args in all {
            let shown: String = args.to_string().chars().take(40).collect();
            let input = json!({ "name": name, "args": args, "context": { "call": "1" } });
            calls += 1;
            if let Err(fault) = subject
                .theatre
                .play(Export::CallTool, &input, &scene)
                .await?
                .answer
            {
                wrong.push(format!("{name}({shown}…): {fault}"));
            }
        }
    }
    Ok(Check::unless(NAME, &wrong, format!("{calls} calls")))
}
