//! The command line. Each command is one file; what it prints for its caller goes to standard output, the log to standard
//! error.

#[macro_use]
mod out;

mod admin;
mod channel;
mod config;
mod database;
mod describe;
mod host_key;
mod key;
mod migrate;
mod openapi;
mod plugin;
mod plugin_author;
mod plugin_change;
mod plugin_file;
mod serve;
mod tenant;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory, Parser, Subcommand};

use crate::config::{Config, Sources};

/// OmniChat: a contact centre for messengers and a chat widget, in one program.
#[derive(Debug, Parser)]
#[command(
    name = "omnichat",
    version,
    about,
    propagate_version = true,
    arg_required_else_help = true
)]
#[command(
    after_help = "Start with:  omnichat serve --demo\n\nEvery setting can also be given in omnichat.toml or as a \
    variable: OMNICHAT_SERVER__LISTEN is `listen` of [server]. `omnichat config show` prints them all."
)]
struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// What every command takes.
#[derive(Debug, Args)]
struct Common {
    /// The configuration file [default: omnichat.toml, if it is there]
    #[arg(long, short, global = true, value_name = "FILE", env = "OMNICHAT_CONFIG")]
    config: Option<PathBuf>,
    /// The folder of the database, the files and the host's key [default: ./data]
    #[arg(long, global = true, value_name = "FOLDER")]
    data: Option<String>,
    /// The database: sqlite:FILE, postgres://USER:PASSWORD@HOST/NAME or memory: [default: SQLite in the data folder]
    #[arg(long, global = true, value_name = "URL")]
    store: Option<String>,
    /// What is logged: error, warn, info, debug, trace, or by part: info,omnichat_core=debug [default: info]
    #[arg(long, global = true, value_name = "LEVEL")]
    log: Option<String>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the host: API, console, widget and workers
    Serve(serve::Serve),
    /// Bring the database's schema up to date and end
    Migrate,
    /// Look after the database
    #[command(subcommand, arg_required_else_help = true)]
    Database(database::Database),
    /// Make and mend administrators
    #[command(subcommand, arg_required_else_help = true)]
    Admin(admin::Admin),
    /// Found organisations, each apart from the others
    #[command(subcommand, arg_required_else_help = true)]
    Tenant(tenant::TenantCommand),
    /// Make and revoke the API keys of programs, and renew the host's own key
    #[command(subcommand, arg_required_else_help = true)]
    Key(key::Key),
    /// Look at channels and at what their platforms send
    #[command(subcommand, arg_required_else_help = true)]
    Channel(channel::Channel),
    /// Write, check and look after plugins
    #[command(subcommand, arg_required_else_help = true)]
    Plugin(plugin::Plugin),
    /// Check or show the configuration
    #[command(subcommand, arg_required_else_help = true)]
    Config(config::ConfigCommand),
    /// Print the OpenAPI document of the API
    Openapi,
    /// Print what lets a shell complete the commands
    Completions {
        /// For which shell
        shell: describe::Shell,
    },
    /// Print the manual page
    Man,
    /// Print the version
    Version,
}

impl Common {
    fn load(&self, more: &[(&'static str, Option<String>)]) -> anyhow::Result<Config> {
        let own = [
            ("storage.data", self.data.clone()),
            ("store.url", self.store.clone()),
            ("log.level", self.log.clone()),
        ];
        let flags = own
            .iter()
            .chain(more)
            .filter_map(|(key, value)| Some((*key, value.clone()?)))
            .collect();
        Config::load(&Sources {
            file: self.config.clone(),
            flags,
        })
    }
}

/// Runs the program by its arguments.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let ended = run(cli).and_then(|code| out::finish().map(|()| code));
    match ended {
        Ok(code) => code,
        Err(error) => {
            aside!("omnichat: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let Cli { common, command } = cli;
    match command {
        Command::Serve(serve) => serve.run(&common)?,
        Command::Migrate => migrate::run(&common)?,
        Command::Database(database) => database.run(&common)?,
        Command::Admin(admin) => admin.run(&common)?,
        Command::Tenant(tenant) => tenant.run(&common)?,
        Command::Key(key) => key.run(&common)?,
        Command::Channel(channel) => channel.run(&common)?,
        Command::Plugin(plugin) => plugin.run(&common)?,
        Command::Config(config) => return config.run(&common),
        Command::Openapi => openapi::run()?,
        Command::Completions { shell } => describe::completions(&mut Cli::command(), shell),
        Command::Man => describe::man(Cli::command())?,
        Command::Version => say!("omnichat {}", env!("CARGO_PKG_VERSION")),
    }
    Ok(ExitCode::SUCCESS)
}

/// A runtime for a command that does one thing.
fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?
        .block_on(work)
}
