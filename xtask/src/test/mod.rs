//! `cargo xtask test`: every test, against real servers.
//!
//! What each server is and which variable names it to the tests is told in `docs/TESTING.md`.

mod browser;
mod contract;
mod guests;
mod schemathesis;

use std::process::Command;

use anyhow::Result;
use clap::{Args, ValueEnum};

use crate::debian::{self, Need};
use crate::python::Environment;
use crate::servers::moto::Moto;
use crate::servers::postgres::{Durability, Postgres};
use crate::steps::Steps;
use crate::{process, web};

/// A part of the tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Part {
    /// All crates, with their examples and documentation.
    Rust,
    /// Console, widget and shared packages: unit tests and size limits.
    Web,
    /// Whole conversations in a browser.
    Browser,
    /// The OpenAPI document: valid, the same each time, with a client made of it that works, and kept by hosts on both stores.
    Contract,
    /// Plugins: the bundled ones byte for byte, and first ones in each language as an author makes them: written, tested, built,
    /// checked.
    Guests,
}

/// What `test` can be told.
#[derive(Args)]
pub(crate) struct Options {
    /// Only one part.
    #[arg(long, value_enum)]
    only: Option<Part>,
    /// Passed on to the part's own runner: names of tests, `-p omnichat-core`, or what `schemathesis run` takes. Without `--only` they
    /// mean `rust`.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    filters: Vec<String>,
}

impl Options {
    fn wants(&self, part: Part) -> bool {
        match self.only {
            Some(only) => only == part,
            None => self.filters.is_empty() || part == Part::Rust,
        }
    }

    fn needs(&self) -> Vec<Need> {
        let mut needs = Vec::new();
        let servers = [Part::Rust, Part::Browser, Part::Contract];
        let servers = servers.into_iter().any(|part| self.wants(part));
        if servers {
            needs.push(Need::Postgres);
        }
        if servers || self.wants(Part::Guests) {
            needs.push(Need::Python);
        }
        if self.wants(Part::Browser) {
            needs.push(Need::Chromium);
        }
        needs
    }
}

/// The servers of one run; dropping it stops them.
struct Servers {
    postgres: Postgres,
    s3: Moto,
    python: Environment,
}

impl Servers {
    fn start() -> Result<Self> {
        let python = Environment::prepare()?;
        let servers = Self {
            postgres: Postgres::start(Durability::Process)?,
            s3: Moto::start(&python)?,
            python,
        };
        println!(
            "PostgreSQL at {}, S3 at {}",
            without_password(servers.postgres.url()),
            servers.s3.url()
        );
        Ok(servers)
    }

    /// Tells a test runner where everything is.
    fn tell<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command
            .env("OMNICHAT_TEST_POSTGRES_URL", self.postgres.url())
            .env("OMNICHAT_TEST_S3_URL", self.s3.url())
            .env(
                "OMNICHAT_TEST_TELEGRAM_EMULATOR",
                self.python.program("lo-bot-api-emulator"),
            )
    }
}

/// Runs the wanted tests and stops the servers, however it ends.
pub(crate) fn test(options: Options) -> Result<()> {
    let mut steps = Steps::default();
    let needs = options.needs();
    let mut servers = None;
    let provided = needs.is_empty() || steps.run("system packages", || debian::provide(&needs));
    if provided && needs.contains(&Need::Postgres) {
        servers = steps.make("servers", Servers::start);
    }
    // The host embeds the built web, so it comes before what compiles the host.
    let web_is_built = needs_web(&options) && steps.run("build web", web::build);
    if let Some(servers) = &servers
        && options.wants(Part::Rust)
    {
        rust(&mut steps, servers, &options.filters);
    }
    if options.wants(Part::Web) && web_is_built {
        steps.run("web tests", || {
            process::succeed(web::npm().arg("test").args(passed_on(&options.filters)))
        });
        if options.filters.is_empty() {
            steps.run("web size", || {
                process::succeed(web::npm().args(["run", "check-size"]))
            });
        }
    }
    if let Some(servers) = &servers
        && options.wants(Part::Browser)
        && web_is_built
    {
        browser::run(&mut steps, servers, &options.filters);
    }
    if let Some(servers) = &servers
        && options.wants(Part::Contract)
        && web_is_built
    {
        contract::test(&mut steps, servers, &options.filters, build_host);
    }
    if options.wants(Part::Guests) && provided && web_is_built {
        guests::test(&mut steps, build_host);
    }
    drop(servers);
    steps.finish()
}

/// Whether anything that is wanted has to do with the web: with a package chosen, only if that is the host.
fn needs_web(options: &Options) -> bool {
    let packages = packages(&options.filters);
    !options.wants(Part::Rust) || packages.is_empty() || packages.contains(&"omnichat-host")
}

fn rust(steps: &mut Steps, servers: &Servers, filters: &[String]) {
    steps.run("Rust tests", || {
        let mut cargo = runner();
        cargo.arg("--no-fail-fast");
        if packages(filters).is_empty() {
            cargo.arg("--workspace");
        }
        process::succeed(servers.tell(cargo.arg("--all-features").args(filters)))
    });
    // `cargo test` runs them itself; nextest cannot.
    if has_nextest() && filters.is_empty() {
        steps.run("documentation tests", || {
            let what = ["test", "--doc", "--workspace", "--all-features", "--quiet"];
            process::succeed(servers.tell(process::cargo().args(what)))
        });
    }
}

/// Builds the host as the Rust tests have built it already: with the features of one package alone, tokio, wasmtime and all that
/// stands on them would be compiled a second time.
fn build_host() -> Result<()> {
    process::succeed(runner().args(["--workspace", "--all-features", "--no-run"]))
}

/// What runs the Rust tests.
fn runner() -> Command {
    let mut cargo = process::cargo();
    cargo.args(if has_nextest() {
        &["nextest", "run"][..]
    } else {
        &["test"]
    });
    cargo
}

fn has_nextest() -> bool {
    process::find("cargo-nextest").is_some()
}

/// The packages that the filters choose.
fn packages(filters: &[String]) -> Vec<&str> {
    let mut packages = Vec::new();
    for (at, word) in filters.iter().enumerate() {
        if word == "-p" || word == "--package" {
            packages.extend(filters.get(at + 1).map(String::as_str));
        } else if let Some(name) = word.strip_prefix("--package=") {
            packages.push(name);
        }
    }
    packages
}

/// Filters in the form in which npm gives them to the script.
fn passed_on(filters: &[String]) -> Vec<&str> {
    if filters.is_empty() {
        return Vec::new();
    }
    ["--"]
        .into_iter()
        .chain(filters.iter().map(String::as_str))
        .collect()
}

fn without_password(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) => format!("{}://{}", &url[..scheme], &url[at + 1..]),
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(only: Option<Part>, filters: &[&str]) -> Options {
        Options {
            only,
            filters: filters.iter().map(|&word| word.into()).collect(),
        }
    }

    #[test]
    fn without_words_every_part_runs_and_filters_alone_mean_rust() {
        let parts = |options: Options| {
            Part::value_variants()
                .iter()
                .copied()
                .filter(|&part| options.wants(part))
                .collect::<Vec<_>>()
        };
        assert_eq!(parts(options(None, &[])), Part::value_variants());
        assert_eq!(parts(options(None, &["lanes"])), [Part::Rust]);
        assert_eq!(parts(options(Some(Part::Browser), &["widget"])), [Part::Browser]);
    }

    #[test]
    fn each_part_needs_only_its_own_packages() {
        assert_eq!(options(Some(Part::Web), &[]).needs(), []);
        assert_eq!(
            options(Some(Part::Rust), &[]).needs(),
            [Need::Postgres, Need::Python]
        );
        assert_eq!(
            options(Some(Part::Contract), &[]).needs(),
            [Need::Postgres, Need::Python]
        );
        assert_eq!(options(Some(Part::Guests), &[]).needs(), [Need::Python]);
        assert!(options(None, &[]).needs().contains(&Need::Chromium));
    }

    #[test]
    fn the_web_is_built_unless_a_package_that_does_not_show_it_is_chosen() {
        assert!(needs_web(&options(None, &[])));
        assert!(needs_web(&options(None, &["lanes"])));
        assert!(!needs_web(&options(Some(Part::Rust), &["-p", "omnichat-core"])));
        assert!(needs_web(&options(
            Some(Part::Rust),
            &["--package=omnichat-host"]
        )));
        assert!(needs_web(&options(Some(Part::Web), &[])));
    }

    #[test]
    fn a_password_is_not_printed() {
        assert_eq!(
            without_password("postgres://postgres:secret@127.0.0.1:5/x"),
            "postgres://127.0.0.1:5/x"
        );
        assert_eq!(without_password("http://127.0.0.1:9"), "http://127.0.0.1:9");
    }
}
