//! The host's seal on what it gives to others: the id of a key, and HMAC-SHA256 by it, compared in constant time.

use hmac::{Hmac, KeyInit, Mac};
use omnichat_core::vault::Vault;
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// Keys that nobody else has. The newest seals, the others still prove. Its `Debug` form says nothing.
pub(crate) struct SealKey {
    /// Each with its id, the newest first.
    keys: Vec<(Vec<u8>, [u8; 32])>,
}

impl std::fmt::Debug for SealKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealKey(…)")
    }
}

impl SealKey {
    /// From the keys of a host for one purpose, the newest first.
    pub(crate) fn new(keys: Vec<[u8; 32]>) -> Self {
        let with_id = |key: [u8; 32]| (hex::decode(Vault::key_id(&key)).unwrap_or_default(), key);
        Self {
            keys: keys.into_iter().map(with_id).collect(),
        }
    }

    /// The seal on a text.
    pub(crate) fn seal(&self, text: &str) -> Vec<u8> {
        match self.keys.first() {
            Some((id, key)) => [id.as_slice(), &mac(key, text)].concat(),
            None => Vec::new(),
        }
    }

    /// Whether this is the seal on a text, by the key that it names.
    pub(crate) fn is_on(&self, text: &str, seal: &[u8]) -> bool {
        self.keys.iter().any(|(id, key)| {
            seal.strip_prefix(id.as_slice())
                .is_some_and(|given| mac(key, text)[..].ct_eq(given).into())
        })
    }
}

fn mac(key: &[u8; 32], text: &str) -> [u8; 32] {
    // A key of any length is taken, so this cannot fail.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return [0; 32];
    };
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_holds_under_its_key_as_long_as_that_is_known() {
        let old = SealKey::new(vec![[1; 32]]);
        let both = SealKey::new(vec![[2; 32], [1; 32]]);
        let (by_old, by_new) = (old.seal("text"), both.seal("text"));
        assert!(both.is_on("text", &by_old) && both.is_on("text", &by_new));
        assert!(!old.is_on("text", &by_new) && !both.is_on("other", &by_old));
        for wrong in [&[][..], &by_old[..4], &by_old[4..], &by_old[..35], &[0; 36]] {
            assert!(!both.is_on("text", wrong));
        }
        assert!(!SealKey::new(Vec::new()).is_on("text", &[]));
    }
}
