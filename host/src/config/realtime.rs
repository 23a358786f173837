//! Open screens: the console's and the widget's WebSockets.

use std::time::Duration;

use anyhow::ensure;
use serde::{Deserialize, Serialize};

/// The table `[realtime]`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct RealtimeConfig {
    /// A screen that has been silent for so many seconds is asked for a sign of life; after two and a half times as long it
    /// counts as gone. Default 25.
    pub heartbeat_seconds: u64,
    /// An operator whose last screen has been gone for so many seconds goes offline. Default 30.
    pub grace_seconds: u64,
    /// A screen that was away gets at most so many missed events; beyond that it is told to fetch everything anew.
    /// Default 5000.
    pub missed_max: u64,
    /// A connected screen that falls behind by more events than this is disconnected. Default 5000.
    pub behind_max: u64,
}

impl Default for RealtimeConfig {
    fn default() -> Self {
        Self {
            heartbeat_seconds: 25,
            grace_seconds: 30,
            missed_max: 5_000,
            behind_max: 5_000,
        }
    }
}

impl RealtimeConfig {
    pub(super) fn check(&self) -> anyhow::Result<()> {
        ensure!(
            (5..=300).contains(&self.heartbeat_seconds),
            "heartbeat_seconds: 5 to 300"
        );
        ensure!(
            self.missed_max > 0 && self.behind_max > 0,
            "missed_max and behind_max: at least 1"
        );
        Ok(())
    }

    /// After which silence a screen is asked for a sign of life.
    pub fn heartbeat(&self) -> Duration {
        Duration::from_secs(self.heartbeat_seconds)
    }

    /// After which silence a screen counts as gone.
    pub fn silence(&self) -> Duration {
        self.heartbeat() * 5 / 2
    }

    /// How long an operator may be without a screen.
    pub fn grace(&self) -> Duration {
        Duration::from_secs(self.grace_seconds)
    }
}
