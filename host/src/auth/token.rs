//! Access tokens: JSON Web Tokens with HS256 and no other algorithm, whatever their header says.

use std::time::Duration;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use omnichat_core::clock::Timestamp;
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::id::{OperatorId, SessionId, TenantId};
use omnichat_core::operators::Operator;
use omnichat_core::vault::Vault;
use serde::{Deserialize, Serialize};

/// What an access token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The operator.
    #[serde(rename = "sub")]
    pub operator: OperatorId,
    /// The tenant.
    #[serde(rename = "ten")]
    pub tenant: TenantId,
    /// The session.
    #[serde(rename = "sid")]
    pub session: SessionId,
    /// When it was made, in seconds since 1970.
    #[serde(rename = "iat")]
    pub issued_at: i64,
    /// When it ends, in seconds since 1970.
    #[serde(rename = "exp")]
    pub expires_at: i64,
}

/// Makes and checks access tokens.
pub(super) struct AccessTokens {
    encoding: EncodingKey,
    /// The name of the key that signs.
    newest: Option<String>,
    /// Each key with its name, the newest first.
    decoding: Vec<(String, DecodingKey)>,
    validation: Validation,
    lifetime: Duration,
}

impl AccessTokens {
    /// From the keys of a host, the newest first: it signs, the others still prove.
    pub(super) fn new(keys: &[[u8; 32]], lifetime: Duration) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        // The end is checked below, by the engine's clock.
        validation.validate_exp = false;
        Self {
            encoding: EncodingKey::from_secret(keys.first().map_or(&[], |key| key)),
            newest: keys.first().map(Vault::key_id),
            decoding: keys
                .iter()
                .map(|key| (Vault::key_id(key), DecodingKey::from_secret(key)))
                .collect(),
            validation,
            lifetime,
        }
    }

    /// A token and how long it lasts, in seconds.
    pub(super) fn issue(
        &self,
        operator: &Operator,
        session: SessionId,
        now: Timestamp,
    ) -> Result<(String, u64)> {
        let issued_at = now.micros() / 1_000_000;
        let seconds = self.lifetime.as_secs();
        let claims = Claims {
            operator: operator.id,
            tenant: operator.tenant,
            session,
            issued_at,
            expires_at: issued_at.saturating_add_unsigned(seconds),
        };
        let mut header = Header::new(Algorithm::HS256);
        header.kid.clone_from(&self.newest);
        let token = jsonwebtoken::encode(&header, &claims, &self.encoding)
            .map_err(|e| Error::internal("an access token cannot be made").caused_by(e))?;
        Ok((token, seconds))
    }

    pub(super) fn verify(&self, token: &str, now: Timestamp) -> Result<Claims> {
        let wrong = |message: &str| Error::new(ErrorKind::Unauthenticated, message);
        let invalid = || wrong("the access token is not valid");
        let header = jsonwebtoken::decode_header(token).map_err(|error| invalid().caused_by(error))?;
        let key = self
            .decoding
            .iter()
            .find(|(name, _)| header.kid.as_ref() == Some(name))
            .ok_or_else(invalid)?;
        let claims = jsonwebtoken::decode::<Claims>(token, &key.1, &self.validation)
            .map_err(|error| invalid().caused_by(error))?
            .claims;
        if Timestamp::from_secs(claims.expires_at) <= now {
            return Err(wrong("the access token has expired"));
        }
        Ok(claims)
    }
}

#[cfg(test)]
mod tests {
    use omnichat_core::clock::SystemClock;

    use super::super::tests::operator;
    use super::*;

    #[test]
    fn a_token_holds_until_its_end_and_under_its_key() {
        let tokens = AccessTokens::new(&[[1; 32]], Duration::from_secs(60));
        let (operator, session) = (operator(), SessionId::generate(&SystemClock));
        let now = Timestamp::from_secs(1_000);
        let (token, seconds) = tokens.issue(&operator, session, now).unwrap();
        assert_eq!(seconds, 60);
        let claims = tokens.verify(&token, Timestamp::from_secs(1_059)).unwrap();
        assert_eq!((claims.operator, claims.session), (operator.id, session));
        assert!(tokens.verify(&token, Timestamp::from_secs(1_060)).is_err());
        assert!(
            AccessTokens::new(&[[2; 32]], Duration::from_secs(60))
                .verify(&token, now)
                .is_err()
        );
        let renewed = AccessTokens::new(&[[2; 32], [1; 32]], Duration::from_secs(60));
        assert!(
            renewed.verify(&token, now).is_ok(),
            "a renewed key ends no session"
        );
        let newer = renewed
            .issue(&super::super::tests::operator(), session, now)
            .unwrap()
            .0;
        assert!(renewed.verify(&newer, now).is_ok() && tokens.verify(&newer, now).is_err());
    }

    #[test]
    fn no_other_algorithm_is_taken() {
        let key = [1; 32];
        let tokens = AccessTokens::new(&[key], Duration::from_secs(60));
        let now = Timestamp::from_secs(1_000);
        let session = SessionId::generate(&SystemClock);
        let claims = tokens
            .verify(&tokens.issue(&operator(), session, now).unwrap().0, now)
            .unwrap();
        let other = jsonwebtoken::encode(
            &Header {
                kid: Some(Vault::key_id(&key)),
                ..Header::new(Algorithm::HS512)
            },
            &claims,
            &EncodingKey::from_secret(&key),
        )
        .unwrap();
        assert!(tokens.verify(&other, now).is_err());
    }
}
