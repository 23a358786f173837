//! Python: `componentize-py`, from a virtual environment in the folder, makes a component of the module `app`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::adopted;
use crate::manifest::Manifest;
use crate::program::{answer, run};

/// What to do where there is no Python.
const INSTALL: &str = "install Python 3.11 or later with its module venv";
/// The module that implements the world: `app.py`.
const MODULE: &str = "app";

pub(super) fn build(folder: &Path, manifest: &str, described: &Manifest) -> Result<(Vec<u8>, String)> {
    let environment = environment(folder)?;
    let output = folder.join("build");
    fs::create_dir_all(&output).with_context(|| output.display().to_string())?;
    let component = output.join("component.wasm");
    let mut tool = Command::new(program(&environment, "componentize-py"));
    tool.current_dir(folder)
        .args(["--wit-path", "wit", "--world", described.world.name]);
    tool.args(["componentize", MODULE, "--output"]).arg(&component);
    let missing = "name componentize-py in requirements.txt and remove the folder .venv";
    run(&mut tool, "building the component", missing)?;
    let version = answer(Command::new(program(&environment, "componentize-py")).arg("--version"));
    Ok((adopted(&component, manifest)?, version.unwrap_or_default()))
}

/// The author's tests.
#[cfg(feature = "check")]
pub(crate) fn test(folder: &Path) -> Result<()> {
    let python = program(&environment(folder)?, "python");
    let mut tests = Command::new(python);
    tests
        .current_dir(folder)
        .args(["-m", "unittest", "discover", "--verbose"]);
    run(&mut tests, "the plugin's own tests", INSTALL)
}

/// The virtual environment, made anew when `requirements.txt` has changed since.
fn environment(folder: &Path) -> Result<PathBuf> {
    let (place, wanted) = (folder.join(".venv"), folder.join("requirements.txt"));
    let stamp = place.join("requirements.txt");
    let wanted_text = fs::read_to_string(&wanted).with_context(|| wanted.display().to_string())?;
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted_text) {
        return Ok(place);
    }
    let mut venv = Command::new("python3");
    venv.args(["-m", "venv", "--clear"]).arg(&place);
    run(&mut venv, "making a virtual environment", INSTALL)?;
    let mut pip = Command::new(program(&place, "python"));
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--requirement",
    ]);
    run(pip.arg(&wanted), "fetching the tools", INSTALL)?;
    fs::write(&stamp, wanted_text).with_context(|| stamp.display().to_string())?;
    Ok(place)
}

fn program(environment: &Path, name: &str) -> PathBuf {
    let folder = if cfg!(windows) { "Scripts" } else { "bin" };
    environment.join(folder).join(name)
}
