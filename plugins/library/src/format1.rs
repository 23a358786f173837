//! `plugins.lock` as it was first written: one grant for all versions, and versions known by their numbers.

use std::collections::BTreeMap;

use omnichat_core::clock::Timestamp;
use omnichat_plugin_runtime::{Grants, LimitRequests, Manifest, Requests};
use serde::Deserialize;

use crate::entry::{Entry, Refusal, RefusedBy, Release};
use crate::signature::PublisherKey;

/// The whole file.
#[derive(Deserialize)]
pub(crate) struct Lock1 {
    plugins: BTreeMap<String, Entry1>,
}

#[derive(Deserialize)]
struct Entry1 {
    enabled: bool,
    publisher: Option<PublisherKey>,
    granted: Option<Grants>,
    wanted: Option<String>,
    active: Option<String>,
    previous: Option<String>,
    refusal: Option<Refusal1>,
    releases: Vec<Release1>,
}

#[derive(Deserialize)]
struct Release1 {
    digest: String,
    size: u64,
    installed_at: Timestamp,
    signed_by: Option<PublisherKey>,
    manifest: Manifest,
}

#[derive(Deserialize)]
struct Refusal1 {
    version: String,
    reason: String,
    at: Timestamp,
}

impl Lock1 {
    /// The same in today's shape.
    pub(crate) fn into_today(self) -> BTreeMap<String, Entry> {
        let plugins = self.plugins.into_iter();
        plugins.map(|(id, entry)| (id, entry.into_today())).collect()
    }
}

impl Entry1 {
    fn into_today(self) -> Entry {
        let in_use = [self.wanted.clone(), self.active.clone()];
        let (granted, refusal) = (&self.granted, &self.refusal);
        let releases: Vec<Release> = self
            .releases
            .into_iter()
            .map(|release| release.into_today(granted.as_ref(), refusal.as_ref(), &in_use))
            .collect();
        let digest = |version: Option<String>| {
            let release = releases
                .iter()
                .find(|release| Some(release.version()) == version.as_deref());
            release.map(|release| release.digest.clone())
        };
        Entry {
            enabled: self.enabled,
            publisher: self.publisher,
            wanted: digest(self.wanted),
            active: digest(self.active),
            previous: digest(self.previous),
            releases,
        }
    }
}

impl Release1 {
    fn into_today(
        self,
        granted: Option<&Grants>,
        refusal: Option<&Refusal1>,
        in_use: &[Option<String>],
    ) -> Release {
        let manifest = self.manifest;
        let is_in_use = in_use.contains(&Some(manifest.version.clone()));
        let granted = granted
            .map(|granted| Grants {
                // To keep instances was not asked for in those days: whatever ran, kept them.
                warm: manifest.warm,
                ..granted.clone()
            })
            // What did not cover everything was no grant, but for a version that runs with it already.
            .filter(|granted| is_in_use || granted.missing(&manifest).is_empty())
            .map(|granted| of(&granted, &manifest));
        let refusal = refusal.filter(|refusal| refusal.version == manifest.version);
        Release {
            refusal: refusal.map(|refusal| Refusal {
                by: RefusedBy::Host,
                reason: refusal.reason.clone(),
                at: refusal.at,
            }),
            digest: self.digest,
            size: self.size,
            installed_at: self.installed_at,
            signed_by: self.signed_by,
            granted,
            manifest,
        }
    }
}

/// What a version may do of what was granted to all.
fn of(granted: &Grants, manifest: &Manifest) -> Grants {
    let both = |asked: Option<u32>, given: Option<u32>| Some(asked?.min(given?));
    let (asked, given) = (&manifest.limits, &granted.limits);
    let hosts = manifest.requests.hosts.iter();
    let bytes = manifest.requests.kv_bytes.zip(granted.requests.kv_bytes);
    Grants {
        requests: Requests {
            hosts: hosts
                .filter(|host| granted.requests.hosts.contains(host))
                .cloned()
                .collect(),
            kv_bytes: bytes.map(|(asked, given)| asked.min(given)),
        },
        limits: LimitRequests {
            memory_mb: both(asked.memory_mb, given.memory_mb),
            cpu_ms: both(asked.cpu_ms, given.cpu_ms),
            wall_s: both(asked.wall_s, given.wall_s),
            http_s: both(asked.http_s, given.http_s),
        },
        warm: granted.warm,
    }
}
