//! A session as it is kept.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::{OperatorId, SessionId, TenantId};
use crate::records::RecordType;

/// A signed-in session of an operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// The tenant.
    pub tenant: TenantId,
    /// Who is signed in.
    pub operator: OperatorId,
    /// SHA-256 of the current refresh secret, hex.
    pub secret: String,
    /// SHA-256 of the one before, hex: accepted for some seconds, since two tabs may refresh at once.
    pub previous: Option<String>,
    /// When the current secret was given out.
    pub rotated_at: Timestamp,
    /// When the session began.
    pub created_at: Timestamp,
    /// When it ends unless it is used.
    pub expires_at: Timestamp,
    /// The browser or program, as it names itself.
    pub client: String,
}

impl RecordType for Session {
    const KIND: &'static str = "session";
}

/// A refresh token: tenant, session and secret in one text. Never stored.
#[derive(Clone, PartialEq, Eq)]
pub struct RefreshToken(pub(super) String);

impl RefreshToken {
    /// The text that the client keeps.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RefreshToken(…)")
    }
}
