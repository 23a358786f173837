//! From MAX's answers to the codes of the contract.

use omnichat_plugin_sdk::types::{PluginError, code};
use serde::Deserialize;
use serde_json::json;

/// What MAX says when it does not do what it was asked to.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ApiError {
    /// The HTTP status; 200 where only `success` is false.
    #[serde(skip)]
    pub(crate) status: u16,
    pub(crate) code: String,
    pub(crate) message: String,
}

impl ApiError {
    /// An uploaded file is still being processed, for seconds or, if it is large, for minutes: the host's growing pauses suit
    /// that. On a send this is a refusal, on an edit a success that is none.
    fn is_not_ready(&self) -> bool {
        self.code == "attachment.not.ready" || self.message.contains("not.processed")
    }

    /// MAX does not know the press of a button, or not any more.
    pub(crate) fn is_stale_press(&self) -> bool {
        let words = format!("{} {}", self.code, self.message).to_lowercase();
        let gone = ["expired", "not found", "not.found", "no callback", "unknown"];
        self.is_absent() || words.contains("callback") && gone.iter().any(|word| words.contains(word))
    }

    /// The message or chat is not there.
    pub(crate) fn is_absent(&self) -> bool {
        self.status == 404
    }
}

/// Why a call failed.
#[derive(Debug)]
pub(crate) enum Fault {
    /// MAX said no: it did nothing.
    Api(ApiError),
    /// MAX was not asked, or its answer was lost.
    Other(PluginError),
}

impl From<PluginError> for Fault {
    fn from(error: PluginError) -> Self {
        Self::Other(error)
    }
}

impl From<Fault> for PluginError {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Other(error) => error,
            Fault::Api(error) => error.into(),
        }
    }
}

impl From<ApiError> for PluginError {
    fn from(error: ApiError) -> Self {
        let details = json!({ "status": error.status, "code": error.code, "message": error.message });
        let (code, sentence) = meaning(&error);
        let message = match sentence {
            "" if error.message.is_empty() => format!("MAX refused with status {}", error.status),
            "" => format!("MAX refused: {}", error.message),
            sentence => sentence.to_owned(),
        };
        let plugin_error = PluginError::new(code, message).details(&details);
        match error.status {
            _ if error.is_not_ready() => plugin_error.not_sent(),
            // A gateway may have passed the request on before it gave up.
            500.. => plugin_error,
            _ => plugin_error.not_sent(),
        }
    }
}

/// Code and sentence; an empty sentence if MAX's own words say more.
fn meaning(error: &ApiError) -> (&'static str, &'static str) {
    if error.is_not_ready() {
        return (code::UNAVAILABLE, "MAX is still processing the file");
    }
    match (error.status, error.code.as_str()) {
        (401, _) | (_, "verify.token") => (
            code::ACCOUNT_BROKEN,
            "MAX does not know this token: it was revoked or mistyped",
        ),
        (404, "chat.not.found") => (
            code::UNREACHABLE,
            "MAX does not know this chat: the customer has to write to the bot first",
        ),
        (403, _) | (_, "chat.denied") => (
            code::UNREACHABLE,
            "the customer has stopped the bot, or it may not write in this chat",
        ),
        (413, _) => (code::REJECTED, "the file is larger than MAX allows"),
        (429, _) => (code::RATE_LIMITED, "MAX asks for fewer requests"),
        (408, _) => (code::TIMEOUT, "MAX did not answer in time"),
        (500.., _) => (code::UNAVAILABLE, "MAX is out of order"),
        _ => (code::REJECTED, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_press_that_is_gone_needs_no_answer() {
        let stale = |status, message: &str| {
            let error = ApiError {
                status,
                code: "proto.payload".to_owned(),
                message: message.to_owned(),
            };
            error.is_stale_press()
        };
        assert!(stale(404, ""));
        assert!(stale(400, "Callback not found") && stale(200, "errors.callback.expired"));
        assert!(!stale(400, "one of notification and message") && !stale(400, "callback_id: missing"));
        assert!(!stale(200, "the file was not found"));
    }

    #[test]
    fn every_answer_has_its_class() {
        let class = |status, code: &str, message: &str| {
            let error = ApiError {
                status,
                code: code.to_owned(),
                message: message.to_owned(),
            };
            let error = PluginError::from(error);
            (error.code, error.retryable, error.not_sent)
        };
        let is = |code: &str, retryable, not_sent| (code.to_owned(), retryable, not_sent);
        assert_eq!(class(401, "verify.token", ""), is("account-broken", false, true));
        assert_eq!(
            class(400, "attachment.not.ready", ""),
            is("unavailable", true, true)
        );
        assert_eq!(
            class(200, "", "errors.process.attachment.file.not.processed"),
            is("unavailable", true, true)
        );
        assert_eq!(class(400, "proto.payload", "wrong"), is("rejected", false, true));
        assert_eq!(class(403, "chat.denied", ""), is("unreachable", false, true));
        assert_eq!(class(404, "chat.not.found", ""), is("unreachable", false, true));
        assert_eq!(class(404, "message.not.found", ""), is("rejected", false, true));
        assert_eq!(class(405, "", ""), is("rejected", false, true));
        assert_eq!(class(429, "", ""), is("rate-limited", true, true));
        assert_eq!(class(503, "", ""), is("unavailable", true, false));
    }
}
