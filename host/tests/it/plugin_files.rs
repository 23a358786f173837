//! Files of plugins: who signed them, whether they are still what they were, and what is left of them.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use omnichat_core::clock::{Clock, SystemClock};
use omnichat_host::config::Config;
use omnichat_plugin_library::{Install, Library, SigningKey};
use serde_json::{Value, json};

use crate::util::app::config;
use crate::util::plugins::Version;
use crate::util::{Answer, Client, TestApp};

const A: &str = "https://a.example.org";

fn on_disk(folder: &Path) -> Config {
    let mut config = config();
    config.store.url = None;
    config.storage.data = folder.to_owned();
    config
}

async fn start(folder: &Path) -> TestApp {
    TestApp::with(on_disk(folder), Arc::new(SystemClock)).await
}

fn file(folder: &Path, version: &Version) -> PathBuf {
    folder.join(format!("plugins/files/{}.wasm", version.digest()))
}

async fn send(owner: &Client, wasm: Vec<u8>, signature: Option<String>) -> Answer {
    let path = match signature {
        Some(text) => {
            let text: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
            format!("/plugins?approve=true&signature={text}")
        }
        None => "/plugins?approve=true".to_owned(),
    };
    owner.post_bytes(&path, "application/wasm", wasm).await
}

async fn plugin(owner: &Client) -> Value {
    owner.get("/plugins/x1").await.ok()
}

/// Looks until the plugin is as it should be: the host sees by itself what others have changed.
async fn until(owner: &Client, what: &str, holds: impl Fn(&Value) -> bool) -> Value {
    let mut seen = Value::Null;
    let looks = async {
        let mut pause = tokio::time::interval(Duration::from_millis(50));
        loop {
            pause.tick().await;
            seen = plugin(owner).await;
            if holds(&seen) {
                return;
            }
        }
    };
    match tokio::time::timeout(Duration::from_secs(30), looks).await {
        Ok(()) => seen,
        Err(_) => panic!("{what} does not come; there is {seen:#}"),
    }
}

#[tokio::test]
async fn who_signed_the_first_version_signs_the_others() {
    let (_app, owner) = TestApp::with_owner().await;
    let (author, other) = (SigningKey::generate(), SigningKey::generate());
    let first = Version::calling("1.0.0", &[A]).build();
    let signature = author.sign(&first).to_string();
    let made = send(&owner, first.clone(), Some(signature.clone()))
        .await
        .with_status(201);
    assert_eq!(made["publisher"], json!(author.publisher().to_string()));

    let next = Version::calling("1.1.0", &[A]).build();
    for (signature, words) in [
        (None, "give this version's signature, too"),
        (
            Some(other.sign(&next).to_string()),
            "remove the plugin and install it again",
        ),
        (Some(signature), "does not belong to this file"),
    ] {
        let answer = send(&owner, next.clone(), signature).await;
        let problem = answer.problem(422, "invalid");
        assert_eq!(problem["errors"][0]["field"], "signature", "{problem}");
        assert!(problem.to_string().contains(words), "{problem}");
    }
    assert_eq!(plugin(&owner).await["releases"].as_array().unwrap().len(), 1);
    let signature = author.sign(&next).to_string();
    let made = send(&owner, next, Some(signature)).await.with_status(201);
    assert_eq!(
        (&made["version"], &made["state"]),
        (&json!("1.1.0"), &json!("running"))
    );
}

#[tokio::test]
async fn a_file_that_was_changed_on_disk_does_not_run() {
    let folder = tempfile::tempdir().unwrap();
    let first = start(folder.path()).await;
    let owner = first.found("Example", "owner@example.org").await;
    let version = Version::calling("1.0.0", &[A]);
    send(&owner, version.build(), None).await.with_status(201);
    first.down().await;

    let other = Version::calling("1.0.0", &[]).build();
    std::fs::write(file(folder.path(), &version), other).unwrap();
    let second = start(folder.path()).await;
    let owner = second.sign_in("owner@example.org").await;
    let seen = plugin(&owner).await;
    assert_eq!(seen["state"], "failed");
    let reason = seen["refusal"]["reason"].as_str().unwrap();
    assert!(
        reason.contains("was changed") && reason.contains("install it again"),
        "{reason}"
    );
    // As the sentence says.
    let made = send(&owner, version.build(), None).await.with_status(201);
    assert_eq!(
        (&made["state"], &made["refusal"]),
        (&json!("running"), &Value::Null)
    );
    second.down().await;
}

#[tokio::test]
async fn a_passing_failure_is_no_refusal_and_is_tried_again_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let first = start(folder.path()).await;
    let owner = first.found("Example", "owner@example.org").await;
    let version = Version::calling("1.0.0", &[A]);
    send(&owner, version.build(), None).await.with_status(201);
    first.down().await;

    // A disk that cannot be read for a while.
    let path = file(folder.path(), &version);
    let aside = folder.path().join("aside");
    std::fs::rename(&path, &aside).unwrap();
    std::fs::create_dir(&path).unwrap();
    let second = start(folder.path()).await;
    let owner = second.sign_in("owner@example.org").await;
    let seen = until(&owner, "a second try", |seen| {
        seen["delay"]["attempts"].as_u64() >= Some(2)
    })
    .await;
    assert_eq!(
        (&seen["state"], &seen["refusal"], &seen["delay"]["version"]),
        (&json!("starting"), &Value::Null, &json!("1.0.0"))
    );
    assert!(
        seen["delay"]["reason"]
            .as_str()
            .unwrap()
            .contains("cannot be read"),
        "{seen}"
    );
    let stamp = Library::new(folder.path().join("plugins")).stamp().unwrap();

    std::fs::remove_dir(&path).unwrap();
    std::fs::rename(&aside, &path).unwrap();
    let has_started = |seen: &Value| seen["state"] == "running" && seen["delay"].is_null();
    until(&owner, "its start", has_started).await;
    let after = Library::new(folder.path().join("plugins")).stamp().unwrap();
    assert_eq!(stamp, after, "nobody changed anything");
    second.down().await;
}

#[tokio::test]
async fn what_runs_goes_on_while_another_version_cannot_start_yet() {
    let folder = tempfile::tempdir().unwrap();
    let app = start(folder.path()).await;
    let owner = app.found("Example", "owner@example.org").await;
    let old = Version::calling("1.0.0", &[A]);
    send(&owner, old.build(), None).await.with_status(201);
    let new = Version::calling("2.0.0", &["https://b.example.org"]);
    owner
        .post_bytes("/plugins", "application/wasm", new.build())
        .await
        .with_status(201);

    let path = file(folder.path(), &new);
    let aside = folder.path().join("aside");
    std::fs::rename(&path, &aside).unwrap();
    std::fs::create_dir(&path).unwrap();
    let decision = json!({ "digest": new.digest() });
    let seen = owner.post("/plugins/x1/approve", decision).await.ok();
    assert_eq!(
        (&seen["state"], &seen["digest"], &seen["refusal"]),
        (&json!("running"), &json!(old.digest()), &Value::Null)
    );
    assert_eq!(seen["delay"]["version"], "2.0.0", "{seen}");

    std::fs::remove_dir(&path).unwrap();
    std::fs::rename(&aside, &path).unwrap();
    let seen = until(&owner, "its start", |seen| seen["version"] == "2.0.0").await;
    assert_eq!(
        (&seen["digest"], &seen["delay"]),
        (&json!(new.digest()), &Value::Null)
    );
    app.down().await;
}

#[tokio::test]
async fn a_host_follows_what_others_change() {
    let folder = tempfile::tempdir().unwrap();
    let app = start(folder.path()).await;
    let owner = app.found("Example", "owner@example.org").await;
    let library = Library::new(folder.path().join("plugins"));
    let install = |version: Version| {
        let wasm = version.build();
        let install = Install {
            manifest: omnichat_plugin_runtime::inspect(&wasm).unwrap(),
            wasm: &wasm,
            signature: None,
            approve: true,
            replace: false,
            older: false,
        };
        library.install(install, SystemClock.now()).unwrap()
    };
    install(Version::calling("1.0.0", &[A]));
    let is_listed = async {
        let mut pause = tokio::time::interval(Duration::from_millis(50));
        while owner.get("/plugins").await.ok()["items"] == json!([]) {
            pause.tick().await;
        }
    };
    is_listed.await;
    until(&owner, "its start", |seen| seen["state"] == "running").await;
    install(Version::calling("1.1.0", &[A]));
    until(&owner, "the upgrade", |seen| seen["version"] == "1.1.0").await;
    library.set_enabled("x1", false).unwrap();
    until(&owner, "its end", |seen| {
        seen["state"] == "disabled" && seen["digest"].is_null()
    })
    .await;
    app.down().await;
}

#[tokio::test]
async fn of_a_removed_plugin_nothing_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let app = start(folder.path()).await;
    let owner = app.found("Example", "owner@example.org").await;
    let count = |what: &str| {
        let files = std::fs::read_dir(folder.path().join("plugins").join(what));
        files.map_or(0, Iterator::count)
    };
    for number in ["1.0.0", "1.1.0"] {
        let version = Version::calling(number, &[A]);
        send(&owner, version.build(), None).await.with_status(201);
    }
    assert_eq!((count("files"), count("cache")), (2, 2));
    assert_eq!(owner.delete("/plugins/x1").await.status, 204);
    assert_eq!((count("files"), count("cache")), (0, 0));
    app.down().await;
}
