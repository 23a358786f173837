//! The host's key: 32 random bytes from which every other key of the host is derived.
//!
//! Who has it can read the secrets of channels and sign in as anybody, so it lies in a [`file`](mod@file) of its own (mode 0600) apart
//! from the database, and a copy of the database alone gives nothing away. It can be renewed: then there are several, of which
//! the newest makes and seals, and the older ones still prove and open what they made.

pub mod file;

use anyhow::{Context, ensure};
use hmac::{Hmac, KeyInit, Mac};
use omnichat_core::clock::Timestamp;
use omnichat_core::vault::Vault;
use rand::Rng;
use sha2::Sha256;

/// The host's keys, the newest first. Its `Debug` form says nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct HostKey {
    newest: Part,
    older: Vec<Part>,
}

/// One key.
#[derive(Clone, PartialEq, Eq)]
struct Part {
    key: [u8; 32],
    /// When it was made; a key from before keys were renewed does not say.
    made_at: Option<Timestamp>,
}

impl std::fmt::Debug for HostKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HostKey(…)")
    }
}

/// A key that has been replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// Under which id secrets name it.
    pub vault_id: String,
    /// When another took its place; none if nobody knows.
    pub at: Option<Timestamp>,
}

impl HostKey {
    /// A fresh key that nobody else has.
    pub fn generate() -> Self {
        Self {
            newest: Part {
                key: fresh(),
                made_at: None,
            },
            older: Vec::new(),
        }
    }

    /// Reads keys of 64 hex digits each, the newest first, with commas or blanks between them.
    ///
    /// # Errors
    /// For anything else; the text is not repeated.
    pub fn from_hex(text: &str) -> anyhow::Result<Self> {
        let words = text.split([',', ' ', '\n', '\t']).filter(|word| !word.is_empty());
        let parts = words.map(|word| Part::read(word, None));
        Self::of(parts.collect::<anyhow::Result<_>>()?)
    }

    fn of(mut parts: Vec<Part>) -> anyhow::Result<Self> {
        ensure!(!parts.is_empty(), "the host's key must be 64 hex digits");
        let newest = parts.remove(0);
        Ok(Self { newest, older: parts })
    }

    /// The same with a fresh key in front.
    #[must_use]
    pub fn renewed(&self, now: Timestamp) -> Self {
        let mut older = vec![self.newest.clone()];
        older.extend(self.older.iter().cloned());
        Self {
            newest: Part {
                key: fresh(),
                made_at: Some(now),
            },
            older,
        }
    }

    /// The keys that others have replaced, newest first.
    pub fn replaced(&self) -> Vec<Replaced> {
        let successors = std::iter::once(&self.newest).chain(&self.older);
        let replaced = self.older.iter().zip(successors);
        replaced
            .map(|(part, successor)| Replaced {
                vault_id: part.vault_id(),
                at: successor.made_at,
            })
            .collect()
    }

    /// The same without some of the replaced keys, by the ids under which secrets name them.
    #[must_use]
    pub fn without(&self, vault_ids: &[String]) -> Self {
        let mut kept = self.clone();
        kept.older.retain(|part| !vault_ids.contains(&part.vault_id()));
        kept
    }

    /// A key for one purpose: HMAC-SHA256 of the purpose. Different purposes give unrelated keys.
    pub fn derive(&self, purpose: &str) -> [u8; 32] {
        self.newest.derive(purpose)
    }

    /// As [`HostKey::derive`], from every key, the newest first.
    pub fn derive_all(&self, purpose: &str) -> Vec<[u8; 32]> {
        let parts = std::iter::once(&self.newest).chain(&self.older);
        parts.map(|part| part.derive(purpose)).collect()
    }

    /// What encrypts the secrets of channels.
    pub fn vault(&self) -> Vault {
        let older = self.older.iter().map(Part::vault_key);
        Vault::with_older(self.newest.vault_key(), older)
    }
}

impl Part {
    fn read(hex: &str, made_at: Option<Timestamp>) -> anyhow::Result<Self> {
        let bytes = hex::decode(hex)
            .ok()
            .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        let key = bytes.context("the host's key must be 64 hex digits")?;
        Ok(Self { key, made_at })
    }

    fn derive(&self, purpose: &str) -> [u8; 32] {
        hmac(&self.key, &[b"omnichat/v1/", purpose.as_bytes()])
    }

    fn vault_key(&self) -> [u8; 32] {
        self.derive("vault")
    }

    fn vault_id(&self) -> String {
        Vault::key_id(&self.vault_key())
    }
}

fn fresh() -> [u8; 32] {
    let mut key = [0_u8; 32];
    rand::rng().fill_bytes(&mut key);
    key
}

/// HMAC-SHA256 of some parts, one after the other.
pub fn hmac(key: &[u8; 32], parts: &[&[u8]]) -> [u8; 32] {
    // A block of the hash; the rest of it is zero, by RFC 2104.
    let mut block = [0_u8; 64];
    block[..key.len()].copy_from_slice(key);
    let mut mac = Hmac::<Sha256>::new(&block.into());
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_renewed_key_makes_with_the_new_and_knows_the_old() {
        let first = HostKey::generate();
        let at = Timestamp::from_secs(1_000);
        let second = first.renewed(at);
        assert_ne!(second.derive("x"), first.derive("x"));
        assert_eq!(second.derive_all("x"), [second.derive("x"), first.derive("x")]);
        let replaced = second.replaced();
        assert_eq!((replaced.len(), replaced[0].at), (1, Some(at)));
        let alone = second.without(&[replaced[0].vault_id.clone()]);
        assert_eq!(alone.derive_all("x"), [second.derive("x")]);
        assert_eq!(alone.without(&[]).replaced(), []);
    }

    #[test]
    fn keys_are_read_newest_first_and_rubbish_is_refused() {
        let (a, b) = ("a".repeat(64), "b".repeat(64));
        let both = HostKey::from_hex(&format!("{a}, {b}\n")).unwrap();
        assert_eq!(both.derive("x"), HostKey::from_hex(&a).unwrap().derive("x"));
        assert_eq!(both.derive_all("x").len(), 2);
        for wrong in ["", " ", "abc", &"g".repeat(64), &format!("{a},abc")] {
            let error = HostKey::from_hex(wrong).unwrap_err().to_string();
            assert!(
                error.contains("64 hex digits") && !error.contains("abc"),
                "{error}"
            );
        }
    }
}
