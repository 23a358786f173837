//! `cargo xtask run`: from a clean clone to a running host.

use std::os::unix::process::CommandExt;

use anyhow::{Context, Result};
use clap::Args;

use crate::{process, web};

/// What `run` can be told.
#[derive(Args)]
pub(crate) struct Options {
    /// Build with optimisation: slower to build, as fast as an installed host.
    #[arg(long)]
    release: bool,
    /// Passed on to `omnichat serve`; see `cargo xtask run -- --help`.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    serve: Vec<String>,
}

/// Builds what is out of date and becomes the host: it gets the terminal, the signals and the exit code.
pub(crate) fn run(options: Options) -> Result<()> {
    web::build()?;
    let mut cargo = process::cargo();
    cargo.args(["run", "--package", "omnichat-host", "--bin", "omnichat"]);
    if options.release {
        cargo.arg("--release");
    }
    cargo.args(["--", "serve"]).args(options.serve);
    Err(cargo.exec()).context("cannot start cargo")
}
