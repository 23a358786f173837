//! The surroundings: settings, time, random bytes, log.

use super::imports::host_env;

/// The settings of the account, as JSON. A secret that is set appears as its placeholder `{{secret:NAME}}`.
/// [`crate::Channel::open`] is given them already read.
pub fn config() -> String {
    host_env::config()
}

/// Milliseconds since 1970.
pub fn now_ms() -> u64 {
    host_env::now_ms()
}

/// Random bytes, 4,096 at most.
pub fn random(count: u32) -> Vec<u8> {
    host_env::random(count)
}

/// How loud a line of the log is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Something is broken.
    Error,
    /// Something is odd.
    Warn,
    /// Something of note happened.
    Info,
    /// For those who look for a fault.
    Debug,
}

impl Level {
    /// The word of the contract.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
        }
    }
}

/// Writes a line to the plugin's log, with fields as a JSON object. Never log what customers write.
pub fn log(level: Level, message: &str, fields: &serde_json::Value) {
    host_env::log(level.name(), message, &fields.to_string());
}

/// Adds to a counter that the host shows beside the plugin.
pub fn count(metric: &str, by: u64) {
    host_env::count(metric, by);
}
