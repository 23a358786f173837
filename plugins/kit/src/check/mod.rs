//! The conformance suite: what a host may rely on, tried on the built bytes.
//!
//! Each check is a question with a yes or a no and a word on what was seen. Recorded calls give the material: their webhooks are
//! altered, repeated and mangled, their requests answered with every kind of failure. What has no material is skipped, and said.

mod apps;
mod errors;
mod garbage;
mod identity;
mod polls;
mod report;
mod resources;
mod tools;
mod turns;
mod webhooks;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::Result;
use omnichat_core::error::Error;
use omnichat_plugin_runtime::{Export, Limits, PluginKind};
use serde_json::Value;

use crate::replay::{Recorded, read, replay_all};
use crate::stage::{Scene, Theatre, block_on};

pub use report::{Check, CheckReport, State};

/// How to check.
#[derive(Clone, Debug)]
pub struct Options {
    /// A cassette, or a folder of them. Without any, only what needs none is checked.
    pub cassettes: Option<PathBuf>,
    /// How many calls are timed.
    pub timed: usize,
    /// The budgets of processor time are so many times as large: for machines that are busy with other things.
    pub slack: u32,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            cassettes: None,
            timed: 300,
            slack: 1,
        }
    }
}

/// Checks a built plugin. A plugin that cannot be loaded has a report, too: with that one failure.
///
/// # Errors
/// If the cassettes cannot be read, or the engine does not start.
pub fn run(wasm: &[u8], options: &Options) -> Result<CheckReport> {
    let recorded = options
        .cassettes
        .as_deref()
        .map_or_else(|| Ok(Vec::new()), read)?;
    block_on(check(wasm, options, &recorded))
}

/// A plugin under examination.
struct Subject<'a> {
    theatre: &'a Theatre,
    recorded: &'a [Recorded],
    options: &'a Options,
}

async fn check(wasm: &[u8], options: &Options, recorded: &[Recorded]) -> Result<CheckReport> {
    let begun = Instant::now();
    let theatre = match Theatre::open(wasm, |limits| adapt(limits, options.slack)).await {
        Ok(theatre) => theatre,
        Err(error) => return Ok(CheckReport::unloadable(wasm, &error)),
    };
    let subject = Subject {
        theatre: &theatre,
        recorded,
        options,
    };
    let mut checks = vec![Check::ok(
        "loads",
        format!(
            "{} kB, ready after {} ms",
            wasm.len() / 1000,
            begun.elapsed().as_millis()
        ),
    )];
    checks.extend(identity::checks(&subject).await?);
    checks.push(as_recorded(&subject).await);
    match theatre.plugin.manifest().kind {
        PluginKind::Channel => {
            checks.extend(webhooks::checks(&subject).await?);
            checks.extend(apps::check(&subject).await?);
            checks.push(polls::cursor(&subject).await?);
        }
        PluginKind::Scenario => checks.extend(turns::checks(&subject).await?),
        PluginKind::Tool => checks.extend(tools::checks(&subject).await?),
    }
    if theatre.plugin.manifest().kind != PluginKind::Scenario {
        checks.extend(errors::checks(&subject).await?);
    }
    checks.extend(resources::checks(&subject).await?);
    Ok(CheckReport::of(wasm, theatre.plugin.manifest(), checks))
}

/// A platform that never answers is waited for only as long as it takes to see what the plugin makes of it.
fn adapt(limits: &mut Limits, slack: u32) {
    (limits.http_time, limits.http_time_poll) = (resources::HANG, resources::HANG);
    for budget in [&mut limits.cpu, &mut limits.cpu_accept, &mut limits.cpu_describe] {
        *budget *= slack;
    }
}

async fn as_recorded(subject: &Subject<'_>) -> Check {
    const NAME: &str = "does as recorded";
    if subject.recorded.is_empty() {
        return Check::skipped(NAME, "no cassettes");
    }
    let report = replay_all(subject.theatre, subject.recorded).await;
    match report.failed.first() {
        None => Check::ok(NAME, format!("{} calls", report.calls)),
        Some(first) => {
            let (wrong, of) = (report.failed.len(), report.calls);
            let reason = first.reason.lines().next().unwrap_or_default();
            Check::failed(
                NAME,
                format!("{wrong} of {of} calls: {}: {}: {reason}", first.place, first.name),
            )
        }
    }
}

impl Subject<'_> {
    /// Recorded calls of an export that brought an answer.
    fn good(&self, export: Export) -> impl Iterator<Item = &Recorded> {
        self.recorded(export)
            .filter(|recorded| recorded.line.expect.get("ok").is_some())
    }

    fn recorded(&self, export: Export) -> impl Iterator<Item = &Recorded> {
        self.recorded
            .iter()
            .filter(move |recorded| recorded.line.export == export.name())
    }

    /// The scene of any recorded call, for its settings; an empty one if there is none.
    fn scene(&self) -> Scene {
        let scenes = self
            .recorded
            .iter()
            .filter(|recorded| !recorded.line.secrets.is_empty() || !recorded.line.config.is_empty());
        let scene = scenes
            .chain(self.recorded)
            .find_map(|recorded| recorded.scene().ok());
        scene
            .map(|scene| Scene {
                script: crate::stage::Script::default(),
                ..scene
            })
            .unwrap_or_default()
    }
}

/// The code of an answer that is an error.
fn code(answer: &Value) -> Option<&str> {
    answer.get("err")?.get("code")?.as_str()
}

/// An error of the core, as its kind.
fn kind_of(error: &Error) -> String {
    format!("{:?}", error.kind())
}
