//! Plugins on the wire.

use std::collections::BTreeMap;

use omnichat_plugin_library::{Refusal, Release};
use omnichat_plugin_runtime::Grants;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Time;
use super::names::wire_enum;
use super::plugin_health::{PluginFaultView, PluginHealthView, PluginLogView};
use super::plugin_rights::PluginRightsView;
use crate::plugins::{Delay, Seen};

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

wire_enum! {
    /// Who refused a version.
    PluginRefusedBy is omnichat_plugin_library::RefusedBy {
        /// A host that tried it.
        Host,
        /// Somebody who was asked for approval.
        Person,
    }
}

wire_enum! {
    /// What a version is to its plugin.
    PluginReleaseState is omnichat_plugin_library::Standing {
        /// It runs, or ran last.
        Active,
        /// It is to run, and has not been tried yet.
        Trying,
        /// It asks for more than was granted, and nobody has decided.
        Waiting,
        /// Somebody said no.
        Declined,
        /// A host could not run it.
        Refused,
        /// A rollback leads to it.
        Previous,
        /// It is kept, and nothing more.
        Kept,
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
    /// Nothing runs: somebody said no to what it asks for.
    Declined,
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
    /// Hosts that it may call: those of `granted`.
    pub hosts: Vec<String>,
    /// What the version that is to run was granted; absent if nothing was.
    pub granted: Option<PluginRightsView>,
    /// A version that waits for approval.
    pub waiting: Option<PluginWaitingView>,
    /// Which version does not run, and why: the last one that was refused and still is.
    pub refusal: Option<PluginRefusalView>,
    /// What keeps a version from starting for the time being; it is tried again.
    pub delay: Option<PluginDelayView>,
    /// How its calls went since it was started here.
    pub health: PluginHealthView,
}

/// A version that waits for approval.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PluginWaiting)]
pub struct PluginWaitingView {
    /// Which.
    pub version: String,
    /// SHA-256 of its file in hex: what is approved or declined.
    pub digest: String,
    /// What it asks for beyond what was granted, in words.
    pub asks: Vec<String>,
    /// All hosts that it would call: those of `requests`.
    pub hosts: Vec<String>,
    /// All that it asks for, also what was granted before.
    pub requests: PluginRightsView,
    /// Names of the secrets that its settings have; absent while this host has not asked it.
    pub secrets: Option<Vec<String>>,
    /// Who signed it: the public key in hex.
    pub signed_by: Option<String>,
}

/// Why a version does not run.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PluginRefusal)]
pub struct PluginRefusalView {
    /// Which.
    pub version: String,
    /// SHA-256 of its file in hex.
    pub digest: String,
    /// Who refused.
    pub by: PluginRefusedBy,
    /// Why, and what to do.
    pub reason: String,
    /// When.
    pub at: Time,
}

/// What keeps a version from starting for the time being. What ran before goes on running.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = PluginDelay)]
pub struct PluginDelayView {
    /// Which.
    pub version: String,
    /// What went wrong the last time.
    pub reason: String,
    /// When it was tried for the first time.
    pub since: Time,
    /// How often it was tried.
    pub attempts: u32,
    /// When it is tried again.
    pub next_at: Time,
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
    /// Names of the secrets that the settings of the version have that runs, or else of the one that waits.
    pub secrets: Vec<String>,
    /// The last faults, newest first.
    pub faults: Vec<PluginFaultView>,
    /// The last errors in its own words, newest first: a refused webhook, a rejected message.
    pub errors: Vec<PluginFaultView>,
    /// The end of its log since the host started, at most 200 lines, newest first.
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
    /// What it is to the plugin.
    pub state: PluginReleaseState,
    /// What it asks for beyond what is granted, in words.
    pub asks: Vec<String>,
    /// All that it asks for.
    pub requests: PluginRightsView,
    /// What it was granted; absent if nobody has approved of it.
    pub granted: Option<PluginRightsView>,
    /// Names of the secrets that its settings have; absent while this host has not asked it.
    pub secrets: Option<Vec<String>>,
    /// Why it does not run.
    pub refusal: Option<PluginRefusalView>,
}

impl From<&Seen> for PluginView {
    fn from(seen: &Seen) -> Self {
        let entry = &seen.entry;
        let known = entry.active_release().or(entry.releases.last());
        let version = |release: Option<&Release>| release.map(|release| release.version().to_owned());
        let granted = entry.granted().map(PluginRightsView::from);
        Self {
            id: seen.id.clone(),
            title: known.map_or_else(|| seen.id.clone(), |release| release.manifest.title.clone()),
            kind: known.map_or(PluginKind::Channel, |release| release.manifest.kind.into()),
            state: state(seen),
            enabled: entry.enabled,
            version: version(entry.active_release()),
            digest: seen.running.as_ref().map(|plugin| plugin.digest().to_owned()),
            previous_version: version(entry.previous_release()),
            publisher: entry.publisher.as_ref().map(ToString::to_string),
            hosts: granted
                .as_ref()
                .map(|granted| granted.hosts.clone())
                .unwrap_or_default(),
            granted,
            waiting: entry.waiting().map(|release| waiting(seen, release)),
            refusal: entry
                .refused()
                .map(|(release, refused)| refusal(release, refused)),
            delay: seen.delay.as_ref().and_then(|held| delay(seen, held)),
            health: match &seen.running {
                Some(_) => (&seen.story).into(),
                None => PluginHealthView::default(),
            },
        }
    }
}

fn state(seen: &Seen) -> PluginState {
    let entry = &seen.entry;
    if !entry.enabled {
        return PluginState::Disabled;
    }
    if seen.running.is_some() {
        return PluginState::Running;
    }
    match entry.wanted_release() {
        Some(wanted) if wanted.refusal.is_some() => PluginState::Failed,
        Some(_) => PluginState::Starting,
        None if entry.waiting().is_some() => PluginState::Waiting,
        None => match entry.refused() {
            Some((_, refusal)) if PluginRefusedBy::from(refusal.by) == PluginRefusedBy::Person => {
                PluginState::Declined
            }
            _ => PluginState::Failed,
        },
    }
}

fn waiting(seen: &Seen, release: &Release) -> PluginWaitingView {
    PluginWaitingView {
        version: release.version().to_owned(),
        digest: release.digest.clone(),
        asks: seen.entry.asks(release),
        hosts: release.manifest.requests.hosts.clone(),
        requests: requests(release),
        secrets: secrets(seen, release),
        signed_by: release.signed_by.as_ref().map(ToString::to_string),
    }
}

fn refusal(release: &Release, refusal: &Refusal) -> PluginRefusalView {
    PluginRefusalView {
        version: release.version().to_owned(),
        digest: release.digest.clone(),
        by: refusal.by.into(),
        reason: refusal.reason.clone(),
        at: refusal.at.into(),
    }
}

fn delay(seen: &Seen, delay: &Delay) -> Option<PluginDelayView> {
    Some(PluginDelayView {
        version: seen.entry.release(&delay.digest)?.version().to_owned(),
        reason: delay.reason.clone(),
        since: delay.since.into(),
        attempts: delay.attempts,
        next_at: delay.next_at.into(),
    })
}

fn requests(release: &Release) -> PluginRightsView {
    (&Grants::all_of(&release.manifest)).into()
}

fn secrets(seen: &Seen, release: &Release) -> Option<Vec<String>> {
    Some(seen.look(&release.digest)?.secrets.clone())
}

impl From<&Seen> for PluginDetailView {
    fn from(seen: &Seen) -> Self {
        let status = &seen.story;
        let entry = &seen.entry;
        let look = match &seen.running {
            Some(plugin) => seen.look(plugin.digest()),
            None => entry.waiting().and_then(|release| seen.look(&release.digest)),
        };
        Self {
            summary: seen.into(),
            releases: entry
                .releases
                .iter()
                .rev()
                .map(|one| release(seen, one))
                .collect(),
            secrets: look.map(|look| look.secrets.clone()).unwrap_or_default(),
            faults: status.faults.iter().rev().map(PluginFaultView::from).collect(),
            errors: status.errors.iter().rev().map(PluginFaultView::from).collect(),
            log: status.log.iter().rev().map(PluginLogView::from).collect(),
            log_dropped: status.log_dropped,
            metrics: status.metrics.clone(),
            docs: look.map(|look| look.docs.clone()).unwrap_or_default(),
        }
    }
}

fn release(seen: &Seen, release: &Release) -> PluginReleaseView {
    let refused = release.refusal.as_ref();
    PluginReleaseView {
        version: release.version().to_owned(),
        digest: release.digest.clone(),
        size: release.size,
        installed_at: release.installed_at.into(),
        signed_by: release.signed_by.as_ref().map(ToString::to_string),
        state: seen.entry.standing(release).into(),
        asks: seen.entry.asks(release),
        requests: requests(release),
        granted: release.granted.as_ref().map(PluginRightsView::from),
        secrets: secrets(seen, release),
        refusal: refused.map(|refused| refusal(release, refused)),
    }
}
