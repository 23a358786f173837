//! Why a call failed: a code that the host acts upon, and a sentence for people.

use super::PluginError;

/// The codes that hosts know. An unknown one counts as `unavailable` if `retryable`, else as `rejected`.
pub mod code {
    /// A value is wrong.
    pub const INVALID: &str = "invalid";
    /// The bytes are not what they claim to be.
    pub const MALFORMED: &str = "malformed";
    /// The proof is wrong or missing.
    pub const UNAUTHENTICATED: &str = "unauthenticated";
    /// There is no such thing.
    pub const NOT_FOUND: &str = "not-found";
    /// Larger than allowed.
    pub const TOO_LARGE: &str = "too-large";
    /// This message will never go out.
    pub const REJECTED: &str = "rejected";
    /// This customer cannot be reached.
    pub const UNREACHABLE: &str = "unreachable";
    /// This account does not work until somebody mends it.
    pub const ACCOUNT_BROKEN: &str = "account-broken";
    /// Too many requests.
    pub const RATE_LIMITED: &str = "rate-limited";
    /// Not reachable at the moment.
    pub const UNAVAILABLE: &str = "unavailable";
    /// No answer in time.
    pub const TIMEOUT: &str = "timeout";
    /// The host does not allow it.
    pub const DENIED: &str = "denied";
}

impl PluginError {
    /// An error with a code and a sentence for people. Codes that mend themselves count as retryable.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            message: message.into(),
            retryable: matches!(code, code::RATE_LIMITED | code::UNAVAILABLE | code::TIMEOUT),
            ..Self::default()
        }
    }

    /// A value is wrong.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(code::INVALID, message)
    }

    /// The bytes are not what they claim to be.
    pub fn malformed(message: impl Into<String>) -> Self {
        Self::new(code::MALFORMED, message)
    }

    /// The proof is wrong or missing.
    pub fn unauthenticated(message: impl Into<String>) -> Self {
        Self::new(code::UNAUTHENTICATED, message)
    }

    /// There is no such thing at the platform. From `check` it says that the platform has lost the webhook which was registered
    /// here: the host registers it again.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(code::NOT_FOUND, message)
    }

    /// This message will never go out. Surely not sent: for a refusal by the platform in the middle of a message,
    /// clear `not_sent`.
    pub fn rejected(message: impl Into<String>) -> Self {
        Self::new(code::REJECTED, message).not_sent()
    }

    /// This customer cannot be reached. Surely not sent.
    pub fn unreachable(message: impl Into<String>) -> Self {
        Self::new(code::UNREACHABLE, message).not_sent()
    }

    /// This account does not work until somebody mends it. Surely not sent.
    pub fn account_broken(message: impl Into<String>) -> Self {
        Self::new(code::ACCOUNT_BROKEN, message).not_sent()
    }

    /// Too many requests.
    pub fn rate_limited(message: impl Into<String>) -> Self {
        Self::new(code::RATE_LIMITED, message)
    }

    /// Not reachable at the moment. Whether the request had an effect is unknown unless [`Self::not_sent`] says so.
    pub fn unavailable(message: impl Into<String>) -> Self {
        Self::new(code::UNAVAILABLE, message)
    }

    /// The channel cannot do this at all.
    pub fn unsupported(what: &str) -> Self {
        Self::rejected(format!("this channel does not support {what}"))
    }

    /// The request surely had no effect at the platform: it may be sent again without a risk of doubling.
    #[must_use]
    pub fn not_sent(mut self) -> Self {
        self.not_sent = true;
        self
    }

    /// Not before this many milliseconds have passed.
    #[must_use]
    pub fn after_ms(mut self, ms: u64) -> Self {
        self.retryable = true;
        self.retry_after_ms = Some(ms);
        self
    }

    /// Something for logs; never a secret.
    #[must_use]
    pub fn details(mut self, details: &serde_json::Value) -> Self {
        self.details = Some(details.to_string());
        self
    }
}
