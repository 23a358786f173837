//! Versions that come, and what is decided about them.

use std::io::{BufRead, IsTerminal};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use omnichat_core::clock::{Clock, SystemClock, Timestamp};
use omnichat_plugin_library::{Entry, Install, Library, Release};

use super::plugin::said;
use super::plugin_file::{read, read_manifest, read_signature};

/// How long a command waits for a running host to try what it has changed: a large component compiles for a while.
const PATIENCE: Duration = Duration::from_secs(90);
/// How often it looks meanwhile.
const LOOK: Duration = Duration::from_millis(100);

/// A file to be installed.
pub(super) struct Bring<'a> {
    pub(super) file: &'a Path,
    pub(super) signature: Option<&'a Path>,
    pub(super) yes: bool,
    pub(super) replace: bool,
    pub(super) older: bool,
    /// The plugin must be there already.
    pub(super) upgrade: bool,
}

/// A version of a plugin, as it is named on the command line.
pub(super) struct Which<'a> {
    id: &'a str,
    version: Option<&'a str>,
    digest: Option<&'a str>,
}

impl<'a> Which<'a> {
    pub(super) fn new(id: &'a str, version: Option<&'a str>, digest: Option<&'a str>) -> Self {
        Self { id, version, digest }
    }

    fn find<'e>(&self, entry: &'e Entry) -> anyhow::Result<&'e Release> {
        let id = self.id;
        let release = match self.version {
            Some(version) => entry.version(version),
            None => entry.releases.last(),
        };
        let release = release.with_context(|| {
            let kept: Vec<&str> = entry.releases.iter().map(Release::version).collect();
            format!("{id} has no such version: there are {}", kept.join(", "))
        })?;
        if let Some(digest) = self.digest
            && (digest.len() < 8 || !release.digest.starts_with(&digest.to_ascii_lowercase()))
        {
            bail!(
                "the file of {id} {} is {}, not {digest}: see with `omnichat plugin list` what it asks for now",
                release.version(),
                release.short()
            );
        }
        Ok(release)
    }
}

/// Installs a file.
pub(super) fn bring(library: &Library, bring: &Bring<'_>) -> anyhow::Result<()> {
    let wasm = read(bring.file)?;
    let manifest = read_manifest(&wasm)?;
    let signature = read_signature(bring.file, bring.signature)?;
    let id = manifest.id.clone();
    if bring.upgrade {
        library
            .find(&id)
            .map_err(said)
            .with_context(|| format!("{id} is not installed: `omnichat plugin install` installs it"))?;
    }
    let install = Install {
        wasm: &wasm,
        manifest,
        signature,
        approve: bring.yes,
        replace: bring.replace,
        older: bring.older,
    };
    let installed = library.install(install, SystemClock.now()).map_err(hinted)?;
    let release = &installed.release;
    let comes = if installed.unchanged {
        "was installed already"
    } else {
        "is installed"
    };
    say!("{id} {} {comes}, {}", release.version(), signed(release));
    if installed.asks.is_empty() {
        return outcome(library, &id);
    }
    tell(&installed.asks);
    if !confirmed("May it?")? {
        let (short, version) = (release.short(), release.version());
        if release.refusal.is_some() {
            say!(
                "It was declined: `omnichat plugin approve {id} {version} --digest {short}` lets it run after all."
            );
        } else {
            say!("It waits: `omnichat plugin approve {id} {version} --digest {short}` lets it run,");
            say!("`omnichat plugin decline {id} {version}` says no.");
        }
        return Ok(());
    }
    library.approve(&id, &release.digest).map_err(said)?;
    outcome(library, &id)
}

/// Grants a version what it asks for.
pub(super) fn approve(library: &Library, which: &Which<'_>, yes: bool) -> anyhow::Result<()> {
    let id = which.id;
    let entry = library.find(id).map_err(said)?;
    let release = which.find(&entry)?;
    let asks = entry.asks(release);
    if !asks.is_empty() {
        say!("{id} {} asks for:", release.version());
        asks.iter().for_each(|ask| say!("  {ask}"));
        if which.digest.is_none() && !yes && !confirmed("May it?")? {
            bail!(
                "nothing was approved: `omnichat plugin approve {id} {} --digest {}` approves of this file",
                release.version(),
                release.short()
            );
        }
    }
    library.approve(id, &release.digest).map_err(said)?;
    outcome(library, id)
}

/// Says no to a version that waits.
pub(super) fn decline(library: &Library, which: &Which<'_>, now: Timestamp) -> anyhow::Result<()> {
    let id = which.id;
    let entry = library.find(id).map_err(said)?;
    let release = which.find(&entry)?;
    let after = library.decline(id, &release.digest, now).map_err(said)?;
    let version = release.version();
    match after.wanted_release() {
        Some(other) => say!("{id} {version} is declined; {} goes on", other.version()),
        None => say!("{id} {version} is declined; nothing of it runs"),
    }
    Ok(())
}

/// What a running host makes of what was changed.
pub(super) fn outcome(library: &Library, id: &str) -> anyhow::Result<()> {
    let entry = library.find(id).map_err(said)?;
    let Some(wanted) = entry.wanted_release() else {
        let hint = match (entry.waiting(), entry.refused()) {
            (Some(waiting), _) => format!(
                "`omnichat plugin approve {id} {} --digest {}` lets one run",
                waiting.version(),
                waiting.short()
            ),
            (None, Some((release, refusal))) => format!("{}: {}", release.version(), refusal.reason),
            (None, None) => "install one".to_owned(),
        };
        bail!("{id} has no version that may run: {hint}");
    };
    let version = wanted.version();
    if !entry.enabled {
        say!("{id} {version} is switched off: `omnichat plugin enable {id}` lets it run");
        return Ok(());
    }
    if !library.is_followed() {
        say!("{id} {version} runs from the next start of the host on");
        return Ok(());
    }
    let begun = Instant::now();
    while !library.is_done().map_err(said)? && begun.elapsed() < PATIENCE {
        std::thread::sleep(LOOK);
    }
    let after = library.find(id).map_err(said)?;
    let tried = after.release(&wanted.digest);
    if let Some(refusal) = tried.and_then(|tried| tried.refusal.as_ref()) {
        let goes_on = after
            .active_release()
            .filter(|active| active.digest != wanted.digest);
        let instead = goes_on.map_or_else(String::new, |active| format!("; {} goes on", active.version()));
        bail!("{id} {version} cannot run: {}{instead}", refusal.reason);
    }
    if after.active.as_ref() == Some(&wanted.digest) {
        say!("{id} {version} is enabled");
    } else {
        say!("{id} {version} has not started yet, and the host goes on trying: see its log");
    }
    Ok(())
}

/// An error of an installation, with what to type.
fn hinted(error: omnichat_core::error::Error) -> anyhow::Error {
    let hint = match error.fields().first().map(|field| field.code.as_str()) {
        Some("older") => " (`omnichat plugin rollback`, or --older)",
        Some("taken") => " (or --replace, while you work on it)",
        _ => "",
    };
    anyhow::anyhow!("{}{hint}", said(error))
}

fn tell(asks: &[String]) {
    say!("It asks for:");
    asks.iter().for_each(|ask| say!("  {ask}"));
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
    aside!("{question} [y/N]");
    let mut answer = String::new();
    std::io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}
