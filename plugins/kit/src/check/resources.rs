//! What the calls used, against what they may use.

use std::time::{Duration, Instant};

use anyhow::Result;
use omnichat_plugin_runtime::{Export, PluginKind, Val};
use serde_json::Value;

use super::webhooks::webhook;
use super::{Check, Subject};
use crate::replay::Recorded;
use crate::stage::values;

/// How long a platform that never answers is waited for.
pub(super) const HANG: Duration = Duration::from_millis(200);

pub(super) async fn checks(subject: &Subject<'_>) -> Result<Vec<Check>> {
    let time = time(subject).await?;
    Ok(vec![limits(subject), time, memory(subject)])
}

/// Whether any call of the whole suite was stopped by a limit, and whether the log was cut.
fn limits(subject: &Subject<'_>) -> Check {
    const NAME: &str = "limits kept";
    let status = subject.theatre.plugin.status();
    let calls: u64 = status.calls.values().sum();
    let stopped = status
        .calls
        .iter()
        .filter(|(outcome, _)| outcome.ends_with("_limit") || outcome.ends_with("_timeout"));
    let mut wrong: Vec<String> = stopped
        .map(|(outcome, calls)| format!("{calls} calls ended with {outcome}"))
        .collect();
    if status.log_dropped > 0 {
        wrong.push(format!("{} lines of the log were dropped", status.log_dropped));
    }
    Check::unless(
        NAME,
        &wrong,
        format!("{calls} calls, {} requests", status.http_requests),
    )
}

fn memory(subject: &Subject<'_>) -> Check {
    let peak = subject.theatre.plugin.status().peak_memory;
    let most = subject.theatre.plugin.limits().memory as u64;
    let kib = |bytes: u64| bytes / 1024;
    Check::ok("peak memory", format!("{} KiB of {} KiB", kib(peak), kib(most)))
}

/// The time of the call that a plugin of its kind makes most often, without a network.
async fn time(subject: &Subject<'_>) -> Result<Check> {
    const NAME: &str = "time per call";
    let export = match subject.theatre.plugin.manifest().kind {
        PluginKind::Channel => Export::ParseWebhook,
        PluginKind::Scenario => Export::OnEvent,
        PluginKind::Tool => Export::CallTool,
    };
    let Some(recorded) = subject.good(export).next() else {
        let mut times = Vec::with_capacity(subject.options.timed);
        let rehearsal = subject.theatre.rehearsal(&subject.scene())?;
        for _ in 0..subject.options.timed {
            let begun = Instant::now();
            rehearsal
                .call(Export::ValidateConfig, &[Val::String("{}".to_owned())])
                .await?;
            times.push(begun.elapsed());
        }
        return Ok(Check::ok(NAME, figures(Export::ValidateConfig, times)));
    };
    Ok(Check::ok(
        NAME,
        figures(export, timed(subject, export, recorded).await?),
    ))
}

async fn timed(subject: &Subject<'_>, export: Export, recorded: &Recorded) -> Result<Vec<Duration>> {
    let mut times = Vec::with_capacity(subject.options.timed);
    let scene = recorded.scene().map_err(anyhow::Error::msg)?;
    if export == Export::ParseWebhook
        && let Some(request) = webhook(recorded)
    {
        let channel = subject.theatre.channel(&scene)?;
        for _ in 0..subject.options.timed {
            let begun = Instant::now();
            let _ = channel.parse(&request).await;
            times.push(begun.elapsed());
        }
        return Ok(times);
    }
    for _ in 0..subject.options.timed {
        let rehearsal = subject.theatre.rehearsal(&scene)?;
        let parameters = rehearsal.parameters(export).map_err(crate::stage::said)?;
        let input: &Value = &recorded.line.input;
        let arguments = values::arguments(&parameters, input).map_err(anyhow::Error::msg)?;
        let begun = Instant::now();
        let _ = rehearsal.call(export, &arguments).await;
        times.push(begun.elapsed());
    }
    Ok(times)
}

fn figures(export: Export, mut times: Vec<Duration>) -> String {
    times.sort();
    let at = |percent: usize| {
        times
            .get((times.len() * percent / 100).min(times.len().saturating_sub(1)))
            .copied()
            .unwrap_or_default()
    };
    format!(
        "{}: p50 {} µs, p99 {} µs, {} calls",
        export.name(),
        at(50).as_micros(),
        at(99).as_micros(),
        times.len()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_of_the_sorted_times() {
        let times = (1..=200).rev().map(Duration::from_micros).collect();
        assert_eq!(
            figures(Export::Send, times),
            "send: p50 101 µs, p99 199 µs, 200 calls"
        );
        assert_eq!(
            figures(Export::Send, Vec::new()),
            "send: p50 0 µs, p99 0 µs, 0 calls"
        );
    }
}
