//! Versions of a plugin that follow each other, and what people and the host say to them.

use omnichat_core::actor::Actor;
use serde_json::{Value, json};

use crate::util::plugins::Version;
use crate::util::{Answer, Client, TestApp};

const A: &str = "https://a.example.org";
const B: &str = "https://b.example.org";

async fn send(owner: &Client, version: &Version, query: &str) -> Answer {
    let path = format!("/plugins{query}");
    owner.post_bytes(&path, "application/wasm", version.build()).await
}

/// Installs a version and grants it what it asks for.
async fn run(owner: &Client, version: &Version) -> Value {
    let made = send(owner, version, "?approve=true").await.with_status(201);
    assert_eq!(
        (&made["state"], &made["version"]),
        (&json!("running"), &json!(version.number)),
        "{made}"
    );
    made
}

async fn decide(owner: &Client, how: &str, digest: &str) -> Answer {
    let path = format!("/plugins/x1/{how}");
    owner.post(&path, json!({ "digest": digest })).await
}

async fn inbox(owner: &Client) -> String {
    let inbox = json!({ "kind": "x1", "title": "Shop", "config": { "token": "t0p s3cr3t" } });
    let made = owner.post("/inboxes", inbox).await.with_status(201);
    made["id"].as_str().unwrap().to_owned()
}

/// What the code that runs here may call: not what a list says but what it was started with.
async fn may_call(app: &TestApp) -> Vec<String> {
    let actor = Actor::system(app.tenant("Example").await.id, "test");
    let seen = app.state.plugins.get(&actor, "x1").await.unwrap();
    seen.running.unwrap().grants().requests.hosts.clone()
}

fn states(detail: &Value) -> Vec<(&str, &str)> {
    let releases = detail["releases"].as_array().unwrap().iter();
    releases
        .map(|release| {
            (
                release["version"].as_str().unwrap(),
                release["state"].as_str().unwrap(),
            )
        })
        .collect()
}

#[tokio::test]
async fn an_upgrade_runs_at_once_or_waits_and_a_rollback_brings_the_old_rights_back() {
    let (app, owner) = TestApp::with_owner().await;
    run(&owner, &Version::calling("1.0.0", &[A])).await;
    let inbox = inbox(&owner).await;

    let next = Version::calling("1.1.0", &[A]);
    let made = send(&owner, &next, "").await.with_status(201);
    assert_eq!(
        (&made["version"], &made["previous_version"], &made["digest"]),
        (&json!("1.1.0"), &json!("1.0.0"), &json!(next.digest()))
    );

    let mut greedy = Version::calling("2.0.0", &[A, B]);
    greedy.asks = format!("{}[limits]\nmemory_mb = 128\n", greedy.asks);
    let made = send(&owner, &greedy, "").await.with_status(201);
    let waiting = &made["waiting"];
    assert_eq!(
        (&made["version"], &waiting["version"], &waiting["digest"]),
        (&json!("1.1.0"), &json!("2.0.0"), &json!(greedy.digest()))
    );
    assert_eq!(
        waiting["asks"],
        json!(["calls https://b.example.org", "needs 128 MiB of memory"])
    );
    assert_eq!(may_call(&app).await, [A]);

    let wrong = decide(&owner, "approve", &next.digest().replace(|_| true, "0")).await;
    let problem = wrong.problem(409, "conflict");
    assert!(
        problem.to_string().contains("look at what it asks for now"),
        "{problem}"
    );
    let approved = decide(&owner, "approve", &greedy.digest()).await.ok();
    assert_eq!(
        (
            &approved["version"],
            &approved["hosts"],
            &approved["granted"]["memory_mb"]
        ),
        (&json!("2.0.0"), &json!([A, B]), &json!(128))
    );
    assert_eq!(may_call(&app).await, [A, B]);
    assert_eq!(
        states(&owner.get("/plugins/x1").await.ok()),
        [("2.0.0", "active"), ("1.1.0", "previous"), ("1.0.0", "kept")]
    );

    let back = owner.post("/plugins/x1/rollback", json!({})).await.ok();
    assert_eq!((&back["version"], &back["hosts"]), (&json!("1.1.0"), &json!([A])));
    assert_eq!(may_call(&app).await, [A]);
    let shown = owner.get(&format!("/inboxes/{inbox}")).await.ok();
    assert_eq!(shown["config"]["token"], json!({ "set": true }));
}

#[tokio::test]
async fn what_is_asked_is_told_whole_before_anybody_approves() {
    let (_app, owner) = TestApp::with_owner().await;
    let mut first = Version::calling("1.0.0", &[A]);
    first.asks = format!(
        "[requests]\nhosts = [{A:?}]\nkv_bytes = 2000000\n[limits]\nmemory_mb = 128\ncpu_ms = 500\nwall_s = 60\nhttp_s = 20\n\
         [warm]\nsize = 2\nmax_calls = 100\n"
    );
    let made = send(&owner, &first, "").await.with_status(201);
    let rights = json!({
        "hosts": [A], "kv_bytes": 2_000_000, "kv_keys": 1_000, "memory_mb": 128, "cpu_ms": 500, "wall_s": 60, "http_s": 20,
        "warm": { "size": 2, "max_calls": 100 },
        "raised": ["kv_bytes", "memory_mb", "cpu_ms", "wall_s", "http_s", "warm"],
    });
    assert_eq!(
        (&made["waiting"]["requests"], &made["granted"]),
        (&rights, &Value::Null)
    );
    assert_eq!(made["waiting"]["secrets"], json!(["token"]));
    assert_eq!(made["waiting"]["asks"].as_array().unwrap().len(), 7, "{made}");
    let whole = owner.get("/plugins/x1").await.ok();
    assert_eq!(whole["secrets"], json!(["token"]));
    assert_eq!(
        (
            &whole["releases"][0]["requests"],
            &whole["releases"][0]["granted"]
        ),
        (&rights, &Value::Null)
    );
    let approved = decide(&owner, "approve", &first.digest()).await.ok();
    assert_eq!(approved["granted"], rights);

    let modest = Version::calling("1.1.0", &[]);
    let made = send(&owner, &modest, "").await.with_status(201);
    let usual = json!({
        "hosts": [], "kv_bytes": 1_048_576, "kv_keys": 1_000, "memory_mb": 64, "cpu_ms": 250, "wall_s": 30, "http_s": 10,
        "warm": null, "raised": [],
    });
    assert_eq!(made["granted"], usual, "it runs with no more than it asks for");
}

#[tokio::test]
async fn what_is_declined_does_not_run_and_is_not_asked_again() {
    let (_app, owner) = TestApp::with_owner().await;
    let first = Version::calling("1.0.0", &[A]);
    send(&owner, &first, "").await.with_status(201);
    let declined = decide(&owner, "decline", &first.digest()).await.ok();
    assert_eq!(
        (
            &declined["state"],
            &declined["refusal"]["by"],
            &declined["waiting"]
        ),
        (&json!("declined"), &json!("person"), &Value::Null)
    );
    let again = send(&owner, &first, "").await.with_status(201);
    assert_eq!(again["state"], "declined");
    let approved = decide(&owner, "approve", &first.digest()).await.ok();
    assert_eq!(
        (&approved["state"], &approved["refusal"]),
        (&json!("running"), &Value::Null)
    );
    decide(&owner, "decline", &first.digest())
        .await
        .problem(422, "rejected");

    let greedy = Version::calling("2.0.0", &[A, B]);
    send(&owner, &greedy, "").await.with_status(201);
    let declined = decide(&owner, "decline", &greedy.digest()).await.ok();
    assert_eq!(
        (
            &declined["state"],
            &declined["version"],
            &declined["refusal"]["version"]
        ),
        (&json!("running"), &json!("1.0.0"), &json!("2.0.0"))
    );
    let newer = Version::calling("2.0.1", &[A, B]);
    let made = send(&owner, &newer, "").await.with_status(201);
    assert_eq!(
        (&made["refusal"], &made["waiting"]["version"]),
        (&Value::Null, &json!("2.0.1"))
    );
    let audit = owner.get("/audit").await.ok();
    let noted = audit["items"].as_array().unwrap().iter();
    let noted: Vec<&Value> = noted
        .filter(|entry| entry["action"] == "plugin.declined")
        .collect();
    assert_eq!(noted.len(), 2, "{audit}");
    assert_eq!(noted[0]["details"]["digest"], json!(greedy.digest()));
}

#[tokio::test]
async fn an_upgrade_that_cannot_use_an_inbox_is_refused_and_the_old_version_keeps_its_rights() {
    let (app, owner) = TestApp::with_owner().await;
    let first = Version::calling("1.0.0", &[A]);
    run(&owner, &first).await;
    let inbox = inbox(&owner).await;
    let next = Version::calling("1.1.0", &[B]).refusing("write the address anew");
    send(&owner, &next, "").await.with_status(201);
    let refused = decide(&owner, "approve", &next.digest()).await.ok();
    assert_eq!(
        (&refused["state"], &refused["version"], &refused["digest"]),
        (&json!("running"), &json!("1.0.0"), &json!(first.digest()))
    );
    let refusal = &refused["refusal"];
    assert_eq!(
        (&refusal["version"], &refusal["by"], &refusal["digest"]),
        (&json!("1.1.0"), &json!("host"), &json!(next.digest()))
    );
    let reason = refusal["reason"].as_str().unwrap();
    assert!(
        reason.contains("the inbox «Shop»") && reason.contains("write the address anew"),
        "{reason}"
    );
    assert_eq!(refused["hosts"], json!([A]));
    assert_eq!(may_call(&app).await, [A]);
    owner.get(&format!("/inboxes/{inbox}")).await.ok();

    // Once nothing stands in its way any more, it is tried again.
    owner.delete(&format!("/inboxes/{inbox}")).await;
    let runs = decide(&owner, "approve", &next.digest()).await.ok();
    assert_eq!(
        (&runs["version"], &runs["refusal"]),
        (&json!("1.1.0"), &Value::Null)
    );
    assert_eq!(may_call(&app).await, [B]);
}

#[tokio::test]
async fn nobody_is_asked_about_a_version_that_could_not_run() {
    let (_app, owner) = TestApp::with_owner().await;
    let broken = Version {
        // It calls itself otherwise than its manifest does.
        asks: "[requests]\nhosts = [\"https://a.example.org\"]\n".to_owned(),
        ..Version::calling("1.0.0", &[])
    };
    let wasm = omnichat_plugin_runtime::testing::with_section(
        broken.build(),
        "omnichat:manifest",
        b"id = \"x1\"\nversion = \"1.5.0\"\nkind = \"channel\"\nwit = \"0.1.0\"\ntitle = \"X\"\n",
    );
    let made = owner
        .post_bytes("/plugins", "application/wasm", wasm)
        .await
        .with_status(201);
    assert_eq!(
        (&made["state"], &made["waiting"], &made["refusal"]["by"]),
        (&json!("failed"), &Value::Null, &json!("host"))
    );
    let reason = made["refusal"]["reason"].as_str().unwrap();
    assert!(reason.contains("build it anew"), "{reason}");
}

#[tokio::test]
async fn an_older_version_needs_a_word() {
    let (_app, owner) = TestApp::with_owner().await;
    run(&owner, &Version::calling("1.1.0", &[A])).await;
    let old = Version::calling("1.0.0", &[A]);
    let answer = send(&owner, &old, "?approve=true").await;
    assert_eq!(answer.wrong_fields(), ["version"]);
    let made = send(&owner, &old, "?older=true").await.with_status(201);
    assert_eq!(
        (&made["state"], &made["version"]),
        (&json!("running"), &json!("1.0.0"))
    );
}
