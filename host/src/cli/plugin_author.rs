//! `omnichat plugin new | sdk | build | test | check`: what authors of plugins use. No host is needed, and none is touched.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Subcommand;
use omnichat_plugin_kit::{Kind, Language, build, check, new, record, sdk, test};

/// What authors of plugins use
#[derive(Debug, Subcommand)]
pub(super) enum Author {
    /// Write the files of a first plugin into a new folder: a small one that works
    New {
        /// Its id, also the name of the folder: small letters, digits and hyphens
        name: String,
        /// What it is: channel (connects a platform), scenario (a bot) or tool (functions for bots and AI)
        #[arg(long, default_value = "channel")]
        kind: Kind,
        /// The language: rust, js or python
        #[arg(long, default_value = "rust")]
        language: Language,
        /// The name that people see [default: made from NAME]
        #[arg(long)]
        title: Option<String>,
        /// The folder of the SDK in a checkout, PATH/plugins/sdk [default: the SDK of this binary, written into the plugin's folder]
        #[arg(long, value_name = "PATH")]
        sdk: Option<PathBuf>,
        /// Copy the contract's texts into the folder wit, too; with js and python they are there in any case
        #[arg(long)]
        wit: bool,
    },
    /// Write the SDK of this binary into a plugin's folder anew: after an upgrade
    Sdk {
        /// The folder with omnichat.plugin.toml
        #[arg(default_value = ".")]
        folder: PathBuf,
    },
    /// Build the plugin in a folder into one file
    Build {
        /// The folder with omnichat.plugin.toml
        #[arg(default_value = ".")]
        folder: PathBuf,
        /// Where the component goes [default: FOLDER/ID.wasm]
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// Run the plugin's own tests, build it, and replay its recorded calls on what was built
    Test {
        /// The folder with omnichat.plugin.toml
        #[arg(default_value = ".")]
        folder: PathBuf,
        /// First ask the real platform what recorded calls without `expect` do not say, and write its answers into the cassettes.
        /// Secrets are taken from variables such as OMNICHAT_SECRET_TOKEN and are written nowhere
        #[arg(long)]
        record: bool,
        /// Record every call anew, also those that say what to expect
        #[arg(long, requires = "record")]
        all: bool,
        /// A TOML file with the real secrets, NAME = "SECRET" a line; keep it out of your sources
        #[arg(long, value_name = "FILE", requires = "record")]
        secrets: Option<PathBuf>,
        /// Let private addresses be asked: a server of your own
        #[arg(long, requires = "record")]
        allow_private: bool,
    },
    /// Check a built plugin against everything that a host relies on
    Check {
        /// The component
        file: PathBuf,
        /// Recorded calls to check it with: a file or a folder [default: the folder cassettes beside FILE, if it is there]
        #[arg(long, value_name = "PATH")]
        cassettes: Option<PathBuf>,
        /// How many times the processor time that a host allows: for a machine that is busy with other things
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
        slack: u32,
        /// Print JSON instead of a table
        #[arg(long)]
        json: bool,
    },
}

impl Author {
    pub(super) fn run(&self) -> anyhow::Result<()> {
        match self {
            Self::New {
                name,
                kind,
                language,
                title,
                sdk,
                wit,
            } => {
                let plugin = new::NewPlugin {
                    id: name,
                    kind: *kind,
                    language: *language,
                    title: title.as_deref(),
                    sdk: sdk.as_deref(),
                    wit: *wit,
                };
                new::plugin(Path::new("."), &plugin)?;
                say!(
                    "{name}/ is {} that works. Next:\n  cd {name}\n  omnichat plugin test\n  omnichat plugin check {name}.wasm",
                    kind.described()
                );
                Ok(())
            }
            Self::Sdk { folder } => {
                let written = sdk::renew(folder)?;
                say!(
                    "{} is that of omnichat {}",
                    written.display(),
                    env!("CARGO_PKG_VERSION")
                );
                if Language::of(folder)? == Language::Rust && !sdk::is_used_by(folder)? {
                    say!(
                        "Cargo.toml does not use it yet: write there\n  omnichat-plugin-sdk = {}",
                        sdk::dependency()
                    );
                }
                Ok(())
            }
            Self::Build { folder, output } => {
                let built = build::build(folder, &build::Options::default())?;
                write(folder, output.as_deref(), &built)
            }
            Self::Test {
                folder,
                record,
                all,
                secrets,
                allow_private,
            } => {
                if *record {
                    let options = record::Options {
                        all: *all,
                        secrets: record::Secrets::of(secrets.as_deref(), std::env::vars())?,
                        allow_private: *allow_private,
                    };
                    let report = record::run(folder, &build::Options::default(), &options)?;
                    if !report.is_ok() {
                        bail!("{report}");
                    }
                    say!("{report}");
                }
                let tested = test::run(folder, &build::Options::default())?;
                write(folder, None, &tested.built)?;
                match tested.replayed {
                    None => say!("no folder cassettes: nothing was replayed on the built plugin"),
                    Some(report) if report.is_ok() => say!("{report}"),
                    Some(report) => bail!("{report}"),
                }
                Ok(())
            }
            Self::Check {
                file,
                cassettes,
                slack,
                json,
            } => {
                let options = check::Options {
                    cassettes: cassettes.clone().or_else(|| beside(file)),
                    slack: *slack,
                    ..check::Options::default()
                };
                let wasm = std::fs::read(file).with_context(|| file.display().to_string())?;
                let report = check::run(&wasm, &options)?;
                if *json {
                    say!("{}", serde_json::to_string_pretty(&report)?);
                } else {
                    say!("{report}");
                }
                if !report.is_ok() {
                    bail!("{} does not pass", file.display());
                }
                Ok(())
            }
        }
    }
}

fn write(folder: &Path, output: Option<&Path>, built: &build::Built) -> anyhow::Result<()> {
    let file = output.map_or_else(|| folder.join(format!("{}.wasm", built.id)), Path::to_path_buf);
    std::fs::write(&file, &built.wasm).with_context(|| file.display().to_string())?;
    say!(
        "{}: {} kB, built with {}",
        file.display(),
        built.wasm.len() / 1000,
        built.by
    );
    Ok(())
}

/// The recorded calls beside a component.
fn beside(file: &Path) -> Option<PathBuf> {
    let folder = file.parent()?.join("cassettes");
    folder.is_dir().then_some(folder)
}
