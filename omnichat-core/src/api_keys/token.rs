//! The text of a key: `oc_<tenant and key, 64 hex digits>_<secret, 40 hex digits><checksum, 8 hex digits>`.
//!
//! The checksum is the beginning of the SHA-256 of everything before it. With it a typing mistake is told from a key that is
//! not known without asking the store, and a scanner that looks for leaked keys tells one from a text that merely looks alike.

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::id::{ApiKeyId, TenantId};

/// What every key begins with.
pub const PREFIX: &str = "oc_";
/// Hex digits of tenant and key.
const IDS: usize = 64;
/// Hex digits of the secret.
const SECRET: usize = 40;
/// Hex digits of the checksum.
const CHECKSUM: usize = 8;

/// The text of a key, as its program keeps it. Never stored.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiKeyToken {
    text: String,
    /// The tenant that it names.
    pub tenant: TenantId,
    /// The key that it names.
    pub key: ApiKeyId,
}

impl std::fmt::Debug for ApiKeyToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ApiKeyToken")
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

impl ApiKeyToken {
    /// A token with a fresh secret of 160 bits.
    pub fn generate(tenant: TenantId, key: ApiKeyId) -> Self {
        let secret: [u8; SECRET / 2] = rand::random();
        let (ten, id) = (tenant.uuid(), key.uuid());
        let body = format!(
            "{PREFIX}{}{}_{}",
            ten.as_simple(),
            id.as_simple(),
            hex::encode(secret)
        );
        let text = format!("{body}{}", checksum(&body));
        Self { text, tenant, key }
    }

    /// Reads a token; none for a text that is none, was cut off or mistyped.
    pub fn parse(text: &str) -> Option<Self> {
        let (ids, secret) = text.strip_prefix(PREFIX)?.split_once('_')?;
        let hex = |part: &str| part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if ids.len() != IDS || secret.len() != SECRET + CHECKSUM || !hex(ids) || !hex(secret) {
            return None;
        }
        let (body, sum) = text.split_at(text.len() - CHECKSUM);
        if checksum(body) != sum {
            return None;
        }
        let (tenant, key) = ids.split_at(IDS / 2);
        Some(Self {
            text: text.to_owned(),
            tenant: TenantId::from_uuid(Uuid::try_parse(tenant).ok()?),
            key: ApiKeyId::from_uuid(Uuid::try_parse(key).ok()?),
        })
    }

    /// Whether a text wants to be a token, right or wrong.
    pub fn looks_like(text: &str) -> bool {
        text.starts_with(PREFIX)
    }

    /// The text that the program keeps.
    pub fn expose(&self) -> &str {
        &self.text
    }

    /// SHA-256 of the text, hex: what is kept of it.
    pub fn digest(&self) -> String {
        hex::encode(Sha256::digest(self.text.as_bytes()))
    }
}

fn checksum(body: &str) -> String {
    hex::encode(&Sha256::digest(body.as_bytes())[..CHECKSUM / 2])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;

    #[test]
    fn a_token_survives_its_text_and_no_mistake_does() {
        let (tenant, key) = (TenantId::generate(&SystemClock), ApiKeyId::generate(&SystemClock));
        let token = ApiKeyToken::generate(tenant, key);
        let read = ApiKeyToken::parse(token.expose()).unwrap();
        assert_eq!((read.tenant, read.key), (tenant, key));
        assert_eq!(read.digest(), token.digest());
        assert_ne!(ApiKeyToken::generate(tenant, key), token);
        assert!(!format!("{token:?}").contains(&token.expose()[70..]));
        let text = token.expose();
        for place in 0..text.len() {
            let mut wrong = text.as_bytes().to_vec();
            wrong[place] = if wrong[place] == b'0' { b'1' } else { b'0' };
            let wrong = String::from_utf8(wrong).unwrap();
            assert_eq!(ApiKeyToken::parse(&wrong), None, "{wrong}");
        }
        for wrong in [
            "",
            "oc_",
            "oc__",
            &text[..text.len() - 1],
            &text.to_uppercase(),
            "oc_é_é",
        ] {
            assert_eq!(ApiKeyToken::parse(wrong), None, "{wrong}");
        }
    }
}
