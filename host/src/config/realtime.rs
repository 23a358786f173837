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
    /// Sockets of one sign-in at once; a further one closes the oldest. Default 32.
    pub sockets_per_session: usize,
    /// Sockets of one visitor at once; a further one closes the oldest. Default 8.
    pub sockets_per_visitor: usize,
    /// Sockets from one address at once; of IPv6 the whole /64 is one. A further one is refused with 429. 0 for no such limit.
    /// Default 512.
    pub sockets_per_address: usize,
    /// Typing notices that a socket may send in a second for long, whatever they say; those above are not passed on.
    /// Default 1.
    pub typing_per_second: u32,
    /// Frames that a socket may send in a second for long; one that sends more is closed. Default 10.
    pub frames_per_second: u32,
}

impl Default for RealtimeConfig {
    fn default() -> Self {
        Self {
            heartbeat_seconds: 25,
            grace_seconds: 30,
            missed_max: 5_000,
            behind_max: 5_000,
            sockets_per_session: 32,
            sockets_per_visitor: 8,
            sockets_per_address: 512,
            typing_per_second: 1,
            frames_per_second: 10,
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
        ensure!(
            self.sockets_per_session > 0 && self.sockets_per_visitor > 0,
            "sockets_per_session and sockets_per_visitor: at least 1"
        );
        ensure!(
            self.typing_per_second > 0 && self.frames_per_second > 0,
            "typing_per_second and frames_per_second: at least 1"
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
