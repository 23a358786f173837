//! The author's own tests, and the cassettes on the built bytes.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::build::{Built, Options, build, javascript, python};
use crate::program::run as run_program;
use crate::{Language, Report, replay};

/// What the tests of a folder came to. The author's own ones have ended well.
#[derive(Clone, Debug)]
pub struct Tested {
    /// The component that was built.
    pub built: Built,
    /// The replay of the folder's cassettes on it; none if it has none.
    pub replayed: Option<Report>,
}

/// Runs the tests of a plugin's folder in its own language, then builds it and replays the cassettes of its folder `cassettes` on
/// the component.
///
/// # Errors
/// If a test fails, or it cannot be built or loaded. A call that goes otherwise than recorded is in the report.
pub fn run(folder: &Path, options: &Options) -> Result<Tested> {
    let folder = std::path::absolute(folder)?;
    match Language::of(&folder)? {
        Language::Rust => {
            let mut cargo = Command::new("cargo");
            cargo.current_dir(&folder).arg("test");
            run_program(
                &mut cargo,
                "the plugin's own tests",
                "install Rust from https://rustup.rs",
            )?;
        }
        Language::JavaScript => javascript::test(&folder)?,
        Language::Python => python::test(&folder)?,
    }
    let built = build(&folder, options)?;
    let cassettes = folder.join("cassettes");
    let replayed = cassettes
        .is_dir()
        .then(|| replay(&built.wasm, &cassettes))
        .transpose()?;
    Ok(Tested { built, replayed })
}
