//! `omnichat config`.

use std::process::ExitCode;

use clap::Subcommand;

use super::Common;

/// Check or show the configuration
#[derive(Clone, Copy, Debug, Subcommand)]
pub(super) enum ConfigCommand {
    /// Read the configuration as `serve` would, and say what is wrong with it
    Check,
    /// Print every setting with its value; secrets are left out
    Show,
}

impl ConfigCommand {
    pub(super) fn run(self, common: &Common) -> anyhow::Result<ExitCode> {
        let config = common.load(&[])?;
        match self {
            Self::Check => say!("the configuration is right"),
            Self::Show => say!("{}", toml::to_string(&config)?.trim_end()),
        }
        Ok(ExitCode::SUCCESS)
    }
}
