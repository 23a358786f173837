//! How versions follow each other.

use std::time::Duration;

use omnichat_core::error::ErrorKind;
use omnichat_plugin_library::{RefusedBy, Standing};

use crate::pigeon::{A, B, ID, Version, entry, library, now, numbers};

#[test]
fn a_first_version_waits_for_approval_and_then_runs() {
    let (_folder, library) = library();
    let first = Version::new("1.0.0");
    let installed = first.install(&library).unwrap();
    assert_eq!(installed.asks, ["calls https://api.example.org"]);
    assert_eq!((installed.entry.wanted, installed.unchanged), (None, false));
    assert!(entry(&library).waiting().is_some());
    library.approve(ID, &first.digest()).unwrap();
    assert_eq!(numbers(&entry(&library)), [Some("1.0.0"), None, None]);
    library.activated(ID, &first.digest()).unwrap();
    let after = entry(&library);
    assert_eq!(numbers(&after), [Some("1.0.0"), Some("1.0.0"), None]);
    assert_eq!(after.standing(&after.releases[0]), Standing::Active);
    assert_eq!(library.component(&after.releases[0]).unwrap(), b"1.0.0");
}

#[test]
fn an_upgrade_that_asks_for_no_more_is_wanted_at_once_and_one_that_does_waits() {
    let (_folder, library) = library();
    Version::new("1.0.0").run(&library);
    let next = Version::new("1.1.0");
    assert!(next.install(&library).unwrap().asks.is_empty());
    assert_eq!(numbers(&entry(&library)), [Some("1.1.0"), Some("1.0.0"), None]);
    library.activated(ID, &next.digest()).unwrap();

    let asked = Version::new("2.0.0").calling(&[A, B]).install(&library).unwrap();
    assert_eq!(asked.asks, ["calls https://*.example.net"]);
    let after = entry(&library);
    assert_eq!(numbers(&after), [Some("1.1.0"), Some("1.1.0"), Some("1.0.0")]);
    assert_eq!(after.waiting().unwrap().version(), "2.0.0");
}

#[test]
fn a_rollback_leads_to_what_ran_before() {
    let (_folder, library) = library();
    let first = Version::new("1.0.0");
    first.run(&library);
    let error = library.roll_back(ID).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert!(
        error.message().contains("install the one that you want"),
        "{error}"
    );
    Version::new("1.1.0").run(&library);
    library.roll_back(ID).unwrap();
    assert_eq!(
        numbers(&entry(&library)),
        [Some("1.0.0"), Some("1.1.0"), Some("1.0.0")]
    );
    library.activated(ID, &first.digest()).unwrap();
    assert_eq!(
        numbers(&entry(&library)),
        [Some("1.0.0"), Some("1.0.0"), Some("1.1.0")]
    );
}

#[test]
fn what_is_refused_leaves_the_active_version_wanted_and_may_be_tried_again() {
    let (_folder, library) = library();
    Version::new("1.0.0").run(&library);
    let next = Version::new("1.1.0");
    next.install(&library).unwrap();
    let reason = "it cannot read the settings of an inbox";
    let after = library.refused(ID, &next.digest(), reason, now()).unwrap();
    assert_eq!(numbers(&after), [Some("1.0.0"), Some("1.0.0"), None]);
    let (release, refusal) = after.refused().unwrap();
    assert_eq!(
        (release.version(), refusal.by, refusal.reason.as_str()),
        ("1.1.0", RefusedBy::Host, reason)
    );
    assert!(after.waiting().is_none());
    // A host that starts again does not make it forgotten.
    let active = after.active.unwrap();
    library.activated(ID, &active).unwrap();
    assert!(entry(&library).refused().is_some());

    library.approve(ID, &next.digest()).unwrap();
    assert_eq!(entry(&library).wanted, Some(next.digest()));
    assert!(entry(&library).refused().is_none());
    // To bring the file again is to try it again, too.
    library.refused(ID, &next.digest(), reason, now()).unwrap();
    assert!(next.install(&library).unwrap().unchanged);
    assert_eq!(entry(&library).wanted, Some(next.digest()));
}

#[test]
fn the_same_refusal_again_changes_nothing() {
    let (_folder, library) = library();
    let first = Version::new("1.0.0");
    first.run(&library);
    let refuse = |reason, at| {
        library.refused(ID, &first.digest(), reason, at).unwrap();
        library.stamp().unwrap()
    };
    let later = now().after(Duration::from_secs(1));
    let once = refuse("it traps", now());
    assert_eq!(
        refuse("it traps", later),
        once,
        "a host that follows this file would try it again"
    );
    assert_ne!(refuse("it traps otherwise", later), once);
}

#[test]
fn an_older_version_comes_only_if_somebody_wants_it() {
    let (_folder, library) = library();
    let old = Version::new("1.9.0");
    old.run(&library);
    Version::new("1.10.0").run(&library);
    for number in ["1.9.0", "1.2.0"] {
        let error = Version::new(number).install(&library).unwrap_err();
        assert_eq!(error.fields()[0].code, "older", "{error}");
        assert!(error.message().contains("older than 1.10.0"), "{error}");
    }
    assert_eq!(entry(&library).releases.len(), 2);
    let wanted = Version { older: true, ..old };
    wanted.install(&library).unwrap();
    assert_eq!(entry(&library).wanted, Some(old.digest()));
}

#[test]
fn the_same_version_is_the_same_file_unless_it_is_replaced() {
    let (_folder, library) = library();
    Version::new("1.0.0").install(&library).unwrap();
    assert!(Version::new("1.0.0").install(&library).unwrap().unchanged);
    let other = Version {
        wasm: b"other",
        ..Version::new("1.0.0")
    };
    assert_eq!(other.install(&library).unwrap_err().fields()[0].code, "taken");
    let other = Version {
        replace: true,
        ..other
    };
    let installed = other.install(&library).unwrap();
    assert_eq!(library.component(&installed.release).unwrap(), b"other");
    assert_eq!(entry(&library).releases.len(), 1, "nothing ran of the other");
}

#[test]
fn what_is_replaced_stays_until_the_new_file_runs() {
    let (_folder, library) = library();
    let old = Version::new("1.0.0");
    old.run(&library);
    let new = Version {
        wasm: b"built anew",
        replace: true,
        ..old
    };
    assert!(new.install(&library).unwrap().asks.is_empty());
    let refused = library.refused(ID, &new.digest(), "it traps", now()).unwrap();
    assert_eq!(refused.wanted, Some(old.digest()));
    assert_eq!(
        library.component(refused.wanted_release().unwrap()).unwrap(),
        b"1.0.0"
    );

    let better = Version {
        wasm: b"built once more",
        ..new
    };
    better.run(&library);
    let after = entry(&library);
    assert_eq!(
        (after.active.clone(), after.previous.clone()),
        (Some(better.digest()), Some(old.digest()))
    );
    assert_eq!(after.releases.len(), 2, "the one that was refused made room");
    library.roll_back(ID).unwrap();
    assert_eq!(entry(&library).wanted, Some(old.digest()));
}

#[test]
fn old_versions_go_and_those_in_use_stay() {
    let (folder, library) = library();
    Version::new("1.0.0").run(&library);
    for minor in 1..10 {
        let number = format!("1.{minor}.0");
        let more = Version::new(&number).calling(&[B]);
        more.install(&library).unwrap();
    }
    let after = entry(&library);
    let versions: Vec<&str> = after.releases.iter().map(|release| release.version()).collect();
    assert_eq!(versions, ["1.0.0", "1.6.0", "1.7.0", "1.8.0", "1.9.0"]);
    let files = std::fs::read_dir(folder.path().join("plugins/files"))
        .unwrap()
        .count();
    assert_eq!(files, versions.len());
}

#[test]
fn a_removed_plugin_is_gone_and_unknown_ones_are_not_found() {
    let (_folder, library) = library();
    let first = Version::new("1.0.0");
    first.install(&library).unwrap();
    library.remove(ID).unwrap();
    assert!(library.read().unwrap().plugins.is_empty());
    for outcome in [
        library.remove(ID).err(),
        library.approve(ID, &first.digest()).err(),
        library.decline(ID, &first.digest(), now()).err(),
        library.set_enabled(ID, true).err(),
        library.roll_back(ID).err(),
    ] {
        assert_eq!(outcome.unwrap().kind(), ErrorKind::NotFound);
    }
}
