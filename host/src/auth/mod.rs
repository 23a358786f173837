//! Who may come in: passwords, short access tokens, slowing down of guesses, the link of the first start.
//!
//! Signing in begins a session in the core (`engine.sessions()`), whose refresh token lives long and is replaced at each use;
//! here an access token is made for it, which lasts minutes. [`Auth::admit`] turns one, or an API key, back into an actor and
//! looks at what is behind it again every few seconds, so that a sign-out, a disabled operator, another role, other rights of a role or
//! a revoked key takes effect at once and not when the token ends.

mod admission;
pub mod cookies;
mod devices;
mod keys;
mod limits;
pub mod password;
mod recent;
pub mod setup;
mod throttle;
mod token;

pub use admission::{Admitted, Grant};
pub use limits::{Attempt, Caller, Limits};
pub use token::Claims;

use std::sync::Arc;

use omnichat_core::Engine;
use omnichat_core::actor::Actor;
use omnichat_core::entities::Entity;
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::event::bus::Signal;
use omnichat_core::event::{Ephemeral, Event};
use omnichat_core::id::{SessionId, TenantId};
use omnichat_core::operators::Operator;
use omnichat_core::roles::OwnRole;
use omnichat_core::sessions::{RefreshToken, Session};
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

use crate::config::{AuthConfig, RateLimitConfig};
use crate::keys::HostKey;
use keys::Keys;
use password::{Passwords, Queue};
use recent::Recent;
use token::AccessTokens;

/// Tenants in which one e-mail address may have an operator, for signing in by it.
const MOST_OPERATORS: usize = 8;

/// Passwords, tokens and what slows guesses down.
pub struct Auth {
    engine: Engine,
    tokens: AccessTokens,
    passwords: Passwords,
    limits: Limits,
    recent: Recent<SessionId, Actor>,
    keys: Keys,
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
    pub fn new(
        engine: Engine,
        key: &HostKey,
        config: &AuthConfig,
        limits: RateLimitConfig,
    ) -> anyhow::Result<Self> {
        Ok(Self {
            engine,
            keys: Keys::new(limits),
            tokens: AccessTokens::new(&key.derive_all("access-token"), config.access_time()),
            passwords: Passwords::new(config)?,
            limits: Limits::new(key.derive_all("known-devices"), config),
            recent: Recent::default(),
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

    /// Who has this e-mail address and password, in one organisation or in whichever it is. An unknown address costs as much
    /// time as a wrong password; both may have to wait, see [`Limits`].
    ///
    /// # Errors
    /// As in [`Refused`]; a store that fails is no wrong attempt. `Invalid` on `organisation_id` where address and password are
    /// right for several: it names them.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &str,
        organisation: Option<TenantId>,
        caller: Caller<'_>,
    ) -> Result<Operator, Refused> {
        let email = email.trim().to_lowercase();
        let mut found = self.engine.operators().by_email(&email).await?;
        found.retain(|operator| organisation.is_none_or(|id| operator.tenant == id));
        found.truncate(MOST_OPERATORS);
        // Those at whom a password can be guessed.
        let open = |operator: &&Operator| operator.password_hash.is_some() && !operator.disabled;
        let mut operators: Vec<Operator> = found.iter().filter(open).cloned().collect();
        let now = self.engine.now();
        let mut too_many = None;
        let attempt = match self.limits.sign_in(&email, &operators, caller, now).await {
            Ok(attempt) => attempt,
            // Strangers' turns are used up. Who is known to one of them gets in there: that another organisation has the same
            // address must not keep anybody out.
            Err(error) => {
                let knowing = self.limits.knowing(&operators, caller, now);
                if knowing.is_empty() || knowing.len() == operators.len() {
                    return Err(error.into());
                }
                operators = knowing;
                too_many = Some(error);
                self.limits.sign_in(&email, &operators, caller, now).await?
            }
        };
        let mut right = match self.right(&operators, password, attempt.queue()).await {
            Ok(right) => right,
            Err(error) => {
                attempt.take_back();
                return Err(error.into());
            }
        };
        if right.is_empty() {
            return Err(too_many.map_or(Refused::Wrong(found), Refused::Error));
        }
        attempt.succeeded_for(&right);
        if right.len() > 1 {
            return Err(self.choose(&right).await?.into());
        }
        right.pop().ok_or_else(|| Refused::Wrong(found))
    }

    /// For which of them the password is right. Takes some time if there are none, too.
    async fn right(&self, operators: &[Operator], password: &str, queue: Queue) -> Result<Vec<Operator>> {
        let mut right = Vec::new();
        for operator in operators {
            let hash = operator.password_hash.as_deref().unwrap_or_default();
            if self.passwords.verify(queue, password, hash).await? {
                right.push(operator.clone());
            }
        }
        if operators.is_empty() {
            self.passwords.waste(queue, password).await?;
        }
        Ok(right)
    }

    /// Asks somebody who is right in several organisations which of them is meant.
    async fn choose(&self, right: &[Operator]) -> Result<Error> {
        let mut error = Error::new(
            ErrorKind::Invalid,
            "this address and password are right in several organisations: choose one",
        );
        for tenant in self.engine.tenants().list().await? {
            if right.iter().any(|operator| operator.tenant == tenant.id) {
                error = error.with_field("organisation_id", &tenant.id.to_string(), tenant.name);
            }
        }
        Ok(error)
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
        let (access, expires_in) = self.tokens.issue(&operator, session.id, self.engine.now())?;
        Ok(SignedIn {
            operator,
            session,
            refresh,
            access,
            expires_in,
        })
    }

    /// Checks the signature and the end of an access token. Who it names may have been disabled since: ask
    /// [`Auth::actor_of`] before anything is done in their name.
    fn verify_access_token(&self, token: &str) -> Result<Claims> {
        self.tokens.verify(token, self.engine.now())
    }

    /// The operator of a session, as it is now.
    async fn actor_of(&self, claims: &Claims) -> Result<Actor> {
        let now = self.engine.now();
        match self.recent.get(&claims.session, now) {
            Some(actor) => Ok(actor),
            None => self.look_at(claims).await,
        }
    }

    /// As [`Auth::actor_of`], for whoever knows that something has changed: it asks the store in any case.
    async fn look_at(&self, claims: &Claims) -> Result<Actor> {
        let (now, round) = (self.engine.now(), self.recent.round());
        let sessions = self.engine.sessions();
        let operator = sessions
            .check(claims.tenant, claims.operator, claims.session)
            .await?;
        let actor = self.engine.operators().actor(&operator).await?;
        self.recent.put(claims.session, actor.clone(), now, round);
        Ok(actor)
    }

    /// Looks at everybody anew at their next request: something changed just now.
    pub fn forget_seen(&self) {
        self.recent.clear();
        self.keys.forget();
    }

    /// As [`Auth::forget_seen`], where entities of a kind say what somebody may do.
    pub fn entity_changed(&self, kind: &str) {
        if gives_rights(kind) {
            self.forget_seen();
        }
    }

    /// Looks at everybody anew whenever the bus says that somebody's rights may have changed, until the host is going down. Who
    /// changes something calls [`Auth::forget_seen`] as well, so that it holds before the answer; but a request may be broken
    /// off before that, and other nodes change things too.
    pub async fn listen(self: Arc<Self>, closing: CancellationToken) {
        let mut signals = self.engine.signals();
        loop {
            let heard = tokio::select! {
                () = closing.cancelled() => return,
                heard = signals.recv() => heard,
            };
            let changed = match heard {
                Ok(Signal::Committed { events, .. }) => {
                    events.iter().any(|envelope| changes_rights(&envelope.event))
                }
                Ok(Signal::Ephemeral { ephemeral, .. }) => matches!(ephemeral, Ephemeral::SignedOut { .. }),
                Ok(_) => false,
                Err(RecvError::Lagged(_)) => true,
                Err(RecvError::Closed) => return closing.cancelled().await,
            };
            if changed {
                self.forget_seen();
            }
        }
    }
}

/// Whether somebody may do something else from this event on.
fn changes_rights(event: &Event) -> bool {
    match event {
        Event::OperatorUpdated { .. } | Event::ApiKeyUpdated { .. } => true,
        Event::EntityChanged { kind, .. } => gives_rights(kind),
        _ => false,
    }
}

/// Whether entities of a kind say what somebody may do.
fn gives_rights(kind: &str) -> bool {
    kind == OwnRole::KIND
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

#[cfg(test)]
mod tests {
    use omnichat_core::actor::Role;
    use omnichat_core::clock::SystemClock;
    use omnichat_core::id::TenantId;
    use omnichat_core::operators::{NewOperator, Operator, build};

    /// Somebody of an organisation of their own.
    pub(super) fn operator() -> Operator {
        let new = NewOperator {
            name: "Anna".to_owned(),
            email: "anna@example.org".to_owned(),
            role: Role::Operator.into(),
            capacity: 5,
            locale: None,
            password_hash: None,
        };
        build(&SystemClock, TenantId::generate(&SystemClock), new).unwrap()
    }
}
