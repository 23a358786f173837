//! `omnichat migrate`.

use super::{Common, block_on};
use crate::{boot, telemetry};

/// Opening a store brings its schema up to date.
pub(super) fn run(common: &Common) -> anyhow::Result<()> {
    let config = common.load(&[])?;
    telemetry::logs::start(&config.log)?;
    block_on(async {
        let engine = boot::engine(&config).await?;
        engine.ping().await?;
        say!("the {} store is up to date", engine.store_name());
        engine.close().await?;
        Ok(())
    })
}
