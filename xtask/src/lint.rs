//! `cargo xtask lint`: everything that can be said about the tree without running it.

use anyhow::{Result, bail};
use clap::Args;

use crate::steps::Steps;
use crate::{process, tidy, web, workspace};

/// What `lint` can be told.
#[derive(Args)]
pub(crate) struct Options {}

/// Runs every check, also after one has failed.
pub(crate) fn lint(Options {}: Options) -> Result<()> {
    let mut steps = Steps::default();
    steps.run("format", || {
        process::succeed(process::cargo().args(["fmt", "--all", "--check"]))
    });
    steps.run("tidy", tidy_tree);
    // The host embeds the built web, so it comes before what compiles the host.
    steps.run("build web", web::build);
    steps.run("web lint", || process::succeed(web::npm().args(["run", "lint"])));
    steps.run("clippy", || {
        let what = [
            "clippy",
            "--workspace",
            "--all-targets",
            "--all-features",
            "--",
            "-D",
            "warnings",
        ];
        process::succeed(process::cargo().args(what))
    });
    // With the features that tests turn on, a missing one would not be noticed.
    steps.run("what is shipped", || {
        let what = ["check", "--package", "omnichat-host", "--bin", "omnichat"];
        process::succeed(process::cargo().args(what))
    });
    steps.run("documentation", || {
        let what = [
            "doc",
            "--workspace",
            "--no-deps",
            "--all-features",
            "--document-private-items",
        ];
        // Private modules are documented here too, so a module's opening may lead to them.
        let flags = "-D warnings -A rustdoc::private-intra-doc-links";
        process::succeed(process::cargo().args(what).env("RUSTDOCFLAGS", flags))
    });
    if process::find("cargo-deny").is_some() {
        // Advisories need the network and change from day to day; the rest holds for a commit.
        let what = ["deny", "--offline", "check", "licenses", "bans", "sources"];
        steps.run("licences", || process::succeed(process::cargo().args(what)));
    } else {
        println!("\ncargo-deny is not installed: licences were not checked");
    }
    steps.finish()
}

fn tidy_tree() -> Result<()> {
    let report = tidy::check(&workspace::root())?;
    for warning in &report.warnings {
        println!("warning: {warning}");
    }
    for problem in &report.problems {
        println!("{problem}");
    }
    match report.problems.len() {
        0 => Ok(()),
        count => bail!("{count} places are not tidy"),
    }
}
