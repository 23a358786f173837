//! Visitor tokens: who a visitor is and what was said of them, signed by the host and kept in their browser. The host itself
//! keeps nothing, so that opening a page costs nothing.
//!
//! A token ends when it was not used for its lifetime: each session that begins with one of yesterday renews it. All tokens of
//! an inbox end when its generation rises, and that of a visitor whose customer is blocked is refused.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use omnichat_core::clock::Timestamp;
use omnichat_core::id::InboxId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::profile::Profile;
use crate::seal::SealKey;

/// A token this old is renewed when a session begins with it.
const RENEWED_AFTER: Duration = Duration::from_secs(24 * 3_600);
/// Longest token that is looked at, in bytes: more than the largest profile takes.
pub(crate) const LONGEST: usize = 24 * 1_024;

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Claims {
    /// For which inbox.
    #[serde(rename = "i")]
    pub(super) inbox: InboxId,
    /// The chat under which the visitor's conversation is kept.
    #[serde(rename = "p")]
    pub(super) chat: String,
    /// The generation of the inbox in which it was made.
    #[serde(rename = "g")]
    pub(super) generation: u32,
    /// When it was made or renewed, in seconds since 1970.
    #[serde(rename = "t")]
    pub(super) at: i64,
    /// Of a proved visitor: what the secret was that proved it, see [`trace`]. Another secret ends the token.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub(super) secret: Option<String>,
    /// What was said of the visitor and is not stored yet.
    #[serde(flatten)]
    pub(super) profile: Profile,
}

impl Claims {
    /// A visitor of whom nothing is known.
    pub(super) fn stranger(inbox: InboxId, generation: u32, now: Timestamp) -> Self {
        let random: [u8; 16] = rand::random();
        Self {
            inbox,
            chat: format!("v_{}", hex::encode(random)),
            generation,
            at: seconds(now),
            secret: None,
            profile: Profile::default(),
        }
    }

    /// A visitor whom the site has proved to be this one: the same chat in every browser.
    pub(super) fn proved(
        inbox: InboxId,
        generation: u32,
        now: Timestamp,
        external_id: &str,
        secret: &str,
    ) -> Self {
        Self {
            inbox,
            chat: format!("u_{external_id}"),
            generation,
            at: seconds(now),
            secret: Some(trace(secret)),
            profile: Profile::default(),
        }
    }

    /// Renews a token that is not of today. Within a day it stays the same, so that tabs which begin beside each other have one.
    pub(super) fn renew(&mut self, now: Timestamp) {
        if now.since(Timestamp::from_secs(self.at)) >= RENEWED_AFTER {
            self.at = seconds(now);
        }
    }
}

fn seconds(now: Timestamp) -> i64 {
    now.micros() / 1_000_000
}

/// A short digest of a secret, to tell whether it was changed.
pub(super) fn trace(secret: &str) -> String {
    hex::encode(&Sha256::digest(secret.as_bytes())[..6])
}

/// Signs and reads tokens.
#[derive(Debug)]
pub(super) struct Tokens {
    key: SealKey,
    lifetime: Duration,
}

impl Tokens {
    pub(super) fn new(keys: Vec<[u8; 32]>, lifetime: Duration) -> Self {
        Self {
            key: SealKey::new(keys),
            lifetime,
        }
    }

    /// The token for a visitor. The same claims give the same token.
    pub(super) fn sign(&self, claims: &Claims) -> String {
        let body = URL_SAFE_NO_PAD.encode(serde_json::to_vec(claims).unwrap_or_default());
        let seal = URL_SAFE_NO_PAD.encode(self.key.seal(&body));
        format!("{body}.{seal}")
    }

    /// What a token for this inbox and its generation says; nothing if it is forged, too old or for another one.
    pub(super) fn read(
        &self,
        token: &str,
        inbox: InboxId,
        generation: u32,
        now: Timestamp,
    ) -> Option<Claims> {
        let (body, seal) = token.split_once('.').filter(|_| token.len() <= LONGEST)?;
        let seal = URL_SAFE_NO_PAD.decode(seal).ok()?;
        if !self.key.is_on(body, &seal) {
            return None;
        }
        let claims: Claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).ok()?).ok()?;
        self.hold(&claims, inbox, generation, now).then_some(claims)
    }

    /// Whether what a token has said still holds.
    pub(super) fn hold(&self, claims: &Claims, inbox: InboxId, generation: u32, now: Timestamp) -> bool {
        let ends = Timestamp::from_secs(claims.at).after(self.lifetime);
        claims.inbox == inbox && claims.generation == generation && now < ends
    }
}

#[cfg(test)]
mod tests {
    use omnichat_core::clock::SystemClock;
    use serde_json::json;

    use super::super::profile::Identity;
    use super::*;

    /// As much as can be said of a visitor, in characters that take as much room as any.
    fn wordy() -> Identity {
        let attributes = (0..100).map(|n| (format!("{n}\"\\"), json!("\"\\".repeat(1_000))));
        Identity {
            name: Some("\u{1}🦊".repeat(1_000)),
            email: Some(format!("{}@example.org", "\"".repeat(300))),
            phone: Some("\u{1}".repeat(47) + "123"),
            attributes: attributes.collect(),
            ..Identity::default()
        }
    }

    #[test]
    fn the_longest_token_holds() {
        let tokens = Tokens::new(vec![[1; 32]], Duration::from_secs(60));
        let now = Timestamp::from_secs(1_767_268_800);
        let inbox = InboxId::generate(&SystemClock);
        let mut claims = Claims::proved(inbox, 3, now, &"🦊".repeat(200), "secret");
        claims.profile.take(&wordy());
        assert!(claims.profile.phone.is_some() && claims.profile.email.is_some());
        let token = tokens.sign(&claims);
        assert!(token.len() > 4_096, "{}", token.len());
        assert_eq!(tokens.read(&token, inbox, 3, now), Some(claims));
    }

    #[test]
    fn a_token_is_good_for_its_inbox_and_cannot_be_made_up() {
        let day = Duration::from_secs(24 * 3_600);
        let tokens = Tokens::new(vec![[1; 32]], day * 90);
        let now = Timestamp::from_secs(1_767_268_800);
        let (inbox, other) = (InboxId::generate(&SystemClock), InboxId::generate(&SystemClock));
        let mut claims = Claims::stranger(inbox, 3, now);
        let token = tokens.sign(&claims);
        assert_eq!(tokens.sign(&claims), token);
        assert_eq!(tokens.read(&token, inbox, 3, now), Some(claims.clone()));
        assert_eq!(tokens.read(&token, other, 3, now), None);
        assert_eq!(
            tokens.read(&token, inbox, 4, now),
            None,
            "everybody was signed out"
        );
        assert_eq!(Tokens::new(vec![[2; 32]], day).read(&token, inbox, 3, now), None);
        let renewed = Tokens::new(vec![[2; 32], [1; 32]], day);
        assert!(
            renewed.read(&token, inbox, 3, now).is_some(),
            "the host's key was renewed"
        );
        let last = now.after(day * 90 - Duration::from_secs(1));
        assert!(tokens.read(&token, inbox, 3, last).is_some());
        assert_eq!(tokens.read(&token, inbox, 3, now.after(day * 90)), None);
        claims.renew(now.after(day / 2));
        assert_eq!(tokens.sign(&claims), token, "on one day it stays the same");
        claims.renew(last);
        let later = last.after(day * 89);
        assert!(tokens.read(&tokens.sign(&claims), inbox, 3, later).is_some());
        let forged = tokens.sign(&Claims {
            chat: "u_somebody".to_owned(),
            ..claims
        });
        let mixed = format!(
            "{}.{}",
            forged.split_once('.').unwrap().0,
            token.split_once('.').unwrap().1
        );
        assert_eq!(tokens.read(&mixed, inbox, 3, now), None);
        for rubbish in ["", ".", "a.b", "a", &token[..token.len() - 1]] {
            assert_eq!(tokens.read(rubbish, inbox, 3, now), None, "{rubbish}");
        }
    }
}
