//! Visitor tokens: who a visitor is and what was said of them, signed by the host and kept in their browser. The host itself
//! keeps nothing, so that opening a page costs nothing.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use omnichat_core::id::InboxId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::profile::Profile;
use crate::seal::SealKey;

/// Longest token that is looked at, in bytes.
const LONGEST: usize = 24 * 1_024;

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Claims {
    /// For which inbox.
    #[serde(rename = "i")]
    pub(super) inbox: InboxId,
    /// The peer under which the visitor's conversation is kept.
    #[serde(rename = "p")]
    pub(super) peer: String,
    /// Of a proved visitor: what the secret was that proved it, see [`trace`]. Another secret ends the token.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub(super) secret: Option<String>,
    /// What was said of the visitor and is not stored yet.
    #[serde(flatten)]
    pub(super) profile: Profile,
}

impl Claims {
    /// A visitor of whom nothing is known.
    pub(super) fn stranger(inbox: InboxId) -> Self {
        let random: [u8; 16] = rand::random();
        Self {
            inbox,
            peer: format!("v_{}", hex::encode(random)),
            secret: None,
            profile: Profile::default(),
        }
    }

    /// A visitor whom the site has proved to be this one: the same peer in every browser.
    pub(super) fn proved(inbox: InboxId, external_id: &str, secret: &str) -> Self {
        Self {
            inbox,
            peer: format!("u_{external_id}"),
            secret: Some(trace(secret)),
            profile: Profile::default(),
        }
    }
}

/// A short digest of a secret, to tell whether it was changed.
pub(super) fn trace(secret: &str) -> String {
    hex::encode(&Sha256::digest(secret.as_bytes())[..6])
}

/// Signs and reads tokens.
#[derive(Debug)]
pub(super) struct Tokens {
    key: SealKey,
}

impl Tokens {
    pub(super) fn new(key: [u8; 32]) -> Self {
        Self {
            key: SealKey::new(key),
        }
    }

    /// The token for a visitor. The same claims give the same token.
    pub(super) fn sign(&self, claims: &Claims) -> String {
        let body = URL_SAFE_NO_PAD.encode(serde_json::to_vec(claims).unwrap_or_default());
        let seal = URL_SAFE_NO_PAD.encode(self.key.seal(&body));
        format!("{body}.{seal}")
    }

    /// What a token for this inbox says; nothing if it is forged or for another one.
    pub(super) fn read(&self, token: &str, inbox: InboxId) -> Option<Claims> {
        let (body, seal) = token.split_once('.').filter(|_| token.len() <= LONGEST)?;
        let seal = URL_SAFE_NO_PAD.decode(seal).ok()?;
        if !self.key.is_on(body, &seal) {
            return None;
        }
        let claims: Claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).ok()?).ok()?;
        (claims.inbox == inbox).then_some(claims)
    }
}

#[cfg(test)]
mod tests {
    use omnichat_core::clock::SystemClock;

    use super::*;

    #[test]
    fn a_token_is_good_for_its_inbox_and_cannot_be_made_up() {
        let tokens = Tokens::new([1; 32]);
        let (inbox, other) = (InboxId::generate(&SystemClock), InboxId::generate(&SystemClock));
        let claims = Claims::stranger(inbox);
        let token = tokens.sign(&claims);
        assert_eq!(tokens.sign(&claims), token);
        assert_eq!(tokens.read(&token, inbox), Some(claims.clone()));
        assert_eq!(tokens.read(&token, other), None);
        assert_eq!(Tokens::new([2; 32]).read(&token, inbox), None);
        let forged = tokens.sign(&Claims {
            peer: "u_somebody".to_owned(),
            ..claims
        });
        let mixed = format!(
            "{}.{}",
            forged.split_once('.').unwrap().0,
            token.split_once('.').unwrap().1
        );
        assert_eq!(tokens.read(&mixed, inbox), None);
        for rubbish in ["", ".", "a.b", "a", &token[..token.len() - 1]] {
            assert_eq!(tokens.read(rubbish, inbox), None, "{rubbish}");
        }
    }
}
