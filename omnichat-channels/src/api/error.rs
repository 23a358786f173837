//! From the other system's HTTP status to the errors of the core.

use std::time::Duration;

use omnichat_core::clock::Timestamp;
use omnichat_core::error::{Error, ErrorKind, Retry};
use reqwest::StatusCode;
use serde::Deserialize;

/// The longest pause that is taken at its word, and what is taken instead of a longer one.
const PAUSE_MAX: Duration = Duration::from_secs(3_600);

/// What an error's body may say of the reason; the names that are common for it.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Reason {
    message: Option<String>,
    detail: Option<String>,
    error: Option<String>,
}

/// What an answer other than success means.
pub(super) fn of_status(status: StatusCode, retry_after: Option<Duration>, body: &[u8]) -> Error {
    let code = status.as_u16();
    let retry = retry_after.map_or(Retry::Later, Retry::After);
    let error =
        match code {
            429 => Error::new(ErrorKind::RateLimited, "the other system asks for a pause")
                .with_retry(retry)
                .surely_not_sent(),
            // It may have acted all the same; the idempotency key keeps a repetition from doubling it.
            408 | 425 | 500.. => Error::new(
                ErrorKind::Unavailable,
                "the other system cannot be used at the moment",
            )
            .with_retry(retry),
            300..=399 => Error::new(
                ErrorKind::AccountBroken,
                "the other system's address leads elsewhere: set the final one",
            )
            .surely_not_sent(),
            401 | 403 => Error::new(ErrorKind::AccountBroken, "the other system refuses our signature")
                .surely_not_sent(),
            410 => Error::new(ErrorKind::Unreachable, "the customer cannot be reached any more")
                .surely_not_sent(),
            _ => Error::new(ErrorKind::Rejected, refusal(body)).surely_not_sent(),
        };
    error.with("status", code)
}

fn refusal(body: &[u8]) -> String {
    let reason: Reason = serde_json::from_slice(body).unwrap_or_default();
    let said = reason
        .message
        .or(reason.detail)
        .or(reason.error)
        .unwrap_or_default();
    let said: String = said.chars().filter(|c| !c.is_control()).take(200).collect();
    if said.is_empty() {
        "the other system refused".to_owned()
    } else {
        format!("the other system refused: {said}")
    }
}

/// Reads `Retry-After`: seconds, or a date.
pub(super) fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    let pause = match value.parse::<u64>() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let parser = jiff::fmt::rfc2822::DateTimeParser::new();
            let at = parser.parse_timestamp(value).ok()?;
            Timestamp::from_micros(at.as_microsecond()).since(now)
        }
    };
    Some(pause.min(PAUSE_MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(code: u16, body: &str) -> Error {
        of_status(
            StatusCode::from_u16(code).unwrap(),
            Some(Duration::from_secs(7)),
            body.as_bytes(),
        )
    }

    #[test]
    fn each_status_has_its_class() {
        let seven = Retry::After(Duration::from_secs(7));
        for (code, kind, retry, not_sent) in [
            (301, ErrorKind::AccountBroken, Retry::Never, true),
            (400, ErrorKind::Rejected, Retry::Never, true),
            (401, ErrorKind::AccountBroken, Retry::Never, true),
            (403, ErrorKind::AccountBroken, Retry::Never, true),
            (404, ErrorKind::Rejected, Retry::Never, true),
            (408, ErrorKind::Unavailable, seven, false),
            (410, ErrorKind::Unreachable, Retry::Never, true),
            (422, ErrorKind::Rejected, Retry::Never, true),
            (429, ErrorKind::RateLimited, seven, true),
            (500, ErrorKind::Unavailable, seven, false),
            (503, ErrorKind::Unavailable, seven, false),
        ] {
            let error = error(code, "");
            assert_eq!(
                (error.kind(), error.retry(), error.is_surely_not_sent()),
                (kind, retry, not_sent),
                "{code}"
            );
        }
    }

    #[test]
    fn the_reason_is_shown_and_bounded() {
        assert_eq!(
            error(422, r#"{"detail":"no such user"}"#).message(),
            "the other system refused: no such user"
        );
        assert_eq!(
            error(422, r#"{"message":5}"#).message(),
            "the other system refused"
        );
        assert!(
            error(422, &format!(r#"{{"error":"{}"}}"#, "x".repeat(5_000)))
                .message()
                .len()
                < 300
        );
    }

    #[test]
    fn a_pause_is_given_in_seconds_or_as_a_date() {
        let now: Timestamp = "2026-03-04T05:06:00Z".parse().unwrap();
        assert_eq!(retry_after("17", now), Some(Duration::from_secs(17)));
        assert_eq!(
            retry_after("Wed, 04 Mar 2026 05:06:30 GMT", now),
            Some(Duration::from_secs(30))
        );
        assert_eq!(
            retry_after("Wed, 04 Mar 2026 05:00:00 GMT", now),
            Some(Duration::ZERO)
        );
        assert_eq!(retry_after("99999999", now), Some(PAUSE_MAX));
        assert_eq!(retry_after("soon", now), None);
    }
}
