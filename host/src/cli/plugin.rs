//! `omnichat plugin`: the plugins of a host, worked on through its library. A running host follows within a second.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use omnichat_core::clock::{Clock, SystemClock};
use omnichat_core::error::Error;
use omnichat_plugin_library::{Entry, Library};
use omnichat_plugin_runtime::Grants;

use super::Common;
use super::plugin_author::Author;
use super::plugin_change::{Bring, Which, approve, bring, decline, outcome};
use super::plugin_file::{keygen, read, read_manifest, read_signature, sign};
use crate::boot;

/// Write, check and look after plugins
#[derive(Debug, Subcommand)]
pub(super) enum Plugin {
    #[command(flatten)]
    Author(Author),
    /// List the plugins of this host
    List,
    /// Show what a plugin's file says of itself, without installing it
    Inspect {
        /// The component
        file: PathBuf,
    },
    /// Install a plugin, or another version of one
    ///
    /// FILE.sig is taken for its signature if it is there. Without --yes it is asked whether the plugin may have what it asks
    /// for.
    Install {
        /// The component
        file: PathBuf,
        /// Its signature [default: FILE.sig, if it is there]
        #[arg(long, value_name = "FILE")]
        signature: Option<PathBuf>,
        /// Grant what it asks for
        #[arg(long, short)]
        yes: bool,
        /// Put it in the place of the same version with other content
        #[arg(long)]
        replace: bool,
        /// Install it even if it is older than what runs
        #[arg(long)]
        older: bool,
    },
    /// Put a newer version in the place of the one that runs: the same as install, for a plugin that is there
    Upgrade {
        /// The component
        file: PathBuf,
        /// Its signature [default: FILE.sig, if it is there]
        #[arg(long, value_name = "FILE")]
        signature: Option<PathBuf>,
        /// Grant what it asks for
        #[arg(long, short)]
        yes: bool,
        /// Install it even if it is older than what runs
        #[arg(long)]
        older: bool,
    },
    /// Grant a version what it asks for, and run it
    ///
    /// Without --digest and --yes it is shown what it asks for, and asked whether it may.
    Approve {
        /// The plugin
        id: String,
        /// The version [default: the newest]
        #[arg(value_name = "VERSION")]
        number: Option<String>,
        /// The first digits of the digest of its file, as it was seen: another file is not approved of
        #[arg(long, value_name = "HEX")]
        digest: Option<String>,
        /// Whatever its file is
        #[arg(long, short)]
        yes: bool,
    },
    /// Say no to a version that waits for approval; what runs goes on
    Decline {
        /// The plugin
        id: String,
        /// The version [default: the newest]
        #[arg(value_name = "VERSION")]
        number: Option<String>,
        /// The first digits of the digest of its file, as it was seen
        #[arg(long, value_name = "HEX")]
        digest: Option<String>,
    },
    /// Switch a plugin on
    Enable {
        /// The plugin
        id: String,
    },
    /// Switch a plugin off; its inboxes take and send nothing until it is on again
    Disable {
        /// The plugin
        id: String,
    },
    /// Bring back the version that ran before, with what was granted to it
    Rollback {
        /// The plugin
        id: String,
    },
    /// Remove a plugin with all its versions; its inboxes stay
    Remove {
        /// The plugin
        id: String,
    },
    /// Make a key to sign plugins with
    Keygen {
        /// Where the secret key goes; it must not be there yet
        #[arg(default_value = "omnichat-signing.key")]
        file: PathBuf,
    },
    /// Sign a plugin; the signature goes to FILE.sig
    Sign {
        /// The component
        file: PathBuf,
        /// The secret key, see `omnichat plugin keygen`
        #[arg(long, default_value = "omnichat-signing.key")]
        key: PathBuf,
    },
}

impl Plugin {
    pub(super) fn run(&self, common: &Common) -> anyhow::Result<()> {
        match self {
            Self::Author(author) => return author.run(),
            Self::Inspect { file } => return inspect(file),
            Self::Keygen { file } => return keygen(file),
            Self::Sign { file, key } => return sign(file, key),
            _ => {}
        }
        let config = common.load(&[])?;
        let library = boot::plugin_library(&config)?;
        if !library.was_followed() {
            // Nothing is wrong with preparing a host; a wrong folder is the likelier reason.
            aside!(
                "note: no host has run with the data folder {} yet; --data or --config names another",
                config.storage.data.display()
            );
        }
        match self {
            Self::List => list(&library),
            Self::Install {
                file,
                signature,
                yes,
                replace,
                older,
            } => bring(
                &library,
                &Bring {
                    file,
                    signature: signature.as_deref(),
                    yes: *yes,
                    replace: *replace,
                    older: *older,
                    upgrade: false,
                },
            ),
            Self::Upgrade {
                file,
                signature,
                yes,
                older,
            } => bring(
                &library,
                &Bring {
                    file,
                    signature: signature.as_deref(),
                    yes: *yes,
                    replace: false,
                    older: *older,
                    upgrade: true,
                },
            ),
            Self::Approve {
                id,
                number,
                digest,
                yes,
            } => approve(
                &library,
                &Which::new(id, number.as_deref(), digest.as_deref()),
                *yes,
            ),
            Self::Decline { id, number, digest } => decline(
                &library,
                &Which::new(id, number.as_deref(), digest.as_deref()),
                SystemClock.now(),
            ),
            Self::Enable { id } => {
                library.set_enabled(id, true).map_err(said)?;
                outcome(&library, id)
            }
            Self::Disable { id } => {
                library.set_enabled(id, false).map_err(said)?;
                say!("{id} is switched off");
                Ok(())
            }
            Self::Rollback { id } => {
                library.roll_back(id).map_err(said)?;
                outcome(&library, id)
            }
            Self::Remove { id } => {
                library.remove(id).map_err(said)?;
                say!("{id} is removed; its inboxes stay and work again when it is installed again");
                Ok(())
            }
            Self::Author(_) | Self::Inspect { .. } | Self::Keygen { .. } | Self::Sign { .. } => Ok(()),
        }
    }
}

fn list(library: &Library) -> anyhow::Result<()> {
    let lock = library.read().map_err(said)?;
    if lock.plugins.is_empty() {
        say!("no plugins; `omnichat plugin install FILE` installs one");
    }
    for (id, entry) in &lock.plugins {
        let shown = entry.active_release().or(entry.releases.last());
        say!(
            "{id:<20} {:<10} {:<24} {}",
            entry.active_release().map_or("-", |release| release.version()),
            state(entry),
            shown.map_or("", |release| release.manifest.title.as_str())
        );
        if let Some(waiting) = entry.waiting() {
            say!(
                "{:<20} {} waits for `omnichat plugin approve {id} --digest {}` or `decline`: {}",
                "",
                waiting.version(),
                waiting.short(),
                entry.asks(waiting).join(", ")
            );
        }
        if let Some((release, refusal)) = entry.refused() {
            say!(
                "{:<20} {} does not run: {}",
                "",
                release.version(),
                refusal.reason
            );
        }
    }
    Ok(())
}

fn state(entry: &Entry) -> &'static str {
    match (entry.enabled, &entry.active, &entry.wanted) {
        (false, ..) => "disabled",
        (true, Some(active), Some(wanted)) if active == wanted => {
            let refused = entry
                .wanted_release()
                .is_some_and(|release| release.refusal.is_some());
            if refused { "refused" } else { "enabled" }
        }
        (true, _, Some(_)) => "at the next start",
        (true, _, None) if entry.waiting().is_some() => "waits for approval",
        (true, _, None) => "refused",
    }
}

fn inspect(file: &Path) -> anyhow::Result<()> {
    let wasm = read(file)?;
    let manifest = read_manifest(&wasm)?;
    say!(
        "{} {} ({}), {}",
        manifest.id,
        manifest.version,
        manifest.kind,
        manifest.title
    );
    say!("built for omnichat:plugin {}, {} bytes", manifest.wit, wasm.len());
    say!("sha256: {}", omnichat_plugin_runtime::digest(&wasm));
    let asks = Grants::default().missing(&manifest);
    for ask in &asks {
        say!("asks: {ask}");
    }
    if asks.is_empty() {
        say!("asks for nothing beyond the usual");
    }
    match read_signature(file, None)? {
        Some(signature) => {
            signature.verify(&wasm).map_err(said)?;
            say!("signed by {}", signature.publisher);
        }
        None => say!("not signed"),
    }
    Ok(())
}

/// An error of the core in a sentence, with what its fields say.
pub(super) fn said(error: Error) -> anyhow::Error {
    let mut text = error.message().to_owned();
    for field in error
        .fields()
        .iter()
        .filter(|field| field.message != error.message())
    {
        text.push_str(&format!("\n  {}: {}", field.field, field.message));
    }
    anyhow::anyhow!(text)
}
