//! Refresh secrets: a random half, and a proof that this session gave it out.

use sha2::{Digest, Sha256};

use super::model::{RefreshToken, Session};
use crate::id::{OperatorId, SessionId, TenantId};

/// Hex digits of the random half.
const RANDOM: usize = 40;
/// Hex digits of the proof.
const PROOF: usize = 24;

/// A random text for [`Session::lineage`].
pub(super) fn lineage() -> String {
    hex::encode(rand::random::<[u8; 32]>())
}

/// A new secret of a lineage.
pub(super) fn fresh(lineage: &str) -> String {
    let random = hex::encode(rand::random::<[u8; RANDOM / 2]>());
    let proof = proof(lineage, &random);
    random + &proof
}

/// Whether the session of a lineage has once given out this secret.
pub(super) fn was_given_out(lineage: &str, secret: &str) -> bool {
    let Some((random, given)) = secret.split_at_checked(RANDOM) else {
        return false;
    };
    // Comparing digests tells nothing of how far a guess was right.
    !lineage.is_empty() && digest(given) == digest(&proof(lineage, random))
}

/// What is stored of a secret.
pub(super) fn digest(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

/// Both parts have a fixed length and most of the hash is cut off, so that plain SHA-256 is as good as HMAC here.
fn proof(lineage: &str, random: &str) -> String {
    let mut proof = digest(&format!("{lineage}/{random}"));
    proof.truncate(PROOF);
    proof
}

/// The token with a secret of a session.
pub(super) fn token(session: &Session, secret: &str) -> RefreshToken {
    let (tenant, operator, id) = (session.tenant.uuid(), session.operator.uuid(), session.id.uuid());
    RefreshToken(format!(
        "{}.{}.{}.{secret}",
        tenant.as_simple(),
        operator.as_simple(),
        id.as_simple()
    ))
}

/// The parts of a token.
pub(super) fn parse(token: &str) -> Option<(TenantId, OperatorId, SessionId, String)> {
    let mut parts = token.splitn(4, '.');
    let mut uuid = || parts.next().and_then(|part| uuid::Uuid::try_parse(part).ok());
    let (tenant, operator, id) = (uuid()?, uuid()?, uuid()?);
    let secret = parts.next().filter(|s| s.len() == RANDOM + PROOF)?;
    Some((
        TenantId::from_uuid(tenant),
        OperatorId::from_uuid(operator),
        SessionId::from_uuid(id),
        secret.to_owned(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_known_by_its_own_lineage_alone() {
        let (mine, other) = (lineage(), lineage());
        let secret = fresh(&mine);
        assert!(was_given_out(&mine, &secret));
        assert!(!was_given_out(&other, &secret));
        assert!(!was_given_out("", &fresh("")));
        for wrong in ["", "ж", &"0".repeat(RANDOM + PROOF), &secret[..RANDOM]] {
            assert!(!was_given_out(&mine, wrong), "{wrong}");
        }
    }
}
