//! What a plugin says of itself, and what it says of settings.

use anyhow::Result;
use omnichat_plugin_runtime::{Export, Val};
use serde_json::{Value, json};

use super::{Check, Subject};
use crate::stage::Scene;

pub(super) async fn checks(subject: &Subject<'_>) -> Result<Vec<Check>> {
    let described = describe(subject).await?;
    let again = describe(subject).await?;
    let manifest = subject.theatre.plugin.manifest();
    let same = if described == again {
        Check::ok("describes itself the same twice", text(&described, "title"))
    } else {
        Check::failed(
            "describes itself the same twice",
            "the second answer differs from the first one",
        )
    };
    let pairs = [
        ("id", &manifest.id),
        ("version", &manifest.version),
        ("title", &manifest.title),
    ];
    let wrong: Vec<String> = pairs
        .iter()
        .filter(|(name, of)| text(&described, name) != **of)
        .map(|(name, of)| {
            format!(
                "{name} is «{of}» in the manifest, «{}» in describe",
                text(&described, name)
            )
        })
        .collect();
    let agree = Check::unless(
        "manifest agrees",
        &wrong,
        format!("{} {}, {}", manifest.id, manifest.version, manifest.kind),
    );
    // A schema outside of the subset is not loaded.
    let schema = &subject.theatre.plugin.descriptor().config_schema;
    let count = |filter: fn(&Value) -> bool| {
        let properties = schema.get("properties").and_then(Value::as_object);
        properties
            .into_iter()
            .flatten()
            .filter(|(_, property)| filter(property))
            .count()
    };
    let secrets = count(|property| property.get("x-secret") == Some(&Value::Bool(true)));
    let form = Check::ok(
        "settings make a form",
        format!("{} fields, {secrets} secret", count(|_| true)),
    );
    Ok(vec![same, agree, form, settings(subject, schema).await?])
}

async fn describe(subject: &Subject<'_>) -> Result<Value> {
    let played = subject
        .theatre
        .play(Export::Describe, &Value::Null, &Scene::default())
        .await?;
    let answer = played.answer?;
    Ok(answer.get("ok").cloned().unwrap_or_default())
}

fn text(described: &Value, name: &str) -> String {
    described
        .get(name)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

/// Settings that are none bring issues, never a fault.
async fn settings(subject: &Subject<'_>, schema: &Value) -> Result<Check> {
    const NAME: &str = "bad settings give issues";
    let required = schema
        .get("required")
        .and_then(Value::as_array)
        .is_some_and(|required| !required.is_empty());
    let mut given: Vec<(String, bool)> = vec![("{}".to_owned(), required)];
    given.extend(
        ["", "null", "[]", "17", "\"text\"", "{\"unknown\":[[]]}"].map(|text| (text.to_owned(), false)),
    );
    given.extend(["{", "nonsense", "{\"a\":\u{0}}"].map(|text| (text.to_owned(), true)));
    given.push(("[".repeat(100_000), true));
    let properties = schema.get("properties").and_then(Value::as_object);
    for name in properties.into_iter().flatten().map(|(name, _)| name) {
        for value in [
            json!(null),
            json!(-1),
            json!([1]),
            json!({ "x": {} }),
            json!("\u{1F600}".repeat(10_000)),
        ] {
            given.push((json!({ name: value }).to_string(), false));
        }
    }
    let mut wrong = Vec::new();
    for (text, must_refuse) in &given {
        let shown: String = text.chars().take(40).collect();
        let rehearsal = subject.theatre.rehearsal(&Scene::default())?;
        match rehearsal
            .call(Export::ValidateConfig, &[Val::String(text.clone())])
            .await
        {
            Err(fault) => wrong.push(format!("{shown}: {fault}")),
            Ok(Val::Result(Ok(_))) if *must_refuse => wrong.push(format!("{shown} was taken")),
            Ok(_) => {}
        }
    }
    Ok(Check::unless(NAME, &wrong, format!("{} tried", given.len())))
}
