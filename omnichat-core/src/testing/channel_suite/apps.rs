//! Webhooks of an app that serves many accounts. Kinds without an app pass these cases at once.

use serde_json::{Value, json};

use super::fixture::ChannelFixture;
use crate::channel::{AppAccounts, WebhookRequest};
use crate::inboxes::AppAccount;
use crate::limits;
use crate::settings::secret_names;

/// The two settings that say whose webhooks an inbox gets are there, and are no secrets: they are kept beside the inbox, and found by
/// strangers' requests.
pub async fn an_app_names_plain_settings(fixture: ChannelFixture) {
    let Some(app) = app(&fixture) else { return };
    let schema = &fixture.kind.descriptor().config_schema;
    let secrets = secret_names(schema);
    for name in [&app.app, &app.account] {
        let property = &schema["properties"][name.as_str()];
        let is_id = matches!(property["type"].as_str(), Some("string" | "integer"));
        assert!(is_id, "«{name}» is no setting that can hold an id: {property}");
        assert!(!secrets.contains(&name.as_str()), "«{name}» is a secret");
    }
    assert_ne!(app.app, app.account);
    assert!(
        AppAccount::is_app(&id(&fixture.config, &app.app)),
        "the id of an app is part of an address"
    );
    assert!(
        fixture.kind.descriptor().capabilities.webhook,
        "an app brings webhooks, and none are taken"
    );
}

/// A sample that brings this account something names it, the same each time.
pub async fn samples_speak_of_their_account(fixture: ChannelFixture) {
    let Some(app) = app(&fixture) else { return };
    let (own, channel) = (id(&fixture.config, &app.account), fixture.open());
    for sample in fixture.samples() {
        let told = fixture.kind.addressed(sample).await;
        let accounts = told.unwrap_or_else(|error| panic!("{error:?} for {}", text(sample)));
        let again = fixture.kind.addressed(sample).await.ok();
        assert_eq!(again.as_ref(), Some(&accounts), "{}", text(sample));
        assert!(
            accounts.len() <= limits::WEBHOOK_ACCOUNTS
                && accounts.iter().all(|id| AppAccount::is_account(id)),
            "{accounts:?}"
        );
        if channel.parse(sample).await.is_ok_and(|events| !events.is_empty()) {
            assert!(
                accounts.contains(&own),
                "{accounts:?} without {own} for {}",
                text(sample)
            );
        }
    }
}

/// Another account of the same app takes nothing of what is not its own.
pub async fn parts_of_other_accounts_are_ignored(fixture: ChannelFixture) {
    let Some(app) = app(&fixture) else { return };
    let mut config = fixture.config.clone();
    config[app.account.as_str()] = match &config[app.account.as_str()] {
        Value::Number(number) => json!(number.as_u64().unwrap_or_default() + 1),
        other => json!(format!("{}0", other.as_str().unwrap_or_default())),
    };
    let own = id(&config, &app.account);
    let other = fixture
        .kind
        .open(fixture.account(config))
        .expect("another account opens");
    for sample in fixture.samples() {
        let accounts = fixture.kind.addressed(sample).await.unwrap_or_default();
        if !accounts.contains(&own) {
            let events = other.parse(sample).await.unwrap_or_default();
            assert!(
                events.is_empty(),
                "{events:?} of another account in {}",
                text(sample)
            );
        }
    }
}

/// Rubbish is of no account, or an error, and never more.
pub async fn rubbish_speaks_of_nobody(fixture: ChannelFixture) {
    if app(&fixture).is_none() {
        return;
    }
    let bodies = [
        "",
        "{}",
        "[]",
        "null",
        "0",
        "\"\"",
        "{",
        "\u{0}",
        "ж",
        "{\"entry\":[{}]}",
    ];
    for body in bodies {
        let _ = fixture.kind.addressed(&WebhookRequest::post(body)).await;
    }
    let deep = "[".repeat(100_000);
    let _ = fixture.kind.addressed(&WebhookRequest::post(deep)).await;
    for sample in fixture.samples() {
        let step = (sample.body.len() / 500).max(1);
        for end in (0..sample.body.len()).step_by(step) {
            let torn = sample.clone().with_body(sample.body.slice(..end));
            let _ = fixture.kind.addressed(&torn).await;
        }
    }
}

fn app(fixture: &ChannelFixture) -> Option<AppAccounts> {
    fixture.kind.descriptor().app.clone()
}

/// An id in the settings, as inboxes keep it.
fn id(config: &Value, name: &str) -> String {
    match &config[name] {
        Value::String(text) => text.trim().to_owned(),
        other => other.to_string(),
    }
}

fn text(request: &WebhookRequest) -> String {
    String::from_utf8_lossy(&request.body).into_owned()
}
