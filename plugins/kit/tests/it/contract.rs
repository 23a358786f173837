//! The contract against plugins that were built for it when it was released: what they import and export still fits.

use omnichat_wit::{CHANNEL, VERSIONS};
use wit_component::{DecodedWasm, decode, targets};
use wit_parser::Resolve;

use crate::root;

/// The guest that was frozen when a version was released.
fn guest(folder: &str) -> Vec<u8> {
    std::fs::read(root().join(format!("plugins/runtime/tests/guests/{folder}.wasm"))).unwrap()
}

/// Whether a component fits a world of a version's texts.
fn fits(wasm: &[u8], folder: &str, world: &str, change: impl Fn(String) -> String) -> Result<(), String> {
    let package = VERSIONS.iter().find(|package| package.folder == folder).unwrap();
    let texts = tempfile::tempdir().unwrap();
    for (name, text) in package.files {
        std::fs::write(texts.path().join(name), change((*text).to_owned())).unwrap();
    }
    let mut resolve = Resolve::default();
    let (package, _) = resolve
        .push_path(texts.path())
        .map_err(|error| format!("{error:#}"))?;
    let world = resolve.select_world(&[package], Some(world)).unwrap();
    targets(&resolve, world, wasm, false).map_err(|error| format!("{error:#}"))
}

#[test]
fn plugins_of_every_released_version_fit_it_still() {
    for package in VERSIONS {
        let wasm = guest(package.folder);
        assert!(matches!(decode(&wasm), Ok(DecodedWasm::Component(..))));
        if let Err(reason) = fits(&wasm, package.folder, CHANNEL.name, |text| text) {
            panic!(
                "a plugin that was built for {} does not fit its texts any more: leave {} as it was\n{reason}",
                package.version, package.folder
            );
        }
    }
}

#[test]
fn a_change_that_breaks_plugins_is_seen() {
    let wasm = guest("v0.1");
    for (what, with) in [
        ("    status: u16,\n", "    status: u32,\n"),
        ("  verify-hmac: func(alg: string", "  verify-hmac: func(alg: u32"),
        ("  check: func()", "  check-all: func()"),
        ("    retryable: bool,\n", ""),
    ] {
        let change = |text: String| text.replace(what, with);
        assert!(
            VERSIONS[0].files.iter().any(|(_, text)| text.contains(what)),
            "{what} is in no text"
        );
        assert!(
            fits(&wasm, "v0.1", CHANNEL.name, change).is_err(),
            "{what} -> {with}"
        );
    }
    assert!(fits(&wasm, "v0.1", "tool-plugin", |text| text).is_err());
}
