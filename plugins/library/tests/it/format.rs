//! Lock files of earlier versions of OmniChat.

use omnichat_plugin_library::RefusedBy;
use serde_json::{Value, json};

use crate::pigeon::{A, B, ID, library, numbers};

fn release(version: &str, hosts: &[&str]) -> Value {
    json!({
        "digest": format!("{version:0>64}"), "size": 5, "installed_at": "2026-01-01T12:00:00Z", "signed_by": null,
        "manifest": {
            "id": ID, "version": version, "kind": "channel", "wit": "0.1.0", "title": "Pigeon post",
            "requests": { "hosts": hosts }, "limits": { "memory_mb": 128 },
            "warm": { "size": 2, "max_calls": 100 },
        },
    })
}

#[test]
fn one_grant_for_all_becomes_one_for_each_version() {
    let (folder, library) = library();
    let old = json!({
        "format": 1,
        "plugins": { ID: {
            "enabled": true, "publisher": null,
            "granted": { "requests": { "hosts": [A] }, "limits": { "memory_mb": 128 } },
            "wanted": "1.1.0", "active": "1.1.0", "previous": "1.0.0",
            "refusal": { "version": "2.0.0", "reason": "it traps", "at": "2026-01-01T12:00:00Z" },
            "releases": [
                release("1.0.0", &[A]), release("1.0.1", &[A, B]), release("1.1.0", &[A, B]), release("2.0.0", &[B]),
            ],
        } },
    });
    let path = folder.path().join("plugins/plugins.lock");
    std::fs::create_dir(path.parent().unwrap()).unwrap();
    std::fs::write(&path, old.to_string()).unwrap();

    let entry = library.find(ID).unwrap();
    assert_eq!(numbers(&entry), [Some("1.1.0"), Some("1.1.0"), Some("1.0.0")]);
    let hosts = |version: &str| {
        let granted = entry.version(version).unwrap().granted.clone();
        granted.map(|granted| granted.requests.hosts)
    };
    assert_eq!(hosts("1.0.0"), Some(vec![A.to_owned()]));
    assert_eq!(hosts("1.0.1"), None, "it asks for more, and does not run");
    assert_eq!(hosts("1.1.0"), Some(vec![A.to_owned()]), "it runs as it ran");
    assert_eq!(hosts("2.0.0"), None);
    let running = entry.active_release().unwrap().granted.clone().unwrap();
    assert_eq!(running.limits.memory_mb, Some(128));
    assert_eq!(
        running.warm.unwrap().size,
        2,
        "nobody is asked for what it did before"
    );
    let (refused, refusal) = entry.refused().unwrap();
    assert_eq!((refused.version(), refusal.by), ("2.0.0", RefusedBy::Host));

    library.set_enabled(ID, false).unwrap();
    let today: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    assert_eq!(today["format"], 2);
    let read = library.find(ID).unwrap();
    assert_eq!((read.releases, read.enabled), (entry.releases, false));
}
