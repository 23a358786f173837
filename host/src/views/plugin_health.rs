//! How plugins are doing, on the wire: counters, faults and the log.

use std::collections::BTreeMap;

use omnichat_plugin_runtime::{Fault, LogLine, PluginStatus};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Time;

/// How the calls of a plugin went.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = PluginHealth)]
pub struct PluginHealthView {
    /// Calls by outcome: `ok`, `plugin_error`, `trap`, `cpu_timeout`, `wall_timeout`, `memory_limit`, `hostcall_limit`, `host_error`.
    pub calls: BTreeMap<String, u64>,
    /// Accounts that are left alone for a while, because too many of their calls failed.
    pub paused: Vec<PluginPauseView>,
    /// The most memory that one instance held, in bytes.
    pub peak_memory_bytes: u64,
    /// HTTP requests.
    pub http_requests: u64,
    /// Processor time of all calls, in milliseconds.
    pub cpu_ms: u64,
}

/// An account that is left alone for a while: what is sent waits, and webhooks are taken and put aside where that is possible.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PluginPause)]
pub struct PluginPauseView {
    /// Id of the inbox or automation.
    pub account: String,
    /// When it is tried again.
    pub until: Time,
}

/// How much a line of a log matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PluginLogLevel {
    /// Something failed.
    Error,
    /// Something is odd.
    Warn,
    /// Something happened.
    Info,
    /// For the author of the plugin.
    Debug,
}

/// A fault of a plugin.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PluginFault)]
pub struct PluginFaultView {
    /// When.
    pub at: Time,
    /// In which call.
    pub export: String,
    /// For which inbox or automation, by its id; empty for calls that are for none.
    pub account: String,
    /// What it was, as in `health.calls`.
    pub outcome: String,
    /// For people.
    pub message: String,
}

/// A line of a plugin's log.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PluginLogLine)]
pub struct PluginLogView {
    /// When.
    pub at: Time,
    /// How much it matters.
    pub level: PluginLogLevel,
    /// In which call: the name of the export, `send`.
    pub export: String,
    /// For which inbox or automation, by its id; empty for calls that are for none.
    pub account: String,
    /// What was said.
    pub message: String,
    /// Further fields as JSON; empty if there are none.
    pub fields: String,
}

impl From<&PluginStatus> for PluginHealthView {
    fn from(status: &PluginStatus) -> Self {
        Self {
            calls: status
                .calls
                .iter()
                .map(|(name, count)| ((*name).to_owned(), *count))
                .collect(),
            paused: status
                .paused
                .iter()
                .map(|(account, until)| PluginPauseView {
                    account: account.clone(),
                    until: (*until).into(),
                })
                .collect(),
            peak_memory_bytes: status.peak_memory,
            http_requests: status.http_requests,
            cpu_ms: status.cpu_us / 1_000,
        }
    }
}

impl From<&Fault> for PluginFaultView {
    fn from(fault: &Fault) -> Self {
        Self {
            at: fault.at.into(),
            export: fault.export.to_owned(),
            account: account(&fault.account),
            outcome: fault.outcome.to_owned(),
            message: fault.message.clone(),
        }
    }
}

impl From<&LogLine> for PluginLogView {
    fn from(line: &LogLine) -> Self {
        Self {
            at: line.at.into(),
            level: match line.level {
                "error" => PluginLogLevel::Error,
                "warn" => PluginLogLevel::Warn,
                "debug" => PluginLogLevel::Debug,
                _ => PluginLogLevel::Info,
            },
            export: line.export.to_owned(),
            account: account(&line.account),
            message: line.message.clone(),
            fields: line.fields.clone(),
        }
    }
}

/// The runtime writes a dash for calls that are for nobody.
fn account(name: &str) -> String {
    if name == "-" {
        String::new()
    } else {
        name.to_owned()
    }
}
