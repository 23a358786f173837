//! Idle memory, start to ready, size of the binary.

use std::time::Duration;

use anyhow::Result;

use crate::host::Host;
use crate::report::{Report, percentile};
use crate::stores;

pub(crate) async fn run(quick: bool) -> Result<Report> {
    let fresh = stores::sqlite()?;
    let starts = if quick { 3 } else { 10 };
    let first = Host::start(fresh.data.path(), &fresh.url).await?;
    let first_start = first.ready_after;
    first.set_up().await?;
    first.stop().await?;
    let (mut ready, mut resident) = (Vec::new(), Vec::new());
    for _ in 0..starts {
        let host = Host::start(fresh.data.path(), &fresh.url).await?;
        ready.push(host.ready_after.as_secs_f64());
        tokio::time::sleep(Duration::from_secs(3)).await;
        resident.push(host.resident()? as f64 / 1_000_000.0);
        host.stop().await?;
    }
    let mut report = Report::new("footprint");
    report.at_most("idle memory, median", percentile(&mut resident, 0.5), "MB", 80.0);
    report.at_most("start to ready, median", percentile(&mut ready, 0.5), "s", 1.0);
    report.at_most("first start to ready", first_start.as_secs_f64(), "s", 1.0);
    report.tell(
        "binary",
        std::fs::metadata(Host::binary()?)?.len() as f64 / 1_000_000.0,
        "MB",
    );
    Ok(report)
}
