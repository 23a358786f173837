//! From Viber's statuses to the codes of the contract.

use omnichat_plugin_sdk::types::{PluginError, code};
use serde_json::json;

/// After this long, messages without an answer are counted anew, in milliseconds; Viber does not say when.
const PAUSE_MS: u64 = 10 * 60 * 1000;

/// The bot has no webhook: nothing goes out before it has one.
pub(crate) const NO_WEBHOOK: i64 = 10;
/// The customer's Viber is older than the message asks for.
pub(crate) const TOO_OLD: i64 = 13;
/// What is in the message needs a newer Viber than the message asks for.
pub(crate) const ASKS_TOO_LITTLE: i64 = 14;

/// Why a call failed.
#[derive(Debug)]
pub(crate) enum Fault {
    /// Viber said no: it did nothing.
    Api {
        /// Its number.
        status: i64,
        /// Its words.
        message: String,
    },
    /// Viber was not asked, or its answer was lost.
    Other(PluginError),
}

impl From<PluginError> for Fault {
    fn from(error: PluginError) -> Self {
        Self::Other(error)
    }
}

impl Fault {
    /// The number by which Viber refused.
    pub(crate) fn status(&self) -> Option<i64> {
        match self {
            Self::Api { status, .. } => Some(*status),
            Self::Other(_) => None,
        }
    }
}

impl From<Fault> for PluginError {
    fn from(fault: Fault) -> Self {
        let (status, words) = match fault {
            Fault::Other(error) => return error,
            Fault::Api { status, message } => (status, message),
        };
        let (code, sentence) = meaning(status);
        let message = match sentence {
            "" => format!("Viber refused: {words}"),
            sentence => sentence.to_owned(),
        };
        let error = PluginError::new(code, message)
            .not_sent()
            .details(&json!({ "status": status, "message": words }));
        if status == 12 {
            error.after_ms(PAUSE_MS)
        } else {
            error
        }
    }
}

/// Code and sentence of a status; an empty sentence if Viber's own words say more.
fn meaning(status: i64) -> (&'static str, &'static str) {
    match status {
        1 => (
            code::REJECTED,
            "Viber cannot reach this server's address: it needs https with a certificate of a public authority",
        ),
        2 => (
            code::ACCOUNT_BROKEN,
            "Viber does not know this token: it was changed or mistyped",
        ),
        5 => (
            code::UNREACHABLE,
            "the customer is not registered with Viber any more",
        ),
        6 => (
            code::UNREACHABLE,
            "the customer has unsubscribed and has to write first",
        ),
        7 => (code::ACCOUNT_BROKEN, "Viber has blocked the bot"),
        8 => (code::ACCOUNT_BROKEN, "Viber does not know the bot any more"),
        9 => (code::ACCOUNT_BROKEN, "Viber has suspended the bot"),
        NO_WEBHOOK => (
            code::ACCOUNT_BROKEN,
            "the bot has no webhook: register it once more",
        ),
        11 => (
            code::UNREACHABLE,
            "no device of the customer can show messages of bots",
        ),
        12 => (
            code::RATE_LIMITED,
            "too many messages without an answer of the customer",
        ),
        TOO_OLD => (code::REJECTED, "the customer's Viber is too old for this message"),
        ASKS_TOO_LITTLE => (
            code::REJECTED,
            "what is in the message needs a newer Viber than the message was said to need",
        ),
        15 => (code::ACCOUNT_BROKEN, "the bot may not do this"),
        21 => (
            code::REJECTED,
            "Viber does not deliver bots' messages in the customer's country",
        ),
        23 => (
            code::REJECTED,
            "the free messages of this conversation are used up: the customer has to write first",
        ),
        24 => (code::ACCOUNT_BROKEN, "the bot's balance is used up"),
        3 | 4 | 16..=20 | 22 => (code::REJECTED, ""),
        _ => (code::UNAVAILABLE, "Viber is out of order"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_status_has_its_class() {
        let class = |status| {
            let error = PluginError::from(Fault::Api {
                status,
                message: "words".to_owned(),
            });
            assert!(error.not_sent && error.message.len() > 5);
            (error.code, error.retryable, error.retry_after_ms)
        };
        for status in [1, 3, 4, 13, 14, 16, 17, 18, 19, 20, 21, 22, 23] {
            assert_eq!(class(status), ("rejected".to_owned(), false, None), "{status}");
        }
        for status in [2, 7, 8, 9, 10, 15, 24] {
            assert_eq!(
                class(status),
                ("account-broken".to_owned(), false, None),
                "{status}"
            );
        }
        for status in [5, 6, 11] {
            assert_eq!(class(status), ("unreachable".to_owned(), false, None), "{status}");
        }
        let words = |status| {
            let message = "words".to_owned();
            PluginError::from(Fault::Api { status, message }).message
        };
        assert_ne!(words(TOO_OLD), words(ASKS_TOO_LITTLE), "two different things");
        assert_eq!(class(12), ("rate-limited".to_owned(), true, Some(PAUSE_MS)));
        assert_eq!(class(99), ("unavailable".to_owned(), true, None));
        assert_eq!(class(-1).0, "unavailable");
    }
}
