//! Several at once on one library, and some that are killed.

use std::process::{Child, Command, Stdio};

use omnichat_plugin_library::{Install, Library};

use crate::pigeon::{ID, Version, entry, library, manifest, now};

/// Where the process that is to be killed finds the library.
const FOLDER: &str = "OMNICHAT_TEST_LIBRARY";

#[test]
fn many_at_once_lose_nothing() {
    let (_folder, library) = library();
    Version::new("1.0.0").run(&library);
    std::thread::scope(|scope| {
        for n in 0..8 {
            let library = library.clone();
            scope.spawn(move || {
                let id = format!("plugin-{n}");
                let install = Install {
                    wasm: id.as_bytes(),
                    manifest: manifest(&id, "1.0.0", &[]),
                    signature: None,
                    approve: true,
                    replace: false,
                    older: false,
                };
                library.install(install, now()).unwrap();
                library.set_enabled(&id, false).unwrap();
            });
        }
    });
    let lock = library.read().unwrap();
    assert_eq!(lock.plugins.len(), 9);
    assert_eq!(lock.plugins.values().filter(|entry| !entry.enabled).count(), 8);
}

/// Not a test by itself: what [`whoever_is_killed_leaves_a_whole_library`] runs in a process of its own.
#[test]
fn switch_on_and_off_until_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else {
        return;
    };
    let library = Library::new(folder);
    for n in 0_u64.. {
        library.set_enabled(ID, n % 2 == 0).unwrap();
    }
}

struct Victim(Child);

impl Drop for Victim {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[test]
fn whoever_is_killed_leaves_a_whole_library() {
    let (_folder, library) = library();
    Version::new("1.0.0").run(&library);
    let files = || std::fs::read_dir(library.folder()).unwrap().count();
    for round in 0..12 {
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "together::switch_on_and_off_until_killed"])
            .env(FOLDER, library.folder())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let victim = Victim(child);
        // It has begun to write, and is somewhere between two files when it ends.
        let before = library.stamp().unwrap();
        for _ in 0..=round {
            while library.stamp().unwrap() == before {
                std::thread::yield_now();
            }
        }
        drop(victim);
        assert_eq!(entry(&library).releases.len(), 1);
        // It holds nothing any more, and what it left is swept away.
        let enabled = entry(&library).enabled;
        library.set_enabled(ID, !enabled).unwrap();
        assert_eq!(entry(&library).enabled, !enabled);
        assert_eq!(files(), 3, "the list, the lock and the folder with files");
    }
}

#[test]
fn others_see_whether_a_host_follows() {
    let (_folder, library) = library();
    assert!(!library.is_followed());
    let first = library.follow().unwrap();
    let second = library.follow().unwrap();
    assert!(library.is_followed());
    Version::new("1.0.0").install(&library).unwrap();
    assert!(!library.is_done().unwrap());
    first.done(library.stamp().unwrap().as_deref());
    assert!(library.is_done().unwrap());
    library.set_enabled(ID, false).unwrap();
    assert!(!library.is_done().unwrap());
    drop(first);
    assert!(library.is_followed());
    drop(second);
    assert!(!library.is_followed());
}
