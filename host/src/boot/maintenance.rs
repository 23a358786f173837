//! What a host cleans up from time to time. Several hosts may do so side by side.

use std::time::Duration;

use omnichat_core::error::{ErrorKind, Result};
use omnichat_core::id::TenantId;
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
    let rows = state.engine.prune(state.config.retention.events()).await?;
    let files = state.engine.files();
    let mut unsent = 0;
    let mut unused = 0;
    if sweeps {
        unused += files.clear_abandoned().await?;
    }
    for tenant in state.engine.tenants().list().await? {
        let id = tenant.id;
        unsent += or_later(id, files.collect_unsent(id, state.config.files.unsent()).await)?;
        if sweeps {
            unused += or_later(id, files.sweep_blobs(id, SWEEP_AGE).await)?;
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

/// How much of an organisation was cleaned up. One that cannot be is left to the next time and stops no others, unless nothing can be
/// reached.
fn or_later(tenant: TenantId, cleaned: Result<u64>) -> Result<u64> {
    match cleaned {
        Err(error) if error.kind() != ErrorKind::Unavailable => {
            tracing::warn!(%tenant, %error, "an organisation's files could not be cleaned up; trying again next time");
            Ok(0)
        }
        cleaned => cleaned,
    }
}

#[cfg(test)]
mod tests {
    use omnichat_core::clock::SystemClock;
    use omnichat_core::error::Error;

    use super::*;

    #[test]
    fn one_organisation_that_cannot_be_cleaned_up_stops_no_others() {
        let tenant = TenantId::generate(&SystemClock);
        let failed = |kind| or_later(tenant, Err(Error::new(kind, "no")));
        assert_eq!(or_later(tenant, Ok(3)).unwrap(), 3);
        assert_eq!(failed(ErrorKind::Timeout).unwrap(), 0);
        assert_eq!(failed(ErrorKind::Damaged).unwrap(), 0);
        assert_eq!(
            failed(ErrorKind::Unavailable).unwrap_err().kind(),
            ErrorKind::Unavailable
        );
    }
}
