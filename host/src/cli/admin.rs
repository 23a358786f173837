//! `omnichat admin`.

use std::io::{BufRead, IsTerminal, Stdin};

use anyhow::{Context, bail};
use clap::Subcommand;
use omnichat_core::Engine;
use omnichat_core::actor::{Actor, Role};
use omnichat_core::operators::{NewOperator, Operator, OperatorPatch};
#[cfg(unix)]
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

use super::tenant::{address, found};
use super::{Common, block_on};
use crate::auth::password::Passwords;
use crate::config::Config;
use crate::{boot, telemetry};

/// Make and mend administrators
#[derive(Debug, Subcommand)]
pub(super) enum Admin {
    /// Make an administrator; the first one comes with its organisation
    ///
    /// The password is read from the first line of standard input; with an empty one a link to set it is printed instead.
    Create {
        /// The e-mail address to sign in with
        #[arg(long)]
        email: String,
        /// The name that others see
        #[arg(long)]
        name: String,
        /// The organisation, needed for the first administrator and where there are several
        #[arg(long)]
        organisation: Option<String>,
    },
    /// Give somebody a new password, and end their sessions and invitations
    ///
    /// The password is read from the first line of standard input; with an empty one it is made up and printed.
    ResetPassword {
        /// The e-mail address
        #[arg(long)]
        email: String,
        /// The organisation, where the address is known to several
        #[arg(long)]
        organisation: Option<String>,
    },
}

impl Admin {
    pub(super) fn run(&self, common: &Common) -> anyhow::Result<()> {
        let config = common.load(&[])?;
        telemetry::logs::start(&config.log)?;
        let password = read_password()?;
        block_on(async {
            let engine = match self {
                Self::Create { .. } => boot::engine(&config).await?,
                Self::ResetPassword { .. } => boot::existing_engine(&config).await?,
            };
            let done = match self {
                Self::Create {
                    email,
                    name,
                    organisation,
                } => create(&config, &engine, email, name, organisation.as_deref(), &password).await,
                Self::ResetPassword { email, organisation } => {
                    reset(&config, &engine, email, organisation.as_deref(), &password).await
                }
            };
            engine.close().await?;
            done
        })
    }
}

async fn create(
    config: &Config,
    engine: &Engine,
    email: &str,
    name: &str,
    organisation: Option<&str>,
    password: &str,
) -> anyhow::Result<()> {
    let tenant = found(engine, organisation).await?;
    let password_hash = match password.is_empty() {
        true if tenant.is_none() => bail!("the first administrator needs a password on standard input"),
        true => None,
        false => Some(hash(config, password, email).await?),
    };
    let new = NewOperator {
        name: name.to_owned(),
        email: email.to_owned(),
        role: Role::Admin.into(),
        capacity: 10,
        locale: None,
        password_hash,
    };
    let Some(tenant) = tenant else {
        let organisation = organisation.context("--organisation is needed for the first administrator")?;
        let (tenant, operator) = engine
            .tenants()
            .create(organisation, new)
            .await
            .map_err(explained)?;
        say!("{} is the owner of {}", operator.email, tenant.name);
        return Ok(());
    };
    let actor = Actor::system(tenant.id, "cli");
    let (operator, token) = engine.operators().create(&actor, new).await.map_err(explained)?;
    say!("{} is an administrator of {}", operator.email, tenant.name);
    if let Some(token) = token {
        say!("Set the password with this link; it works once, for seven days:");
        say!("  {}/invite#{token}", address(config));
    }
    Ok(())
}

async fn reset(
    config: &Config,
    engine: &Engine,
    email: &str,
    organisation: Option<&str>,
    password: &str,
) -> anyhow::Result<()> {
    let operator = operator(engine, email, organisation).await?;
    let made_up = password
        .is_empty()
        .then(|| hex::encode(rand::random::<[u8; 12]>()));
    let password = made_up.as_deref().unwrap_or(password);
    let patch = OperatorPatch {
        password_hash: Some(hash(config, password, &operator.email).await?),
        ..OperatorPatch::default()
    };
    let actor = Actor::system(operator.tenant, "cli");
    engine
        .operators()
        .update(&actor, operator.id, patch)
        .await
        .map_err(explained)?;
    match made_up {
        Some(password) => say!("The password of {} is now {password}", operator.email),
        None => say!("{} has a new password", operator.email),
    }
    if operator.disabled {
        aside!(
            "{} is disabled and stays so: an administrator lets them in again under Team",
            operator.email
        );
    }
    Ok(())
}

async fn operator(engine: &Engine, email: &str, organisation: Option<&str>) -> anyhow::Result<Operator> {
    let mut known = engine.operators().by_email(&email.trim().to_lowercase()).await?;
    if let Some(tenant) = match organisation {
        Some(_) => found(engine, organisation).await?,
        None => None,
    } {
        known.retain(|operator| operator.tenant == tenant.id);
    }
    match known.len() {
        1 => Ok(known.remove(0)),
        0 => bail!("nobody has this e-mail address"),
        _ => bail!("several organisations know this e-mail address: name one with --organisation"),
    }
}

async fn hash(config: &Config, password: &str, email: &str) -> anyhow::Result<String> {
    Passwords::new(&config.auth)?
        .hash_new(password, email, "password")
        .await
        .map_err(explained)
}

fn read_password() -> anyhow::Result<String> {
    let stdin = std::io::stdin();
    let mut line = String::new();
    if stdin.is_terminal() {
        aside!("Password (empty for none; it does not show):");
        let _silent = Silent::begin(&stdin)?;
        stdin.lock().read_line(&mut line)?;
    } else {
        stdin.lock().read_line(&mut line)?;
    }
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// A terminal that does not show what is typed, until this is dropped.
struct Silent<'a> {
    #[cfg(unix)]
    terminal: &'a Stdin,
    #[cfg(unix)]
    before: Termios,
    #[cfg(not(unix))]
    _terminal: std::marker::PhantomData<&'a Stdin>,
}

#[cfg(unix)]
impl<'a> Silent<'a> {
    fn begin(terminal: &'a Stdin) -> anyhow::Result<Self> {
        let before = tcgetattr(terminal).context("the terminal cannot be asked")?;
        let mut silent = before.clone();
        silent.local_modes.remove(LocalModes::ECHO);
        silent.local_modes.insert(LocalModes::ECHONL);
        tcsetattr(terminal, OptionalActions::Flush, &silent)
            .context("the terminal would show the password: give it on standard input")?;
        Ok(Self { terminal, before })
    }
}

#[cfg(unix)]
impl Drop for Silent<'_> {
    fn drop(&mut self) {
        // A terminal that has gone away shows nothing either.
        let _ = tcsetattr(self.terminal, OptionalActions::Now, &self.before);
    }
}

#[cfg(not(unix))]
impl Silent<'_> {
    fn begin(_: &Stdin) -> anyhow::Result<Self> {
        bail!("this terminal would show the password: give it on standard input")
    }
}

fn explained(error: omnichat_core::Error) -> anyhow::Error {
    anyhow::anyhow!("{}", error.message())
}
