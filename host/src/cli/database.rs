//! `omnichat database`.

use clap::Subcommand;

use super::{Common, block_on};
use crate::{boot, telemetry};

/// Look after the database
#[derive(Debug, Subcommand)]
pub(super) enum Database {
    /// Say that the database was restored from a copy, before the host is started again
    ///
    /// The numbers of events after the copy are given out again; everybody who has seen the first ones fetches anew.
    Restored,
}

impl Database {
    pub(super) fn run(&self, common: &Common) -> anyhow::Result<()> {
        let config = common.load(&[])?;
        telemetry::logs::start(&config.log)?;
        block_on(async {
            let engine = boot::existing_engine(&config).await?;
            let Self::Restored = self;
            let done = engine.tenants().restored().await;
            engine.close().await?;
            done?;
            say!("everybody who follows the event log fetches everything anew");
            Ok(())
        })
    }
}
