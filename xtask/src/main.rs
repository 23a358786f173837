//! The project's own commands: `cargo xtask run | test | lint | bench | web | plugins`.
//!
//! Reading order: [`run`] and [`test`](mod@test) are what most people call; [`web`] decides when npm has to work
//! again; [`plugins`] builds the bundled plugins; [`servers`] starts the real programs that tests and benches talk to;
//! [`tidy`] holds the rules of the tree that a compiler does not know.

mod bench;
mod debian;
mod lint;
mod plugins;
mod process;
mod python;
mod run;
mod servers;
mod steps;
mod test;
mod tidy;
mod web;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// OmniChat's own commands.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the web console where it changed and start the host.
    Run(run::Options),
    /// Run every test against real servers that are started for it: Rust, web, browser.
    Test(test::Options),
    /// Formatting, the rules of the tree, clippy, documentation, licences, web lint.
    Lint(lint::Options),
    /// Run one bench; without a name, list them.
    Bench(bench::Options),
    /// Build the web console and the widget where they changed.
    Web(web::Options),
    /// Build the bundled WebAssembly plugins into plugins/dist.
    Plugins(plugins::Options),
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Run(options) => run::run(options),
        Command::Test(options) => test::test(options),
        Command::Lint(options) => lint::lint(options),
        Command::Bench(options) => bench::bench(options),
        Command::Web(options) => web::web(options),
        Command::Plugins(options) => plugins::plugins(options),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
