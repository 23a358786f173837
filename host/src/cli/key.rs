//! `omnichat key`.

use std::time::Duration;

use clap::Subcommand;
use clap::builder::PossibleValuesParser;
use omnichat_core::Engine;
use omnichat_core::actor::{Actor, Permission, Permissions};
use omnichat_core::api_keys::{NOT_FOR_KEYS, NewApiKey};
use omnichat_core::id::{ApiKeyId, InboxId};

use super::host_key::RotateHost;
use super::plugin::said;
use super::tenant::chosen;
use super::{Common, block_on};
use crate::{boot, telemetry};

/// Make and revoke the API keys of programs, and renew the host's own key
#[derive(Debug, Subcommand)]
pub(super) enum Key {
    /// Make an API key; standard output gets the key alone, and nobody can see it again
    Create {
        /// The name under which the program will act
        #[arg(long)]
        name: String,
        /// What it may do; may come several times
        #[arg(long = "permission", value_name = "RIGHT", required = true, value_parser = PossibleValuesParser::new(names()))]
        permissions: Vec<String>,
        /// An inbox to which it is confined; may come several times [default: every inbox]
        #[arg(long = "inbox", value_name = "ID")]
        inboxes: Vec<InboxId>,
        /// After how many days it ends
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u64).range(1..=731))]
        days: u64,
        /// The organisation, where there are several
        #[arg(long)]
        organisation: Option<String>,
    },
    /// List the API keys: id, state, last use, end, name
    List {
        /// The organisation, where there are several
        #[arg(long)]
        organisation: Option<String>,
    },
    /// Revoke an API key for good
    Revoke {
        /// Its id, as `omnichat key list` shows it
        id: ApiKeyId,
        /// The organisation, where there are several
        #[arg(long)]
        organisation: Option<String>,
    },
    RotateHost(RotateHost),
}

/// The rights that a key can hold.
fn names() -> Vec<&'static str> {
    let all = Permission::BUILT_IN.iter();
    all.filter(|right| !NOT_FOR_KEYS.contains(right))
        .map(|right| right.name())
        .collect()
}

impl Key {
    pub(super) fn run(&self, common: &Common) -> anyhow::Result<()> {
        if let Self::RotateHost(rotation) = self {
            return rotation.run(common);
        }
        let config = common.load(&[])?;
        telemetry::logs::start(&config.log)?;
        block_on(async {
            let engine = boot::existing_engine(&config).await?;
            let done = self.act(&engine).await;
            engine.close().await?;
            done
        })
    }

    async fn act(&self, engine: &Engine) -> anyhow::Result<()> {
        match self {
            Self::Create {
                name,
                permissions,
                inboxes,
                days,
                organisation,
            } => {
                let actor = actor(engine, organisation.as_deref()).await?;
                let now = engine.now();
                let new = NewApiKey {
                    name: name.clone(),
                    permissions: rights(permissions),
                    inboxes: inboxes.clone(),
                    expires_at: Some(now.after(Duration::from_secs(days * 24 * 3_600))),
                };
                let (made, token) = engine.api_keys().create(&actor, new).await.map_err(said)?;
                aside!(
                    "the key {} ends at {}; keep it, it is not shown again:",
                    made.key.id,
                    made.key.expires_at
                );
                say!("{}", token.expose());
            }
            Self::List { organisation } => {
                let actor = actor(engine, organisation.as_deref()).await?;
                for shown in engine.api_keys().list(&actor).await.map_err(said)? {
                    let used = shown.last_used_at.map_or("never".to_owned(), |at| at.to_string());
                    let (key, state) = (&shown.key, shown.state.name());
                    say!(
                        "{}  {state:<9}  {used:<20}  {}  {}",
                        key.id,
                        key.expires_at,
                        key.name
                    );
                }
            }
            Self::Revoke { id, organisation } => {
                let actor = actor(engine, organisation.as_deref()).await?;
                engine.api_keys().revoke(&actor, *id).await.map_err(said)?;
                say!("{id} is revoked");
            }
            Self::RotateHost(_) => {}
        }
        Ok(())
    }
}

async fn actor(engine: &Engine, organisation: Option<&str>) -> anyhow::Result<Actor> {
    Ok(Actor::system(chosen(engine, organisation).await?.id, "cli"))
}

fn rights(names: &[String]) -> Permissions {
    names.iter().cloned().collect()
}
