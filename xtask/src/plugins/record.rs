//! `plugins/dist/built.toml`: what each built plugin was built from and by, so that one that is older than its sources, or is not what
//! they give, is found without building anything.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Guest, sources};

/// Where built plugins lie.
pub(super) const DIST: &str = "plugins/dist";
const NAME: &str = "built.toml";
const OPENING: &str = "# Written by `cargo xtask plugins`: SHA-256 of what each plugin was built from and of its bytes, and the compiler, \
                       as other\n# compilers give other bytes. `cargo xtask lint` compares; after a change, build anew.\n\n";

/// One built plugin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Built {
    /// What the compiler calls itself.
    pub(super) compiler: String,
    /// Of the sources.
    pub(super) sources: String,
    /// Of the bytes.
    pub(super) wasm: String,
}

/// Built plugins by their ids.
pub(super) type Record = BTreeMap<String, Built>;

/// The digest of a plugin's bytes.
pub(super) fn digest(wasm: &[u8]) -> String {
    hex::encode(Sha256::digest(wasm))
}

/// What the checkout says; nothing where it has no such file yet.
pub(super) fn read(root: &Path) -> Result<Record> {
    let path = path(root);
    if !path.exists() {
        return Ok(Record::new());
    }
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    toml::from_str(&text)
        .with_context(|| format!("{} is not what `cargo xtask plugins` writes", path.display()))
}

pub(super) fn write(root: &Path, record: &Record) -> Result<()> {
    let path = path(root);
    let text = format!("{OPENING}{}", toml::to_string(record)?);
    fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
}

fn path(root: &Path) -> PathBuf {
    root.join(DIST).join(NAME)
}

/// What is not as it was recorded, each with its place.
pub(crate) fn stale(root: &Path) -> Result<Vec<(String, String)>> {
    stale_of(root, &super::all(root)?)
}

fn stale_of(root: &Path, guests: &[Guest]) -> Result<Vec<(String, String)>> {
    let record = read(root)?;
    let mut stale = Vec::new();
    let mut say = |id: &str, folder: &str, text: &str| {
        let place = format!("{DIST}/{id}.wasm");
        let all = format!("{text}; build it anew: cargo xtask plugins {folder}");
        stale.push((place, all.trim_end().to_owned()));
    };
    for guest in guests {
        let wasm = fs::read(root.join(DIST).join(format!("{}.wasm", guest.id)));
        let (id, folder) = (guest.id.as_str(), guest.folder.as_str());
        match (wasm, record.get(id)) {
            (Err(_), _) => say(id, folder, "it is not there"),
            (Ok(_), None) => say(id, folder, "nothing is recorded of what it was built from"),
            (Ok(wasm), Some(built)) if digest(&wasm) != built.wasm => {
                say(id, folder, "it is not what was recorded when it was built");
            }
            (Ok(_), Some(built)) if sources::digest(root, guest)? != built.sources => say(
                id,
                folder,
                "its sources, the SDK, the contract or a library have changed since it was built",
            ),
            _ => {}
        }
    }
    for id in record
        .keys()
        .filter(|id| guests.iter().all(|guest| guest.id != **id))
    {
        let text = "it is recorded, and there is no such plugin: remove it";
        stale.push((format!("{DIST}/{NAME}, {id}"), text.to_owned()));
    }
    Ok(stale)
}

#[cfg(test)]
mod tests {
    use super::super::sources::tests::{checkout, write as put};
    use super::*;

    #[test]
    fn what_is_not_as_recorded_is_named_with_what_to_do() {
        let (root, guest) = checkout();
        let root = root.path();
        let said = || {
            let stale = stale_of(root, std::slice::from_ref(&guest)).expect("a readable checkout");
            stale
                .iter()
                .map(|(place, text)| format!("{place}: {text}"))
                .collect::<Vec<_>>()
                .join("\n")
        };
        assert_eq!(
            said(),
            "plugins/dist/shop.wasm: it is not there; build it anew: cargo xtask plugins shop"
        );
        put(root, "plugins/dist/shop.wasm", "bytes");
        assert!(said().contains("nothing is recorded"), "{}", said());
        let built = Built {
            compiler: "rustc 1".to_owned(),
            sources: sources::digest(root, &guest).expect("a digest"),
            wasm: digest(b"bytes"),
        };
        let mut record = Record::from([("shop".to_owned(), built.clone())]);
        write(root, &record).expect("a record");
        assert_eq!(read(root).expect("a record"), record);
        assert_eq!(said(), "");
        put(root, "plugins/dist/shop.wasm", "other bytes");
        assert!(said().contains("it is not what was recorded"), "{}", said());
        put(root, "plugins/dist/shop.wasm", "bytes");
        put(root, "plugins/shop/src/lib.rs", "//! Changed.");
        assert!(said().contains("have changed since it was built"), "{}", said());
        put(root, "plugins/shop/src/lib.rs", "//! Shop.");
        record.insert("gone".to_owned(), built);
        write(root, &record).expect("a record");
        assert!(
            said().starts_with("plugins/dist/built.toml, gone: "),
            "{}",
            said()
        );
    }
}
