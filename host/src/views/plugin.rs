//! Plugins on the wire.

use std::collections::BTreeMap;

use omnichat_core::settings::secret_names;
use omnichat_plugin_library::{Entry, Release};
use omnichat_plugin_runtime::PluginStatus;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Time;
use super::names::wire_enum;
use crate::plugins::Seen;

wire_enum! {
    /// What a plugin is.
    PluginKind is omnichat_plugin_runtime::PluginKind {
        /// A channel.
        Channel,
        /// A scenario.
        Scenario,
        /// A set of tools.
        Tool,
    }
}

/// How a plugin is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PluginState {
    /// A version runs.
    Running,
    /// Switched off.
    Disabled,
    /// Nothing runs before somebody approves of what it asks for.
    Waiting,
    /// A version is being compiled and tried.
    Starting,
    /// Nothing runs; the refusal says why.
    Failed,
}

/// A plugin.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Plugin)]
pub struct PluginView {
    /// Its id; of a channel also the kind of its inboxes.
    pub id: String,
    /// The name that people see.
    pub title: String,
    /// What it is.
    pub kind: PluginKind,
    /// How it is doing.
    pub state: PluginState,
    /// Whether it is to run.
    pub enabled: bool,
    /// The version that runs, or ran last.
    pub version: Option<String>,
    /// SHA-256 of the file that runs, in hex.
    pub digest: Option<String>,
    /// The version that a rollback brings back.
    pub previous_version: Option<String>,
    /// Who signs it: the public key in hex.
    pub publisher: Option<String>,
    /// Hosts that it may call.
    pub hosts: Vec<String>,
    /// A version that waits for approval.
    pub waiting: Option<PluginWaitingView>,
    /// Why the last version that was wanted does not run.
    pub refusal: Option<PluginRefusalView>,
    /// How its calls went since it was started here.
    pub health: PluginHealthView,
}

/// A version that waits for approval.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PluginWaiting)]
pub struct PluginWaitingView {
    /// Which.
    pub version: String,
    /// What it asks for beyond what was granted, in words.
    pub asks: Vec<String>,
    /// All hosts that it would call.
    pub hosts: Vec<String>,
}

/// Why a version does not run.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PluginRefusal)]
pub struct PluginRefusalView {
    /// Which.
    pub version: String,
    /// Why, and what to do.
    pub reason: String,
    /// When it was tried.
    pub at: Time,
}

/// How the calls of a plugin went.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[schema(as = PluginHealth)]
pub struct PluginHealthView {
    /// Calls by outcome: `ok`, `plugin_error`, `trap`, `cpu_timeout`, `wall_timeout`, `memory_limit`, `hostcall_limit`, `host_error`.
    pub calls: BTreeMap<String, u64>,
    /// Accounts whose breaker is open: their calls wait.
    pub open_breakers: Vec<String>,
    /// The most memory that one instance held, in bytes.
    pub peak_memory_bytes: u64,
    /// HTTP requests.
    pub http_requests: u64,
    /// Processor time of all calls, in milliseconds.
    pub cpu_ms: u64,
}

/// A plugin, whole.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PluginDetail)]
pub struct PluginDetailView {
    /// What lists show of it.
    #[serde(flatten)]
    pub summary: PluginView,
    /// The versions that are kept, newest first.
    pub releases: Vec<PluginReleaseView>,
    /// Names of the secrets that its settings have.
    pub secrets: Vec<String>,
    /// The last faults, newest first.
    pub faults: Vec<PluginFaultView>,
    /// The end of its log, newest first.
    pub log: Vec<PluginLogView>,
    /// Lines that were dropped because a call logged too many.
    pub log_dropped: u64,
    /// Counters of its own.
    pub metrics: BTreeMap<String, u64>,
    /// How an administrator sets it up, in Markdown.
    pub docs: String,
}

/// A version of a plugin.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PluginRelease)]
pub struct PluginReleaseView {
    /// Which.
    pub version: String,
    /// SHA-256 of its file in hex.
    pub digest: String,
    /// Bytes of its file.
    pub size: u64,
    /// When it was installed.
    pub installed_at: Time,
    /// Who signed it: the public key in hex.
    pub signed_by: Option<String>,
    /// What it asks for beyond what is granted, in words.
    pub asks: Vec<String>,
}

/// A fault of a plugin.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PluginFault)]
pub struct PluginFaultView {
    /// When.
    pub at: Time,
    /// In which call.
    pub export: String,
    /// For which inbox.
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
    /// `error`, `warn`, `info` or `debug`.
    pub level: String,
    /// In which call.
    pub export: String,
    /// For which inbox.
    pub account: String,
    /// What was said.
    pub message: String,
    /// Further fields as JSON; empty if there are none.
    pub fields: String,
}

impl From<&Seen> for PluginView {
    fn from(seen: &Seen) -> Self {
        let entry = &seen.entry;
        let known = entry
            .active
            .as_deref()
            .and_then(|version| entry.release(version))
            .or(entry.releases.last());
        Self {
            id: seen.id.clone(),
            title: known.map_or_else(|| seen.id.clone(), |release| release.manifest.title.clone()),
            kind: known.map_or(PluginKind::Channel, |release| release.manifest.kind.into()),
            state: state(seen),
            enabled: entry.enabled,
            version: entry.active.clone(),
            digest: seen.running.as_ref().map(|plugin| plugin.digest().to_owned()),
            previous_version: entry.previous.clone(),
            publisher: entry.publisher.as_ref().map(ToString::to_string),
            hosts: entry
                .granted
                .as_ref()
                .map(|granted| granted.requests.hosts.clone())
                .unwrap_or_default(),
            waiting: entry.waiting().map(|release| waiting(entry, release)),
            refusal: entry.refusal.as_ref().map(|refusal| PluginRefusalView {
                version: refusal.version.clone(),
                reason: refusal.reason.clone(),
                at: refusal.at.into(),
            }),
            health: seen
                .running
                .as_ref()
                .map(|plugin| (&plugin.status()).into())
                .unwrap_or_default(),
        }
    }
}

fn state(seen: &Seen) -> PluginState {
    match (&seen.running, seen.entry.enabled) {
        (_, false) => PluginState::Disabled,
        (Some(_), true) => PluginState::Running,
        (None, true) => match (&seen.entry.wanted, &seen.entry.refusal) {
            (None, None) => PluginState::Waiting,
            (Some(wanted), refusal) if refusal.as_ref().is_none_or(|refusal| refusal.version != *wanted) => {
                PluginState::Starting
            }
            _ => PluginState::Failed,
        },
    }
}

fn waiting(entry: &Entry, release: &Release) -> PluginWaitingView {
    PluginWaitingView {
        version: release.manifest.version.clone(),
        asks: entry.asks(release),
        hosts: release.manifest.requests.hosts.clone(),
    }
}

impl From<&PluginStatus> for PluginHealthView {
    fn from(status: &PluginStatus) -> Self {
        let open = status.breakers.iter().filter(|(_, state)| **state != "closed");
        Self {
            calls: status
                .calls
                .iter()
                .map(|(name, count)| ((*name).to_owned(), *count))
                .collect(),
            open_breakers: open.map(|(account, _)| account.clone()).collect(),
            peak_memory_bytes: status.peak_memory,
            http_requests: status.http_requests,
            cpu_ms: status.cpu_us / 1_000,
        }
    }
}

impl From<&Seen> for PluginDetailView {
    fn from(seen: &Seen) -> Self {
        let status = seen
            .running
            .as_ref()
            .map(|plugin| plugin.status())
            .unwrap_or_default();
        let descriptor = seen.running.as_ref().map(|plugin| plugin.descriptor().clone());
        let release = |release: &Release| PluginReleaseView {
            version: release.manifest.version.clone(),
            digest: release.digest.clone(),
            size: release.size,
            installed_at: release.installed_at.into(),
            signed_by: release.signed_by.as_ref().map(ToString::to_string),
            asks: seen.entry.asks(release),
        };
        let fault = |fault: &omnichat_plugin_runtime::Fault| PluginFaultView {
            at: fault.at.into(),
            export: fault.export.to_owned(),
            account: fault.account.clone(),
            outcome: fault.outcome.to_owned(),
            message: fault.message.clone(),
        };
        let line = |line: &omnichat_plugin_runtime::LogLine| PluginLogView {
            at: line.at.into(),
            level: line.level.to_owned(),
            export: line.export.to_owned(),
            account: line.account.clone(),
            message: line.message.clone(),
            fields: line.fields.clone(),
        };
        Self {
            summary: seen.into(),
            releases: seen.entry.releases.iter().rev().map(release).collect(),
            secrets: descriptor
                .as_ref()
                .map(|d| {
                    secret_names(&d.config_schema)
                        .into_iter()
                        .map(str::to_owned)
                        .collect()
                })
                .unwrap_or_default(),
            faults: status.faults.iter().rev().map(fault).collect(),
            log: status.log.iter().rev().map(line).collect(),
            log_dropped: status.log_dropped,
            metrics: status.metrics.clone(),
            docs: descriptor.map(|d| d.docs).unwrap_or_default(),
        }
    }
}
