//! The log.

use anyhow::Context;
use serde::{Deserialize, Serialize};
use tracing_subscriber::EnvFilter;

/// The table `[log]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct LogConfig {
    /// What is logged: `info`, or by part: `info,omnichat_core=debug`. Default `info`.
    pub level: String,
    /// How. Default `pretty`.
    pub format: LogFormat,
}

/// How a line of the log looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    #[default]
    Pretty,
    /// One JSON object a line.
    Json,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self {
            level: "info".to_owned(),
            format: LogFormat::default(),
        }
    }
}

impl LogConfig {
    pub(super) fn check(&self) -> anyhow::Result<()> {
        self.filter().map(|_| ())
    }

    /// What is logged.
    ///
    /// # Errors
    /// For a text that is no filter.
    pub fn filter(&self) -> anyhow::Result<EnvFilter> {
        EnvFilter::try_new(&self.level).with_context(|| format!("level: «{}»", self.level))
    }
}
