//! Who may come in: passwords, short access tokens, throttling, the link of the first start.
//!
//! Signing in begins a session in the core (`engine.sessions()`), whose refresh token lives long and is replaced at each use;
//! here an access token is made for it, which lasts minutes. [`Auth::authenticate`] turns one back into an actor and looks
//! at the session and the operator again every few seconds, so that a sign-out, a disabled operator or another role takes
//! effect at once and not when the token ends.

pub mod cookies;
pub mod password;
mod seen;
pub mod setup;
mod throttle;
mod token;

pub use token::Claims;

use std::net::IpAddr;

use omnichat_core::Engine;
use omnichat_core::actor::Actor;
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::id::SessionId;
use omnichat_core::operators::Operator;
use omnichat_core::sessions::{RefreshToken, Session};

use crate::config::AuthConfig;
use crate::keys::HostKey;
use password::Passwords;
use seen::Seen;
use throttle::Throttle;
use token::AccessTokens;

/// Tenants in which one e-mail address may have an operator, for signing in by it.
const MOST_OPERATORS: usize = 8;

/// Passwords, tokens and throttling.
pub struct Auth {
    engine: Engine,
    tokens: AccessTokens,
    passwords: Passwords,
    throttle: Throttle,
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
            throttle: Throttle::new(config),
            seen: Seen::default(),
        })
    }

    /// Hashing and checking of passwords.
    pub fn passwords(&self) -> &Passwords {
        &self.passwords
    }

    /// Signs in by e-mail address and password. An unknown address costs as much time as a wrong password.
    ///
    /// # Errors
    /// `Unauthenticated` for a wrong address or password alike; `RateLimited` after too many of them.
    pub async fn sign_in(&self, email: &str, password: &str, from: IpAddr, client: &str) -> Result<SignedIn> {
        let email = email.trim().to_lowercase();
        let attempt = self.throttle.begin(&email, from, self.engine.ports().now())?;
        let found = self.engine.ports().store.operators_by_email(&email).await?;
        let candidates = found.into_iter().filter(|o| !o.disabled).take(MOST_OPERATORS);
        let mut tried = false;
        for operator in candidates {
            let Some(hash) = &operator.password_hash else {
                continue;
            };
            tried = true;
            if self.passwords.verify(password, hash).await? {
                self.throttle.succeeded(&attempt);
                return self.begin(operator, client).await;
            }
        }
        if !tried {
            self.passwords.waste(password).await?;
        }
        Err(Error::new(
            ErrorKind::Unauthenticated,
            "the e-mail address or the password is wrong",
        ))
    }

    /// Counts an attempt at something secret that is no password (a setup or invitation link). `RateLimited` after too many.
    pub fn attempt(&self, what: &str, from: IpAddr) -> Result<throttle::Attempt> {
        self.throttle.begin(what, from, self.engine.ports().now())
    }

    /// The attempt was right.
    pub fn succeeded(&self, attempt: &throttle::Attempt) {
        self.throttle.succeeded(attempt);
    }

    /// Begins a session of an operator who has proved who they are.
    pub async fn begin(&self, operator: Operator, client: &str) -> Result<SignedIn> {
        let (session, refresh) = self.engine.sessions().begin(&operator, client).await?;
        self.signed_in(operator, session, refresh)
    }

    /// Renews a session by its refresh token.
    ///
    /// # Errors
    /// `Unauthenticated` for an unknown, ended or repeated token; a repeated one ends the session.
    pub async fn renew(&self, refresh: &str) -> Result<SignedIn> {
        let (session, operator, refresh) = self.engine.sessions().renew(refresh).await?;
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
        if let Some(actor) = self.seen.get(claims.session, now) {
            return Ok(actor);
        }
        self.actor_now(claims).await
    }

    /// As [`Auth::actor_of`], by what is stored and not by what was seen a moment ago.
    pub async fn actor_now(&self, claims: &Claims) -> Result<Actor> {
        let now = self.engine.ports().now();
        let over = || Error::new(ErrorKind::Unauthenticated, "the session is over; sign in again");
        let store = self.engine.ports().tenant(claims.tenant);
        let operator = store
            .find_operator(claims.operator)
            .await?
            .filter(|o| !o.disabled)
            .ok_or_else(over)?;
        if !self
            .engine
            .sessions()
            .is_alive(claims.tenant, claims.operator, claims.session)
            .await?
        {
            return Err(over());
        }
        let actor = operator.actor();
        self.seen.put(claims.session, actor.clone(), now);
        Ok(actor)
    }

    /// Looks at everybody anew at their next request: something changed just now.
    pub fn forget_seen(&self) {
        self.seen.clear();
    }
}
