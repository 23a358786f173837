//! What versions are granted, and what people say to what they ask for.

use omnichat_core::error::ErrorKind;
use omnichat_plugin_library::{Entry, Library, RefusedBy, Standing};

use crate::pigeon::{A, B, ID, Version, entry, library, now, numbers};

/// The hosts that the version which is to run may call.
fn hosts(entry: &Entry) -> Vec<String> {
    let granted = entry.wanted_release().unwrap().granted.as_ref();
    granted.unwrap().requests.hosts.clone()
}

fn is_whole(library: &Library) -> bool {
    let entry = entry(library);
    entry.asks(entry.wanted_release().unwrap()).is_empty()
}

#[test]
fn a_refused_upgrade_leaves_the_old_version_what_it_was_granted() {
    let (_folder, library) = library();
    Version::new("1.0.0").calling(&[A, B]).run(&library);
    // The next one asks for something else, and less of what the old one lives on.
    let next = Version::new("1.1.0").calling(&["https://other.example.org"]);
    next.install(&library).unwrap();
    library.approve(ID, &next.digest()).unwrap();
    assert_eq!(hosts(&entry(&library)), ["https://other.example.org"]);
    let after = library
        .refused(ID, &next.digest(), "it cannot read the settings", now())
        .unwrap();
    assert_eq!(numbers(&after), [Some("1.0.0"), Some("1.0.0"), None]);
    assert_eq!(hosts(&after), [A, B]);
    assert!(is_whole(&library));
    // Nor does what only the refused one was granted count as granted.
    let third = Version::new("1.2.0").calling(&["https://other.example.org"]);
    assert_eq!(third.install(&library).unwrap().asks.len(), 1);
}

#[test]
fn a_rollback_brings_back_what_that_version_was_granted() {
    let (_folder, library) = library();
    Version::new("1.0.0").calling(&[A, B]).run(&library);
    Version::new("1.1.0").run(&library);
    assert_eq!(hosts(&entry(&library)), [A]);
    let back = library.roll_back(ID).unwrap();
    assert_eq!(hosts(&back), [A, B]);
    assert!(is_whole(&library));
}

#[test]
fn a_rollback_to_what_was_never_granted_is_refused_with_what_it_asks_for() {
    let (folder, library) = library();
    Version::new("1.0.0").calling(&[A, B]).run(&library);
    Version::new("1.1.0").run(&library);
    // As a lock file may say that was taken over from an earlier OmniChat.
    let path = folder.path().join("plugins/plugins.lock");
    let mut lock: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    lock["plugins"][ID]["releases"][0]["granted"]["requests"]["hosts"] = serde_json::json!([A]);
    std::fs::write(&path, lock.to_string()).unwrap();
    let error = library.roll_back(ID).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert!(error.message().contains("calls https://*.example.net"), "{error}");
    assert_eq!(numbers(&entry(&library))[0], Some("1.1.0"));
    let old = Version::new("1.0.0").digest();
    assert_eq!(hosts(&library.approve(ID, &old).unwrap()), [A, B]);
}

#[test]
fn what_is_approved_is_the_file_that_was_seen() {
    let (_folder, library) = library();
    let seen = Version::new("1.0.0");
    seen.install(&library).unwrap();
    let replaced = Version {
        wasm: b"asks for more",
        replace: true,
        ..Version::new("1.0.0").calling(&[A, B])
    };
    replaced.install(&library).unwrap();
    for error in [
        library.approve(ID, &seen.digest()).unwrap_err(),
        library.decline(ID, &seen.digest(), now()).unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::Conflict);
        assert!(
            error.message().contains("look at what it asks for now"),
            "{error}"
        );
    }
    assert_eq!(entry(&library).wanted, None);
    library.approve(ID, &replaced.digest()).unwrap();
    assert_eq!(hosts(&entry(&library)), [A, B]);
}

#[test]
fn what_is_declined_stays_so_until_a_newer_version_comes() {
    let (_folder, library) = library();
    Version::new("1.0.0").run(&library);
    let greedy = Version::new("2.0.0").calling(&[A, B]);
    greedy.install(&library).unwrap();
    let after = library.decline(ID, &greedy.digest(), now()).unwrap();
    let (release, refusal) = after.refused().unwrap();
    assert_eq!((release.version(), refusal.by), ("2.0.0", RefusedBy::Person));
    assert_eq!(after.standing(release), Standing::Declined);
    assert!(after.waiting().is_none());
    assert_eq!(numbers(&after)[0], Some("1.0.0"));
    // Neither a host that starts again nor the same file once more brings the question back.
    library.activated(ID, &Version::new("1.0.0").digest()).unwrap();
    let again = greedy.install(&library).unwrap();
    assert!(again.unchanged && again.entry.waiting().is_none());
    assert_eq!(
        library.decline(ID, &greedy.digest(), now()).unwrap(),
        again.entry,
        "to decline twice is to decline"
    );

    let newer = Version::new("2.1.0").calling(&[A, B]);
    newer.install(&library).unwrap();
    let after = entry(&library);
    assert!(after.refused().is_none());
    assert_eq!(after.waiting().unwrap().version(), "2.1.0");
}

#[test]
fn what_was_declined_may_still_be_approved_of() {
    let (_folder, library) = library();
    let first = Version::new("1.0.0");
    first.install(&library).unwrap();
    library.decline(ID, &first.digest(), now()).unwrap();
    assert_eq!(entry(&library).wanted, None);
    library.approve(ID, &first.digest()).unwrap();
    assert_eq!(entry(&library).wanted, Some(first.digest()));
    assert!(entry(&library).refused().is_none());
    // What runs is not declined but switched off.
    let error = library.decline(ID, &first.digest(), now()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert!(error.message().contains("disable the plugin"), "{error}");
}
