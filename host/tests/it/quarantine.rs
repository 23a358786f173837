//! Webhooks that could not be understood, and the audit log.

use omnichat_core::actor::Role;
use omnichat_core::change::Changes;
use omnichat_core::channel::WebhookRequest;
use omnichat_core::entities::Stored;
use omnichat_core::event::Origin;
use omnichat_core::quarantine::{QuarantineState, Quarantined};
use serde_json::json;

use crate::util::TestApp;
use crate::util::scene::id;

/// Puts a webhook into quarantine that its channel still does not understand.
async fn held(app: &TestApp, inbox: &str) -> String {
    let ports = app.engine().ports();
    let tenant = app.tenant("Example").await.id;
    let value = Quarantined {
        inbox: inbox.parse().unwrap(),
        reason: "not understood".to_owned(),
        what: omnichat_core::quarantine::Held::Request,
        request: WebhookRequest::post("{ no json").with_header("X-Test", "yes"),
        attempts: 1,
        state: QuarantineState::Held,
    };
    let held = Stored::new(&*ports.clock, value);
    let mut changes = Changes::new(tenant, Origin::system("test"));
    changes.keep(&held).unwrap();
    ports.commit(changes).await.unwrap();
    held.id.to_string()
}

#[tokio::test]
async fn a_webhook_is_seen_replayed_and_thrown_away() {
    let (app, owner) = TestApp::with_owner().await;
    let new = json!({ "kind": "api", "title": "A", "config": { "signing_secret": "0123456789abcdef" } });
    let inbox = id(&owner.post("/inboxes", new).await.with_status(201));
    let held = held(&app, &inbox).await;
    let listed = owner.get("/quarantine").await.ok();
    assert_eq!(
        (&listed["items"][0]["id"], &listed["items"][0]["body_preview"]),
        (&json!(held), &json!("{ no json"))
    );
    let whole = owner.get(&format!("/quarantine/{held}")).await.ok();
    assert_eq!(
        (&whole["headers"]["x-test"], &whole["body"], &whole["size"]),
        (&json!("yes"), &json!("{ no json"), &json!(9))
    );
    let replayed = owner
        .post(&format!("/quarantine/{held}/replay"), json!({}))
        .await
        .ok();
    assert_eq!(
        (&replayed["state"], &replayed["attempts"]),
        (&json!("held"), &json!(2))
    );
    owner
        .delete(&format!("/quarantine/{held}"))
        .await
        .with_status(204);
    owner
        .get(&format!("/quarantine/{held}"))
        .await
        .problem(404, "not_found");
}

#[tokio::test]
async fn the_audit_log_tells_who_did_what_to_those_who_may_know() {
    let (app, owner) = TestApp::with_owner().await;
    let mark = app.colleague("mark@example.org", Role::Operator).await;
    owner
        .patch(&format!("/operators/{}", mark.id), json!({ "capacity": 3 }))
        .await
        .ok();
    let log = owner.get("/audit").await.ok();
    let newest = &log["items"][0];
    assert_eq!(
        (&newest["action"], &newest["target"]),
        (&json!("operator.updated"), &json!(mark.id))
    );
    assert_eq!(
        newest["actor"],
        json!({ "kind": "operator", "id": owner.id, "name": "owner" })
    );
    mark.get("/audit").await.problem(403, "forbidden");
    mark.get("/quarantine").await.problem(403, "forbidden");
}
