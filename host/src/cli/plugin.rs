//! `omnichat plugin`: the plugins of a host, worked on through its library. A running host follows within a second.

use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use clap::Subcommand;
use omnichat_core::clock::{Clock, SystemClock};
use omnichat_core::error::Error;
use omnichat_plugin_library::{Entry, Install, Library, Release, Signature, SigningKey};
use omnichat_plugin_runtime::{Grants, Manifest};

use super::Common;
use super::plugin_author::Author;
use crate::boot;

/// How long a command waits for a running host to try what it has changed.
const PATIENCE: Duration = Duration::from_secs(20);
/// After this time without a sign, no host is running.
const SIGN: Duration = Duration::from_secs(3);

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
    },
    /// Grant a version what it asks for, and run it
    Approve {
        /// The plugin
        id: String,
        /// The version [default: the newest]
        version: Option<String>,
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
    /// Bring back the version that ran before
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
        let library = boot::plugin_library(&common.load(&[])?)?;
        match self {
            Self::List => list(&library),
            Self::Install {
                file,
                signature,
                yes,
                replace,
            } => install(&library, file, signature.as_deref(), *yes, *replace),
            Self::Upgrade { file, signature, yes } => {
                let manifest = read_manifest(&read(file)?)?;
                library.find(&manifest.id).map_err(said).with_context(|| {
                    format!(
                        "{} is not installed: `omnichat plugin install` installs it",
                        manifest.id
                    )
                })?;
                install(&library, file, signature.as_deref(), *yes, false)
            }
            Self::Approve { id, version } => {
                library.approve(id, version.as_deref()).map_err(said)?;
                outcome(&library, id)
            }
            Self::Enable { id } => {
                library.set_enabled(id, true).map_err(said)?;
                outcome(&library, id)
            }
            Self::Disable { id } => {
                library.set_enabled(id, false).map_err(said)?;
                println!("{id} is switched off");
                Ok(())
            }
            Self::Rollback { id } => {
                library.roll_back(id).map_err(said)?;
                outcome(&library, id)
            }
            Self::Remove { id } => {
                library.remove(id).map_err(said)?;
                println!("{id} is removed; its inboxes stay and work again when it is installed again");
                Ok(())
            }
            Self::Author(_) | Self::Inspect { .. } | Self::Keygen { .. } | Self::Sign { .. } => Ok(()),
        }
    }
}

fn list(library: &Library) -> anyhow::Result<()> {
    let lock = library.read().map_err(said)?;
    if lock.plugins.is_empty() {
        println!("no plugins; `omnichat plugin install FILE` installs one");
    }
    for (id, entry) in &lock.plugins {
        let title = entry
            .releases
            .last()
            .map_or("", |release| release.manifest.title.as_str());
        println!(
            "{id:<20} {:<10} {:<24} {}",
            entry.active.as_deref().unwrap_or("-"),
            state(entry),
            title
        );
        if let Some(waiting) = entry.waiting() {
            let asks = entry.asks(waiting).join(", ");
            println!(
                "{:<20} {} waits for `omnichat plugin approve {id}`: {asks}",
                "", waiting.manifest.version
            );
        }
        if let Some(refusal) = &entry.refusal {
            println!("{:<20} {} was refused: {}", "", refusal.version, refusal.reason);
        }
    }
    Ok(())
}

fn state(entry: &Entry) -> &'static str {
    match (entry.enabled, &entry.active, &entry.wanted) {
        (false, ..) => "disabled",
        (true, Some(active), Some(wanted)) if active == wanted => "enabled",
        (true, _, Some(_)) => "at the next start",
        (true, _, None) if entry.refusal.is_some() => "refused",
        (true, _, None) => "waits for approval",
    }
}

fn inspect(file: &Path) -> anyhow::Result<()> {
    let wasm = read(file)?;
    let manifest = read_manifest(&wasm)?;
    println!(
        "{} {} ({}), {}",
        manifest.id, manifest.version, manifest.kind, manifest.title
    );
    println!("built for omnichat:plugin {}, {} bytes", manifest.wit, wasm.len());
    for ask in Grants::default().missing(&manifest) {
        println!("asks: {ask}");
    }
    match read_signature(file, None)? {
        Some(signature) => {
            signature.verify(&wasm).map_err(said)?;
            println!("signed by {}", signature.publisher);
        }
        None => println!("not signed"),
    }
    Ok(())
}

fn install(
    library: &Library,
    file: &Path,
    signature: Option<&Path>,
    yes: bool,
    replace: bool,
) -> anyhow::Result<()> {
    let wasm = read(file)?;
    let manifest = read_manifest(&wasm)?;
    let signature = read_signature(file, signature)?;
    let id = manifest.id.clone();
    let install = |approve| Install {
        wasm: &wasm,
        manifest: manifest.clone(),
        signature: signature.clone(),
        approve,
        replace,
    };
    let now = SystemClock.now();
    let installed = library.install(install(yes), now).map_err(said)?;
    println!(
        "{id} {} is installed, {}",
        manifest.version,
        signed(&installed.release)
    );
    if !installed.asks.is_empty() {
        println!("It asks for:");
        for ask in &installed.asks {
            println!("  {ask}");
        }
        if !confirmed("May it?")? {
            println!("It waits: `omnichat plugin approve {id}` lets it run.");
            return Ok(());
        }
        library.approve(&id, Some(&manifest.version)).map_err(said)?;
    }
    outcome(library, &id)
}

/// What a running host makes of what was changed.
fn outcome(library: &Library, id: &str) -> anyhow::Result<()> {
    let begun = Instant::now();
    let before = library.find(id).map_err(said)?;
    let mut entry = before.clone();
    while begun.elapsed() < PATIENCE {
        entry = library.find(id).map_err(said)?;
        if let Some(refusal) = &entry.refusal {
            bail!("{id} {} cannot run: {}", refusal.version, refusal.reason);
        }
        if entry.wanted == entry.active || (entry == before && begun.elapsed() > SIGN) {
            break;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    match (&entry.active, &entry.wanted) {
        (Some(active), Some(wanted)) if active == wanted => println!("{id} {active} is enabled"),
        (_, Some(wanted)) => println!("{id} {wanted} runs from the next start of the host on"),
        (_, None) => println!("{id} has no version that may run: `omnichat plugin approve {id}`"),
    }
    Ok(())
}

fn keygen(file: &Path) -> anyhow::Result<()> {
    let key = SigningKey::generate();
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut out = options.open(file).with_context(|| file.display().to_string())?;
    writeln!(out, "{}", key.to_hex())?;
    println!("secret key: {} (keep it, and to yourself)", file.display());
    println!("public key: {}", key.publisher());
    Ok(())
}

fn sign(file: &Path, key: &Path) -> anyhow::Result<()> {
    let wasm = read(file)?;
    read_manifest(&wasm)?;
    let text = std::fs::read_to_string(key)
        .with_context(|| format!("{}: `omnichat plugin keygen` makes a key", key.display()))?;
    let signature = SigningKey::from_hex(&text).map_err(said)?.sign(&wasm);
    let beside = beside(file);
    std::fs::write(&beside, signature.to_string()).with_context(|| beside.display().to_string())?;
    println!("{} is signed by {}", beside.display(), signature.publisher);
    Ok(())
}

fn read(file: &Path) -> anyhow::Result<Vec<u8>> {
    std::fs::read(file).with_context(|| file.display().to_string())
}

fn read_manifest(wasm: &[u8]) -> anyhow::Result<Manifest> {
    omnichat_plugin_runtime::inspect(wasm).map_err(said)
}

fn read_signature(file: &Path, given: Option<&Path>) -> anyhow::Result<Option<Signature>> {
    let path = match given {
        Some(path) => path.to_path_buf(),
        None if beside(file).is_file() => beside(file),
        None => return Ok(None),
    };
    let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    Ok(Some(text.parse().map_err(said)?))
}

fn beside(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".sig");
    name.into()
}

fn signed(release: &Release) -> String {
    match &release.signed_by {
        Some(publisher) => format!("signed by {}", publisher.short()),
        None => "not signed".to_owned(),
    }
}

/// Asks whoever sits there; nobody says no.
fn confirmed(question: &str) -> anyhow::Result<bool> {
    if !std::io::stdin().is_terminal() {
        return Ok(false);
    }
    print!("{question} [y/N] ");
    std::io::stdout().flush()?;
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

/// An error of the core in a sentence, with what its fields say.
fn said(error: Error) -> anyhow::Error {
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
