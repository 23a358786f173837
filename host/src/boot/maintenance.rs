//! What a host cleans up from time to time. Several hosts may do so side by side.

use std::time::Duration;

use omnichat_core::error::Result;
use tokio::time::Instant;

use crate::app::AppState;

/// How often bytes are looked for that no file has; the first time when the host starts.
const SWEEP: Duration = Duration::from_secs(24 * 3_600);
/// Such bytes are left alone for so long.
const SWEEP_AGE: Duration = Duration::from_secs(3_600);

/// Throws away what has had its time, until the host is going down.
pub(super) async fn run(state: AppState) {
    let retention = state.config.retention;
    let mut rounds = tokio::time::interval(retention.every());
    rounds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    let mut swept: Option<Instant> = None;
    loop {
        tokio::select! {
            () = state.closing.cancelled() => return,
            _ = rounds.tick() => {}
        }
        let sweeps = swept.is_none_or(|at| at.elapsed() >= SWEEP);
        // Whatever is broken off here is done by the next round, on this host or another.
        let cleaned = tokio::select! {
            () = state.closing.cancelled() => return,
            cleaned = clean(&state, sweeps) => cleaned,
        };
        match cleaned {
            Ok(()) if sweeps => swept = Some(Instant::now()),
            Ok(()) => {}
            Err(error) => tracing::warn!(%error, "not everything could be cleaned up; trying again later"),
        }
    }
}

async fn clean(state: &AppState, sweeps: bool) -> Result<()> {
    let ports = state.engine.ports();
    let now = ports.now();
    let rows = ports
        .store
        .prune(now, now.before(state.config.retention.events()))
        .await?;
    let mut unsent = 0;
    let mut unused = 0;
    if sweeps {
        unused += ports.blobs.clear_abandoned().await?;
    }
    for tenant in ports.store.tenants().await? {
        let files = state.engine.files();
        unsent += files
            .collect_unsent(tenant.id, state.config.files.unsent())
            .await?;
        if sweeps {
            unused += files.sweep_blobs(tenant.id, SWEEP_AGE).await?;
        }
    }
    if rows + unsent + unused > 0 {
        tracing::info!(
            rows,
            unsent,
            unused,
            "cleaned up old events and records, files that were not sent, bytes that no file has"
        );
    }
    Ok(())
}
