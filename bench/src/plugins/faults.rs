//! What a plugin that misbehaves costs another one that works: its slowest calls beside each fault, against calm.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use omnichat_core::channel::{Channel, WebhookRequest};
use omnichat_plugin_runtime::Plugin;
use omnichat_plugin_runtime::testing::{BOMB, DEEPER, Guest, RECURSE, SPIN, answer};
use serde_json::json;
use tokio::net::TcpListener;

use super::{account, load, runtime, two_kilobytes, viber, viber_account};
use crate::report::{Report, percentile};

/// Pause between calls of the plugin that works: a busy account.
const BEAT: Duration = Duration::from_millis(2);
/// Pause between calls of the faulty plugin: some tens a second, before its breaker would stop it.
const KNOCK: Duration = Duration::from_millis(25);

pub(super) async fn run(report: &mut Report, quick: bool) -> Result<()> {
    // Many short turns rather than a few long ones: what drifts meanwhile hits both sides alike.
    let rounds = if quick { 2 } else { 30 };
    let length = Duration::from_millis(400);
    let folder = tempfile::tempdir()?;
    let runtime = runtime(folder.path())?;
    let good = viber_account(&load(&runtime, &viber()?).await?)?;
    let native = beside_a_thread(&good, rounds, length).await?;
    report.tell("p99 beside a thread that spins", native, "% more");
    for (name, outcome, guest) in faulty().await? {
        let bad = load(&runtime, &guest.build()).await?;
        let (mut calm, mut beside) = (Vec::new(), Vec::new());
        // Turn and turn about: what else this machine does hits both.
        for _ in 0..rounds {
            beat(&good, length, &mut calm).await?;
            let stop = Arc::new(AtomicBool::new(false));
            let knocks = tokio::spawn(knock(bad.clone(), stop.clone()));
            beat(&good, length, &mut beside).await?;
            stop.store(true, Ordering::Relaxed);
            ensure!(knocks.await?? > 0, "{name}: nothing was called");
        }
        let seen = bad.status().calls;
        ensure!(
            seen.contains_key(outcome) && seen.len() == 1,
            "{name} ends by {outcome}, not by {seen:?}"
        );
        let moved = moved(&mut calm, &mut beside);
        report.at_most(&format!("p99 beside one that {name}"), moved, "% more", 10.0);
    }
    Ok(())
}

/// What the machine itself costs: the same beside a thread of the system's own that computes, with no plugin in it.
async fn beside_a_thread(good: &Arc<dyn Channel>, rounds: usize, length: Duration) -> Result<f64> {
    let (mut calm, mut beside) = (Vec::new(), Vec::new());
    for _ in 0..rounds {
        beat(good, length, &mut calm).await?;
        let stop = Arc::new(AtomicBool::new(false));
        let until = stop.clone();
        let spinner = std::thread::spawn(move || {
            while !until.load(Ordering::Relaxed) {
                std::hint::spin_loop();
            }
        });
        beat(good, length, &mut beside).await?;
        stop.store(true, Ordering::Relaxed);
        spinner
            .join()
            .map_err(|_| anyhow::anyhow!("the thread that spins broke off"))?;
    }
    Ok(moved(&mut calm, &mut beside))
}

/// By how much the slowest calls became slower, in percent.
fn moved(calm: &mut [f64], beside: &mut [f64]) -> f64 {
    percentile(beside, 0.99) / percentile(calm, 0.99) * 100.0 - 100.0
}

/// What can go wrong, how it ends, and a plugin that does it in `check`.
async fn faulty() -> Result<Vec<(&'static str, &'static str, Guest)>> {
    let mut huge = Guest::channel().asking("[limits]\nmemory_mb = 128\n");
    huge.pages = 1_700;
    let silent = silent_server().await?;
    let mut waits = Guest::channel();
    let ask = waits.get(&format!("http://{silent}/"));
    let mut floods = Guest::channel();
    let (level, line) = (floods.text("info"), floods.text("again and again and again"));
    let log = format!("(call $host-env.log {level} {line} (i32.const 0) (i32.const 0))");
    let flood = format!(
        "(local $n i32) (loop $l {log} (local.set $n (i32.add (local.get $n) (i32.const 1)))
           (br_if $l (i32.lt_u (local.get $n) (i32.const 5000)))) (i32.const 0)"
    );
    Ok(vec![
        ("spins", "cpu_timeout", Guest::channel().does("check", SPIN)),
        (
            "takes all memory",
            "memory_limit",
            Guest::channel().does("check", BOMB),
        ),
        (
            "returns 100 MB",
            "hostcall_limit",
            huge.does("check", &answer(0, 100 * 1_024 * 1_024)),
        ),
        (
            "recurses",
            "trap",
            Guest::channel().with(DEEPER).does("check", RECURSE),
        ),
        ("traps", "trap", Guest::channel().does("check", "unreachable")),
        (
            "waits for HTTP",
            "wall_timeout",
            waits
                .asking(&format!(
                    "[requests]\nhosts = [\"http://{silent}\"]\n[limits]\nwall_s = 1\n"
                ))
                .does("check", &format!("{ask} (i32.const 0)")),
        ),
        ("floods the log", "ok", floods.does("check", &flood)),
    ])
}

/// Takes connections and never answers.
async fn silent_server() -> Result<std::net::SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        let mut held = Vec::new();
        while let Ok((stream, _)) = listener.accept().await {
            held.push(stream);
        }
    });
    Ok(address)
}

/// Calls the plugin that works for a while; microseconds of each call.
async fn beat(good: &Arc<dyn Channel>, length: Duration, took: &mut Vec<f64>) -> Result<()> {
    let request = WebhookRequest::post(two_kilobytes());
    let end = Instant::now() + length;
    while Instant::now() < end {
        let begun = Instant::now();
        good.parse(&request).await?;
        took.push(begun.elapsed().as_secs_f64() * 1e6);
        tokio::time::sleep(BEAT).await;
    }
    Ok(())
}

/// Calls the faulty plugin until told to stop, by a new account each time; how often.
async fn knock(bad: Arc<Plugin>, stop: Arc<AtomicBool>) -> Result<u64> {
    let count = Arc::new(AtomicU64::new(0));
    let mut calls = tokio::task::JoinSet::new();
    while !stop.load(Ordering::Relaxed) {
        let (account, count) = (account(&bad, json!({}))?, count.clone());
        if calls.len() < 8 {
            calls.spawn(async move {
                let _ = account.check().await;
                count.fetch_add(1, Ordering::Relaxed);
            });
        }
        tokio::time::sleep(KNOCK).await;
        while calls.try_join_next().is_some() {}
    }
    while calls.join_next().await.is_some() {}
    Ok(count.load(Ordering::Relaxed))
}
