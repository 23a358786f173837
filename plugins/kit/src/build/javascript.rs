//! JavaScript: the folder's own script `build` leaves a component in `build/component.wasm`.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use super::adopted;
use crate::program::{answer, run};

/// What to do where there is no npm.
const INSTALL: &str = "install Node.js 20 or later";

pub(super) fn build(folder: &Path, manifest: &str) -> Result<(Vec<u8>, String)> {
    install(folder)?;
    run(
        npm(folder).args(["run", "build"]),
        "building the component",
        INSTALL,
    )?;
    let version = answer(Command::new("node").arg("--version")).unwrap_or_default();
    Ok((
        adopted(&folder.join("build/component.wasm"), manifest)?,
        format!("node {version}"),
    ))
}

/// The author's tests.
#[cfg(feature = "check")]
pub(crate) fn test(folder: &Path) -> Result<()> {
    install(folder)?;
    run(npm(folder).arg("test"), "the plugin's own tests", INSTALL)
}

/// Fetches what `package.json` names, unless that is done.
fn install(folder: &Path) -> Result<()> {
    if folder.join("node_modules").is_dir() {
        return Ok(());
    }
    // Exactly what the lock says, if there is one.
    let how = if folder.join("package-lock.json").is_file() {
        "ci"
    } else {
        "install"
    };
    run(
        npm(folder).args([how, "--no-fund", "--no-audit"]),
        "fetching the tools",
        INSTALL,
    )
}

fn npm(folder: &Path) -> Command {
    let mut npm = Command::new("npm");
    npm.current_dir(folder);
    npm
}
