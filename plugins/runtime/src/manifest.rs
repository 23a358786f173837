//! What a plugin says of itself in `omnichat.plugin.toml`, which is also a section of its file.

use std::fmt;

use omnichat_core::error::{Error, Result};
use semver::Version;
use serde::{Deserialize, Serialize};

use crate::grants::HostPattern;

/// Name of the section that holds the manifest.
pub const SECTION: &str = "omnichat:manifest";

/// What a plugin is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PluginKind {
    /// A channel.
    Channel,
    /// A scenario.
    Scenario,
    /// A set of tools.
    Tool,
}

impl PluginKind {
    /// The stable name, also that of the exported interface.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Channel => "channel",
            Self::Scenario => "scenario",
            Self::Tool => "tool",
        }
    }
}

impl fmt::Display for PluginKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a plugin says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Its name: `[a-z][a-z0-9-]{1,31}`; of a channel also the channel's kind.
    pub id: String,
    /// Its version, semver.
    pub version: String,
    /// What it is.
    pub kind: PluginKind,
    /// The version of `omnichat:plugin` that it was built for.
    pub wit: String,
    /// The name that people see.
    pub title: String,
    /// What it asks for.
    #[serde(default)]
    pub requests: Requests,
    /// Which limits it wants to be other than usual.
    #[serde(default)]
    pub limits: LimitRequests,
    /// Whether instances are to be kept; for languages whose start is slow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warm: Option<Warm>,
}

/// What a plugin asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Requests {
    /// Which hosts it calls, see [`HostPattern`].
    pub hosts: Vec<String>,
    /// How much it stores, in bytes, if it is more than usual.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kv_bytes: Option<u64>,
}

/// Limits that a plugin wants to be other than usual. Granted by an administrator with the rest; the runtime has ceilings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitRequests {
    /// Memory of an instance, in MiB, up to 256.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_mb: Option<u32>,
    /// Processor time of a call, in milliseconds, up to 5,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_ms: Option<u32>,
    /// Whole time of a call, in seconds, up to 120.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wall_s: Option<u32>,
    /// Time of one HTTP request, in seconds, up to 60.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http_s: Option<u32>,
}

/// How instances are kept between calls. Each serves one account only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Warm {
    /// How many at most.
    pub size: u32,
    /// After how many calls each is thrown away.
    pub max_calls: u32,
}

impl Manifest {
    /// Reads one, JSON or TOML.
    ///
    /// # Errors
    /// `Invalid` with a field under `manifest`, in a sentence that says what to do.
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = |cause: String| {
            let message = format!("the plugin's manifest cannot be read: {cause}");
            Error::invalid_field("manifest", "manifest_malformed", message)
        };
        let manifest: Self = if text.trim_start().starts_with('{') {
            serde_json::from_str(text).map_err(|error| wrong(error.to_string()))?
        } else {
            toml::from_str(text).map_err(|error| wrong(error.message().to_owned()))?
        };
        manifest.check()?;
        Ok(manifest)
    }

    /// The hosts that it asks for.
    ///
    /// # Errors
    /// `Invalid` for one that is no pattern.
    pub fn hosts(&self) -> Result<Vec<HostPattern>> {
        self.requests.hosts.iter().map(|host| host.parse()).collect()
    }

    fn check(&self) -> Result<()> {
        let mut letters = self.id.bytes();
        let begins = letters.next().is_some_and(|b| b.is_ascii_lowercase());
        let goes_on = letters.all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-'));
        if !begins || !goes_on || !(2..=32).contains(&self.id.len()) {
            return Err(wrong_field(
                "id",
                "the plugin's id has 2 to 32 letters a to z, digits and hyphens, and begins with a letter",
            ));
        }
        for (name, version) in [("version", &self.version), ("wit", &self.wit)] {
            if Version::parse(version).is_err() {
                return Err(wrong_field(
                    name,
                    &format!("the manifest's «{name}» is a version such as 0.1.0"),
                ));
            }
        }
        if self.title.trim().is_empty() {
            return Err(wrong_field("title", "the manifest gives the plugin no title"));
        }
        self.hosts()?;
        let limits = &self.limits;
        for (name, value, most) in [
            ("limits.memory_mb", limits.memory_mb, 256),
            ("limits.cpu_ms", limits.cpu_ms, 5_000),
            ("limits.wall_s", limits.wall_s, 120),
            ("limits.http_s", limits.http_s, 60),
            ("warm.size", self.warm.map(|warm| warm.size), 16),
            ("warm.max_calls", self.warm.map(|warm| warm.max_calls), 1_000_000),
        ] {
            if value.is_some_and(|value| value == 0 || value > most) {
                return Err(wrong_field(
                    name,
                    &format!("the manifest's «{name}» is from 1 to {most}"),
                ));
            }
        }
        Ok(())
    }
}

fn wrong_field(field: &str, message: &str) -> Error {
    Error::invalid_field(&format!("manifest.{field}"), "manifest_field", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOML: &str = r#"
        id = "viber"
        version = "0.1.0"
        kind = "channel"
        wit = "0.1.0"
        title = "Viber"
        [requests]
        hosts = ["https://chatapi.viber.com"]
        [warm]
        size = 2
        max_calls = 1000
    "#;

    #[test]
    fn toml_and_json_say_the_same() {
        let toml = Manifest::parse(TOML).unwrap();
        let json = Manifest::parse(&serde_json::to_string(&toml).unwrap()).unwrap();
        assert_eq!(toml, json);
        assert_eq!(toml.kind, PluginKind::Channel);
        assert_eq!(toml.hosts().unwrap().len(), 1);
    }

    #[test]
    fn each_wrong_field_is_named() {
        for (from, to, field) in [
            ("\"viber\"", "\"Viber\"", "manifest.id"),
            ("version = \"0.1.0\"", "version = \"new\"", "manifest.version"),
            ("wit = \"0.1.0\"", "wit = \"zero\"", "manifest.wit"),
            ("\"Viber\"", "\" \"", "manifest.title"),
            ("size = 2", "size = 0", "manifest.warm.size"),
            ("https://chatapi.viber.com", "chatapi.viber.com", "requests.hosts"),
            ("\"channel\"", "\"teapot\"", "manifest"),
            ("hosts =", "host =", "manifest"),
        ] {
            let text = TOML.replacen(from, to, 1);
            let error = Manifest::parse(&text).unwrap_err();
            assert_eq!(error.fields()[0].field, field, "{from} -> {to}: {error}");
        }
    }
}
