//! From a webhook to the operator's WebSocket frame, at 500 messages a second.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::host::Host;
use crate::http::Http;
use crate::load::Platform;
use crate::report::{Report, percentile};
use crate::socket::Socket;
use crate::{load, stores};

const PER_SECOND: u64 = 500;
const CONNECTIONS: u64 = 20;

pub(crate) async fn run(quick: bool) -> Result<Report> {
    let seconds = if quick { 8 } else { 30 };
    let fresh = stores::sqlite()?;
    let host = Host::start(fresh.data.path(), &fresh.url).await?;
    let token = host.set_up().await?;
    let inbox = host.add_telegram(&token).await?;
    let mut socket = Socket::connect(&host.address, &token).await?;
    let sent: Arc<Mutex<HashMap<u64, Instant>>> = Arc::default();
    let total = PER_SECOND * seconds;
    let path = format!("/webhooks/{inbox}");
    let begun = Instant::now() + Duration::from_millis(200);
    let mut senders = tokio::task::JoinSet::new();
    for connection in 0..CONNECTIONS {
        let (address, path, sent) = (host.address.clone(), path.clone(), sent.clone());
        senders.spawn(async move {
            let mut http = Http::connect(&address).await?;
            // Every connection sends at fixed moments of its own, whatever became of the message before.
            for number in (connection..total).step_by(CONNECTIONS as usize) {
                let at = begun + Duration::from_micros(number * 1_000_000 / PER_SECOND);
                tokio::time::sleep_until(at.into()).await;
                let body = Platform::Telegram.message(
                    1 + number % 200,
                    1 + number,
                    load::now_secs(),
                    &format!("lat-{number}."),
                );
                sent.lock()
                    .unwrap_or_else(PoisonError::into_inner)
                    .insert(number, Instant::now());
                load::send(&mut http, &path, Platform::Telegram, &body).await?;
            }
            anyhow::Ok(())
        });
    }
    let mut delays = Vec::new();
    let deadline = begun + Duration::from_secs(seconds + 20);
    while delays.len() < total as usize {
        let frame = tokio::time::timeout_at(deadline.into(), socket.text())
            .await
            .context("messages are missing")??;
        let now = Instant::now();
        if !frame.contains("\"message_created\"") {
            continue;
        }
        let number = frame
            .split("lat-")
            .nth(1)
            .and_then(|rest| rest.split('.').next())
            .and_then(|n| n.parse().ok());
        let at = number.and_then(|n: u64| sent.lock().unwrap_or_else(PoisonError::into_inner).remove(&n));
        if let Some(at) = at {
            delays.push(now.duration_since(at).as_secs_f64() * 1_000.0);
        }
    }
    while let Some(sender) = senders.join_next().await {
        sender??;
    }
    host.stop().await?;
    let mut report = Report::new("latency");
    report.tell("messages", total as f64, "");
    report.at_most("p50", percentile(&mut delays, 0.50), "ms", 5.0);
    report.at_most("p99", percentile(&mut delays, 0.99), "ms", 25.0);
    report.tell("largest", percentile(&mut delays, 1.0), "ms");
    Ok(report)
}
