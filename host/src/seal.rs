//! The host's seal on what it gives to others: HMAC-SHA256, compared in constant time.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// A key that nobody else has. Its `Debug` form says nothing.
pub(crate) struct SealKey([u8; 32]);

impl std::fmt::Debug for SealKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealKey(…)")
    }
}

impl SealKey {
    pub(crate) fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    /// The seal on a text.
    pub(crate) fn seal(&self, text: &str) -> [u8; 32] {
        // A key of any length is taken, so this cannot fail.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.0) else {
            return [0; 32];
        };
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().into()
    }

    /// Whether this is the seal on a text.
    pub(crate) fn is_on(&self, text: &str, seal: &[u8]) -> bool {
        self.seal(text)[..].ct_eq(seal).into()
    }
}
