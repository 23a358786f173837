//! A plugin in many versions. What its files contain is of no interest to a library.

use omnichat_core::clock::Timestamp;
use omnichat_core::error::Result;
use omnichat_plugin_library::{Entry, Install, Installed, Library, SigningKey};
use omnichat_plugin_runtime::{Manifest, digest};
use tempfile::TempDir;

pub(crate) const ID: &str = "pigeon";
pub(crate) const A: &str = "https://api.example.org";
pub(crate) const B: &str = "https://*.example.net";

pub(crate) fn library() -> (TempDir, Library) {
    let folder = tempfile::tempdir().unwrap();
    let library = Library::new(folder.path().join("plugins"));
    (folder, library)
}

pub(crate) fn manifest(id: &str, version: &str, hosts: &[&str]) -> Manifest {
    let text = serde_json::json!({
        "id": id, "version": version, "kind": "channel", "wit": "0.1.0", "title": "Pigeon post",
        "requests": { "hosts": hosts },
    });
    Manifest::parse(&text.to_string()).unwrap()
}

pub(crate) fn now() -> Timestamp {
    Timestamp::from_secs(1_767_268_800)
}

pub(crate) fn entry(library: &Library) -> Entry {
    library.find(ID).unwrap()
}

/// A version; its file is its number unless something else is said.
#[derive(Clone, Copy)]
pub(crate) struct Version<'a> {
    pub(crate) number: &'a str,
    pub(crate) hosts: &'a [&'a str],
    pub(crate) key: Option<&'a SigningKey>,
    pub(crate) wasm: &'a [u8],
    pub(crate) approve: bool,
    pub(crate) replace: bool,
    pub(crate) older: bool,
}

impl<'a> Version<'a> {
    pub(crate) fn new(number: &'a str) -> Self {
        Self {
            number,
            hosts: &[A],
            key: None,
            wasm: number.as_bytes(),
            approve: false,
            replace: false,
            older: false,
        }
    }

    pub(crate) fn calling(self, hosts: &'a [&'a str]) -> Self {
        Self { hosts, ..self }
    }

    pub(crate) fn digest(&self) -> String {
        digest(self.wasm)
    }

    pub(crate) fn install(&self, library: &Library) -> Result<Installed> {
        let install = Install {
            wasm: self.wasm,
            manifest: manifest(ID, self.number, self.hosts),
            signature: self.key.map(|key| key.sign(self.wasm)),
            approve: self.approve,
            replace: self.replace,
            older: self.older,
        };
        library.install(install, now())
    }

    /// Installs it with all that it asks for, as if a host ran it.
    pub(crate) fn run(&self, library: &Library) -> Entry {
        let approved = Version {
            approve: true,
            ..*self
        };
        approved.install(library).unwrap();
        library.activated(ID, &self.digest()).unwrap()
    }
}

/// The numbers of the versions that are wanted, active and previous.
pub(crate) fn numbers(entry: &Entry) -> [Option<&str>; 3] {
    [
        entry.wanted_release(),
        entry.active_release(),
        entry.previous_release(),
    ]
    .map(|release| Some(release?.version()))
}
