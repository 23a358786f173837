//! Proofs with secrets that the plugin names and never sees. A secret's name is that of its setting.

use super::imports::host_crypto;
use crate::types::Result;

/// A hash to make an HMAC with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Algorithm {
    Sha256,
    Sha1,
    Sha512,
}

impl Algorithm {
    /// The word of the contract.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "sha256",
            Self::Sha1 => "sha1",
            Self::Sha512 => "sha512",
        }
    }
}

/// HMAC of data with a secret.
///
/// # Errors
/// `not-found` if the secret is not set.
pub fn hmac(algorithm: Algorithm, secret: &str, data: &[u8]) -> Result<Vec<u8>> {
    host_crypto::hmac(algorithm.name(), secret, data)
}

/// Whether `mac` is the HMAC of data with a secret, in constant time.
///
/// # Errors
/// As [`hmac()`].
pub fn verify_hmac(algorithm: Algorithm, secret: &str, data: &[u8], mac: &[u8]) -> Result<bool> {
    host_crypto::verify_hmac(algorithm.name(), secret, data, mac)
}

/// Whether a value is the secret, in constant time.
///
/// # Errors
/// As [`hmac()`].
pub fn equals_secret(secret: &str, value: &[u8]) -> Result<bool> {
    host_crypto::equals_secret(secret, value)
}

/// The bytes that a text of hexadecimal digits stands for; none if it is no such text.
pub fn from_hex(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    let digit = |byte: u8| {
        char::from(byte)
            .to_digit(16)
            .and_then(|digit| u8::try_from(digit).ok())
    };
    let pairs = text.as_bytes().chunks(2);
    pairs
        .map(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?))
        .collect()
}

/// Bytes as hexadecimal digits in lower case.
pub fn to_hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
    let digits = bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]);
    digits.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_both_ways() {
        assert_eq!(from_hex("00fFa5"), Some(vec![0, 255, 165]));
        assert_eq!(to_hex(&[0, 255, 165]), "00ffa5");
        for wrong in ["0", "zz", "é"] {
            assert_eq!(from_hex(wrong), None);
        }
    }
}
