//! What a host cleans up from time to time.

use crate::app::AppState;

/// Throws away what has had its time, until the host is going down.
pub(super) async fn run(state: AppState) {
    let retention = state.config.retention;
    let mut rounds = tokio::time::interval(retention.every());
    rounds.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = state.closing.cancelled() => return,
            _ = rounds.tick() => {}
        }
        let ports = state.engine.ports();
        let now = ports.now();
        match ports.store.prune(now, now.before(retention.events())).await {
            Ok(0) => {}
            Ok(rows) => tracing::info!(rows, "cleaned up old events and records"),
            Err(error) => {
                tracing::warn!(%error, "old events and records could not be cleaned up; trying again later")
            }
        }
    }
}
