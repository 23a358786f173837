//! Where things are.

use std::env;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The root of the checkout, where the workspace's `Cargo.toml` is.
pub(crate) fn root() -> PathBuf {
    let manifest = env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let manifest = manifest.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
    manifest.parent().map(Path::to_path_buf).unwrap_or(manifest)
}

/// The folder that Cargo builds into; `CARGO_TARGET_DIR` moves it.
pub(crate) fn target() -> PathBuf {
    let root = root();
    match env::var_os("CARGO_TARGET_DIR") {
        Some(dir) => root.join(dir),
        None => root.join("target"),
    }
}

/// The host's binary as Cargo leaves it for development.
pub(crate) fn host_binary() -> PathBuf {
    target()
        .join("debug")
        .join(format!("omnichat{}", env::consts::EXE_SUFFIX))
}

/// The npm workspace.
pub(crate) fn web() -> PathBuf {
    root().join("host/web")
}

/// Waits until no other of these commands holds the lock of this name; it is given back when the value is dropped.
pub(crate) fn lock(name: &str) -> Result<File> {
    let folder = target().join("test-tools");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let path = folder.join(format!("{name}.lock"));
    let file = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    file.lock()
        .with_context(|| format!("cannot lock {}", path.display()))?;
    Ok(file)
}
