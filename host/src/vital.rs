//! What the host cannot do without. When a part of it dies, what it holds in memory cannot be trusted any more: readiness says
//! so at once, with the reason, and a moment later the host goes down in order and ends with an error, so that whatever
//! watches over the process starts it again. What was acknowledged is stored, and work that had begun is taken up by its lease.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures::FutureExt;
use omnichat_core::Engine;
use omnichat_core::error::ErrorKind;
use tokio_util::sync::CancellationToken;

/// How often the store is asked.
const LOOK: Duration = Duration::from_secs(5);
/// How long readiness says no before the host goes down: long enough for what sends it traffic to notice.
const NOTICE: Duration = Duration::from_secs(5);

/// Whether every part of the host lives.
#[derive(Debug, Default)]
pub struct Vital {
    broken: OnceLock<String>,
    failed: CancellationToken,
}

impl Vital {
    /// Why the host cannot go on, if so.
    pub fn reason(&self) -> Option<&str> {
        self.broken.get().map(String::as_str)
    }

    /// A part has died. The first reason stays.
    pub fn fail(&self, reason: impl Into<String>) {
        let reason = reason.into();
        tracing::error!(reason, "the host cannot go on and ends in a moment");
        // The first one is the cause.
        let _ = self.broken.set(reason);
        self.failed.cancel();
    }

    /// Ends some seconds after a part has died.
    pub(crate) async fn failed(&self) {
        self.failed.cancelled().await;
        tokio::time::sleep(NOTICE).await;
    }

    /// Does work that is not to end before the host does.
    pub(crate) async fn keep(
        self: Arc<Self>,
        name: &'static str,
        closing: CancellationToken,
        work: impl Future<Output = ()>,
    ) {
        let ended = AssertUnwindSafe(work).catch_unwind().await;
        if ended.is_err() {
            self.fail(format!("{name} panicked"));
        } else if !closing.is_cancelled() {
            self.fail(format!("{name} ended"));
        }
    }

    /// Asks the store whether it can still write, until the host is going down.
    pub(crate) async fn watch_store(self: Arc<Self>, engine: Engine, closing: CancellationToken) {
        loop {
            tokio::select! {
                () = closing.cancelled() => return,
                () = tokio::time::sleep(LOOK) => {}
            }
            // What cannot be reached comes back; what has died does not.
            if let Err(error) = engine.ping().await
                && error.kind() == ErrorKind::Internal
                && !closing.is_cancelled()
            {
                self.fail(error.message());
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_dies_is_named_and_what_ends_with_the_host_is_not() {
        let closing = CancellationToken::new();
        let vital = Arc::new(Vital::default());
        let boom = async { panic!("a test") };
        vital.clone().keep("the worker", closing.clone(), boom).await;
        vital.clone().keep("the other", closing.clone(), async {}).await;
        assert_eq!(vital.reason(), Some("the worker panicked"));
        vital.failed().await;

        let vital = Arc::new(Vital::default());
        vital.clone().keep("the other", closing.clone(), async {}).await;
        assert_eq!(vital.reason(), Some("the other ended"));

        let vital = Arc::new(Vital::default());
        closing.cancel();
        vital.clone().keep("the worker", closing, async {}).await;
        assert_eq!(vital.reason(), None);
    }
}
