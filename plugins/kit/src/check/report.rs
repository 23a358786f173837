//! What a check came to.

use std::fmt;

use omnichat_plugin_runtime::Manifest;
use serde::Serialize;

/// How a check ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// As it should.
    Ok,
    /// Otherwise.
    Failed,
    /// There was nothing to check it with.
    Skipped,
}

/// One check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was asked.
    pub name: &'static str,
    /// How it ended.
    pub state: State,
    /// What was seen.
    pub seen: String,
}

impl Check {
    pub(super) fn ok(name: &'static str, seen: impl Into<String>) -> Self {
        Self::new(name, State::Ok, seen)
    }

    pub(super) fn failed(name: &'static str, seen: impl Into<String>) -> Self {
        Self::new(name, State::Failed, seen)
    }

    pub(super) fn skipped(name: &'static str, seen: impl Into<String>) -> Self {
        Self::new(name, State::Skipped, seen)
    }

    /// Failed, if anything was found wrong: the first things are shown.
    pub(super) fn unless(name: &'static str, wrong: &[String], seen: impl Into<String>) -> Self {
        const SHOWN: usize = 3;
        if wrong.is_empty() {
            return Self::ok(name, seen);
        }
        let mut shown = wrong.iter().take(SHOWN).cloned().collect::<Vec<_>>().join("; ");
        if wrong.len() > SHOWN {
            shown += &format!("; and {} more", wrong.len() - SHOWN);
        }
        Self::failed(name, shown)
    }

    fn new(name: &'static str, state: State, seen: impl Into<String>) -> Self {
        let seen = seen.into();
        Self { name, state, seen }
    }
}

/// What all checks of a plugin came to; as text, a table.
#[derive(Clone, Debug, Serialize)]
pub struct CheckReport {
    /// The plugin; empty if it cannot be loaded.
    pub plugin: String,
    /// Its version.
    pub version: String,
    /// What it is.
    pub kind: String,
    /// SHA-256 of its bytes, in hex.
    pub digest: String,
    /// The checks, in the order in which they were made.
    pub checks: Vec<Check>,
}

impl CheckReport {
    pub(super) fn of(wasm: &[u8], manifest: &Manifest, checks: Vec<Check>) -> Self {
        Self {
            plugin: manifest.id.clone(),
            version: manifest.version.clone(),
            kind: manifest.kind.to_string(),
            digest: omnichat_plugin_runtime::digest(wasm),
            checks,
        }
    }

    pub(super) fn unloadable(wasm: &[u8], error: &anyhow::Error) -> Self {
        Self {
            plugin: String::new(),
            version: String::new(),
            kind: String::new(),
            digest: omnichat_plugin_runtime::digest(wasm),
            checks: vec![Check::failed("loads", format!("{error:#}"))],
        }
    }

    /// Whether nothing failed.
    pub fn is_ok(&self) -> bool {
        self.count(State::Failed) == 0
    }

    fn count(&self, state: State) -> usize {
        self.checks.iter().filter(|check| check.state == state).count()
    }
}

impl fmt::Display for CheckReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            plugin,
            version,
            kind,
            digest,
            ..
        } = self;
        if !plugin.is_empty() {
            writeln!(f, "{plugin} {version} ({kind}), sha256 {}…\n", &digest[..16])?;
        }
        let width = self
            .checks
            .iter()
            .map(|check| check.name.chars().count())
            .max()
            .unwrap_or(0);
        for Check { name, state, seen } in &self.checks {
            let state = match state {
                State::Ok => "ok",
                State::Failed => "FAILED",
                State::Skipped => "skipped",
            };
            writeln!(f, "{name:<width$}  {state:<7}  {seen}")?;
        }
        let (ok, failed, skipped) = (
            self.count(State::Ok),
            self.count(State::Failed),
            self.count(State::Skipped),
        );
        write!(f, "\n{ok} ok, {failed} failed, {skipped} skipped")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_has_a_line_for_each_check_and_shows_the_first_faults() {
        let wrong: Vec<String> = (1..=5).map(|n| format!("fault {n}")).collect();
        let checks = vec![
            Check::ok("loads", "430 kB"),
            Check::unless("repeats", &wrong, "3 webhooks"),
            Check::unless("ends", &[], "all"),
            Check::skipped("polls", "it does not poll"),
        ];
        let mut report = CheckReport::unloadable(b"", &anyhow::anyhow!("no component"));
        assert!(!report.is_ok());
        report.checks = checks;
        let text = report.to_string();
        assert_eq!(
            text,
            "loads    ok       430 kB\nrepeats  FAILED   fault 1; fault 2; fault 3; and 2 more\nends     ok       all\n\
             polls    skipped  it does not poll\n\n2 ok, 1 failed, 1 skipped"
        );
        report.checks.remove(1);
        assert!(report.is_ok());
    }
}
