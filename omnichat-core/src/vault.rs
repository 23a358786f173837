//! Secrets of channels are encrypted before they reach a store, with a key that the store never sees.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use rand::Rng;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};
use crate::id::TenantId;

/// An encrypted secret: the key's id, a dot, then nonce and ciphertext in hex. Bound to its tenant; moved to another it does
/// not open. One from before keys had ids has no id and no dot.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sealed(String);

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealed(…)")
    }
}

impl Sealed {
    /// What is only sealed to be handed out and come back.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, which says nothing.
    pub fn as_text(&self) -> &str {
        &self.0
    }
}

/// Encrypts and decrypts secrets (XChaCha20-Poly1305). Seals with its newest key and opens with any.
pub struct Vault {
    newest: Opener,
    older: Vec<Opener>,
}

struct Opener {
    id: String,
    cipher: XChaCha20Poly1305,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault(…)")
    }
}

impl Vault {
    /// A vault around a key of 32 bytes.
    pub fn new(key: [u8; 32]) -> Self {
        Self::with_older(key, [])
    }

    /// A vault that seals with a key and also opens what older ones sealed.
    pub fn with_older(newest: [u8; 32], older: impl IntoIterator<Item = [u8; 32]>) -> Self {
        Self {
            newest: Opener::new(newest),
            older: older.into_iter().map(Opener::new).collect(),
        }
    }

    /// A vault around a key that nobody else has; what it seals cannot be opened after a restart. For tests and trials.
    pub fn ephemeral() -> Self {
        Self::new(rand::random())
    }

    /// The id of a key: says which it is and nothing of what it is.
    pub fn key_id(key: &[u8; 32]) -> String {
        let mut hasher = Sha256::new();
        hasher.update(b"omnichat/v1/key-id");
        hasher.update(key);
        hex::encode(&hasher.finalize()[..4])
    }

    /// Encrypts a secret of a tenant.
    pub fn seal(&self, tenant: TenantId, secret: &[u8]) -> Result<Sealed> {
        let mut nonce = [0_u8; 24];
        rand::rng().fill_bytes(&mut nonce);
        let tenant = tenant.uuid();
        let payload = Payload {
            msg: secret,
            aad: tenant.as_bytes(),
        };
        let Opener { id, cipher } = &self.newest;
        let sealed = cipher
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| Error::internal("a secret cannot be encrypted"))?;
        Ok(Sealed(format!(
            "{id}.{}{}",
            hex::encode(nonce),
            hex::encode(sealed)
        )))
    }

    /// Decrypts a secret of a tenant. Fails if the key or the tenant is another.
    pub fn open(&self, tenant: TenantId, sealed: &Sealed) -> Result<Vec<u8>> {
        self.opened(tenant, sealed).map(|(_, secret)| secret)
    }

    /// The same secret under the newest key; none if it is that already.
    ///
    /// # Errors
    /// As [`Vault::open`].
    pub fn reseal(&self, tenant: TenantId, sealed: &Sealed) -> Result<Option<Sealed>> {
        if sealed
            .0
            .split_once('.')
            .is_some_and(|(id, _)| id == self.newest.id)
        {
            return Ok(None);
        }
        self.seal(tenant, &self.open(tenant, sealed)?).map(Some)
    }

    /// The id of the key that a secret was sealed with.
    ///
    /// # Errors
    /// As [`Vault::open`].
    pub fn sealed_with(&self, tenant: TenantId, sealed: &Sealed) -> Result<&str> {
        self.opened(tenant, sealed).map(|(opener, _)| opener.id.as_str())
    }

    fn opened(&self, tenant: TenantId, sealed: &Sealed) -> Result<(&Opener, Vec<u8>)> {
        let (id, text) = match sealed.0.split_once('.') {
            Some((id, text)) => (Some(id), text),
            None => (None, sealed.0.as_str()),
        };
        let bytes = hex::decode(text).unwrap_or_default();
        let fitting = std::iter::once(&self.newest)
            .chain(&self.older)
            .filter(|opener| id.is_none_or(|id| id == opener.id));
        for opener in fitting {
            if let Some(secret) = opener.open(tenant, &bytes) {
                return Ok((opener, secret));
            }
        }
        let message = "a secret cannot be decrypted: the host's key is not the one it was sealed with";
        Err(Error::internal(message))
    }
}

impl Opener {
    fn new(key: [u8; 32]) -> Self {
        Self {
            id: Vault::key_id(&key),
            cipher: XChaCha20Poly1305::new(&Key::from(key)),
        }
    }

    fn open(&self, tenant: TenantId, bytes: &[u8]) -> Option<Vec<u8>> {
        let (nonce, ciphertext) = bytes.split_at_checked(24)?;
        let nonce = <[u8; 24]>::try_from(nonce).ok()?;
        let tenant = tenant.uuid();
        let payload = Payload {
            msg: ciphertext,
            aad: tenant.as_bytes(),
        };
        self.cipher.decrypt(&XNonce::from(nonce), payload).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;

    #[test]
    fn a_secret_opens_for_its_tenant_and_key_only() {
        let (a, b) = (TenantId::generate(&SystemClock), TenantId::generate(&SystemClock));
        let vault = Vault::new([7; 32]);
        let sealed = vault.seal(a, b"token").unwrap();
        assert_eq!(vault.open(a, &sealed).unwrap(), b"token");
        assert!(vault.open(b, &sealed).is_err());
        assert!(Vault::new([8; 32]).open(a, &sealed).is_err());
        assert_ne!(vault.seal(a, b"token").unwrap(), sealed);
        assert!(!format!("{sealed:?}").contains("74"));
        for rubbish in ["", ".", "a.b", "zz", &"0".repeat(40), &"0".repeat(200)] {
            assert!(vault.open(a, &Sealed::from_text(rubbish)).is_err(), "{rubbish}");
        }
    }

    #[test]
    fn an_older_key_still_opens_and_the_newest_seals_anew() {
        let tenant = TenantId::generate(&SystemClock);
        let old = Vault::new([7; 32]).seal(tenant, b"token").unwrap();
        let (old_id, new_id) = (Vault::key_id(&[7; 32]), Vault::key_id(&[8; 32]));
        // Before keys had ids: the same without one.
        let ancient = Sealed::from_text(old.as_text().split_once('.').unwrap().1);
        let vault = Vault::with_older([8; 32], [[7; 32]]);
        for sealed in [&old, &ancient] {
            assert_eq!(vault.sealed_with(tenant, sealed).unwrap(), old_id);
            let anew = vault.reseal(tenant, sealed).unwrap().unwrap();
            assert_eq!(vault.sealed_with(tenant, &anew).unwrap(), new_id);
            assert_eq!(vault.reseal(tenant, &anew).unwrap(), None);
            assert_eq!(Vault::new([8; 32]).open(tenant, &anew).unwrap(), b"token");
        }
        let newest = Vault::new([8; 32]);
        assert!(newest.open(tenant, &old).is_err() && newest.reseal(tenant, &ancient).is_err());
    }
}
