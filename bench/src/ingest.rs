//! Durable inbound messages per second, through the real HTTP webhook path, against the same rows inserted raw.

use std::time::Duration;

use anyhow::Result;

use crate::host::Host;
use crate::load::Platform;
use crate::report::Report;
use crate::{load, raw, stores};

pub(crate) async fn run(quick: bool) -> Result<Report> {
    let mut report = Report::new("ingest");
    let (warm, measured) = if quick { (1, 5) } else { (3, 20) };
    for fresh in stores::all().await? {
        let host = Host::start(fresh.data.path(), &fresh.url).await?;
        let token = host.set_up().await?;
        let inbox = host.add_telegram(&token).await?;
        let rate = load::flood(
            &host,
            &inbox,
            Platform::Telegram,
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
