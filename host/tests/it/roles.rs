//! Roles and rights by REST and over the socket.

use omnichat_core::actor::{Permission, Role};
use omnichat_core::operators::OperatorPatch;
use omnichat_core::roles::OwnRole;
use serde_json::{Value, json};

use crate::util::running::Running;
use crate::util::scene::{conversation, id};
use crate::util::{Client, TestApp};

fn trainee() -> Value {
    json!({
        "name": "Trainee",
        "permissions": ["conversations.read_all", "messages.note", "operators.read"],
        "description": "Reads along"
    })
}

async fn rights(client: &Client) -> Vec<String> {
    let me = client.get("/me").await.ok();
    let names = me["permissions"].as_array().unwrap().iter();
    names.map(|name| name.as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_catalogue_lists_rights_and_built_in_roles() {
    let (app, owner) = TestApp::with_owner().await;
    let anna = app.colleague("anna@example.org", Role::Operator).await;
    let catalogue = anna.get("/rights").await.ok();
    let listed = catalogue["rights"].as_array().unwrap();
    assert_eq!(listed.len(), Permission::BUILT_IN.len());
    assert!(listed.contains(&json!({ "name": "messages.send", "group": "messages" })));
    let of = |at: usize| catalogue["roles"][at].clone();
    assert_eq!(of(0)["role"], "operator");
    assert_eq!(of(3)["role"], "owner");
    assert_eq!(of(0)["permissions"], json!(rights(&anna).await));
    assert_eq!(of(3)["permissions"], json!(rights(&owner).await));
    app.anonymous()
        .get("/rights")
        .await
        .problem(401, "unauthenticated");
}

#[tokio::test]
async fn an_own_role_gives_its_rights_from_one_request_to_the_next() {
    let (app, owner) = TestApp::with_owner().await;
    let (_, conversation) = conversation(&owner).await;
    let made = owner.post("/roles", trainee()).await.with_status(201);
    let anna = app.colleague("anna@example.org", Role::Operator).await;
    let path = format!("/operators/{}", anna.id);
    let given = owner.patch(&path, json!({ "role": made["id"] })).await.ok();
    assert_eq!(given["role"], made["id"]);

    let me = anna.get("/me").await.ok();
    assert_eq!(me["operator"]["role"], made["id"]);
    assert_eq!(me["role_name"], "Trainee");
    assert_eq!(
        rights(&anna).await,
        ["conversations.read_all", "messages.note", "operators.read"]
    );
    let messages = format!("/conversations/{conversation}/messages");
    let reply = |key: &str| json!({ "client_key": key, "kind": "reply", "text": "Hello" });
    anna.post(&messages, reply("key-00001"))
        .await
        .problem(403, "forbidden");

    let role = format!("/roles/{}", id(&made));
    let more = json!({ "permissions": ["conversations.read_all", "messages.send"], "version": 1 });
    owner.patch(&role, more).await.ok();
    anna.post(&messages, reply("key-00002")).await.with_status(202);
    anna.get("/operators").await.problem(403, "forbidden");
    owner.patch(&role, trainee()).await.ok();
    anna.post(&messages, reply("key-00003"))
        .await
        .problem(403, "forbidden");

    let problem = owner.delete(&role).await.problem(422, "rejected");
    let said = problem["detail"].as_str().unwrap();
    assert!(said.starts_with("1 operator has this role"), "{said}");
    owner.patch(&path, json!({ "role": "operator" })).await.ok();
    owner.delete(&role).await.with_status(204);
    assert_eq!(anna.get("/me").await.ok()["role_name"], Value::Null);
}

#[tokio::test]
async fn what_is_wrong_with_a_role_is_refused_by_its_field() {
    let (app, owner) = TestApp::with_owner().await;
    for (body, field) in [
        (json!({ "permissions": ["audit.read"] }), "name"),
        (json!({ "name": " ", "permissions": ["audit.read"] }), "name"),
        (json!({ "name": "Owner", "permissions": ["audit.read"] }), "name"),
        (json!({ "name": "x", "permissions": [] }), "permissions"),
        (
            json!({ "name": "x", "permissions": ["everything"] }),
            "permissions[0]",
        ),
        (
            json!({ "name": "x", "permissions": ["audit.shout"] }),
            "permissions",
        ),
        (
            json!({ "name": "x", "permissions": ["audit.read"], "description": "x".repeat(301) }),
            "description",
        ),
        (
            json!({ "name": "x", "permissions": ["audit.read"], "colour": "red" }),
            "colour",
        ),
    ] {
        let answer = owner.post("/roles", body.clone()).await;
        assert_eq!(answer.wrong_fields(), [field], "{body}");
    }
    owner.post("/roles", trainee()).await.with_status(201);
    let again = json!({ "name": "TRAINEE", "permissions": ["audit.read"] });
    assert_eq!(owner.post("/roles", again).await.wrong_fields(), ["name"]);
    let new = |role: &str| json!({ "name": "Eve", "email": "eve@example.org", "role": role });
    for unknown in ["emperor", "role_0192f0c1a2b37c4d8e5f60718293a4b5"] {
        let answer = owner.post("/operators", new(unknown)).await;
        assert_eq!(answer.wrong_fields(), ["role"], "{unknown}");
    }
    // Another organisation's role is none.
    let theirs = app.found("Other", "other@example.org").await;
    let made = theirs.post("/roles", trainee()).await.with_status(201);
    let answer = owner.post("/operators", new(&id(&made))).await;
    assert_eq!(answer.wrong_fields(), ["role"]);
    owner
        .get(&format!("/roles/{}", id(&made)))
        .await
        .problem(404, "not_found");
}

#[tokio::test]
async fn who_manages_the_team_gives_no_more_than_they_have() {
    let (app, owner) = TestApp::with_owner().await;
    let manages =
        json!({ "name": "Lead", "permissions": ["operators.manage", "operators.read", "messages.send"] });
    let lead_role = owner.post("/roles", manages).await.with_status(201);
    let strong = json!({ "name": "Auditor", "permissions": ["audit.read"] });
    let strong = owner.post("/roles", strong.clone()).await.with_status(201);
    let lead = app.colleague("lead@example.org", Role::Operator).await;
    let path = format!("/operators/{}", lead.id);
    owner.patch(&path, json!({ "role": lead_role["id"] })).await.ok();

    let body = json!({ "name": "More", "permissions": ["audit.read"] });
    assert_eq!(lead.post("/roles", body).await.wrong_fields(), ["permissions"]);
    let new = json!({ "name": "Eve", "email": "eve@example.org", "role": strong["id"] });
    lead.post("/operators", new).await.problem(403, "forbidden");
    let strong = format!("/roles/{}", id(&strong));
    lead.patch(&strong, json!({ "permissions": ["messages.send"] }))
        .await
        .problem(403, "forbidden");
    lead.delete(&strong).await.problem(403, "forbidden");
    let own = format!("/roles/{}", id(&lead_role));
    let less = json!({ "permissions": ["operators.manage", "operators.read"] });
    let problem = lead.patch(&own, less.clone()).await.problem(422, "rejected");
    assert!(
        problem["detail"].as_str().unwrap().contains("ask a colleague"),
        "{problem}"
    );
    owner.patch(&own, less).await.ok();

    let anna = app.colleague("anna@example.org", Role::Operator).await;
    assert_eq!(
        anna.get("/roles").await.ok()["items"].as_array().unwrap().len(),
        2
    );
    anna.post("/roles", trainee()).await.problem(403, "forbidden");
    let audit = owner.get("/audit").await.ok();
    let actions: Vec<_> = audit["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| &line["action"])
        .collect();
    assert!(actions.contains(&&json!("role.created")) && actions.contains(&&json!("role.updated")));
}

#[tokio::test]
async fn rights_that_a_role_gains_or_loses_reach_open_sockets() {
    let app = Running::start().await;
    let owner = app.tenant("Roles").await;
    let colleague = app.colleague(&owner, "Boris", Role::Operator).await;
    let inbox = app
        .inbox(&owner, "api", json!({ "signing_secret": "0123456789abcdef" }))
        .await;
    let garbled = crate::webhooks::garbled(&app, &owner).await;
    let roles = app.state.engine.entities::<OwnRole>();
    let names = |more: &[&str]| -> Vec<String> {
        let all = ["conversations.read_all"].iter().chain(more);
        all.map(|name| (*name).to_owned()).collect()
    };
    let role = OwnRole {
        name: "Watch".to_owned(),
        permissions: names(&[]),
        description: None,
    };
    let role = roles.create(&owner.actor(), role).await.unwrap();
    let patch = OperatorPatch {
        role: Some(role.id.into()),
        ..OperatorPatch::default()
    };
    let operators = app.state.engine.operators();
    operators
        .update(&owner.actor(), colleague.operator.id, patch)
        .await
        .unwrap();
    let (mut socket, _) = app.console(&colleague, None).await;
    let change = async |more: &[&str]| {
        let names = names(more);
        let step = |role: &mut OwnRole| {
            role.permissions.clone_from(&names);
            Ok(())
        };
        roles.update(&owner.actor(), role.id, None, step).await.unwrap();
    };
    // Only who may manage quarantine sees this one.
    change(&["quarantine.manage"]).await;
    socket.of("rights_changed").await;
    crate::webhooks::deliver_garbled(&app, garbled).await;
    socket
        .until(|frame| frame["event"]["type"] == "quarantine_added")
        .await;
    change(&[]).await;
    socket.of("rights_changed").await;
    crate::webhooks::deliver_garbled(&app, garbled).await;
    app.write(inbox, "a", "the end").await;
    socket
        .until(|frame| {
            assert_ne!(frame["event"]["type"], "quarantine_added", "{frame}");
            frame["event"]["message"]["text"] == "the end"
        })
        .await;
}
