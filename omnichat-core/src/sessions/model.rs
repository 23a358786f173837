//! A session as it is kept.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::{OperatorId, SessionId, TenantId};
use crate::records::RecordType;
use crate::vault::Sealed;

/// A signed-in session of an operator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// The tenant.
    pub tenant: TenantId,
    /// Who is signed in.
    pub operator: OperatorId,
    /// [`Operator::session_generation`](crate::operators::Operator::session_generation) when it began. The session is over
    /// as soon as the two differ.
    #[serde(default)]
    pub generation: u64,
    /// SHA-256 of the current refresh secret, hex.
    pub secret: String,
    /// SHA-256 of the one before, hex: for some seconds it is answered with the current one, since two tabs may refresh at
    /// once and an answer may be lost on its way.
    pub previous: Option<String>,
    /// The current secret for whoever comes with the one before.
    #[serde(default)]
    pub successor: Option<Sealed>,
    /// Random, hex. Every secret of the session carries a proof made with it, so that an old one can be told from a guess.
    #[serde(default)]
    pub lineage: String,
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

impl Session {
    /// The key of a session's record.
    pub fn key(operator: OperatorId, session: SessionId) -> String {
        format!("{}{session}", Self::key_prefix(operator))
    }

    /// What the keys of an operator's sessions begin with.
    pub fn key_prefix(operator: OperatorId) -> String {
        format!("{operator}/")
    }
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
