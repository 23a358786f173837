//! Following the library: what others change in it is done here, and what failed for the time being is tried again.

use std::time::Duration;

use omnichat_core::error::Result;
use omnichat_plugin_library::Library;
use tokio::time::{Instant, MissedTickBehavior};
use tokio_util::sync::CancellationToken;

use super::Plugins;
use super::delays::pause;

/// How often a host looks whether somebody else has changed the library.
const LOOK: Duration = Duration::from_secs(1);

/// A change of this host's own makes another look necessary; after this many something is wrong.
const ROUNDS: u32 = 4;

/// How far a host has followed.
#[derive(Default)]
struct Progress {
    /// The stamp of what was done last.
    done: Option<Option<String>>,
    /// Tries since then that failed as a whole.
    failures: u32,
    /// When to try again after such a failure.
    again: Option<Instant>,
}

impl Plugins {
    /// Follows the library until the host goes down.
    pub async fn follow(self, closing: CancellationToken) {
        // For the command line, which tells whoever sits there what came of a change.
        let following = self.library(Library::follow).await;
        let following = following
            .inspect_err(|error| tracing::warn!(%error, "the command line cannot see that this host follows its plugins"))
            .ok();
        let mut progress = Progress::default();
        let mut looks = tokio::time::interval(LOOK);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = closing.cancelled() => return,
                _ = looks.tick() => {}
            }
            if progress.again.is_some_and(|again| Instant::now() < again) {
                continue;
            }
            match self.catch_up(progress.done.clone()).await {
                // Only now: what failed is tried again, even if nobody changes anything.
                Ok(done) => {
                    if let Some(following) = &following
                        && progress.done.as_ref() != Some(&done)
                    {
                        following.done(done.as_deref());
                    }
                    progress = Progress {
                        done: Some(done),
                        ..Progress::default()
                    };
                }
                Err(error) => {
                    progress.failures += 1;
                    let wait = pause(progress.failures);
                    progress.again = Some(Instant::now() + wait);
                    tracing::error!(%error, again_in_s = wait.as_secs(), "the plugin library cannot be followed");
                }
            }
        }
    }

    /// Does what the library says if it has changed, or if something is to be tried again. Gives its stamp when all is done.
    async fn catch_up(&self, mut done: Option<Option<String>>) -> Result<Option<String>> {
        for _ in 0..ROUNDS {
            let stamp = self.library(Library::stamp).await?;
            let is_done = done.as_ref() == Some(&stamp);
            if is_done && !self.inner.delays.is_due() {
                break;
            }
            self.apply().await?;
            done = Some(stamp);
        }
        Ok(done.flatten())
    }
}
