//! Detached signatures (Ed25519) over the bytes of a component.

use std::fmt;
use std::str::FromStr;

use ed25519_dalek::{Signer, Verifier};
use omnichat_core::error::{Error, Result};
use rand::Rng;
use serde::{Deserialize, Serialize};

/// First line of a file with a signature.
const HEAD: &str = "omnichat plugin signature 1";

/// Who publishes a plugin: the public half of a key, in hex.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PublisherKey(String);

impl fmt::Debug for PublisherKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for PublisherKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PublisherKey {
    /// The first digits, for people to compare.
    pub fn short(&self) -> &str {
        self.0.get(..16).unwrap_or(&self.0)
    }
}

/// The secret half, with which an author signs.
pub struct SigningKey(ed25519_dalek::SigningKey);

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

impl SigningKey {
    /// A fresh key.
    pub fn generate() -> Self {
        let mut seed = [0_u8; 32];
        rand::rng().fill_bytes(&mut seed);
        Self(ed25519_dalek::SigningKey::from_bytes(&seed))
    }

    /// Reads 64 hex digits.
    ///
    /// # Errors
    /// `Invalid` for anything else; the text is not repeated.
    pub fn from_hex(text: &str) -> Result<Self> {
        let seed = hex::decode(text.trim()).ok();
        let seed = seed.and_then(|seed| <[u8; 32]>::try_from(seed).ok());
        let seed = seed.ok_or_else(|| {
            Error::invalid("a signing key is a line of 64 hex digits: `omnichat plugin keygen` makes one")
        })?;
        Ok(Self(ed25519_dalek::SigningKey::from_bytes(&seed)))
    }

    /// The key as 64 hex digits. Whoever has them can sign.
    pub fn to_hex(&self) -> String {
        hex::encode(self.0.to_bytes())
    }

    /// The public half.
    pub fn publisher(&self) -> PublisherKey {
        PublisherKey(hex::encode(self.0.verifying_key().to_bytes()))
    }

    /// Signs a component.
    pub fn sign(&self, wasm: &[u8]) -> Signature {
        Signature {
            publisher: self.publisher(),
            bytes: hex::encode(self.0.sign(wasm).to_bytes()),
        }
    }
}

/// A signature beside its component, `NAME.wasm.sig`. Three lines of text: what it is, who signed, the signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Who says that it signed. Believe it after [`Self::verify`].
    pub publisher: PublisherKey,
    bytes: String,
}

impl Signature {
    /// Whether the publisher signed these bytes.
    ///
    /// # Errors
    /// `Invalid` if not.
    pub fn verify(&self, wasm: &[u8]) -> Result<()> {
        let key = hex::decode(&self.publisher.0)
            .ok()
            .and_then(|key| <[u8; 32]>::try_from(key).ok());
        let key = key.and_then(|key| ed25519_dalek::VerifyingKey::from_bytes(&key).ok());
        let bytes = hex::decode(&self.bytes)
            .ok()
            .and_then(|bytes| <[u8; 64]>::try_from(bytes).ok());
        let (Some(key), Some(bytes)) = (key, bytes) else {
            return Err(unreadable());
        };
        key.verify(wasm, &ed25519_dalek::Signature::from_bytes(&bytes))
            .map_err(|_| {
                Error::invalid_field(
                    "signature",
                    "mismatch",
                    "the signature does not belong to this file: get both again from the publisher, or sign it anew with \
                     `omnichat plugin sign` if it is yours",
                )
            })
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEAD}\n{}\n{}", self.publisher, self.bytes)
    }
}

impl FromStr for Signature {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let mut lines = text.lines().map(str::trim);
        let (Some(HEAD), Some(publisher), Some(bytes)) = (lines.next(), lines.next(), lines.next()) else {
            return Err(unreadable());
        };
        let is_hex = |text: &str, digits| text.len() == digits && text.bytes().all(|b| b.is_ascii_hexdigit());
        if !is_hex(publisher, 64) || !is_hex(bytes, 128) {
            return Err(unreadable());
        }
        Ok(Self {
            publisher: PublisherKey(publisher.to_ascii_lowercase()),
            bytes: bytes.to_ascii_lowercase(),
        })
    }
}

fn unreadable() -> Error {
    Error::invalid_field(
        "signature",
        "format",
        "this is no signature of a plugin: `omnichat plugin sign` makes one",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_holds_for_its_bytes_and_key_alone() {
        let key = SigningKey::generate();
        let signature: Signature = key.sign(b"component").to_string().parse().unwrap();
        assert_eq!(signature.publisher, key.publisher());
        signature.verify(b"component").unwrap();
        assert_eq!(
            signature.verify(b"components").unwrap_err().fields()[0].code,
            "mismatch"
        );
        let stolen = Signature {
            publisher: SigningKey::generate().publisher(),
            ..signature
        };
        assert!(stolen.verify(b"component").is_err());
    }

    #[test]
    fn a_key_is_read_back_and_rubbish_is_not() {
        let key = SigningKey::generate();
        assert_eq!(
            SigningKey::from_hex(&key.to_hex()).unwrap().publisher(),
            key.publisher()
        );
        assert!(!format!("{key:?}").contains(&key.to_hex()));
        for wrong in ["", "zz", &key.to_hex()[1..]] {
            assert!(SigningKey::from_hex(wrong).is_err());
        }
        let good = key.sign(b"x").to_string();
        for wrong in [
            "",
            "hello",
            &good.replace("signature 1", "signature 2"),
            &good[..good.len() - 3],
        ] {
            assert_eq!(wrong.parse::<Signature>().unwrap_err().fields()[0].code, "format");
        }
    }
}
