//! `omnichat key rotate-host`.

use std::time::Duration;

use anyhow::bail;
use clap::Args;
use omnichat_core::Engine;
use omnichat_core::clock::Timestamp;
use omnichat_core::flow::resealing::Resealed;

use super::plugin::said;
use super::{Common, block_on};
use crate::config::Config;
use crate::keys::{HostKey, file};
use crate::{boot, telemetry};

/// How long an address of a shared file can hold, see [`crate::links`], and the widget's of its own.
const LINKS: Duration = Duration::from_secs(9 * 24 * 3_600);

/// Renew the host's own key: a new one is added, and every stored secret sealed with it
///
/// Run it while no host works on the database. What the older keys signed (sessions, visitors, links) goes on holding until they
/// are dropped with --drop. A run that was broken off is finished by the next one.
#[derive(Debug, Args)]
pub(super) struct RotateHost {
    /// Drop the older keys that nothing needs any more, and add none
    #[arg(long)]
    drop: bool,
    /// Drop them even if visitors and links that they signed would still hold: those end
    #[arg(long, requires = "drop")]
    end_tokens: bool,
}

impl RotateHost {
    pub(super) fn run(&self, common: &Common) -> anyhow::Result<()> {
        let config = common.load(&[])?;
        telemetry::logs::start(&config.log)?;
        if config.store_url() == "memory:" {
            bail!("a store that forgets everything keeps no secrets");
        }
        block_on(async {
            // First, since it keeps others away from the file of the keys where the database is a file.
            let engine = boot::existing_engine(&config).await?;
            let done = self.rotate(&config, &engine).await;
            engine.close().await?;
            done
        })
    }

    async fn rotate(&self, config: &Config, engine: &Engine) -> anyhow::Result<()> {
        let mut key = boot::host_key(config)?;
        let path = boot::key_file(config);
        let is_configured = config.auth.host_key.is_some();
        if self.drop {
            let found = reseal(engine, &key).await?;
            return self.drop_older(config, &key, &found, engine.now());
        }
        let found = reseal(engine, &key).await?;
        if found.changed > 0 {
            say!(
                "an earlier renewal is finished: {} inboxes and automations moved to the newest key",
                found.changed
            );
            return Ok(());
        }
        if is_configured {
            if key.replaced().is_empty() {
                bail!(
                    "the key comes from the configuration: put a new one before it in auth.host_key, with a comma \
                    between them, and run this again"
                );
            }
            say!("every secret is sealed with the newest key of the configuration");
            return Ok(());
        }
        key = key.renewed(engine.now());
        // Before the first secret is sealed with it.
        file::replace(&path, &key)?;
        let found = reseal(engine, &key).await?;
        say!(
            "a new key is in {}; the secrets of {} inboxes and automations moved to it",
            path.display(),
            found.changed
        );
        say!("the older ones go with `omnichat key rotate-host --drop`, when nothing needs them any more");
        Ok(())
    }

    fn drop_older(
        &self,
        config: &Config,
        key: &HostKey,
        found: &Resealed,
        now: Timestamp,
    ) -> anyhow::Result<()> {
        let holds = config.widget.token_time().max(LINKS);
        let (mut gone, mut kept) = (Vec::new(), Vec::new());
        for replaced in key.replaced() {
            let id = replaced.vault_id;
            let over = replaced.at.map(|at| at.after(holds));
            if found.in_use.contains_key(&id) {
                kept.push(format!("{id}: stored secrets are sealed with it"));
            } else if over.is_some_and(|over| over <= now) || self.end_tokens {
                gone.push(id);
            } else {
                let until = over.map_or("nobody knows until when".to_owned(), |over| {
                    format!("until {over}")
                });
                kept.push(format!(
                    "{id}: visitors and links that it signed may come back, {until}; --end-tokens ends them"
                ));
            }
        }
        for why in &kept {
            aside!("kept {why}");
        }
        if gone.is_empty() {
            say!("no key was dropped");
            return Ok(());
        }
        if config.auth.host_key.is_some() {
            say!("the configuration may leave out: {}", gone.join(", "));
            return Ok(());
        }
        let path = boot::key_file(config);
        file::replace(&path, &key.without(&gone))?;
        say!("dropped: {}", gone.join(", "));
        Ok(())
    }
}

async fn reseal(engine: &Engine, key: &HostKey) -> anyhow::Result<Resealed> {
    let found = engine.reseal(&key.vault()).await.map_err(said)?;
    for whose in &found.unreadable {
        aside!("{whose} has a secret that no key of this host opens: set it anew");
    }
    if !found.unreadable.is_empty() {
        bail!(
            "no key was added or dropped: {} secrets cannot be opened, perhaps since a key is missing",
            found.unreadable.len()
        );
    }
    Ok(found)
}
