//! What the guide tells authors of plugins to do, with nothing left out, in each language and for each kind.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::plugins::Kit;
use crate::steps::Steps;
use crate::{plugins, process, workspace};

/// A first plugin in a language that is interpreted: what is said after `plugin new`, and its name.
const SCRIPTS: [(&[&str], &str); 2] = [
    (&["--language", "js"], "first-in-js"),
    (&["--language", "python"], "first-in-python"),
];
/// The same in Rust, with the name of the step. All are made in one folder after each other: Cargo keeps builds by flags and paths,
/// and so compiles the standard library and the SDK once.
const RUST: [(&[&str], &str); 3] = [
    (&[], "first channel in Rust"),
    (&["--kind", "scenario"], "first scenario in Rust"),
    (&["--kind", "tool"], "first tool in Rust"),
];

/// Compares the bundled plugins with what their sources give, then makes first plugins with a host that `build_host` builds.
pub(super) fn test(steps: &mut Steps, build_host: impl FnOnce() -> Result<()>) {
    // The kit is built with it.
    if !steps.run("host for plugins", build_host) {
        return;
    }
    let can_rust = match plugins::provide_compiler(Kit::Tested) {
        Ok(compiler) => {
            println!("\nplugins in Rust are built with {compiler}");
            steps.run("bundled plugins", || plugins::compare(Kit::Tested));
            true
        }
        Err(reason) => {
            println!("\nplugins in Rust are left out, bundled ones are not compared: {reason:#}");
            false
        }
    };
    // Both are put together by programs with one thread.
    steps.run_together(
        SCRIPTS
            .map(|(words, name)| (name, move || first(words, name)))
            .into(),
    );
    for (words, step) in RUST.into_iter().filter(|_| can_rust) {
        steps.run(step, || first(words, "first-in-rust"));
    }
}

/// From nothing to a checked plugin.
fn first(words: &[&str], name: &str) -> Result<()> {
    let all = workspace::target().join("guests");
    let folder = all.join(name);
    fs::create_dir_all(&all).with_context(|| format!("cannot make {}", all.display()))?;
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    let omnichat = |at: &Path, args: &[&str]| {
        let mut command = Command::new(workspace::host_binary());
        // Outside of the folders, which are made anew each time.
        command.env("CARGO_TARGET_DIR", all.join("cargo"));
        process::succeed(command.current_dir(at).arg("plugin").args(args))
    };
    omnichat(&all, &[&["new"], words, &[name]].concat())?;
    omnichat(&folder, &["test"])?;
    // The machine may be busy with other tests.
    omnichat(&folder, &["check", "--slack", "4", &format!("{name}.wasm")])
}
