//! How both sides sign: `X-Omnichat-Signature: t=UNIX,v1=HEX`, where `HEX` is HMAC-SHA256 of `UNIX.BODY`.

use std::time::Duration;

use omnichat_core::clock::Timestamp;
use omnichat_core::error::{Error, ErrorKind, Result};

use crate::signature::{hmac_hex, hmac_matches};

/// The header, in lower case.
pub(super) const HEADER: &str = "x-omnichat-signature";
/// How far the time of a signature may lie from ours, in both directions.
const TOLERANCE: Duration = Duration::from_secs(300);

/// The header's value for a body.
pub(super) fn sign(secret: &str, now: Timestamp, body: &[u8]) -> String {
    let t = (now.micros() / 1_000_000).to_string();
    let v1 = hmac_hex(secret.as_bytes(), &[t.as_bytes(), b".", body]);
    format!("t={t},v1={v1}")
}

/// Checks the header's value. Several `v1` may be given while a secret is being changed.
///
/// # Errors
/// `Unauthenticated`. Which part was wrong is said only where that helps nobody but the owner of the secret.
pub(super) fn verify(secret: &str, now: Timestamp, body: &[u8], header: Option<&str>) -> Result<()> {
    let refused = |message: &str| Error::new(ErrorKind::Unauthenticated, message);
    let header = header.ok_or_else(|| refused("the signature is missing"))?;
    let parts: Vec<(&str, &str)> = header
        .split(',')
        .filter_map(|part| part.trim().split_once('='))
        .collect();
    let t = parts
        .iter()
        .find(|(name, _)| *name == "t")
        .map(|(_, value)| *value);
    let t = t.ok_or_else(|| refused("the signature has no time"))?;
    let good = |(name, value): &(&str, &str)| {
        *name == "v1" && hmac_matches(secret.as_bytes(), &[t.as_bytes(), b".", body], value)
    };
    if !parts.iter().any(good) {
        return Err(refused("the signature is wrong"));
    }
    let signed: i64 = t
        .parse()
        .map_err(|_| refused("the signature's time is no number"))?;
    let signed = Timestamp::from_secs(signed);
    if now.since(signed).max(signed.since(now)) > TOLERANCE {
        return Err(refused("the signature is too old or its clock is wrong"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "0123456789abcdef";
    const NOW: Timestamp = Timestamp::from_secs(1_790_000_000);

    fn check(now: Timestamp, body: &[u8], header: &str) -> bool {
        verify(SECRET, now, body, Some(header)).is_ok()
    }

    #[test]
    fn what_one_side_signs_the_other_accepts() {
        let header = sign(SECRET, NOW, b"{}");
        assert_eq!(
            header,
            "t=1790000000,v1=3d02334942fff50e279f641c1b104ff5f49380d94ff307bb92b1e03f5aee6ff0"
        );
        assert!(check(NOW, b"{}", &header));
        assert!(check(NOW, b"{}", &format!("{}, v1=00", header)));
        assert!(check(NOW, b"{}", &header.replace("v1=", "v1=00,v1=")));
    }

    #[test]
    fn the_example_in_the_documentation_is_right() {
        let page = include_str!("../../../docs/API.md");
        let body = r#"{"type":"message","id":"m-1001","chat":"user-77","text":"Where is order 77?"}"#;
        let header = sign("0123456789abcdef0123456789abcdef", NOW, body.as_bytes());
        let (_, hex) = header.split_once("v1=").unwrap();
        assert!(
            page.contains(body) && page.contains(&format!("both print `{hex}`")),
            "{hex}"
        );
    }

    #[test]
    fn anything_else_is_refused() {
        let header = sign(SECRET, NOW, b"{}");
        assert!(!check(NOW, b"{ }", &header));
        assert!(verify("another secret 1", NOW, b"{}", Some(&header)).is_err());
        assert!(verify(SECRET, NOW, b"{}", None).is_err());
        for wrong in [
            "",
            "t=1790000000",
            "v1=aa",
            "t=,v1=",
            &header.replace("179", "178"),
            &header.replace("v1", "v0"),
        ] {
            assert!(!check(NOW, b"{}", wrong), "{wrong}");
        }
    }

    #[test]
    fn a_signature_lasts_five_minutes() {
        let header = sign(SECRET, NOW, b"{}");
        let minutes = |n: u64| Duration::from_secs(n * 60);
        assert!(
            check(NOW.after(minutes(5)), b"{}", &header) && check(NOW.before(minutes(5)), b"{}", &header)
        );
        assert!(
            !check(NOW.after(minutes(6)), b"{}", &header) && !check(NOW.before(minutes(6)), b"{}", &header)
        );
        let never = sign(SECRET, Timestamp::from_micros(i64::MAX), b"{}");
        assert!(!check(NOW, b"{}", &never));
    }
}
