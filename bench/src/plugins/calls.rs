//! One call, from nothing to nothing, against the same code compiled for this machine.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use omnichat_core::channel::{Channel, WebhookRequest};
use omnichat_plugin_sdk::channel::{Channel as _, WebhookRequest as Delivery};
use omnichat_plugin_sdk::fixture::Fixture;
use omnichat_viber::Viber;

use super::{load, runtime, two_kilobytes, viber, viber_account};
use crate::load::VIBER_TOKEN;
use crate::report::{Report, percentile};

pub(super) async fn run(report: &mut Report, quick: bool) -> Result<()> {
    let calls = if quick { 2_000 } else { 20_000 };
    let folder = tempfile::tempdir()?;
    let runtime = runtime(folder.path())?;
    let plugin = load(&runtime, &viber()?).await?;
    let mut instances = Vec::with_capacity(calls);
    for _ in 0..calls {
        let begun = Instant::now();
        plugin.instantiate().await?;
        instances.push(begun.elapsed().as_secs_f64() * 1e6);
    }
    report.at_most("instance p50", percentile(&mut instances, 0.5), "µs", 25.0);
    report.at_most("instance p99", percentile(&mut instances, 0.99), "µs", 250.0);

    let channel = viber_account(&plugin)?;
    let body = two_kilobytes();
    let request = WebhookRequest::post(body.clone());
    let native = body.as_bytes();
    let (mut in_wasm, mut in_native) = (Vec::with_capacity(calls), Vec::with_capacity(calls));
    for _ in 0..calls {
        let begun = Instant::now();
        let events = channel.parse(&request).await?;
        in_wasm.push(begun.elapsed().as_secs_f64() * 1e6);
        ensure!(events.len() == 1, "a webhook is one event");
        in_native.push(natively(native)?);
    }
    let (wasm, same) = (percentile(&mut in_wasm, 0.5), percentile(&mut in_native, 0.5));
    report.at_most("parse p50", wasm, "µs", 120.0);
    report.tell("parse p99", percentile(&mut in_wasm, 0.99), "µs");
    report.tell("the same natively p50", same, "µs");
    report.tell("parse against native", wasm / same, "times");

    let alone = together(&channel, 1).await?;
    let beside = together(&channel, 2).await?;
    report.tell("parse on one thread", alone, "calls/s");
    report.tell("parse on two threads", beside, "calls/s");

    flat(report, quick, &runtime).await
}

/// Calls a second, by so many tasks that each call again and again.
async fn together(channel: &Arc<dyn Channel>, tasks: usize) -> Result<f64> {
    let time = Duration::from_secs(2);
    let begun = Instant::now();
    let mut callers = tokio::task::JoinSet::new();
    for _ in 0..tasks {
        let (channel, request) = (channel.clone(), WebhookRequest::post(two_kilobytes()));
        callers.spawn(async move {
            let mut calls = 0_u64;
            while begun.elapsed() < time {
                channel.parse(&request).await?;
                calls += 1;
            }
            anyhow::Ok(calls)
        });
    }
    let mut calls = 0;
    while let Some(caller) = callers.join_next().await {
        calls += caller??;
    }
    Ok(calls as f64 / begun.elapsed().as_secs_f64())
}

/// Microseconds of the same code, compiled for this machine.
fn natively(body: &[u8]) -> Result<f64> {
    let request = Delivery::post(body);
    let host = Fixture::new().secret("auth_token", VIBER_TOKEN);
    let (took, events) = host
        .run(|| {
            let begun = Instant::now();
            let events = Viber::opened().and_then(|viber| viber.parse_webhook(&request));
            (begun.elapsed(), events)
        })
        .clean();
    ensure!(
        events.is_ok_and(|events| events.len() == 1),
        "a webhook is one event"
    );
    Ok(took.as_secs_f64() * 1e6)
}

/// Memory after many calls of which one in a hundred traps.
async fn flat(report: &mut Report, quick: bool, runtime: &omnichat_plugin_runtime::Runtime) -> Result<()> {
    use omnichat_plugin_runtime::testing::Guest;
    let calls = if quick { 10_000 } else { 100_000 };
    let good = load(runtime, &viber()?).await?;
    let channel = viber_account(&good)?;
    let bad = load(runtime, &Guest::channel().does("check", "unreachable").build()).await?;
    let request = WebhookRequest::post(two_kilobytes());
    let mut before = 0;
    for call in 0..calls {
        if call == calls / 10 {
            before = resident()?;
        }
        if call % 100 == 0 {
            // A new account each time: the breaker would stop the traps.
            let traps = super::account(&bad, serde_json::json!({}))?;
            ensure!(traps.check().await.is_err(), "it traps");
        } else {
            channel.parse(&request).await?;
        }
    }
    let after = resident()?;
    report.tell("calls of which 1 % trap", f64::from(calls), "");
    report.at_most(
        "memory after them",
        after as f64 / before as f64 * 100.0,
        "% of before",
        105.0,
    );
    Ok(())
}

/// Resident memory of this process in bytes.
fn resident() -> Result<u64> {
    let statm = std::fs::read_to_string("/proc/self/statm")?;
    let pages: u64 = statm.split_whitespace().nth(1).unwrap_or_default().parse()?;
    Ok(pages * 4_096)
}
