//! `omnichat migrate`.

use super::{Common, block_on};
use crate::{boot, telemetry};

/// Opening a store brings its schema up to date.
pub(super) fn run(common: &Common) -> anyhow::Result<()> {
    let config = common.load(&[])?;
    telemetry::logs::start(&config.log)?;
    block_on(async {
        let engine = boot::engine(&config).await?;
        let store = &engine.ports().store;
        store.ping().await?;
        say!("the {} store is up to date", store.name());
        store.close().await?;
        Ok(())
    })
}
