//! A Python environment under the target folder, with the emulators that others wrote.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::{debian, process, workspace};

/// What is installed, pinned; one list for everybody.
const REQUIREMENTS: &str = include_str!("../python-requirements.txt");

/// The environment's folder of programs.
pub(crate) struct Environment {
    bin: PathBuf,
}

impl Environment {
    /// Makes the environment, or takes the one that is there if it was made for the same requirements.
    pub(crate) fn prepare() -> Result<Self> {
        let _alone = workspace::lock("python")?;
        let folder = workspace::target().join("test-tools/python");
        let environment = Self {
            bin: folder.join("bin"),
        };
        let stamp = folder.join("omnichat-requirements.txt");
        let made_for = fs::read_to_string(&stamp).unwrap_or_default();
        // A system that was upgraded leaves an environment whose Python is gone.
        let works =
            || process::answer(Command::new(environment.program("python")).arg("--version")).is_some();
        if made_for == REQUIREMENTS && works() {
            return Ok(environment);
        }
        let python = debian::python().context("no Python of 3.11 or later with venv was found")?;
        println!(
            "installing {} into {}",
            REQUIREMENTS.lines().collect::<Vec<_>>().join(", "),
            folder.display()
        );
        process::succeed_quietly(Command::new(python).args(["-m", "venv", "--clear"]).arg(&folder))?;
        let requirements = workspace::root().join("xtask/python-requirements.txt");
        let mut pip = Command::new(environment.program("python"));
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--requirement",
        ]);
        process::succeed_quietly(pip.arg(requirements))?;
        fs::write(stamp, REQUIREMENTS)?;
        Ok(environment)
    }

    /// The path of a program that a package installed.
    pub(crate) fn program(&self, name: &str) -> PathBuf {
        self.bin.join(name)
    }
}
