//! `omnichat tenant`.

use anyhow::bail;
use clap::Subcommand;
use omnichat_core::Engine;
use omnichat_core::actor::{Actor, Role};
use omnichat_core::operators::NewOperator;
use omnichat_core::tenants::Tenant;

use super::plugin::said;
use super::{Common, block_on};
use crate::config::Config;
use crate::{boot, telemetry};

/// Found organisations, each apart from the others
#[derive(Debug, Subcommand)]
pub(super) enum TenantCommand {
    /// Found an organisation; standard output gets the link with which its owner comes in, once, within seven days
    Create {
        /// The organisation's name; no other on this host may have it
        #[arg(long)]
        name: String,
        /// The owner's e-mail address
        #[arg(long, value_name = "E-MAIL")]
        owner: String,
        /// The owner's name (default: the e-mail address up to the @)
        #[arg(long)]
        owner_name: Option<String>,
    },
    /// List the organisations: id, when it was founded, name
    List,
}

impl TenantCommand {
    pub(super) fn run(&self, common: &Common) -> anyhow::Result<()> {
        let config = common.load(&[])?;
        telemetry::logs::start(&config.log)?;
        block_on(async {
            let engine = match self {
                Self::Create { .. } => boot::engine(&config).await?,
                Self::List => boot::existing_engine(&config).await?,
            };
            let done = match self {
                Self::Create {
                    name,
                    owner,
                    owner_name,
                } => create(&config, &engine, name.trim(), owner, owner_name.as_deref()).await,
                Self::List => list(&engine).await,
            };
            engine.close().await?;
            done
        })
    }
}

async fn create(
    config: &Config,
    engine: &Engine,
    name: &str,
    owner: &str,
    owner_name: Option<&str>,
) -> anyhow::Result<()> {
    // Commands choose an organisation by its name.
    if engine
        .tenants()
        .list()
        .await?
        .iter()
        .any(|tenant| tenant.name == name)
    {
        bail!("there is an organisation of that name already");
    }
    let new = NewOperator {
        name: owner_name
            .or(owner.split('@').next())
            .unwrap_or_default()
            .to_owned(),
        email: owner.to_owned(),
        role: Role::Owner.into(),
        capacity: 10,
        locale: None,
        password_hash: None,
    };
    let (tenant, operator) = engine.tenants().create(name, new).await.map_err(said)?;
    let actor = Actor::system(tenant.id, "cli");
    let (_, token) = engine
        .operators()
        .invite(&actor, operator.id)
        .await
        .map_err(said)?;
    aside!(
        "{} ({}) is founded; {} comes in with this link:",
        tenant.name,
        tenant.id,
        operator.email
    );
    say!("{}/invite#{token}", address(config));
    Ok(())
}

async fn list(engine: &Engine) -> anyhow::Result<()> {
    for tenant in engine.tenants().list().await? {
        say!("{}  {}  {}", tenant.id, tenant.created_at, tenant.name);
    }
    Ok(())
}

/// The named organisation, or the only one; none if there is none at all.
pub(super) async fn found(engine: &Engine, name: Option<&str>) -> anyhow::Result<Option<Tenant>> {
    let all = engine.tenants().list().await?;
    if all.is_empty() {
        return Ok(None);
    }
    let names: Vec<String> = all.iter().map(|tenant| format!("«{}»", tenant.name)).collect();
    let mut fit = all;
    if let Some(name) = name {
        fit.retain(|tenant| tenant.name == name || tenant.id.to_string() == name);
    }
    match fit.len() {
        1 => Ok(fit.pop()),
        0 => bail!(
            "there is no organisation of that name; there are {}",
            names.join(", ")
        ),
        _ => bail!(
            "there are several organisations: name one with --organisation: {}",
            names.join(", ")
        ),
    }
}

/// As [`found`], where there must be one.
pub(super) async fn chosen(engine: &Engine, name: Option<&str>) -> anyhow::Result<Tenant> {
    match found(engine, name).await? {
        Some(tenant) => Ok(tenant),
        None => bail!("there is no organisation yet: found one with `omnichat tenant create`"),
    }
}

/// Under which address others reach the host, as far as the configuration says it.
pub(super) fn address(config: &Config) -> String {
    match &config.server.public_url {
        Some(url) => url.as_str().trim_end_matches('/').to_owned(),
        None => format!("http://{}", config.server.listen),
    }
}
