//! The kit on the bundled plugins, as they are built.
#![cfg(feature = "check")]

mod check;
mod contract;
mod record;
mod replay;

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A plugin as `cargo xtask plugins` has built it.
fn wasm(plugin: &str) -> Vec<u8> {
    fs::read(root().join(format!("plugins/dist/{plugin}.wasm"))).unwrap()
}

/// Its recorded calls.
fn cassettes(plugin: &str) -> PathBuf {
    let folder = match plugin {
        "letterbox" => "examples/plugin-channel".to_owned(),
        "doorman" => "examples/plugin-scenario".to_owned(),
        "signpost" => "examples/plugin-tool".to_owned(),
        plugin => format!("plugins/{plugin}"),
    };
    root().join(folder).join("cassettes")
}
