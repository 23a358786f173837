//! Secrets of channels are encrypted before they reach a store, with a key that the store never sees.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{Key, XChaCha20Poly1305, XNonce};
use rand::Rng;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::id::TenantId;

/// An encrypted secret: nonce and ciphertext, in hex. Bound to its tenant; moved to another it does not open.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sealed(String);

impl std::fmt::Debug for Sealed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealed(…)")
    }
}

/// Encrypts and decrypts secrets with one key (XChaCha20-Poly1305).
pub struct Vault {
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
        Self {
            cipher: XChaCha20Poly1305::new(&Key::from(key)),
        }
    }

    /// A vault around a key that nobody else has; what it seals cannot be opened after a restart. For tests and trials.
    pub fn ephemeral() -> Self {
        Self::new(rand::random())
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
        let sealed = self
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| Error::internal("a secret cannot be encrypted"))?;
        Ok(Sealed(hex::encode(nonce) + &hex::encode(sealed)))
    }

    /// Decrypts a secret of a tenant. Fails if the key or the tenant is another.
    pub fn open(&self, tenant: TenantId, sealed: &Sealed) -> Result<Vec<u8>> {
        let wrong = || {
            Error::internal("a secret cannot be decrypted: the host's key is not the one it was sealed with")
        };
        let bytes = hex::decode(&sealed.0)
            .ok()
            .filter(|b| b.len() > 24)
            .ok_or_else(wrong)?;
        let (nonce, ciphertext) = bytes.split_at(24);
        let nonce = <[u8; 24]>::try_from(nonce).map_err(|_| wrong())?;
        let tenant = tenant.uuid();
        let payload = Payload {
            msg: ciphertext,
            aad: tenant.as_bytes(),
        };
        self.cipher
            .decrypt(&XNonce::from(nonce), payload)
            .map_err(|_| wrong())
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
    }
}
