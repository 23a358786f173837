//! Recording: calls are made in the real runtime against the real platform, and what it answers is written into the cassettes, without
//! secrets.
//!
//! A call that may ask the platform is made twice. First with the real secrets, on the network, within the addresses that the manifest
//! names: that gives the answers. Then with the invented secrets that stand in the line, and those answers: that gives the requests and
//! the result that a replay will see, so that not even a signature that was made with a real secret is written. A line is only written
//! if a strict replay of it succeeds.

mod secrets;

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail, ensure};
use omnichat_core::settings::secret_names;
use omnichat_net::Egress;
use omnichat_plugin_runtime::Export;
use omnichat_plugin_sdk::cassette::Line;
use serde_json::Value;

use crate::build::{self, build};
use crate::replay::{Failed, Recorded, files, replay_one};
use crate::stage::{Given, Scene, Script, Theatre, block_on};
pub use secrets::Secrets;

/// The folder of cassettes in a plugin's folder.
pub(crate) const CASSETTES: &str = "cassettes";

/// Headers of answers that say nothing to a plugin, or that belong to nobody else.
const DROPPED: [&str; 24] = [
    "accept-ranges",
    "age",
    "alt-svc",
    "cache-control",
    "connection",
    "content-encoding",
    "content-length",
    "content-security-policy",
    "date",
    "expires",
    "keep-alive",
    "nel",
    "permissions-policy",
    "pragma",
    "referrer-policy",
    "report-to",
    "server",
    "set-cookie",
    "strict-transport-security",
    "transfer-encoding",
    "vary",
    "via",
    "x-content-type-options",
    "x-frame-options",
];

/// How to record.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Records every line anew; otherwise those without `expect`.
    pub all: bool,
    /// The real secrets.
    pub secrets: Secrets,
    /// The platform may have a private address: a server of one's own.
    pub allow_private: bool,
}

/// What recording came to.
#[derive(Clone, Debug)]
pub struct Report {
    /// The plugin and its version.
    pub plugin: String,
    /// Lines that were left as they are.
    pub kept: usize,
    /// Lines that were written, with the number of requests to the platform.
    pub recorded: Vec<Taken>,
    /// Lines that could not be recorded and were left as they are.
    pub failed: Vec<Failed>,
}

/// A line that was written.
#[derive(Clone, Debug)]
pub struct Taken {
    /// File and line of the cassette.
    pub place: String,
    /// What the line is about.
    pub name: String,
    /// How often the platform was asked.
    pub requests: usize,
}

impl Report {
    /// Whether everything that was to be recorded is.
    pub fn is_ok(&self) -> bool {
        self.failed.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            plugin,
            kept,
            recorded,
            failed,
        } = self;
        for Taken {
            place,
            name,
            requests,
        } in recorded
        {
            writeln!(f, "recorded, {requests} requests: {place}: {name}")?;
        }
        for Failed { place, name, reason } in failed {
            writeln!(f, "NOT recorded: {place}: {name}\n{reason}\n")?;
        }
        write!(f, "{plugin}: {} lines recorded", recorded.len())?;
        if !failed.is_empty() {
            write!(f, ", {} could not be", failed.len())?;
        }
        if recorded.is_empty() && failed.is_empty() {
            return write!(
                f,
                "; all {kept} have an «expect» already: add a line without one, or record all anew with --all"
            );
        }
        write!(f, ", {kept} left as they are")?;
        if recorded.is_empty() {
            return Ok(());
        }
        writeln!(f)?;
        write!(
            f,
            "look at the difference before you keep it: answers hold what the platform knows of people"
        )
    }
}

/// Builds the plugin in a folder and records its cassettes.
///
/// # Errors
/// If it cannot be built or loaded, or there is no cassette. A line that cannot be recorded is in the report.
pub fn run(folder: &Path, how: &build::Options, options: &Options) -> Result<Report> {
    let cassettes = folder.join(CASSETTES);
    ensure!(
        cassettes.is_dir(),
        "{} is not there: write a line with «name», «export», «input» and «config» into cassettes/calls.jsonl",
        cassettes.display()
    );
    let built = build(folder, how)?;
    record(&built.wasm, &cassettes, options)
}

/// Records cassettes with a built plugin: a file, or every `.jsonl` of a folder.
///
/// # Errors
/// If the plugin cannot be loaded, or a cassette cannot be read or written. A line that cannot be recorded is in the report.
pub fn record(wasm: &[u8], cassettes: &Path, options: &Options) -> Result<Report> {
    let files = files(cassettes)?;
    ensure!(!files.is_empty(), "{}: there is no cassette", cassettes.display());
    let egress = if options.allow_private {
        Egress::anywhere()
    } else {
        Egress::public_only()
    };
    block_on(async {
        let theatre = Theatre::beside(wasm, egress, |_| {}).await?;
        let manifest = theatre.plugin.manifest();
        let mut report = Report {
            plugin: format!("{} {}", manifest.id, manifest.version),
            kept: 0,
            recorded: Vec::new(),
            failed: Vec::new(),
        };
        let recorder = Recorder {
            theatre: &theatre,
            options,
        };
        for file in files {
            recorder.file(&file, &mut report).await?;
        }
        Ok(report)
    })
}

struct Recorder<'a> {
    theatre: &'a Theatre,
    options: &'a Options,
}

impl Recorder<'_> {
    /// Records the lines of a file and writes it, with the others as they were.
    async fn file(&self, file: &Path, report: &mut Report) -> Result<()> {
        let shown = file.display();
        let text = fs::read_to_string(file).with_context(|| shown.to_string())?;
        let mut written = String::with_capacity(text.len());
        let before = report.recorded.len();
        for (number, old) in text.lines().enumerate() {
            let new = if old.trim().is_empty() {
                None
            } else {
                let place = format!("{shown}:{}", number + 1);
                let line = serde_json::from_str(old).with_context(|| format!("{place}: not a cassette"))?;
                self.line(Recorded { place, line }, report).await
            };
            written += new.as_deref().unwrap_or(old);
            written.push('\n');
        }
        if report.recorded.len() > before {
            replace(file, &written)?;
        }
        Ok(())
    }

    /// The line's new text, if it has one.
    async fn line(&self, recorded: Recorded, report: &mut Report) -> Option<String> {
        if recorded.line.is_recorded() && !self.options.all {
            report.kept += 1;
            return None;
        }
        let (place, name) = (recorded.place.clone(), recorded.line.name.clone());
        match self.take(recorded).await {
            Ok((text, requests)) => {
                report.recorded.push(Taken {
                    place,
                    name,
                    requests,
                });
                Some(text)
            }
            Err(error) => {
                let reason = format!("{error:#}");
                report.failed.push(Failed { place, name, reason });
                None
            }
        }
    }

    async fn take(&self, recorded: Recorded) -> Result<(String, usize)> {
        let kind = self.theatre.plugin.manifest().kind;
        let Recorded { place, mut line } = recorded;
        let export = Recorded {
            place: place.clone(),
            line: line.clone(),
        }
        .export(kind)
        .with_context(|| format!("a {kind} exports no «{}»", line.export))?;
        let real = self.secrets(&mut line, export)?;
        let (answers, requests) = if !asks_network(export, &line) {
            (line.answers().map_err(anyhow::Error::msg)?, 0)
        } else {
            if line.clock == 0 {
                line.clock = now();
            }
            let answers = self.ask(export, &line, &real).await?;
            let requests = answers.len();
            (answers, requests)
        };
        let scene = scene(&line, line.secrets.clone(), Script::Answers(answers))?;
        let played = self.theatre.play(export, &line.input, &scene).await?;
        ensure!(
            played.complaints.is_empty(),
            "with the invented secrets of the line it asks otherwise: {}",
            played.complaints.join("; ")
        );
        line.take(&played.exchanges, played.answer?, &played.stored);
        let again = Recorded { place, line };
        if let Err(reason) = replay_one(self.theatre, &again).await {
            bail!("what was recorded cannot be replayed:\n{reason}");
        }
        let text = serde_json::to_string(&again.line)?;
        if let Some(name) = secrets::leaked(&text, &real) {
            bail!(
                "the secret «{name}» would stand in the cassette: in an answer in a form that cannot be taken out, or in the line \
                 itself, where an invented one belongs"
            );
        }
        Ok((text, requests))
    }

    /// The real secrets for a line, whose own ones are completed with invented ones.
    fn secrets(&self, line: &mut Line, export: Export) -> Result<BTreeMap<String, String>> {
        let mut real = BTreeMap::new();
        if !asks_network(export, line) {
            return Ok(real);
        }
        let schema = &self.theatre.plugin.descriptor().config_schema;
        for name in secret_names(schema) {
            if let Some(secret) = self.options.secrets.get(name) {
                real.insert(name.to_owned(), secret.to_owned());
                let invented = line.secrets.entry(name.to_owned());
                invented.or_insert_with(|| format!("invented-{name}"));
            } else if line.secrets.contains_key(name) {
                bail!(
                    "the real «{name}» is needed: set {}, or name a file with the line {name} = \"…\" by --secrets",
                    secrets::variable(name)
                );
            }
        }
        Ok(real)
    }

    /// Makes the call on the network and gives what came back, without secrets.
    async fn ask(&self, export: Export, line: &Line, real: &BTreeMap<String, String>) -> Result<Vec<Given>> {
        let has_files = line.input.get("files").and_then(Value::as_array);
        ensure!(
            has_files.is_none_or(Vec::is_empty),
            "a message with files cannot be recorded, as a cassette does not hold their bytes: write the platform's answers under «http» \
             by hand, each as {{\"response\": …}}, and record again"
        );
        let secrets = line.secrets.iter().chain(real);
        let secrets = secrets
            .map(|(name, secret)| (name.clone(), secret.clone()))
            .collect();
        let played = self
            .theatre
            .play(export, &line.input, &scene(line, secrets, Script::Network)?)
            .await?;
        let mut answers = Vec::new();
        for (request, answer) in played.exchanges {
            match answer {
                Ok(mut answer) => {
                    answer.headers.retain(|(name, _)| !is_dropped(name));
                    answers.push(Ok(answer));
                }
                Err(error) => bail!(
                    "{} {} did not get through: {}{}",
                    request.method,
                    request.url,
                    error.message,
                    hint(&error.message)
                ),
            }
        }
        // A fault on the way is no recording, whatever the answers were.
        played.answer?;
        Ok(answers)
    }
}

/// Whether the platform is to be asked for a line: not if the call may not ask it, nor if its answers were written by hand, which is so
/// if they are there and the expectation is not.
fn asks_network(export: Export, line: &Line) -> bool {
    let may_ask = matches!(
        export,
        Export::Check
            | Export::Poll
            | Export::Send
            | Export::Perform
            | Export::ResolveMedia
            | Export::CallTool
    );
    let is_scripted = !line.is_recorded() && line.answers().is_ok_and(|answers| !answers.is_empty());
    may_ask && !is_scripted
}

fn scene(line: &Line, secrets: BTreeMap<String, String>, script: Script) -> Result<Scene> {
    Ok(Scene {
        config: line.config.clone(),
        secrets,
        stored: line.stored().map_err(anyhow::Error::msg)?,
        clock: line.clock,
        script,
    })
}

fn is_dropped(header: &str) -> bool {
    DROPPED.contains(&header) || header.starts_with("cf-") || header.starts_with("access-control-")
}

/// What to do about an address that is refused.
fn hint(message: &str) -> &'static str {
    if message.contains("private network") {
        "; --allow-private lets a server of your own be asked"
    } else if message.contains("granted") {
        "; name it under requests.hosts in omnichat.plugin.toml"
    } else {
        ""
    }
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// Writes a file as a whole or not at all.
fn replace(file: &Path, text: &str) -> Result<()> {
    let folder = file.parent().map_or_else(PathBuf::new, Path::to_path_buf);
    let write = || -> std::io::Result<()> {
        let mut new = tempfile::NamedTempFile::new_in(&folder)?;
        new.write_all(text.as_bytes())?;
        new.as_file().set_permissions(fs::metadata(file)?.permissions())?;
        new.persist(file).map_err(|error| error.error)?;
        Ok(())
    };
    write().with_context(|| format!("cannot write {}", file.display()))
}
