//! Many who write to one conversation at once: operators, and webhooks of chats in which much is said.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde_json::json;

use crate::host::Host;
use crate::http::Http;
use crate::load::{self, Platform};
use crate::platform::FakePlatform;
use crate::report::{Report, percentile};
use crate::stores;

/// Chats in which much is said, and how many webhooks a second they bring together.
const HOT_CHATS: u64 = 5;
const HOT_PER_SECOND: u64 = 200;
/// What writers of one conversation must reach together.
const SENDS_PER_SECOND: f64 = 200.0;

pub(crate) async fn run(quick: bool) -> Result<Report> {
    let seconds = if quick { 4 } else { 20 };
    let mut report = Report::new("contention");
    for fresh in stores::all().await? {
        let platform = FakePlatform::start().await?;
        let host = Host::start(fresh.data.path(), &fresh.url).await?;
        let token = host.set_up().await?;
        let inbox = host.add_telegram_at(&token, &platform.url).await?;
        let mut alone = 0.0;
        for writers in [1, 5, 20] {
            // A conversation of its own, so that no round is slowed by what the one before left to be sent.
            let conversation = begin(&host, &token, &inbox, 9_000 + writers).await?;
            let sends = writers_of(&host, &token, &conversation, writers, seconds).await?;
            let name = format!("{} {writers} writers", fresh.name);
            report.at_most(&format!("{name}: refused"), sends.refused as f64, "", 0.0);
            match writers {
                1 => {
                    alone = sends.rate;
                    report.tell(&format!("{name}: sends"), sends.rate, "/s");
                }
                5 => report.tell(&format!("{name}: sends"), sends.rate, "/s"),
                _ => report.at_least(
                    &format!("{name}: sends"),
                    sends.rate,
                    "/s",
                    alone.max(SENDS_PER_SECOND),
                ),
            }
        }
        let hot = hot_chats(&host, &inbox, seconds).await?;
        let name = format!("{} {HOT_CHATS} hot chats", fresh.name);
        report.at_most(&format!("{name}: refused"), hot.refused as f64, "", 0.0);
        report.at_least(
            &format!("{name}: webhooks"),
            hot.rate,
            "/s",
            HOT_PER_SECOND as f64 * 0.95,
        );
        report.tell(&format!("{name}: p99"), hot.p99, "ms");
        report.tell(
            &format!("{} taken by the platform", fresh.name),
            platform.taken() as f64,
            "",
        );
        host.stop().await?;
    }
    Ok(report)
}

/// Has a customer begin a conversation, and answers with its id.
async fn begin(host: &Host, token: &str, inbox: &str, chat: u64) -> Result<String> {
    let mut http = Http::connect(&host.address).await?;
    let body = Platform::Telegram.message(chat, 1, load::now_secs(), "Hello");
    load::send(
        &mut http,
        &format!("/webhooks/{inbox}"),
        Platform::Telegram,
        &body,
    )
    .await?;
    let path = format!("/api/v1/conversations?inbox_id={inbox}&limit=1");
    let page = host.call("GET", &path, Some(token), None).await?;
    let id = page["items"][0]["id"].as_str();
    Ok(id.context("the conversation is not there")?.to_owned())
}

struct Outcome {
    rate: f64,
    refused: u64,
    p99: f64,
}

/// Operators' requests that send to one conversation, each as soon as the one before was taken.
async fn writers_of(
    host: &Host,
    token: &str,
    conversation: &str,
    writers: u64,
    seconds: u64,
) -> Result<Outcome> {
    let path = format!("/api/v1/conversations/{conversation}/messages");
    let bearer = format!("Bearer {token}");
    let (done, refused) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let begun = Instant::now();
    let until = begun + Duration::from_secs(seconds);
    let mut senders = tokio::task::JoinSet::new();
    for writer in 0..writers {
        let (address, path, bearer) = (host.address.clone(), path.clone(), bearer.clone());
        let (done, refused) = (done.clone(), refused.clone());
        senders.spawn(async move {
            let mut http = Http::connect(&address).await?;
            let mut number = 0_u64;
            while Instant::now() < until {
                number += 1;
                let body =
                    json!({ "client_key": format!("writer-{writer}-{number}"), "kind": "reply", "text": "On its way." });
                let headers = [("authorization", bearer.as_str())];
                let (status, _) = http
                    .call("POST", &path, &headers, body.to_string().as_bytes())
                    .await?;
                let counter = if (200..300).contains(&status) {
                    &done
                } else {
                    &refused
                };
                counter.fetch_add(1, Ordering::Relaxed);
            }
            anyhow::Ok(())
        });
    }
    while let Some(sender) = senders.join_next().await {
        sender??;
    }
    Ok(Outcome {
        rate: done.load(Ordering::Relaxed) as f64 / begun.elapsed().as_secs_f64(),
        refused: refused.load(Ordering::Relaxed),
        p99: f64::NAN,
    })
}

/// Webhooks of a few chats at fixed moments, whatever became of the one before.
async fn hot_chats(host: &Host, inbox: &str, seconds: u64) -> Result<Outcome> {
    let total = HOT_PER_SECOND * seconds;
    let path = format!("/webhooks/{inbox}");
    let begun = Instant::now() + Duration::from_millis(100);
    let mut senders = tokio::task::JoinSet::new();
    for connection in 0..HOT_PER_SECOND {
        let (address, path) = (host.address.clone(), path.clone());
        senders.spawn(async move {
            let mut http = Http::connect(&address).await?;
            let (mut refused, mut delays) = (0_u64, Vec::new());
            for number in (connection..total).step_by(HOT_PER_SECOND as usize) {
                let at = begun + Duration::from_micros(number * 1_000_000 / HOT_PER_SECOND);
                tokio::time::sleep_until(at.into()).await;
                let chat = 100 + number % HOT_CHATS;
                let body = Platform::Telegram.message(chat, 1 + number, load::now_secs(), "One more thing");
                if load::send(&mut http, &path, Platform::Telegram, &body)
                    .await
                    .is_err()
                {
                    refused += 1;
                }
                delays.push(at.elapsed().as_secs_f64() * 1_000.0);
            }
            anyhow::Ok((refused, delays))
        });
    }
    let (mut refused, mut delays) = (0, Vec::new());
    while let Some(sender) = senders.join_next().await {
        let (more, mine) = sender??;
        refused += more;
        delays.extend(mine);
    }
    Ok(Outcome {
        rate: (total - refused) as f64 / begun.elapsed().as_secs_f64(),
        refused,
        p99: percentile(&mut delays, 0.99),
    })
}
