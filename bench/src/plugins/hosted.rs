//! A plugin in the real host: its throughput beside a channel that is built in, and another version under load.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use omnichat_core::clock::{Clock, SystemClock};
use omnichat_plugin_library::{Install, Library};
use omnichat_plugin_runtime::inspect;
use omnichat_plugin_runtime::testing::with_section;
use serde_json::json;

use super::viber;
use crate::host::Host;
use crate::http::Http;
use crate::ledger::Ledger;
use crate::load::{self, Platform, VIBER_TOKEN};
use crate::report::Report;
use crate::stores;

/// Messages a second while versions are swapped.
const RATE: u64 = 500;
/// Connections that bring them.
const CONNECTIONS: u64 = 10;

pub(super) async fn run(report: &mut Report, quick: bool) -> Result<()> {
    let fresh = stores::sqlite()?;
    let library = Library::new(fresh.data.path().join("plugins"));
    install(&library, 0)?;
    let host = Host::start(fresh.data.path(), &fresh.url).await?;
    let token = host.set_up().await?;
    throughput(report, quick, &host, &token).await?;
    swaps(report, quick, &host, &token, &library).await?;
    host.stop().await
}

/// Puts Viber into the library; another number makes other bytes of the same plugin.
fn install(library: &Library, number: u32) -> Result<()> {
    let mut wasm = viber()?;
    if number > 0 {
        wasm = with_section(wasm, "build", &number.to_le_bytes());
    }
    let install = Install {
        older: false,
        manifest: inspect(&wasm)?,
        wasm: &wasm,
        signature: None,
        approve: true,
        replace: true,
    };
    library.install(install, SystemClock.now())?;
    Ok(())
}

async fn viber_inbox(host: &Host, token: &str) -> Result<String> {
    let body = json!({
        "kind": "viber", "title": "Bench", "routing": "manual",
        "config": { "auth_token": VIBER_TOKEN, "base_url": "http://127.0.0.1:9" },
    });
    let inbox = host
        .call("POST", "/api/v1/inboxes", Some(token), Some(&body))
        .await?;
    Ok(inbox["id"].as_str().context("no inbox id")?.to_owned())
}

async fn throughput(report: &mut Report, quick: bool, host: &Host, token: &str) -> Result<()> {
    let (rounds, measured) = if quick { (1, 3) } else { (4, 5) };
    let telegram = host.add_telegram(token).await?;
    let viber = viber_inbox(host, token).await?;
    let (mut built_in, mut plugin) = (0.0, 0.0);
    for _ in 0..rounds {
        let (warm, measured) = (Duration::from_secs(1), Duration::from_secs(measured));
        built_in += load::flood(host, &telegram, Platform::Telegram, warm, measured).await?;
        plugin += load::flood(host, &viber, Platform::Viber, warm, measured).await?;
    }
    let rounds = f64::from(rounds);
    report.tell("built-in Telegram", built_in / rounds, "messages/s");
    report.tell("Viber, a plugin", plugin / rounds, "messages/s");
    report.at_least("plugin against built-in", plugin / built_in * 100.0, "%", 60.0);
    Ok(())
}

async fn swaps(report: &mut Report, quick: bool, host: &Host, token: &str, library: &Library) -> Result<()> {
    let swaps = if quick { 3 } else { 20 };
    let inbox = viber_inbox(host, token).await?;
    let path = format!("/webhooks/{inbox}");
    let ledger = Arc::new(Ledger::default());
    let stop = Arc::new(AtomicBool::new(false));
    let mut senders = tokio::task::JoinSet::new();
    for connection in 0..CONNECTIONS {
        let (address, path) = (host.address.clone(), path.clone());
        let (ledger, stop) = (ledger.clone(), stop.clone());
        senders.spawn(async move {
            let mut http = Http::connect(&address).await?;
            let mut beat = tokio::time::interval(Duration::from_micros(1_000_000 * CONNECTIONS / RATE));
            // Chats of its own, apart from those of the throughput.
            let chat = 5_000 + connection;
            for number in 1.. {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                beat.tick().await;
                let body = Platform::Viber.message(chat, number, load::now_secs(), &format!("n{number}"));
                // An answer other than 200 is an error: nobody notices a swap.
                load::send(&mut http, &path, Platform::Viber, &body).await?;
                if number % 5 == 0 {
                    load::send(&mut http, &path, Platform::Viber, &body).await?;
                }
                ledger.note(chat, number);
            }
            anyhow::Ok(())
        });
    }
    for swap in 1..=swaps {
        let before = digest(host, token).await?;
        install(library, swap)?;
        let mut looks = 0;
        while digest(host, token).await? == before {
            looks += 1;
            ensure!(looks < 100, "swap {swap} does not happen");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
    stop.store(true, Ordering::Relaxed);
    while let Some(sender) = senders.join_next().await {
        sender??;
    }
    let outcome = ledger.compare(host, token, &inbox).await?;
    report.at_least("swaps under load", f64::from(swaps), "", f64::from(swaps));
    report.tell("messages meanwhile", outcome.acknowledged as f64, "");
    report.at_most("lost by swaps", outcome.lost as f64, "", 0.0);
    report.at_most("doubled by swaps", outcome.doubled as f64, "", 0.0);
    Ok(())
}

/// Which bytes run, as far as the host has followed the library.
async fn digest(host: &Host, token: &str) -> Result<String> {
    let plugin = host
        .call("GET", "/api/v1/plugins/viber", Some(token), None)
        .await?;
    ensure!(plugin["state"] == "running", "the plugin does not run: {plugin}");
    Ok(plugin["digest"].as_str().context("no digest")?.to_owned())
}
