//! Settings and secrets of accounts.

use omnichat_core::error::ErrorKind;
use serde_json::json;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::house::{House, message, open};
use omnichat_plugin_runtime::testing::{Guest, RESULT};

/// Logs the text whose place and length these instructions give.
fn log(guest: &mut Guest, text: &str) -> String {
    let (level, fields) = (guest.text("info"), guest.text("{}"));
    format!("(call $host-env.log {level} {text} {fields})")
}

/// Logs the settings as the guest sees them.
fn log_config(guest: &mut Guest) -> String {
    let text = format!(
        "(i32.load (i32.const {RESULT})) (i32.load (i32.const {}))",
        RESULT + 4
    );
    format!(
        "(call $host-env.config (i32.const {RESULT})) {}",
        log(guest, &text)
    )
}

/// Answers with the text at these places.
fn say(at: &str, length: &str) -> String {
    format!(
        "(i32.store (i32.const {RESULT}) (i32.const 0)) (i32.store (i32.const {}) {at}) (i32.store (i32.const {}) {length})
         (i32.const {RESULT})",
        RESULT + 8,
        RESULT + 12
    )
}

#[tokio::test]
async fn a_guest_sees_placeholders_in_place_of_secrets() {
    let mut guest = Guest::channel();
    let body = format!("{} (i32.const 0)", log_config(&mut guest));
    let (plugin, channel) = House::new().open(guest.does("send", &body).build()).await;
    channel.send(&message()).await.unwrap();
    let line = &plugin.status().log[0];
    assert_eq!(line.message, r#"{"token":"{{secret:token}}"}"#);
    assert!(!format!("{:?}", plugin.status()).contains("s3cr3t"));
}

#[tokio::test]
async fn a_secret_goes_to_a_granted_host_in_a_setting() {
    let server = MockServer::start().await;
    Mock::given(wiremock::matchers::any())
        .respond_with(ResponseTemplate::new(200))
        .mount(&server)
        .await;
    let mut guest = Guest::channel().asking("[requests]\nhosts = [\"config:base\"]\n");
    let get = guest.get(&format!("{}/{{{{secret:token}}}}", server.uri()));
    let plugin = House::new()
        .load(guest.does("send", &format!("{get} (i32.const {RESULT})")).build())
        .await;
    let granted = open(&plugin, json!({ "token": "s3cr3t", "base": server.uri() }));
    // The answer of the host is no receipt, but its beginning reads as one without ids.
    granted.send(&message()).await.ok();
    assert_eq!(server.received_requests().await.unwrap()[0].url.path(), "/s3cr3t");
    let elsewhere = open(
        &plugin,
        json!({ "token": "s3cr3t", "base": "https://other.example.org" }),
    );
    assert_eq!(
        elsewhere.send(&message()).await.unwrap_err().kind(),
        ErrorKind::Rejected
    );
    assert_eq!(server.received_requests().await.unwrap().len(), 1);
}

#[tokio::test]
async fn settings_are_checked_by_the_plugin_without_secrets() {
    let mut guest = Guest::channel();
    let seen = log(&mut guest, "(local.get 0) (local.get 1)");
    let mut issue = Vec::new();
    for text in ["base", "format", "no address"] {
        let at = guest.place(text.as_bytes());
        issue.extend_from_slice(&u32::try_from(at).unwrap().to_le_bytes());
        issue.extend_from_slice(&u32::try_from(text.len()).unwrap().to_le_bytes());
    }
    let issue = guest.place(&issue);
    let body = format!(
        "{seen} (i32.store8 (i32.const {RESULT}) (i32.const 1)) (i32.store (i32.const {}) (i32.const {issue}))
         (i32.store (i32.const {}) (i32.const 1)) (i32.const {RESULT})",
        RESULT + 4,
        RESULT + 8
    );
    let plugin = House::new()
        .load(guest.does("validate-config", &body).build())
        .await;
    let error = plugin
        .validate_config(&json!({ "token": "s3cr3t" }))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    assert_eq!(
        (error.fields()[0].field.as_str(), error.fields()[0].code.as_str()),
        ("config.base", "format")
    );
    assert_eq!(plugin.status().log[0].message, r#"{"token":"{{secret:token}}"}"#);
    House::new()
        .load(Guest::channel().build())
        .await
        .validate_config(&json!({}))
        .await
        .unwrap();
}

#[tokio::test]
async fn a_migration_moves_secrets_without_seeing_them() {
    let mut same = Guest::channel();
    let seen = log(&mut same, "(local.get 2) (local.get 3)");
    let body = format!("{seen} {}", say("(local.get 2)", "(local.get 3)"));
    let plugin = House::new()
        .load(same.does("migrate-config", &body).build())
        .await;
    let old = json!({ "token": "s3cr3t", "base": "https://example.org" });
    assert_eq!(plugin.migrate_config("0.9.0", old.clone()).await.unwrap(), old);
    assert!(!plugin.status().log[0].message.contains("s3cr3t"));

    let moved = |text: &'static str| async move {
        let mut guest = Guest::channel();
        let at = guest.place(text.as_bytes());
        let body = say(
            &format!("(i32.const {at})"),
            &format!("(i32.const {})", text.len()),
        );
        let plugin = House::new()
            .load(guest.does("migrate-config", &body).build())
            .await;
        plugin.migrate_config("0.9.0", json!({ "key": "s3cr3t" })).await
    };
    assert_eq!(
        moved(r#"{"token":"{{secret:key}}"}"#).await.unwrap(),
        json!({ "token": "s3cr3t" })
    );
    for (text, field) in [
        (r#"{"base":"{{secret:key}}"}"#, "config.base"),
        (r#"{"token":"{{secret:none}}"}"#, "config.token"),
    ] {
        let error = moved(text).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.fields()[0].field.as_str()),
            (ErrorKind::Invalid, field)
        );
    }
    assert_eq!(moved("{").await.unwrap_err().kind(), ErrorKind::Invalid);
}

#[tokio::test]
async fn two_accounts_have_two_stores() {
    let mut guest = Guest::channel();
    let (key, value) = (guest.text("key"), guest.text("value"));
    // Fails with the host's word if the key is there already.
    let body = format!(
        "(call $host-kv.compare-and-set {key} (i32.const 0) (i32.const 0) (i32.const 0) {value} (i32.const {RESULT}))
         (if (i32.eqz (i32.load8_u (i32.const {}))) (then unreachable)) (i32.const 0)",
        RESULT + 8
    );
    let plugin = House::new().load(guest.does("check", &body).build()).await;
    let (first, second) = (open(&plugin, json!({})), open(&plugin, json!({})));
    first.check().await.unwrap();
    second.check().await.unwrap();
    first.check().await.unwrap_err();
}
