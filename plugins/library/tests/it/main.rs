//! The library of plugins, as a host and the command line use it.

use omnichat_core::clock::Timestamp;
use omnichat_core::error::{ErrorKind, Result};
use omnichat_plugin_library::{Entry, Install, Installed, Library, SigningKey};
use omnichat_plugin_runtime::Manifest;
use tempfile::TempDir;

fn library() -> (TempDir, Library) {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::new(folder.path().join("plugins"));
    (folder, library)
}

fn manifest(version: &str, hosts: &[&str]) -> Manifest {
    let text = serde_json::json!({
        "id": "pigeon", "version": version, "kind": "channel", "wit": "0.1.0", "title": "Pigeon post",
        "requests": { "hosts": hosts },
    });
    Manifest::parse(&text.to_string()).unwrap()
}

fn now() -> Timestamp {
    Timestamp::from_secs(1_767_268_800)
}

struct Version<'a> {
    number: &'a str,
    hosts: &'a [&'a str],
    key: Option<&'a SigningKey>,
    approve: bool,
    wasm: &'a [u8],
    replace: bool,
}

impl<'a> Version<'a> {
    fn new(number: &'a str) -> Self {
        Self {
            number,
            hosts: &["https://api.example.org"],
            key: None,
            approve: false,
            wasm: number.as_bytes(),
            replace: false,
        }
    }

    fn install(&self, library: &Library) -> Result<Installed> {
        let install = Install {
            wasm: self.wasm,
            manifest: manifest(self.number, self.hosts),
            signature: self.key.map(|key| key.sign(self.wasm)),
            approve: self.approve,
            replace: self.replace,
        };
        library.install(install, now())
    }
}

fn entry(library: &Library) -> Entry {
    library.find("pigeon").unwrap()
}

#[test]
fn a_first_version_waits_for_approval_and_then_runs() {
    let (_folder, library) = library();
    let installed = Version::new("1.0.0").install(&library).unwrap();
    assert_eq!(installed.asks, ["calls https://api.example.org"]);
    assert_eq!(
        (installed.entry.wanted.as_deref(), installed.unchanged),
        (None, false)
    );
    assert!(entry(&library).waiting().is_some());
    library.approve("pigeon", None).unwrap();
    assert_eq!(entry(&library).wanted.as_deref(), Some("1.0.0"));
    library.activated("pigeon", "1.0.0").unwrap();
    let after = entry(&library);
    assert_eq!((after.active.as_deref(), after.previous), (Some("1.0.0"), None));
    assert_eq!(library.component(&after.releases[0]).unwrap(), b"1.0.0");
}

#[test]
fn an_upgrade_that_asks_for_no_more_is_wanted_at_once_and_one_that_does_waits() {
    let (_folder, library) = library();
    Version {
        approve: true,
        ..Version::new("1.0.0")
    }
    .install(&library)
    .unwrap();
    library.activated("pigeon", "1.0.0").unwrap();
    assert!(Version::new("1.1.0").install(&library).unwrap().asks.is_empty());
    assert_eq!(entry(&library).wanted.as_deref(), Some("1.1.0"));
    library.activated("pigeon", "1.1.0").unwrap();

    let more = ["https://api.example.org", "https://*.example.net"];
    let asked = Version {
        hosts: &more,
        ..Version::new("2.0.0")
    }
    .install(&library)
    .unwrap();
    assert_eq!(asked.asks, ["calls https://*.example.net"]);
    assert_eq!(entry(&library).wanted.as_deref(), Some("1.1.0"));
    assert_eq!(entry(&library).waiting().unwrap().manifest.version, "2.0.0");
}

#[test]
fn a_rollback_leads_to_what_ran_before() {
    let (_folder, library) = library();
    Version {
        approve: true,
        ..Version::new("1.0.0")
    }
    .install(&library)
    .unwrap();
    assert_eq!(
        library.roll_back("pigeon").unwrap_err().kind(),
        ErrorKind::Rejected
    );
    library.activated("pigeon", "1.0.0").unwrap();
    Version::new("1.1.0").install(&library).unwrap();
    library.activated("pigeon", "1.1.0").unwrap();
    library.roll_back("pigeon").unwrap();
    assert_eq!(entry(&library).wanted.as_deref(), Some("1.0.0"));
    library.activated("pigeon", "1.0.0").unwrap();
    assert_eq!(entry(&library).previous.as_deref(), Some("1.1.0"));
}

#[test]
fn what_is_refused_leaves_the_active_version_wanted() {
    let (_folder, library) = library();
    Version {
        approve: true,
        ..Version::new("1.0.0")
    }
    .install(&library)
    .unwrap();
    library.activated("pigeon", "1.0.0").unwrap();
    Version::new("1.1.0").install(&library).unwrap();
    let after = library
        .refused(
            "pigeon",
            "1.1.0",
            "it cannot read the settings of an inbox",
            now(),
        )
        .unwrap();
    assert_eq!(after.wanted.as_deref(), Some("1.0.0"));
    assert_eq!(after.refusal.unwrap().version, "1.1.0");
    assert!(entry(&library).waiting().is_none());
    library.approve("pigeon", Some("1.1.0")).unwrap();
    assert_eq!(
        (entry(&library).wanted.as_deref(), entry(&library).refusal),
        (Some("1.1.0"), None)
    );
}

#[test]
fn who_signed_first_signs_the_rest() {
    let (_folder, library) = library();
    let (author, other) = (SigningKey::generate(), SigningKey::generate());
    Version {
        key: Some(&author),
        ..Version::new("1.0.0")
    }
    .install(&library)
    .unwrap();
    for key in [None, Some(&other)] {
        let error = Version {
            key,
            ..Version::new("1.1.0")
        }
        .install(&library)
        .unwrap_err();
        assert_eq!(error.fields()[0].code, "publisher", "{error}");
    }
    Version {
        key: Some(&author),
        ..Version::new("1.1.0")
    }
    .install(&library)
    .unwrap();
    assert_eq!(entry(&library).publisher, Some(author.publisher()));
    let forged = Install {
        wasm: b"other",
        manifest: manifest("1.2.0", &[]),
        signature: Some(author.sign(b"another")),
        approve: true,
        replace: false,
    };
    assert_eq!(
        library.install(forged, now()).unwrap_err().fields()[0].code,
        "mismatch"
    );
    assert_eq!(
        entry(&library).releases.len(),
        2,
        "what was refused leaves nothing behind"
    );
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
    let installed = Version {
        replace: true,
        ..other
    }
    .install(&library)
    .unwrap();
    assert_eq!(library.component(&installed.release).unwrap(), b"other");
    assert_eq!(entry(&library).releases.len(), 1);
}

#[test]
fn a_file_that_was_changed_is_not_loaded() {
    let (folder, library) = library();
    let installed = Version::new("1.0.0").install(&library).unwrap();
    let path = folder
        .path()
        .join("plugins/files")
        .join(format!("{}.wasm", installed.release.digest));
    std::fs::write(&path, b"2.0.0").unwrap();
    assert_eq!(
        library.component(&installed.release).unwrap_err().kind(),
        ErrorKind::Invalid
    );
    // To install it again mends it, as the sentence says.
    Version::new("1.0.0").install(&library).unwrap();
    assert_eq!(library.component(&installed.release).unwrap(), b"1.0.0");
    std::fs::remove_file(&path).unwrap();
    assert!(library.component(&installed.release).is_err());
    Version::new("1.0.0").install(&library).unwrap();
    assert_eq!(library.component(&installed.release).unwrap(), b"1.0.0");
}

#[test]
fn the_same_refusal_again_changes_nothing() {
    let (folder, library) = library();
    Version {
        approve: true,
        ..Version::new("1.0.0")
    }
    .install(&library)
    .unwrap();
    let lock = folder.path().join("plugins/plugins.lock");
    let refuse = |reason, at| {
        library.refused("pigeon", "1.0.0", reason, at).unwrap();
        std::fs::read(&lock).unwrap()
    };
    let later = now().after(std::time::Duration::from_secs(1));
    let first = refuse("it traps", now());
    assert_eq!(
        refuse("it traps", later),
        first,
        "a host that follows this file would try it again"
    );
    assert_ne!(refuse("it traps otherwise", later), first);
}

#[test]
fn old_versions_go_and_those_in_use_stay() {
    let (folder, library) = library();
    Version {
        approve: true,
        ..Version::new("1.0.0")
    }
    .install(&library)
    .unwrap();
    library.activated("pigeon", "1.0.0").unwrap();
    for minor in 1..10 {
        let number = format!("1.{minor}.0");
        let more: &[&str] = &["https://more.example.org"];
        Version {
            hosts: more,
            ..Version::new(&number)
        }
        .install(&library)
        .unwrap();
    }
    let versions: Vec<String> = entry(&library)
        .releases
        .into_iter()
        .map(|r| r.manifest.version)
        .collect();
    assert_eq!(versions, ["1.0.0", "1.6.0", "1.7.0", "1.8.0", "1.9.0"]);
    let files = std::fs::read_dir(folder.path().join("plugins/files"))
        .unwrap()
        .count();
    assert_eq!(files, versions.len());
}

#[test]
fn a_removed_plugin_is_gone_and_unknown_ones_are_not_found() {
    let (_folder, library) = library();
    Version::new("1.0.0").install(&library).unwrap();
    library.remove("pigeon").unwrap();
    assert!(library.read().unwrap().plugins.is_empty());
    for outcome in [
        library.remove("pigeon").err(),
        library.approve("pigeon", None).err(),
        library.set_enabled("pigeon", true).err(),
        library.roll_back("pigeon").err(),
    ] {
        assert_eq!(outcome.unwrap().kind(), ErrorKind::NotFound);
    }
}

#[test]
fn many_at_once_lose_nothing() {
    let (_folder, library) = library();
    Version {
        approve: true,
        ..Version::new("1.0.0")
    }
    .install(&library)
    .unwrap();
    let before = library.stamp();
    std::thread::scope(|scope| {
        for n in 0..8 {
            let library = library.clone();
            scope.spawn(move || {
                let id = format!("plugin-{n}");
                let mut manifest = manifest("1.0.0", &[]);
                manifest.id.clone_from(&id);
                let install = Install {
                    wasm: id.as_bytes(),
                    manifest,
                    signature: None,
                    approve: true,
                    replace: false,
                };
                library.install(install, now()).unwrap();
                library.set_enabled(&id, false).unwrap();
            });
        }
    });
    let lock = library.read().unwrap();
    assert_eq!(lock.plugins.len(), 9);
    assert_eq!(lock.plugins.values().filter(|entry| !entry.enabled).count(), 8);
    assert_ne!(library.stamp(), before);
}

#[test]
fn a_damaged_list_is_refused_and_left_alone() {
    let (folder, library) = library();
    std::fs::create_dir(folder.path().join("plugins")).unwrap();
    let path = folder.path().join("plugins/plugins.lock");
    for text in ["{", "{\"format\":9,\"plugins\":{}}"] {
        std::fs::write(&path, text).unwrap();
        assert_eq!(library.read().unwrap_err().kind(), ErrorKind::Invalid);
        assert!(Version::new("1.0.0").install(&library).is_err());
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
    }
}
