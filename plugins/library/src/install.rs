//! How plugins and their versions come into a library.

use omnichat_core::clock::Timestamp;
use omnichat_core::error::{Error, Result};
use omnichat_plugin_runtime::{Grants, Manifest};
use semver::Version;

use crate::decide::want;
use crate::entry::{Entry, Refusal, RefusedBy, Release};
use crate::files;
use crate::library::{Library, not_found};
use crate::signature::{PublisherKey, Signature};

/// How many versions of a plugin are kept.
const KEPT: usize = 5;

/// A version to be installed. Whoever calls has looked into the component and knows that the manifest is its own.
#[derive(Clone, Debug)]
pub struct Install<'a> {
    /// The component.
    pub wasm: &'a [u8],
    /// What it says of itself.
    pub manifest: Manifest,
    /// Its signature, if it has one.
    pub signature: Option<Signature>,
    /// Grant what it asks for.
    pub approve: bool,
    /// Another file may take the place of the same version: for authors, who build it over and over.
    pub replace: bool,
    /// It may be older than what runs.
    pub older: bool,
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

impl Library {
    /// Installs a plugin, or another version of it. It is wanted at once if it asks for nothing that was not granted. What runs
    /// is kept until the version that came runs in its place.
    ///
    /// # Errors
    /// `Invalid` for a signature that is wrong, missing or of somebody else, for another kind of plugin under the same id,
    /// for other content under the same version, and for a version that is older than what runs.
    pub fn install(&self, install: Install<'_>, now: Timestamp) -> Result<Installed> {
        if let Some(signature) = &install.signature {
            signature.verify(install.wasm)?;
        }
        let digest = files::digest(install.wasm);
        self.change(|lock| {
            let entry = lock
                .plugins
                .entry(install.manifest.id.clone())
                .or_insert_with(|| Entry {
                    enabled: true,
                    publisher: publisher(&install),
                    wanted: None,
                    active: None,
                    previous: None,
                    releases: Vec::new(),
                });
            check_publisher(entry, install.signature.as_ref())?;
            check_kind(entry, &install.manifest)?;
            if !install.older {
                check_age(entry, &install.manifest.version)?;
            }
            let is_known = entry.release(&digest).is_some();
            if !is_known {
                check_number(entry, &install)?;
            }
            // Also where it is known: whoever installs it again may do so because its file was damaged.
            files::put(&self.files(), install.wasm)?;
            if is_known {
                reconsider(entry, &digest);
            } else {
                add(entry, &install, &digest, now);
            }
            if entry.publisher.is_none() {
                entry.publisher = publisher(&install);
            }
            let release = entry
                .release(&digest)
                .cloned()
                .ok_or_else(|| not_found(&install.manifest.id))?;
            let asks = if install.approve {
                Vec::new()
            } else {
                entry.asks(&release)
            };
            // What somebody has declined stays declined, however often it is brought, unless it is approved of.
            if asks.is_empty() && (install.approve || release.refusal.is_none()) {
                grant(entry, &digest);
                want(entry, &digest);
            }
            forget_old(entry);
            let release = entry.release(&digest).cloned().unwrap_or(release);
            Ok(Installed {
                entry: entry.clone(),
                release,
                asks,
                unchanged: is_known,
            })
        })
    }
}

fn publisher(install: &Install<'_>) -> Option<PublisherKey> {
    let signature = install.signature.as_ref()?;
    Some(signature.publisher.clone())
}

/// What a host refused is tried again when it is brought again.
fn reconsider(entry: &mut Entry, digest: &str) {
    let by_host = |refusal: &mut Refusal| refusal.by == RefusedBy::Host;
    for release in &mut entry.releases {
        if release.digest == digest {
            release.refusal.take_if(by_host);
        }
    }
}

fn grant(entry: &mut Entry, digest: &str) {
    for release in &mut entry.releases {
        if release.digest == digest {
            release.granted = Some(Grants::all_of(&release.manifest));
        }
    }
}

fn add(entry: &mut Entry, install: &Install<'_>, digest: &str, now: Timestamp) {
    let named = named(entry);
    let version = &install.manifest.version;
    // The same number with other content: what is not in use makes room.
    entry
        .releases
        .retain(|release| release.version() != version || named.contains(&Some(release.digest.clone())));
    for release in &mut entry.releases {
        // What was refused before is no news any more, unless it is still wanted.
        if entry.wanted.as_ref() != Some(&release.digest) {
            release.refusal = None;
        }
    }
    entry.releases.push(Release {
        digest: digest.to_owned(),
        size: install.wasm.len() as u64,
        installed_at: now,
        signed_by: publisher(install),
        manifest: install.manifest.clone(),
        granted: None,
        refusal: None,
    });
}

/// Trust on first use: who signed the first version signs the others.
fn check_publisher(entry: &Entry, signature: Option<&Signature>) -> Result<()> {
    let Some(publisher) = &entry.publisher else {
        return Ok(());
    };
    let message = match signature {
        Some(signature) if signature.publisher == *publisher => return Ok(()),
        Some(signature) => format!(
            "this version was signed by {}, earlier ones by {}: if that is right, remove the plugin and install it again",
            signature.publisher.short(),
            publisher.short()
        ),
        None => format!(
            "earlier versions were signed by {}: give this version's signature, too",
            publisher.short()
        ),
    };
    Err(Error::invalid_field("signature", "publisher", message))
}

fn check_kind(entry: &Entry, manifest: &Manifest) -> Result<()> {
    match entry.releases.first() {
        Some(known) if known.manifest.kind != manifest.kind => {
            let message = format!(
                "a {} of this id is installed: remove it first, or give this one another id",
                known.manifest.kind
            );
            Err(Error::invalid_field("id", "kind", message))
        }
        _ => Ok(()),
    }
}

fn check_number(entry: &Entry, install: &Install<'_>) -> Result<()> {
    let version = &install.manifest.version;
    if install.replace || entry.version(version).is_none() {
        return Ok(());
    }
    let message =
        format!("version {version} is installed with other content: raise its version and build it anew");
    Err(Error::invalid_field("version", "taken", message))
}

/// Nobody goes back by accident.
fn check_age(entry: &Entry, version: &str) -> Result<()> {
    let Some(stands) = entry.wanted_release().or(entry.active_release()) else {
        return Ok(());
    };
    let number = |text: &str| Version::parse(text).ok();
    if number(version) >= number(stands.version()) {
        return Ok(());
    }
    let message = format!(
        "version {version} is older than {}, which is installed: roll the plugin back, or say that you want an older version",
        stands.version()
    );
    Err(Error::invalid_field("version", "older", message))
}

fn named(entry: &Entry) -> [Option<String>; 3] {
    [entry.wanted.clone(), entry.active.clone(), entry.previous.clone()]
}

/// Forgets the oldest versions that nobody may want back.
fn forget_old(entry: &mut Entry) {
    let named = named(entry);
    while entry.releases.len() > KEPT {
        let newest = entry.releases.len() - 1;
        let oldest = entry.releases[..newest]
            .iter()
            .position(|release| !named.contains(&Some(release.digest.clone())));
        match oldest {
            Some(at) => entry.releases.remove(at),
            None => return,
        };
    }
}
