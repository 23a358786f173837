//! Durable inbound messages per second, through the real HTTP webhook path, against the same rows inserted raw.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;

use crate::host::Host;
use crate::http::Http;
use crate::report::Report;
use crate::{load, raw, stores};

/// Connections that send at once, as a platform does.
const CONNECTIONS: u64 = 128;
/// Chats of each connection.
const CHATS: u64 = 16;

pub(crate) async fn run(quick: bool) -> Result<Report> {
    let mut report = Report::new("ingest");
    let (warm, measured) = if quick { (1, 5) } else { (3, 20) };
    for fresh in stores::all().await? {
        let host = Host::start(fresh.data.path(), &fresh.url).await?;
        let token = host.set_up().await?;
        let inbox = host.add_telegram(&token).await?;
        let rate = load(
            &host,
            &inbox,
            Duration::from_secs(warm),
            Duration::from_secs(measured),
        )
        .await?;
        host.stop().await?;
        let raw = match fresh.name {
            "sqlite" => raw::sqlite(fresh.data.path())?,
            _ => raw::postgres(&fresh.url).await?,
        };
        report.tell(&format!("{} messages a second", fresh.name), rate, "/s");
        report.tell(
            &format!("{} raw rows of a message a second", fresh.name),
            raw,
            "/s",
        );
        report.at_least(
            &format!("{} share of raw", fresh.name),
            rate / raw * 100.0,
            "%",
            40.0,
        );
    }
    Ok(report)
}

/// Acknowledged messages per second.
async fn load(host: &Host, inbox: &str, warm: Duration, measured: Duration) -> Result<f64> {
    let (done, counting) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let stop = Arc::new(AtomicBool::new(false));
    let path = format!("/webhooks/{inbox}");
    let mut senders = tokio::task::JoinSet::new();
    for connection in 0..CONNECTIONS {
        let (done, counting, stop) = (done.clone(), counting.clone(), stop.clone());
        let (address, path) = (host.address.clone(), path.clone());
        senders.spawn(async move {
            let mut http = Http::connect(&address).await?;
            for number in 1.. {
                if stop.load(Ordering::Relaxed) {
                    break;
                }
                let chat = 1 + connection * CHATS + number % CHATS;
                let text = "Good afternoon, could you tell me when my order will be delivered to the city?";
                load::send(
                    &mut http,
                    &path,
                    &load::update(chat, number, load::now_secs(), text),
                )
                .await?;
                if counting.load(Ordering::Relaxed) {
                    done.fetch_add(1, Ordering::Relaxed);
                }
            }
            anyhow::Ok(())
        });
    }
    tokio::time::sleep(warm).await;
    counting.store(true, Ordering::Relaxed);
    let begun = Instant::now();
    tokio::time::sleep(measured).await;
    counting.store(false, Ordering::Relaxed);
    let rate = done.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64();
    stop.store(true, Ordering::Relaxed);
    while let Some(sender) = senders.join_next().await {
        sender??;
    }
    Ok(rate)
}
