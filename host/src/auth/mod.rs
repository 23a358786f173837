//! Who may come in: passwords, short access tokens, slowing down of guesses, the link of the first start.
//!
//! Signing in begins a session in the core (`engine.sessions()`), whose refresh token lives long and is replaced at each use;
//! here an access token is made for it, which lasts minutes. [`Auth::authenticate`] turns one back into an actor and looks
//! at the session and the operator again every few seconds, so that a sign-out, a disabled operator or another role takes
//! effect at once and not when the token ends.

pub mod cookies;
mod devices;
mod limits;
pub mod password;
mod seen;
pub mod setup;
mod throttle;
mod token;

pub use limits::{Attempt, Caller, Limits};
pub use token::Claims;

use omnichat_core::Engine;
use omnichat_core::actor::Actor;
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::id::SessionId;
use omnichat_core::operators::Operator;
use omnichat_core::sessions::{RefreshToken, Session};

use crate::config::AuthConfig;
use crate::keys::HostKey;
use password::{Passwords, Queue};
use seen::Seen;
use token::AccessTokens;

/// Tenants in which one e-mail address may have an operator, for signing in by it.
const MOST_OPERATORS: usize = 8;

/// Passwords, tokens and what slows guesses down.
pub struct Auth {
    engine: Engine,
    tokens: AccessTokens,
    passwords: Passwords,
    limits: Limits,
    seen: Seen,
}

impl std::fmt::Debug for Auth {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Auth(…)")
    }
}

/// A session that has begun, with what its client needs.
#[derive(Debug)]
pub struct SignedIn {
    /// Who.
    pub operator: Operator,
    /// The session.
    pub session: Session,
    /// What it is renewed with.
    pub refresh: RefreshToken,
    /// What requests carry.
    pub access: String,
    /// How long that lasts, in seconds.
    pub expires_in: u64,
}

impl Auth {
    /// Keys are derived from the host's key.
    ///
    /// # Errors
    /// For numbers that password hashing cannot work with.
    pub fn new(engine: Engine, key: &HostKey, config: &AuthConfig) -> anyhow::Result<Self> {
        Ok(Self {
            engine,
            tokens: AccessTokens::new(&key.derive("access-token"), config.access_time()),
            passwords: Passwords::new(config)?,
            limits: Limits::new(key.derive("known-devices"), config),
            seen: Seen::default(),
        })
    }

    /// Hashing and checking of passwords.
    pub fn passwords(&self) -> &Passwords {
        &self.passwords
    }

    /// What slows guesses down.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Who has this e-mail address and password. An unknown address costs as much time as a wrong password; both may have to
    /// wait, see [`Limits`].
    ///
    /// # Errors
    /// As in [`Refused`]; a store that fails is no wrong attempt.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &str,
        caller: Caller<'_>,
    ) -> Result<Operator, Refused> {
        let email = email.trim().to_lowercase();
        let now = self.engine.ports().now();
        let attempt = self.limits.sign_in(&email, caller, now).await?;
        match self.check(&email, password, attempt.queue()).await {
            Ok(Checked::Right(operator)) => {
                attempt.succeeded();
                Ok(*operator)
            }
            Ok(Checked::Wrong(accounts)) => Err(Refused::Wrong(accounts)),
            Err(error) => {
                attempt.take_back();
                Err(error.into())
            }
        }
    }

    async fn check(&self, email: &str, password: &str, queue: Queue) -> Result<Checked> {
        let found = self.engine.ports().store.operators_by_email(email).await?;
        let (mut tried, mut accounts) = (false, Vec::new());
        for operator in found.into_iter().take(MOST_OPERATORS) {
            accounts.push(operator.clone());
            let hash = operator.password_hash.as_ref().filter(|_| !operator.disabled);
            let Some(hash) = hash else { continue };
            tried = true;
            if self.passwords.verify(queue, password, hash).await? {
                return Ok(Checked::Right(Box::new(operator)));
            }
        }
        if !tried {
            self.passwords.waste(queue, password).await?;
        }
        Ok(Checked::Wrong(accounts))
    }

    /// Begins a session of an operator who has proved who they are.
    pub async fn begin(&self, operator: Operator, client: &str) -> Result<SignedIn> {
        let (session, refresh) = self.engine.sessions().begin(&operator, client).await?;
        self.signed_in(operator, session, refresh)
    }

    /// Renews a session by its refresh token. `from` is where the call comes from, for the audit log.
    ///
    /// # Errors
    /// `Unauthenticated` for an unknown, ended or replaced token; one that was replaced a while ago ends the session.
    pub async fn renew(&self, refresh: &str, from: &str) -> Result<SignedIn> {
        let (session, operator, refresh) = self.engine.sessions().renew(refresh, from).await?;
        self.signed_in(operator, session, refresh)
    }

    fn signed_in(&self, operator: Operator, session: Session, refresh: RefreshToken) -> Result<SignedIn> {
        let (access, expires_in) = self
            .tokens
            .issue(&operator, session.id, self.engine.ports().now())?;
        Ok(SignedIn {
            operator,
            session,
            refresh,
            access,
            expires_in,
        })
    }

    /// Checks the signature and the end of an access token. Who it names may have been disabled since: ask
    /// [`Auth::authenticate`] before anything is done in their name.
    ///
    /// # Errors
    /// `Unauthenticated`.
    pub fn verify_access_token(&self, token: &str) -> Result<Claims> {
        self.tokens.verify(token, self.engine.ports().now())
    }

    /// The operator behind an access token, as it is now, and its session.
    ///
    /// # Errors
    /// `Unauthenticated` for a wrong or expired token, an ended session or a disabled operator.
    pub async fn authenticate(&self, token: &str) -> Result<(Actor, SessionId)> {
        let claims = self.verify_access_token(token)?;
        let actor = self.actor_of(&claims).await?;
        Ok((actor, claims.session))
    }

    /// As [`Auth::authenticate`], for a token that was verified already.
    pub async fn actor_of(&self, claims: &Claims) -> Result<Actor> {
        let now = self.engine.ports().now();
        match self.seen.get(claims.session, now) {
            Some(actor) => Ok(actor),
            None => self.look_at(claims).await,
        }
    }

    /// As [`Auth::actor_of`], for whoever knows that something has changed: it asks the store in any case.
    pub async fn look_at(&self, claims: &Claims) -> Result<Actor> {
        let (now, round) = (self.engine.ports().now(), self.seen.round());
        let sessions = self.engine.sessions();
        let operator = sessions
            .check(claims.tenant, claims.operator, claims.session)
            .await?;
        let actor = operator.actor();
        self.seen.put(claims.session, actor.clone(), now, round);
        Ok(actor)
    }

    /// Looks at everybody anew at their next request: something changed just now.
    pub fn forget_seen(&self) {
        self.seen.clear();
    }
}

/// Whether a password was right.
enum Checked {
    /// It was.
    Right(Box<Operator>),
    /// It was not, for any of those who have the address.
    Wrong(Vec<Operator>),
}

/// Why somebody did not get in.
#[derive(Debug)]
pub enum Refused {
    /// The address or the password is wrong. Those who have the address, for the audit log alone.
    Wrong(Vec<Operator>),
    /// Too many wrong attempts, or something failed.
    Error(Error),
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl From<Refused> for Error {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Wrong(_) => Self::new(
                ErrorKind::Unauthenticated,
                "the e-mail address or the password is wrong",
            ),
            Refused::Error(error) => error,
        }
    }
}
