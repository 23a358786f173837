//! What idle WebSockets cost, and how soon one event reaches a thousand of them.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::host::Host;
use crate::http::Http;
use crate::load::Platform;
use crate::report::{Report, percentile};
use crate::socket::Socket;
use crate::{load, stores};

/// Sockets that are opened at the same moment.
const AT_ONCE: usize = 50;
/// Events that are sent to a thousand sockets.
const EVENTS: u64 = 20;

pub(crate) async fn run(quick: bool) -> Result<Report> {
    let idle = if quick { 2_000 } else { 5_000 };
    let fresh = stores::sqlite()?;
    let host = Host::start(fresh.data.path(), &fresh.url).await?;
    let token = host.set_up().await?;
    let inbox = host.add_telegram(&token).await?;
    // A first event, so that what is made once is not counted.
    let path = format!("/webhooks/{inbox}");
    let mut http = Http::connect(&host.address).await?;
    load::send(
        &mut http,
        &path,
        Platform::Telegram,
        &Platform::Telegram.message(1, 1, load::now_secs(), "first"),
    )
    .await?;

    let before = host.resident()?;
    let mut sockets = open(&host, &token, idle).await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let each = (host.resident()?.saturating_sub(before)) as f64 / idle as f64 / 1_000.0;

    sockets.truncate(1_000);
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut delays = Vec::new();
    for number in 2..2 + EVENTS {
        let mark = format!("fan-{number}.");
        let mut readers = tokio::task::JoinSet::new();
        for mut socket in sockets.drain(..) {
            let mark = mark.clone();
            readers.spawn(async move {
                loop {
                    if socket.text().await?.contains(&mark) {
                        return anyhow::Ok((socket, Instant::now()));
                    }
                }
            });
        }
        let at = Instant::now();
        load::send(
            &mut http,
            &path,
            Platform::Telegram,
            &Platform::Telegram.message(1, number, load::now_secs(), &mark),
        )
        .await?;
        let all = async {
            let mut last = at;
            while let Some(read) = readers.join_next().await {
                let (socket, seen) = read??;
                last = last.max(seen);
                sockets.push(socket);
            }
            anyhow::Ok(last)
        };
        let last = tokio::time::timeout(Duration::from_secs(30), all)
            .await
            .context("an event is missing")??;
        delays.push(last.duration_since(at).as_secs_f64() * 1_000.0);
    }
    drop(sockets);
    host.stop().await?;
    let mut report = Report::new("fanout");
    report.tell("idle sockets", idle as f64, "");
    report.at_most("memory of each", each, "kB", 30.0);
    report.at_most(
        "one event to 1,000, median",
        percentile(&mut delays, 0.5),
        "ms",
        100.0,
    );
    report.tell("one event to 1,000, largest", percentile(&mut delays, 1.0), "ms");
    Ok(report)
}

async fn open(host: &Host, token: &str, count: usize) -> Result<Vec<Socket>> {
    let mut sockets = Vec::with_capacity(count);
    while sockets.len() < count {
        let some = AT_ONCE.min(count - sockets.len());
        let opened =
            futures::future::try_join_all((0..some).map(|_| Socket::connect(&host.address, token))).await?;
        sockets.extend(opened);
    }
    Ok(sockets)
}
