//! What strangers and bad clients do, and what an operator and a platform notice of it: one after the other, each beside an
//! operator who answers and a platform that delivers, compared with a calm stretch of the same run.

mod attacks;
mod drip;
mod probe;

use std::time::Duration;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use self::attacks::{Attack, Target};
use self::probe::Probe;
use crate::host::Host;
use crate::report::{Report, percentile};
use crate::{load, stores};

/// Below this a difference is noise of the machine, in milliseconds: what is shorter counts as so long.
const NOISE: f64 = 5.0;
/// How long memory may take to come back.
const SETTLES: Duration = Duration::from_secs(60);

pub(crate) async fn run(quick: bool) -> Result<Report> {
    let phase = Duration::from_secs(if quick { 4 } else { 60 });
    let fresh = stores::sqlite()?;
    let drip = drip::Drip::start().await?;
    let host = Host::start_with(
        fresh.data.path(),
        &fresh.url,
        &[
            ("OMNICHAT_EGRESS__ALLOW", "127.0.0.0/8"),
            // As the host comes.
            ("OMNICHAT_SERVER__RATE_LIMIT__ENABLED", "true"),
        ],
    )
    .await?;
    let token = host.set_up().await?;
    let target = target(&host, &token, &drip).await?;
    let probe = Probe::new(&host, &token).await?;

    // What is made once is made, and what is remembered is full, before anything is measured.
    let flooded = host.add_telegram(&token).await?;
    let (warm, rest) = (phase / 3, Duration::ZERO);
    load::flood(&host, &flooded, load::Platform::Telegram, rest, warm).await?;
    probe.beside(phase / 2, std::future::pending()).await?;
    let mut calm = probe.beside(phase, std::future::pending()).await?;
    let memory = host.resident()?;
    let mut report = Report::new("abuse");
    let calm_send = percentile(&mut calm.sends, 0.99);
    let calm_webhook = percentile(&mut calm.webhooks, 0.99);
    report.tell("calm: operator's send, p99", calm_send, "ms");
    report.tell("calm: webhook, p99", calm_webhook, "ms");

    let mut refused = 0;
    for attack in Attack::ALL {
        let name = attack.name();
        let mut seen = probe.beside(phase, attack.run(&target)).await?;
        let sends = percentile(&mut seen.sends, 0.99);
        let webhooks = percentile(&mut seen.webhooks, 0.99);
        report.tell(&format!("{name}: operator's send, p99"), sends, "ms");
        report.at_most(
            &format!("{name}: send to calm"),
            ratio(sends, calm_send),
            "times",
            2.0,
        );
        report.tell(&format!("{name}: webhook, p99"), webhooks, "ms");
        report.at_most(
            &format!("{name}: webhook to calm"),
            ratio(webhooks, calm_webhook),
            "times",
            2.0,
        );
        report.tell(&format!("{name}: memory"), host.resident()? as f64 / 1e6, "MB");
        // From an address that has done nothing wrong.
        refused += u32::from(host.sign_in().await.is_err());
    }
    report.at_most("right passwords refused", f64::from(refused), "", 0.0);
    let after = settled(&host, memory).await?;
    report.tell("memory before", memory as f64 / 1e6, "MB");
    report.tell("memory afterwards", after as f64 / 1e6, "MB");
    report.at_most("memory to before", after as f64 / memory as f64, "times", 1.1);
    host.stop().await?;
    Ok(report)
}

fn ratio(value: f64, calm: f64) -> f64 {
    value.max(NOISE) / calm.max(NOISE)
}

/// Memory once it has come back, or when it has had its time.
async fn settled(host: &Host, before: u64) -> Result<u64> {
    let until = tokio::time::Instant::now() + SETTLES;
    loop {
        let now = host.resident()?;
        if now <= before + before / 10 || tokio::time::Instant::now() > until {
            return Ok(now);
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

/// What is attacked: a widget, and a bot whose files drip.
async fn target(host: &Host, token: &str, drip: &drip::Drip) -> Result<Target> {
    let create = async |body: Value| -> Result<String> {
        let inbox = host
            .call("POST", "/api/v1/inboxes", Some(token), Some(&body))
            .await?;
        Ok(inbox["id"].as_str().context("no inbox id")?.to_owned())
    };
    let widget =
        create(json!({ "kind": "widget", "title": "Site", "config": {}, "routing": "manual" })).await?;
    let bot = create(json!({
        "kind": "telegram", "title": "Drips", "routing": "manual",
        "config": {
            "token": "2:drips", "mode": "webhook", "webhook_secret": crate::host::SECRET, "base_url": drip.url(),
        },
    }))
    .await?;
    let session = host
        .call(
            "POST",
            &format!("/widget/v1/{widget}/session"),
            None,
            Some(&json!({ "visitor": {} })),
        )
        .await?;
    Ok(Target {
        address: host.address.clone(),
        bot,
        visitor: session["token"]
            .as_str()
            .context("no visitor's token")?
            .to_owned(),
        widget,
    })
}
