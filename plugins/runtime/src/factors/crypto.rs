//! Proofs with secrets that a plugin names and never sees.

use std::sync::Arc;

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Sha256, Sha512};
use subtle::ConstantTimeEq;

use super::CallScope;
use crate::account::Account;
use crate::export::Reach;
use crate::outcome::PluginError;

pub(crate) struct CryptoFactor {
    account: Arc<Account>,
    allowed: bool,
}

impl CryptoFactor {
    pub(crate) fn new(scope: &CallScope) -> Self {
        Self {
            account: scope.account.clone(),
            allowed: scope.export.reach() >= Reach::Surroundings,
        }
    }

    fn secret(&self, name: &str) -> Result<&[u8], PluginError> {
        if !self.allowed {
            return Err(PluginError::denied("this call may not use secrets"));
        }
        self.account.secrets.get(name).map(str::as_bytes)
    }

    /// HMAC of data with a secret as the key.
    pub(crate) fn hmac(&self, alg: &str, secret: &str, data: &[u8]) -> Result<Vec<u8>, PluginError> {
        let key = self.secret(secret)?;
        match alg {
            "sha256" => Ok(mac::<Hmac<Sha256>>(key, data)),
            "sha1" => Ok(mac::<Hmac<Sha1>>(key, data)),
            "sha512" => Ok(mac::<Hmac<Sha512>>(key, data)),
            _ => Err(PluginError::new(
                "invalid",
                format!("there is no algorithm «{alg}»: use sha256, sha1 or sha512"),
            )),
        }
    }

    /// Whether a MAC is that of the data. As long for every wrong one of the right length.
    pub(crate) fn verify_hmac(
        &self,
        alg: &str,
        secret: &str,
        data: &[u8],
        given: &[u8],
    ) -> Result<bool, PluginError> {
        Ok(self.hmac(alg, secret, data)?.ct_eq(given).into())
    }

    /// Whether a value is the secret. As long for every wrong one of the right length.
    pub(crate) fn equals_secret(&self, secret: &str, value: &[u8]) -> Result<bool, PluginError> {
        Ok(self.secret(secret)?.ct_eq(value).into())
    }
}

fn mac<M: Mac + KeyInit>(key: &[u8], data: &[u8]) -> Vec<u8> {
    // A key of any length is allowed, so this cannot fail; an empty MAC equals nothing.
    let Ok(mut mac) = <M as KeyInit>::new_from_slice(key) else {
        return Vec::new();
    };
    mac.update(data);
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secrets::Secrets;
    use serde_json::json;

    fn factor(allowed: bool) -> CryptoFactor {
        let secrets = Secrets::take(&mut json!({ "key": "Jefe", "none": "" }), |_| true);
        CryptoFactor {
            account: Account::nobody("{}".to_owned(), secrets),
            allowed,
        }
    }

    /// Test case 2 of RFC 2202 and RFC 4231.
    #[test]
    fn macs_are_those_of_the_standards() {
        let data = b"what do ya want for nothing?";
        for (alg, begins) in [
            ("sha1", "effcdf6ae5eb2fa2"),
            ("sha256", "5bdcc146bf60754e"),
            ("sha512", "164b7a7bfcf819e2"),
        ] {
            let mac = factor(true).hmac(alg, "key", data).unwrap();
            assert!(hex::encode(&mac).starts_with(begins), "{alg}");
            assert!(factor(true).verify_hmac(alg, "key", data, &mac).unwrap());
            assert!(!factor(true).verify_hmac(alg, "key", b"other", &mac).unwrap());
            assert!(!factor(true).verify_hmac(alg, "key", data, &mac[1..]).unwrap());
            assert!(!factor(true).verify_hmac(alg, "key", data, b"").unwrap());
        }
    }

    #[test]
    fn a_secret_is_compared_and_never_given() {
        assert!(factor(true).equals_secret("key", b"Jefe").unwrap());
        assert!(!factor(true).equals_secret("key", b"jefe").unwrap());
        assert!(!factor(true).equals_secret("key", b"Jef").unwrap());
    }

    #[test]
    fn what_is_missing_or_forbidden_is_said() {
        for name in ["none", "other"] {
            assert_eq!(
                factor(true).hmac("sha256", name, b"").unwrap_err().code,
                "account-broken"
            );
        }
        assert_eq!(factor(true).hmac("md5", "key", b"").unwrap_err().code, "invalid");
        assert_eq!(
            factor(false).equals_secret("key", b"Jefe").unwrap_err().code,
            "denied"
        );
    }
}
