//! An example of each body that a request can have. A test holds them against their schemas.

use serde_json::{Value, json};

/// The example for the schema of this name.
pub(super) fn of(schema: &str) -> Option<Value> {
    Some(match schema {
        "SignInIn" => {
            json!({ "email": "anna@example.org", "password": "correct horse battery", "transport": "body" })
        }
        "RefreshIn" => json!({ "refresh_token": "b64f0c2e5d7a4c1f9e3b8a6d2c4f0e1a" }),
        "PasswordIn" => json!({ "current": "correct horse battery", "new": "a better staple" }),
        "AcceptInviteIn" => json!({
            "token": "b64f0c2e5d7a4c1f9e3b8a6d2c4f0e1a",
            "name": "Anna",
            "password": "correct horse battery",
            "transport": "cookie"
        }),
        "SetupIn" => json!({
            "token": "b64f0c2e5d7a4c1f9e3b8a6d2c4f0e1a",
            "organisation": "Example Ltd",
            "name": "Anna",
            "email": "anna@example.org",
            "password": "correct horse battery",
            "locale": "en"
        }),
        "MePatchIn" => json!({ "name": "Anna", "locale": "en" }),
        "StatusIn" => json!({ "status": "online" }),
        "ActionIn" => json!({}),
        "AssignIn" => json!({ "operator_id": null }),
        "InviteIn" => json!({ "operator_id": id("op") }),
        "TransferIn" => json!({ "operator_id": id("op"), "comment": "Asks about an invoice." }),
        "SnoozeIn" => json!({ "until": "2030-01-31T09:00:00Z" }),
        "ConversationPatchIn" => {
            json!({ "priority": "high", "tags": ["invoice"], "subject": "Invoice 1042", "attributes": { "order": "4711" } })
        }
        "MessageIn" => json!({
            "client_key": "5f0c2e5d-7a4c",
            "kind": "reply",
            "text": "Good morning! Here is your invoice.",
            "spans": [{ "start": 0, "length": 12, "style": "bold" }]
        }),
        "MessageEditIn" => json!({ "text": "Good morning! Here is the right invoice." }),
        "CustomerPatchIn" => json!({
            "name": "Boris",
            "email": "boris@example.org",
            "phone": null,
            "tags": ["regular"],
            "attributes": { "plan": "pro" }
        }),
        "OperatorIn" => {
            json!({ "name": "Boris", "email": "boris@example.org", "role": "operator", "capacity": 10 })
        }
        "OperatorPatchIn" => json!({ "role": "admin", "capacity": 5 }),
        "InboxIn" => json!({ "kind": "sandbox", "title": "Practice", "config": {} }),
        "InboxPatchIn" => json!({ "title": "Practice", "enabled": true }),
        "SimulationIn" => {
            json!({ "chat": "boris", "name": "Boris", "action": "message", "text": "Good morning!" })
        }
        "TrialIn" => json!({ "config": {} }),
        "AutomationIn" => json!({ "kind": "greeter", "title": "Greeter", "config": {} }),
        "AutomationPatchIn" => json!({ "enabled": false }),
        "ApiKeyIn" => json!({ "name": "Shop", "permissions": ["conversations.read_all"] }),
        "ApiKeyPatchIn" => json!({ "name": "Shop" }),
        "RotateIn" => json!({ "overlap_hours": 24 }),
        "PluginDecisionIn" => json!({ "digest": "0".repeat(64) }),
        "WidgetSessionIn" => json!({
            "locale": "en",
            "visitor": { "name": "Boris", "email": "boris@example.org", "attributes": { "plan": "pro" } },
            "page": { "url": "https://example.org/prices", "title": "Prices", "referrer": "" }
        }),
        "WidgetMessageIn" => json!({ "client_key": "5f0c2e5d-7a4c", "text": "Good morning!" }),
        "WidgetLeftMessageIn" => json!({
            "client_key": "5f0c2e5d-7a4d",
            "name": "Boris",
            "email": "boris@example.org",
            "text": "Please call me back."
        }),
        _ => return None,
    })
}

fn id(prefix: &str) -> String {
    format!("{prefix}_0192f0c1a2b37c4d8e5f60718293a4b5")
}
