//! What an administrator has granted to a plugin. What counts is what it asks for and was granted, both.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use omnichat_core::error::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::{Host, Url};

use crate::limits::Limits;
use crate::manifest::{LimitRequests, Manifest, Requests, Warm};

/// Which addresses a plugin may call: `https://api.example.org`, `https://api.example.org:8443`, `https://*.example.org`, or
/// `config:base_url`, the origin of the address in that setting.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum HostPattern {
    /// Exactly this scheme, host and port.
    Origin(Origin),
    /// Any name below this one, over HTTPS and its own port.
    Below(String),
    /// The origin of the address in a setting, which must not be a secret.
    Setting(String),
}

/// Scheme, host and port of an address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Origin {
    scheme: String,
    host: String,
    port: u16,
}

impl Origin {
    /// That of an address; none if it is not one of HTTP.
    pub fn of(url: &Url) -> Option<Self> {
        if !matches!(url.scheme(), "http" | "https") {
            return None;
        }
        Some(Self {
            scheme: url.scheme().to_owned(),
            // A dot at the end of a name changes nothing of where it leads.
            host: url.host_str()?.trim_end_matches('.').to_owned(),
            port: url.port_or_known_default()?,
        })
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let usual = if self.scheme == "https" { 443 } else { 80 };
        write!(f, "{}://{}", self.scheme, self.host)?;
        if self.port != usual {
            write!(f, ":{}", self.port)?;
        }
        Ok(())
    }
}

impl FromStr for HostPattern {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let wrong = || {
            let message = format!(
                "«{text}» is no host: write https://api.example.org, https://*.example.org or config:SETTING"
            );
            Error::invalid_field("requests.hosts", "host_pattern", message)
        };
        if let Some(name) = text.strip_prefix("config:") {
            return if name.is_empty() {
                Err(wrong())
            } else {
                Ok(Self::Setting(name.to_owned()))
            };
        }
        if let Some(name) = text.strip_prefix("https://*.") {
            // A whole country's names are not a host.
            let good = name.contains('.')
                && Url::parse(&format!("https://{name}"))
                    .is_ok_and(|url| url.host_str() == Some(name) && url.port().is_none());
            return if good {
                Ok(Self::Below(name.to_owned()))
            } else {
                Err(wrong())
            };
        }
        let url = Url::parse(text).map_err(|_| wrong())?;
        let bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        if !bare || !url.username().is_empty() || url.password().is_some() || text.contains('*') {
            return Err(wrong());
        }
        Origin::of(&url).map(Self::Origin).ok_or_else(wrong)
    }
}

impl fmt::Display for HostPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Origin(origin) => origin.fmt(f),
            Self::Below(name) => write!(f, "https://*.{name}"),
            Self::Setting(name) => write!(f, "config:{name}"),
        }
    }
}

/// What was granted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Grants {
    /// Hosts, bytes of storage.
    pub requests: Requests,
    /// Limits.
    pub limits: LimitRequests,
    /// Instances that are kept between calls; each holds memory all the time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warm: Option<Warm>,
}

impl Grants {
    /// Everything that a plugin asks for: for plugins that come with OmniChat, and for authors' tools.
    pub fn all_of(manifest: &Manifest) -> Self {
        Self {
            requests: manifest.requests.clone(),
            limits: manifest.limits.clone(),
            warm: manifest.warm,
        }
    }

    /// What a plugin asks for and was not granted, in words: an upgrade that asks for more waits until this is empty.
    pub fn missing(&self, manifest: &Manifest) -> Vec<String> {
        let mut missing: Vec<String> = manifest
            .requests
            .hosts
            .iter()
            .filter(|host| !self.requests.hosts.contains(host))
            .map(|host| format!("calls {host}"))
            .collect();
        let usual = Limits::default().kv_bytes;
        if manifest.requests.kv_bytes.unwrap_or(usual) > self.requests.kv_bytes.unwrap_or(usual) {
            missing.push(format!(
                "stores {} bytes",
                manifest.requests.kv_bytes.unwrap_or(usual)
            ));
        }
        let (asked, given) = (&manifest.limits, &self.limits);
        for (name, asked, given, usual) in [
            ("MiB of memory", asked.memory_mb, given.memory_mb, 64),
            ("ms of processor time", asked.cpu_ms, given.cpu_ms, 250),
            ("s for a call", asked.wall_s, given.wall_s, 30),
            ("s for a request", asked.http_s, given.http_s, 10),
        ] {
            if let Some(asked) = asked
                && asked > given.unwrap_or(usual)
            {
                missing.push(format!("needs {asked} {name}"));
            }
        }
        if let Some(asked) = manifest.warm
            && self
                .warm
                .is_none_or(|given| asked.size > given.size || asked.max_calls > given.max_calls)
        {
            missing.push(format!(
                "keeps {} instances in memory, each for {} calls",
                asked.size, asked.max_calls
            ));
        }
        missing
    }
}

/// What a plugin asks for and was granted, both.
#[derive(Clone, Debug)]
pub(crate) struct Effective {
    pub(crate) hosts: Vec<HostPattern>,
    pub(crate) limits: Limits,
    pub(crate) warm: Option<Warm>,
}

impl Effective {
    pub(crate) fn of(manifest: &Manifest, grants: &Grants, usual: &Limits) -> Result<Self> {
        let hosts = manifest
            .hosts()?
            .into_iter()
            .zip(&manifest.requests.hosts)
            .filter(|(_, text)| grants.requests.hosts.contains(text))
            .map(|(host, _)| host)
            .collect();
        let both = |asked: Option<u32>, given: Option<u32>| Some(asked?.min(given?));
        let (asked, given) = (&manifest.limits, &grants.limits);
        let mut limits = usual.clone();
        if let Some(mib) = both(asked.memory_mb, given.memory_mb) {
            limits.memory = (mib as usize) * 1024 * 1024;
        }
        if let Some(ms) = both(asked.cpu_ms, given.cpu_ms) {
            limits.cpu = Duration::from_millis(ms.into());
            limits.cpu_accept = limits.cpu_accept.max(limits.cpu / 2);
            limits.cpu_describe = limits.cpu_describe.max(limits.cpu);
        }
        if let Some(s) = both(asked.wall_s, given.wall_s) {
            limits.wall = Duration::from_secs(s.into());
            limits.wall_poll = limits.wall_poll.max(limits.wall);
        }
        if let Some(s) = both(asked.http_s, given.http_s) {
            limits.http_time = Duration::from_secs(s.into());
            limits.http_time_poll = limits.http_time_poll.max(limits.http_time);
        }
        if let (Some(asked), Some(given)) = (manifest.requests.kv_bytes, grants.requests.kv_bytes) {
            limits.kv_bytes = asked.min(given);
        }
        let warm = manifest.warm.zip(grants.warm).map(|(asked, given)| Warm {
            size: asked.size.min(given.size),
            max_calls: asked.max_calls.min(given.max_calls),
        });
        Ok(Self { hosts, limits, warm })
    }
}

/// The addresses that one account may call.
#[derive(Clone, Debug)]
pub(crate) struct AllowList {
    origins: Vec<Origin>,
    below: Vec<String>,
}

impl AllowList {
    /// With the addresses from the account's settings filled in. Secrets never count as addresses.
    pub(crate) fn new(hosts: &[HostPattern], shown: &Value) -> Self {
        let mut list = Self {
            origins: Vec::new(),
            below: Vec::new(),
        };
        for host in hosts {
            match host {
                HostPattern::Origin(origin) => list.origins.push(origin.clone()),
                HostPattern::Below(name) => list.below.push(format!(".{name}")),
                HostPattern::Setting(name) => {
                    let url = shown.get(name).and_then(Value::as_str);
                    list.origins.extend(
                        url.and_then(|url| Url::parse(url).ok())
                            .and_then(|url| Origin::of(&url)),
                    );
                }
            }
        }
        list
    }

    pub(crate) fn permits(&self, url: &Url) -> bool {
        let Some(origin) = Origin::of(url) else {
            return false;
        };
        let is_name = matches!(url.host(), Some(Host::Domain(_)));
        self.origins.contains(&origin)
            || (is_name
                && origin.scheme == "https"
                && origin.port == 443
                && self.below.iter().any(|end| origin.host.ends_with(end.as_str())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn list(hosts: &[&str]) -> AllowList {
        let hosts: Vec<HostPattern> = hosts.iter().map(|host| host.parse().unwrap()).collect();
        AllowList::new(
            &hosts,
            &json!({ "base": "https://own.example.org:8443/api", "bad": "nonsense" }),
        )
    }

    fn permits(list: &AllowList, url: &str) -> bool {
        list.permits(&Url::parse(url).unwrap())
    }

    #[test]
    fn only_the_exact_origin_passes() {
        let list = list(&["https://api.example.org"]);
        assert!(permits(&list, "https://api.example.org/x?y"));
        assert!(permits(&list, "https://API.example.org:443/"));
        for url in [
            "http://api.example.org/",
            "https://api.example.org:8443/",
            "https://api.example.org.evil.example/",
            "https://xapi.example.org/",
            "https://api.example.org@evil.example/",
            "https://evil.example/https://api.example.org",
            "ftp://api.example.org/",
        ] {
            assert!(!permits(&list, url), "{url}");
        }
    }

    #[test]
    fn names_below_pass_and_neither_the_name_itself_nor_addresses() {
        let list = list(&["https://*.example.org"]);
        assert!(permits(&list, "https://a.b.example.org/"));
        for url in [
            "https://example.org/",
            "https://notexample.org/",
            "http://a.example.org/",
            "https://a.example.org:444/",
        ] {
            assert!(!permits(&list, url), "{url}");
        }
    }

    #[test]
    fn a_setting_gives_an_origin() {
        assert!(permits(
            &list(&["config:base"]),
            "https://own.example.org:8443/other"
        ));
        assert!(!permits(&list(&["config:base"]), "https://own.example.org/"));
        assert!(!permits(
            &list(&["config:bad", "config:none"]),
            "https://own.example.org:8443/"
        ));
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for text in [
            "",
            "api.example.org",
            "https://",
            "https://*",
            "https://*.org",
            "https://*.example.org/path",
            "https://a.*.org",
            "https://user@example.org",
            "https://example.org/path",
            "config:",
            "*",
        ] {
            assert!(text.parse::<HostPattern>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_effective_grant_is_what_was_asked_and_approved() {
        let manifest: Manifest = serde_json::from_value(json!({
            "id": "x1", "version": "1.0.0", "kind": "channel", "wit": "0.1.0", "title": "X",
            "requests": { "hosts": ["https://a.example.org", "https://b.example.org"], "kv_bytes": 5_000_000 },
            "limits": { "memory_mb": 128, "cpu_ms": 500 },
            "warm": { "size": 4, "max_calls": 100 },
        }))
        .unwrap();
        let grants: Grants = serde_json::from_value(json!({
            "requests": { "hosts": ["https://b.example.org", "https://c.example.org"], "kv_bytes": 2_000_000 },
            "limits": { "memory_mb": 96, "wall_s": 60 },
            "warm": { "size": 2, "max_calls": 1000 },
        }))
        .unwrap();
        let both = Effective::of(&manifest, &grants, &Limits::default()).unwrap();
        assert_eq!(both.hosts, ["https://b.example.org".parse().unwrap()]);
        assert_eq!(both.limits.memory, 96 * 1024 * 1024);
        assert_eq!(both.limits.kv_bytes, 2_000_000);
        assert_eq!(both.limits.cpu, Duration::from_millis(250));
        assert_eq!(both.limits.wall, Duration::from_secs(30));
        let warm = Warm {
            size: 2,
            max_calls: 100,
        };
        assert_eq!(both.warm, Some(warm));
        let none = Effective::of(&manifest, &Grants::default(), &Limits::default()).unwrap();
        assert_eq!(none.warm, None, "nothing is kept that was not granted");
        assert_eq!(
            grants.missing(&manifest),
            [
                "calls https://a.example.org",
                "stores 5000000 bytes",
                "needs 128 MiB of memory",
                "needs 500 ms of processor time",
                "keeps 4 instances in memory, each for 100 calls"
            ]
        );
        assert!(Grants::all_of(&manifest).missing(&manifest).is_empty());
    }
}
