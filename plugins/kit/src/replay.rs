//! Cassettes on built bytes: the calls that the author's own tests replay natively, made in the real runtime.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use omnichat_plugin_runtime::{Export, PluginKind};
use omnichat_plugin_sdk::cassette::Line;

use crate::stage::{Scene, Script, Theatre, block_on};

/// What a replay came to.
#[derive(Clone, Debug)]
pub struct Report {
    /// The plugin and its version.
    pub plugin: String,
    /// How many calls were made.
    pub calls: usize,
    /// Those that went otherwise than recorded.
    pub failed: Vec<Failed>,
}

/// A call that went otherwise than recorded.
#[derive(Clone, Debug)]
pub struct Failed {
    /// File and line of the cassette.
    pub place: String,
    /// What the line is about.
    pub name: String,
    /// The difference, to be read by people.
    pub reason: String,
}

impl Report {
    /// Whether everything went as recorded.
    pub fn is_ok(&self) -> bool {
        self.failed.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            plugin,
            calls,
            failed,
        } = self;
        for Failed { place, name, reason } in failed {
            writeln!(f, "{place}: {name}\n{reason}\n")?;
        }
        match failed.len() {
            0 => write!(f, "{plugin}: {calls} recorded calls, all as recorded"),
            wrong => write!(f, "{plugin}: {calls} recorded calls, {wrong} not as recorded"),
        }
    }
}

/// Replays cassettes on a built plugin, in the real runtime: the platform is asked exactly what was recorded and answers it, time
/// and chance are those of the recording, and so must be the results. `cassettes` is a file, or a folder whose `.jsonl` files
/// are taken.
///
/// # Errors
/// If the plugin cannot be loaded, or there is no cassette that can be read.
pub fn replay(wasm: &[u8], cassettes: &Path) -> Result<Report> {
    let recorded = read(cassettes)?;
    ensure!(
        !recorded.is_empty(),
        "{}: there is no cassette",
        cassettes.display()
    );
    block_on(async {
        let theatre = Theatre::open(wasm, |_| {}).await?;
        Ok(replay_all(&theatre, &recorded).await)
    })
}

/// A line with its place.
#[derive(Clone, Debug)]
pub(crate) struct Recorded {
    pub(crate) place: String,
    pub(crate) line: Line,
}

impl Recorded {
    /// What its call finds.
    pub(crate) fn scene(&self) -> Result<Scene, String> {
        Ok(Scene {
            config: self.line.config.clone(),
            secrets: self.line.secrets.clone(),
            stored: self.line.stored()?,
            clock: self.line.clock,
            script: Script::Recorded(self.line.exchanges()?),
        })
    }

    /// The export that it calls, of a kind of plugin.
    pub(crate) fn export(&self, kind: PluginKind) -> Option<Export> {
        let exports = Export::all_of(kind).iter();
        exports.copied().find(|export| export.name() == self.line.export)
    }
}

pub(crate) async fn replay_all(theatre: &Theatre, recorded: &[Recorded]) -> Report {
    let manifest = theatre.plugin.manifest();
    let mut report = Report {
        plugin: format!("{} {}", manifest.id, manifest.version),
        calls: recorded.len(),
        failed: Vec::new(),
    };
    for recorded in recorded {
        if let Err(reason) = replay_one(theatre, recorded).await {
            report.failed.push(Failed {
                place: recorded.place.clone(),
                name: recorded.line.name.clone(),
                reason,
            });
        }
    }
    report
}

pub(crate) async fn replay_one(theatre: &Theatre, recorded: &Recorded) -> Result<(), String> {
    let line = &recorded.line;
    let kind = theatre.plugin.manifest().kind;
    let export = recorded
        .export(kind)
        .ok_or_else(|| format!("a {kind} exports no «{}»", line.export))?;
    let played = theatre.play(export, &line.input, &recorded.scene()?).await;
    let played = played.map_err(|error| format!("input: {error:#}"))?;
    let answer = played.answer.map_err(|fault| fault.to_string())?;
    if !played.complaints.is_empty() {
        return Err(played.complaints.join("\n"));
    }
    line.compare(answer, &played.stored)
}

/// Every line of a file, or of every `.jsonl` of a folder.
pub(crate) fn read(path: &Path) -> Result<Vec<Recorded>> {
    let mut recorded = Vec::new();
    for file in files(path)? {
        let shown = file.display();
        let text = fs::read_to_string(&file).with_context(|| shown.to_string())?;
        for (number, line) in text
            .lines()
            .enumerate()
            .filter(|(_, line)| !line.trim().is_empty())
        {
            let place = format!("{shown}:{}", number + 1);
            let line = serde_json::from_str(line).with_context(|| format!("{place}: not a cassette"))?;
            recorded.push(Recorded { place, line });
        }
    }
    Ok(recorded)
}

/// The cassettes of a path: itself, or every `.jsonl` of a folder.
pub(crate) fn files(path: &Path) -> Result<Vec<PathBuf>> {
    if path.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    let entries = fs::read_dir(path).with_context(|| path.display().to_string())?;
    let paths = entries.flatten().map(|entry| entry.path());
    let mut files: Vec<PathBuf> = paths
        .filter(|path| path.extension().is_some_and(|ending| ending == "jsonl"))
        .collect();
    files.sort();
    Ok(files)
}
