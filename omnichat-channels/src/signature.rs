//! HMAC-SHA256 and comparison in constant time, for webhooks' signatures and secrets.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// HMAC-SHA256 of the parts one after another, in hex.
pub(crate) fn hmac_hex(key: &[u8], parts: &[&[u8]]) -> String {
    hex::encode(hmac(key, parts))
}

/// Whether a signature in hex is that of the parts. Takes the same time for every wrong one of the right length.
pub(crate) fn hmac_matches(key: &[u8], parts: &[&[u8]], signature: &str) -> bool {
    let mut given = [0_u8; 32];
    hex::decode_to_slice(signature, &mut given).is_ok() && hmac(key, parts).ct_eq(&given).into()
}

/// Whether two secrets are the same, in time that depends on their lengths only.
pub(crate) fn same_secret(expected: &str, given: &str) -> bool {
    expected.as_bytes().ct_eq(given.as_bytes()).into()
}

fn hmac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    // A key of any length is allowed, so this cannot fail.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return [0; 32];
    };
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Test case 2 of RFC 4231.
    #[test]
    fn it_is_hmac_sha256() {
        let expected = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(
            hmac_hex(b"Jefe", &[b"what do ya ", b"want for nothing?"]),
            expected
        );
        assert!(hmac_matches(
            b"Jefe",
            &[b"what do ya want for nothing?"],
            expected
        ));
        assert!(hmac_matches(
            b"Jefe",
            &[b"what do ya want for nothing?"],
            &expected.to_uppercase()
        ));
        assert!(!hmac_matches(
            b"Jeff",
            &[b"what do ya want for nothing?"],
            expected
        ));
        assert!(!hmac_matches(b"Jefe", &[b"what do ya want for nothing?"], ""));
        assert!(!hmac_matches(b"Jefe", &[b"what do ya want for nothing?"], "zz"));
    }

    #[test]
    fn secrets_are_compared_whole() {
        assert!(same_secret("abc", "abc"));
        assert!(!same_secret("abc", "abcd"));
        assert!(!same_secret("abc", ""));
    }
}
