//! The name of a file by its content.

use sha2::{Digest, Sha256};

/// SHA-256.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// The SHA-256 of a plugin's file, in hex: what a lock file pins.
pub fn digest(wasm: &[u8]) -> String {
    hex::encode(sha256(wasm))
}

/// A [`std::hash::Hasher`] over SHA-256, for values that only know how to feed one.
#[derive(Default)]
pub(crate) struct Hashed(Sha256);

impl Hashed {
    pub(crate) fn digest(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}

impl std::hash::Hasher for Hashed {
    fn finish(&self) -> u64 {
        let digest: [u8; 32] = self.0.clone().finalize().into();
        digest
            .iter()
            .take(8)
            .fold(0, |sum, byte| (sum << 8) | u64::from(*byte))
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }
}
