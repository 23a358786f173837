//! Webhooks that an app brings for many accounts: each is found, and takes what is its own.

use anyhow::Result;
use omnichat_plugin_runtime::Export;
use serde_json::{Map, Value, json};

use super::webhooks::webhook;
use super::{Check, Subject, kind_of};
use crate::stage::Scene;

/// A webhook that brings an account something names it, and brings another account of the app nothing. Nothing is asked of a
/// plugin whose accounts have webhooks of their own.
pub(super) async fn check(subject: &Subject<'_>) -> Result<Option<Check>> {
    const NAME: &str = "an app's accounts kept apart";
    let Some(app) = subject.theatre.plugin.descriptor().app.clone() else {
        return Ok(None);
    };
    let kind = subject.theatre.kind()?;
    let (mut count, mut wrong) = (0, Vec::new());
    for recorded in subject.good(Export::ParseWebhook) {
        let (Some(request), Ok(scene)) = (webhook(recorded), recorded.scene()) else {
            continue;
        };
        let name = &recorded.line.name;
        let Some(own) = id(scene.config.get(&app.account)) else {
            wrong.push(format!(
                "«{name}» was recorded without the setting «{}»",
                app.account
            ));
            continue;
        };
        let stranger = Scene {
            config: stranger(&scene.config, &app.account),
            ..scene.clone()
        };
        let events = subject.theatre.channel(&scene)?.parse(&request).await;
        if events.is_ok_and(|events| events.is_empty()) {
            continue;
        }
        count += 1;
        match kind.addressed(&request).await {
            Ok(accounts) if accounts.contains(&own) => {}
            Ok(_) => wrong.push(format!("«{name}» brings «{own}» something and does not name it")),
            Err(error) => wrong.push(format!("«{name}»: {}: {}", kind_of(&error), error.message())),
        }
        let others = subject.theatre.channel(&stranger)?.parse(&request).await;
        if others.is_ok_and(|events| !events.is_empty()) {
            wrong.push(format!("«{name}» brings another account something, too"));
        }
    }
    Ok(Some(match count + wrong.len() {
        0 => Check::skipped(NAME, "no recorded parse-webhook that brings something"),
        _ => Check::unless(NAME, &wrong, format!("{count} webhooks")),
    }))
}

/// The settings of another account, of whom no webhook speaks.
fn stranger(config: &Map<String, Value>, account: &str) -> Map<String, Value> {
    let mut config = config.clone();
    let other = match config.get(account) {
        Some(Value::Number(number)) => json!(number.as_u64().unwrap_or_default().wrapping_add(1)),
        other => json!(format!("{}0", id(other).unwrap_or_default())),
    };
    config.insert(account.to_owned(), other);
    config
}

/// An id in settings, as the host keeps it.
fn id(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => Some(text.trim().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
