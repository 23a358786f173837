//! Whole conversations in a browser.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, bail};
use serde::Deserialize;

use super::{Servers, build_host};
use crate::debian;

use crate::steps::Steps;
use crate::{process, workspace};

/// Where `host/web/e2e/playwright.config.ts` has the results written, from its folder.
const RESULTS: &str = "test-results/results.json";

pub(super) fn run(steps: &mut Steps, servers: &Servers, filters: &[String]) {
    let folder = workspace::web().join("e2e");
    if !folder.join("package.json").is_file() {
        println!("\nthere are no browser tests in {}", folder.display());
        return;
    }
    if !steps.run("build host", build_host) {
        return;
    }
    steps.run("browser tests", || {
        let chromium = debian::chromium().context("no chromium was found")?;
        let mut playwright = Command::new("npx");
        playwright
            .current_dir(&folder)
            .args(["--no-install", "playwright", "test"])
            .args(filters);
        playwright
            .env("OMNICHAT_TEST_CHROMIUM", chromium)
            .env("OMNICHAT_TEST_HOST", workspace::host_binary());
        let results = folder.join(RESULTS);
        // What an earlier run has left would be told as this one's.
        let _ = fs::remove_file(&results);
        process::succeed(servers.tell(&mut playwright)).or_else(|error| match failures(&results) {
            Some(failures) => bail!(failures),
            None => Err(error),
        })
    });
}

/// What failed and why, on one line; nothing where no results were written.
fn failures(results: &Path) -> Option<String> {
    let results: Results = serde_json::from_slice(&fs::read(results).ok()?).ok()?;
    let mut failures = Vec::new();
    for suite in &results.suites {
        suite.failures(&mut failures);
    }
    let run = results.errors.iter().map(Failure::line);
    failures.extend(run);
    (!failures.is_empty()).then(|| failures.join("; "))
}

/// A part of what Playwright's reporter `json` writes.
#[derive(Debug, Deserialize)]
struct Results {
    suites: Vec<Suite>,
    /// Those of no test.
    #[serde(default)]
    errors: Vec<Failure>,
}

#[derive(Debug, Deserialize)]
struct Suite {
    #[serde(default)]
    suites: Vec<Suite>,
    #[serde(default)]
    specs: Vec<Spec>,
}

#[derive(Debug, Deserialize)]
struct Spec {
    file: String,
    line: u32,
    ok: bool,
    tests: Vec<Test>,
}

#[derive(Debug, Deserialize)]
struct Test {
    results: Vec<Attempt>,
}

#[derive(Debug, Deserialize)]
struct Attempt {
    #[serde(default)]
    errors: Vec<Failure>,
}

#[derive(Debug, Deserialize)]
struct Failure {
    #[serde(default)]
    message: String,
}

impl Suite {
    fn failures(&self, told: &mut Vec<String>) {
        for spec in self.specs.iter().filter(|spec| !spec.ok) {
            let attempts = spec.tests.iter().flat_map(|test| &test.results);
            let why: Vec<_> = attempts
                .flat_map(|attempt| &attempt.errors)
                .map(Failure::line)
                .collect();
            told.push(format!("{}:{}: {}", spec.file, spec.line, why.join(", ")));
        }
        for suite in &self.suites {
            suite.failures(told);
        }
    }
}

impl Failure {
    /// Its lines that say something, without colours, in one.
    fn line(&self) -> String {
        const MOST: usize = 400;
        let mut text = String::new();
        let mut escaped = false;
        for character in self.message.chars() {
            match character {
                '\u{1b}' => escaped = true,
                _ if escaped => escaped = !character.is_ascii_alphabetic(),
                _ => text.push(character),
            }
        }
        let words: Vec<_> = text.split_whitespace().collect();
        words.join(" ").chars().take(MOST).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_failed_is_told_with_its_place_and_reason_on_one_line() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("results.json");
        assert_eq!(failures(&file), None);
        fs::write(
            &file,
            r#"{"config":{},"suites":[{"title":"a.spec.ts","file":"a.spec.ts","specs":[
                {"title":"one","ok":true,"file":"a.spec.ts","line":3,"tests":[{"results":[{"status":"passed","errors":[]}]}]}],
              "suites":[{"title":"inner","specs":[
                {"title":"two","ok":false,"file":"a.spec.ts","line":7,"tests":[{"results":[
                  {"status":"failed","errors":[{"message":"\u001b[31mError\u001b[39m: not visible\n\n  Timeout"}]}]}]}]}]}],
              "errors":[]}"#,
        )
        .unwrap();
        assert_eq!(
            failures(&file).as_deref(),
            Some("a.spec.ts:7: Error: not visible Timeout")
        );
    }
}
