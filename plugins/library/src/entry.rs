//! One plugin of a library, with its versions. A version is known by the digest of its file: authors may build one number
//! over and over.

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
    /// Digest of the version that is to run. Hosts try it, and write down what came of it.
    pub wanted: Option<String>,
    /// Digest of the version that runs, or ran last.
    pub active: Option<String>,
    /// Digest of the version that ran before it: where a rollback leads.
    pub previous: Option<String>,
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
    /// What it may do of what it asks for. It never runs without.
    pub granted: Option<Grants>,
    /// Why it does not run.
    pub refusal: Option<Refusal>,
}

/// Why a version does not run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Who refused.
    pub by: RefusedBy,
    /// Why, and what to do.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// Who refused a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RefusedBy {
    /// A host that tried it.
    Host,
    /// Somebody who was asked whether it may do what it asks for.
    Person,
}

/// What a version is to its plugin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
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

impl Release {
    /// Its number.
    pub fn version(&self) -> &str {
        &self.manifest.version
    }

    /// The first digits of its digest, for people to compare.
    pub fn short(&self) -> &str {
        self.digest.get(..12).unwrap_or(&self.digest)
    }
}

impl Entry {
    /// A version by its digest.
    pub fn release(&self, digest: &str) -> Option<&Release> {
        self.releases.iter().find(|release| release.digest == digest)
    }

    /// The newest file of a version, by its number.
    pub fn version(&self, number: &str) -> Option<&Release> {
        self.releases
            .iter()
            .rev()
            .find(|release| release.version() == number)
    }

    /// The version that is to run.
    pub fn wanted_release(&self) -> Option<&Release> {
        self.release(self.wanted.as_deref()?)
    }

    /// The version that runs, or ran last.
    pub fn active_release(&self) -> Option<&Release> {
        self.release(self.active.as_deref()?)
    }

    /// The version that a rollback leads to.
    pub fn previous_release(&self) -> Option<&Release> {
        self.release(self.previous.as_deref()?)
    }

    /// What the plugin may do: what the version that is to run was granted.
    pub fn granted(&self) -> Option<&Grants> {
        let stands = self.wanted_release().or(self.active_release())?;
        stands.granted.as_ref()
    }

    /// The newest version if it waits for somebody's decision.
    pub fn waiting(&self) -> Option<&Release> {
        let newest = self.releases.last()?;
        (self.standing(newest) == Standing::Waiting).then_some(newest)
    }

    /// The last version that was refused and still is, with the reason.
    pub fn refused(&self) -> Option<(&Release, &Refusal)> {
        self.releases
            .iter()
            .filter_map(|release| Some((release, release.refusal.as_ref()?)))
            .max_by_key(|(_, refusal)| refusal.at)
    }

    /// What a version asks for beyond what was granted, in words: to itself, or else to the version that is to run.
    pub fn asks(&self, release: &Release) -> Vec<String> {
        match release.granted.as_ref().or_else(|| self.granted()) {
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

    /// What a version is to the plugin.
    pub fn standing(&self, release: &Release) -> Standing {
        let is = |digest: &Option<String>| digest.as_ref() == Some(&release.digest);
        let is_newest = self
            .releases
            .last()
            .is_some_and(|newest| newest.digest == release.digest);
        match &release.refusal {
            Some(Refusal {
                by: RefusedBy::Person,
                ..
            }) => Standing::Declined,
            Some(_) => Standing::Refused,
            None if is(&self.active) => Standing::Active,
            None if is(&self.wanted) => Standing::Trying,
            None if is_newest && !self.asks(release).is_empty() => Standing::Waiting,
            None if is(&self.previous) => Standing::Previous,
            None => Standing::Kept,
        }
    }
}
