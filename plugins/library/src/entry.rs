//! One plugin of a library, with its versions.

use omnichat_core::clock::Timestamp;
use omnichat_plugin_runtime::{Grants, Manifest};
use serde::{Deserialize, Serialize};

use crate::signature::PublisherKey;

/// A plugin with the versions that are kept of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Whether it is to run.
    pub enabled: bool,
    /// Who signs it: whoever signed the first version. Other versions must be signed by the same.
    pub publisher: Option<PublisherKey>,
    /// What an administrator has granted.
    pub granted: Option<Grants>,
    /// Which version is to run. Hosts try it, and write down what came of it.
    pub wanted: Option<String>,
    /// Which version runs, or ran last.
    pub active: Option<String>,
    /// Which version ran before it: where a rollback leads.
    pub previous: Option<String>,
    /// Why the last version that was wanted does not run.
    pub refusal: Option<Refusal>,
    /// What is kept, oldest first.
    pub releases: Vec<Release>,
}

/// A version of a plugin.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Release {
    /// SHA-256 of the component in hex: checked each time it is loaded.
    pub digest: String,
    /// Bytes of the component.
    pub size: u64,
    /// When it was installed.
    pub installed_at: Timestamp,
    /// Who signed it.
    pub signed_by: Option<PublisherKey>,
    /// What it says of itself.
    pub manifest: Manifest,
}

/// Why a version does not run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Which.
    pub version: String,
    /// Why, and what to do.
    pub reason: String,
    /// When it was tried.
    pub at: Timestamp,
}

/// What an installation led to.
#[derive(Clone, Debug, PartialEq)]
pub struct Installed {
    /// The plugin as it is now.
    pub entry: Entry,
    /// The version that came.
    pub release: Release,
    /// What it asks for beyond what was granted, in words. It runs when somebody approves of it; at once if empty.
    pub asks: Vec<String>,
    /// It was there already.
    pub unchanged: bool,
}

impl Entry {
    /// A version by its number.
    pub fn release(&self, version: &str) -> Option<&Release> {
        self.releases
            .iter()
            .find(|release| release.manifest.version == version)
    }

    /// The version that is to run.
    pub fn wanted_release(&self) -> Option<&Release> {
        self.release(self.wanted.as_deref()?)
    }

    /// The newest version if it is neither wanted nor refused: it waits for somebody's approval.
    pub fn waiting(&self) -> Option<&Release> {
        let newest = self.releases.last()?;
        let version = &newest.manifest.version;
        let is_decided = self.wanted.as_ref() == Some(version)
            || self
                .refusal
                .as_ref()
                .is_some_and(|refusal| refusal.version == *version)
            || self.asks(newest).is_empty();
        (!is_decided).then_some(newest)
    }

    /// What a version asks for beyond what was granted, in words.
    pub fn asks(&self, release: &Release) -> Vec<String> {
        match &self.granted {
            Some(granted) => granted.missing(&release.manifest),
            // Never granted anything: even one that asks for nothing is somebody's decision.
            None => {
                let mut asks = Grants::default().missing(&release.manifest);
                if asks.is_empty() {
                    asks.push("runs on this host".to_owned());
                }
                asks
            }
        }
    }
}
