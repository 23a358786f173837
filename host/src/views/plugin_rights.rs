//! What plugins ask for and are granted, on the wire.

use omnichat_plugin_runtime::{Grants, Limits};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a version of a plugin asks for, or was granted. Where nothing is asked for, the usual figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PluginRights)]
pub struct PluginRightsView {
    /// Hosts that it calls: `https://api.example.org`, `https://*.example.org`, or `config:SETTING` for the address in a setting.
    pub hosts: Vec<String>,
    /// Bytes that it may keep for each inbox or automation.
    pub kv_bytes: u64,
    /// Keys that it may keep for each inbox or automation.
    pub kv_keys: u64,
    /// Memory of an instance, in MiB.
    pub memory_mb: u64,
    /// Processor time of a call, in milliseconds.
    pub cpu_ms: u64,
    /// Whole time of a call, in seconds.
    pub wall_s: u64,
    /// Time of one HTTP request, in seconds.
    pub http_s: u64,
    /// Instances that are kept between calls.
    pub warm: Option<PluginWarmView>,
    /// Which of these are more than usual: `kv_bytes`, `memory_mb`, `cpu_ms`, `wall_s`, `http_s`, `warm`.
    pub raised: Vec<String>,
}

/// Instances that are kept between calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PluginWarm)]
pub struct PluginWarmView {
    /// How many at most.
    pub size: u32,
    /// After how many calls each is thrown away.
    pub max_calls: u32,
}

impl From<&Grants> for PluginRightsView {
    fn from(grants: &Grants) -> Self {
        let usual = Limits::default();
        let mut raised = Vec::new();
        let mut figure = |name: &str, asked: Option<u64>, usual: u64| {
            if asked.is_some_and(|asked| asked > usual) {
                raised.push(name.to_owned());
            }
            asked.unwrap_or(usual)
        };
        let limits = &grants.limits;
        let mut view = Self {
            hosts: grants.requests.hosts.clone(),
            kv_bytes: figure("kv_bytes", grants.requests.kv_bytes, usual.kv_bytes),
            kv_keys: usual.kv_keys,
            memory_mb: figure(
                "memory_mb",
                limits.memory_mb.map(u64::from),
                usual.memory as u64 / 1_048_576,
            ),
            cpu_ms: figure("cpu_ms", limits.cpu_ms.map(u64::from), millis(usual.cpu)),
            wall_s: figure("wall_s", limits.wall_s.map(u64::from), usual.wall.as_secs()),
            http_s: figure("http_s", limits.http_s.map(u64::from), usual.http_time.as_secs()),
            warm: grants.warm.map(|warm| PluginWarmView {
                size: warm.size,
                max_calls: warm.max_calls,
            }),
            raised: Vec::new(),
        };
        if view.warm.is_some() {
            raised.push("warm".to_owned());
        }
        view.raised = raised;
        view
    }
}

fn millis(time: std::time::Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
