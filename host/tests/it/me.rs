//! Oneself.

use serde_json::json;

use crate::util::TestApp;

#[tokio::test]
async fn one_sees_and_changes_oneself() {
    let (_app, owner) = TestApp::with_owner().await;
    let me = owner.get("/me").await.ok();
    assert_eq!(me["operator"]["status"], "offline");
    assert!(
        me["permissions"]
            .as_array()
            .unwrap()
            .contains(&json!("operators.manage"))
    );
    let changed = owner
        .patch("/me", json!({ "name": "Anna", "locale": "en" }))
        .await
        .ok();
    assert_eq!(
        (&changed["operator"]["name"], &changed["operator"]["locale"]),
        (&json!("Anna"), &json!("en"))
    );
    assert_eq!(
        owner.patch("/me", json!({ "name": "" })).await.wrong_fields(),
        ["name"]
    );
    assert_eq!(
        owner
            .patch("/me", json!({ "locale": "tlh" }))
            .await
            .wrong_fields(),
        ["locale"]
    );
    assert_eq!(owner.get("/me").await.ok(), changed);
}

#[tokio::test]
async fn going_online_is_told() {
    let (_app, owner) = TestApp::with_owner().await;
    for status in ["online", "break", "offline"] {
        let operator = owner.put("/me/status", json!({ "status": status })).await.ok();
        assert_eq!(operator["status"], status);
    }
    assert_eq!(
        owner
            .put("/me/status", json!({ "status": "asleep" }))
            .await
            .wrong_fields(),
        ["status"]
    );
}

#[tokio::test]
async fn nobody_is_nobody() {
    let app = TestApp::empty().await;
    let answer = app.anonymous().get("/me").await;
    assert_eq!(answer.headers["www-authenticate"], "Bearer");
    answer.problem(401, "unauthenticated");
}
