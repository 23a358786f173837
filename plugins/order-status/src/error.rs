//! What the shop's refusals mean.

use omnichat_plugin_sdk::types::{HttpResponse, PluginError, code};

/// The error that an answer stands for; none if it is an answer to the question. Asking changes nothing at the shop, so that
/// it may always be asked again.
pub(crate) fn refusal(answer: &HttpResponse) -> Option<PluginError> {
    let status = answer.status;
    let error = match status {
        200..=299 | 404 | 410 => return None,
        300..=399 => PluginError::account_broken(
            "the shop's API has moved: put the address to which it redirects into the settings",
        ),
        401 | 403 => PluginError::account_broken("the shop's API does not accept the token"),
        400 | 422 => PluginError::new(
            code::INVALID,
            "the shop's API does not accept such an order number",
        ),
        408 => PluginError::new(code::TIMEOUT, "the shop's API took too long"),
        429 => PluginError::rate_limited("the shop's API asks for fewer requests"),
        500.. => PluginError::unavailable(format!("the shop's API is out of order ({status})")),
        _ => PluginError::rejected(format!("the shop's API refused the request ({status})")),
    };
    let pause = answer
        .header("retry-after")
        .and_then(|seconds| seconds.trim().parse::<u64>().ok());
    Some(
        match pause {
            Some(seconds) if error.retryable => error.after_ms(seconds.saturating_mul(1000)),
            _ => error,
        }
        .not_sent(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_its_class() {
        for (status, code, retryable) in [
            (302, "account-broken", false),
            (400, "invalid", false),
            (401, "account-broken", false),
            (403, "account-broken", false),
            (405, "rejected", false),
            (408, "timeout", true),
            (422, "invalid", false),
            (429, "rate-limited", true),
            (500, "unavailable", true),
            (503, "unavailable", true),
        ] {
            let error = refusal(&HttpResponse::of(status, "")).expect("an error");
            assert_eq!(
                (error.code.as_str(), error.retryable),
                (code, retryable),
                "{status}"
            );
            assert!(error.not_sent, "{status}");
        }
        for status in [200, 204, 404, 410] {
            assert_eq!(refusal(&HttpResponse::of(status, "")), None);
        }
    }

    #[test]
    fn the_shop_may_say_when() {
        let answer = |status, value: &str| HttpResponse {
            headers: vec![("retry-after".to_owned(), value.to_owned())],
            ..HttpResponse::of(status, "")
        };
        let pause = |status, value| refusal(&answer(status, value)).and_then(|error| error.retry_after_ms);
        assert_eq!(pause(429, "7"), Some(7_000));
        assert_eq!(pause(503, " 60 "), Some(60_000));
        assert_eq!(pause(429, "Sat, 21 Nov 2026 10:00:00 GMT"), None);
        assert_eq!(pause(401, "7"), None, "waiting does not mend a token");
    }
}
