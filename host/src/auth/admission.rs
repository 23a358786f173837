//! Letting in whoever brings an access token or an API key, and looking again whether they may stay.

use omnichat_core::actor::Actor;
use omnichat_core::api_keys::ApiKeyToken;
use omnichat_core::clock::Timestamp;
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::id::{ApiKeyId, OperatorId, SessionId};
use uuid::Uuid;

use super::{Auth, Claims};

/// Somebody who was let in.
#[derive(Clone, Debug)]
pub struct Admitted {
    /// Who it is, with the rights of this moment.
    pub actor: Actor,
    /// What let them in.
    pub grant: Grant,
    /// Until when it holds, if nothing else happens.
    pub until: Timestamp,
}

/// What let somebody in.
#[derive(Clone, Debug)]
pub enum Grant {
    /// An access token of an operator's session.
    Session(Claims),
    /// An API key.
    Key {
        /// The key.
        token: ApiKeyToken,
        /// The operator who answers for it.
        responsible: Option<OperatorId>,
    },
}

impl Grant {
    /// The session, if there is one.
    pub fn session(&self) -> Option<SessionId> {
        match self {
            Self::Session(claims) => Some(claims.session),
            Self::Key { .. } => None,
        }
    }

    /// Whether it stands for the same operator or the same key.
    pub fn is_of_the_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Session(a), Self::Session(b)) => (a.tenant, a.operator) == (b.tenant, b.operator),
            (Self::Key { token: a, .. }, Self::Key { token: b, .. }) => {
                (a.tenant, a.key) == (b.tenant, b.key)
            }
            _ => false,
        }
    }

    /// Whether it hangs on an operator: their own session, or a key for which they answer.
    pub fn hangs_on(&self, operator: OperatorId) -> bool {
        match self {
            Self::Session(claims) => claims.operator == operator,
            Self::Key { responsible, .. } => *responsible == Some(operator),
        }
    }

    /// Whether it is this key.
    pub fn is_key(&self, key: ApiKeyId) -> bool {
        matches!(self, Self::Key { token, .. } if token.key == key)
    }

    /// By what its sockets are counted: the session or the key.
    pub fn holder(&self) -> Uuid {
        match self {
            Self::Session(claims) => claims.session.uuid(),
            Self::Key { token, .. } => token.key.uuid(),
        }
    }
}

impl Auth {
    /// Lets in whoever brings an access token or an API key.
    ///
    /// # Errors
    /// `Unauthenticated` for a wrong or expired token, an ended session, a disabled operator, a revoked key; `RateLimited` for
    /// a key that asks too often.
    pub async fn admit(&self, token: &str) -> Result<Admitted> {
        if ApiKeyToken::looks_like(token) {
            let wrong = "this is no API key: it was cut off or mistyped";
            let token =
                ApiKeyToken::parse(token).ok_or_else(|| Error::new(ErrorKind::Unauthenticated, wrong))?;
            let access = self.keys.admit(&self.engine, &token).await?;
            return Ok(Admitted {
                actor: access.actor,
                until: access.until,
                grant: Grant::Key {
                    token,
                    responsible: access.responsible,
                },
            });
        }
        let claims = self.verify_access_token(token)?;
        Ok(Admitted {
            actor: self.actor_of(&claims).await?,
            until: Timestamp::from_secs(claims.expires_at),
            grant: Grant::Session(claims),
        })
    }

    /// Whether somebody who was let in may stay, and with which rights. Asks the store in any case.
    ///
    /// # Errors
    /// As [`Auth::admit`].
    pub async fn admit_again(&self, grant: Grant) -> Result<Admitted> {
        match grant {
            Grant::Session(claims) => Ok(Admitted {
                actor: self.look_at(&claims).await?,
                until: Timestamp::from_secs(claims.expires_at),
                grant: Grant::Session(claims),
            }),
            Grant::Key { token, .. } => {
                let access = self.engine.api_keys().authenticate(&token).await?;
                Ok(Admitted {
                    actor: access.actor,
                    until: access.until,
                    grant: Grant::Key {
                        token,
                        responsible: access.responsible,
                    },
                })
            }
        }
    }
}
