//! What came of a call: the plugin's own word, or a fault, and what either means to the rest of OmniChat.

use std::fmt;
use std::time::Duration;

use omnichat_core::error::{Error, ErrorKind, Retry};

use crate::export::Export;

/// How a call ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// With an answer.
    Ok,
    /// With an error in the plugin's own words; its code.
    PluginError(String),
    /// The code trapped: it panicked, ran out of stack, reached outside of its memory.
    Trap,
    /// It computed for too long.
    CpuTimeout,
    /// It took too long, waiting included.
    WallTimeout,
    /// It wanted more memory or tables than it may have.
    MemoryLimit,
    /// It passed more data to the host than it may.
    HostcallLimit,
    /// A fault of ours.
    HostError,
}

impl Outcome {
    /// The stable name in logs, metrics and tables.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::PluginError(_) => "plugin_error",
            Self::Trap => "trap",
            Self::CpuTimeout => "cpu_timeout",
            Self::WallTimeout => "wall_timeout",
            Self::MemoryLimit => "memory_limit",
            Self::HostcallLimit => "hostcall_limit",
            Self::HostError => "host_error",
        }
    }

    /// Whether it counts against the plugin's health: everything but an answer and the plugin's own error.
    pub const fn is_fault(&self) -> bool {
        !matches!(self, Self::Ok | Self::PluginError(_))
    }
}

/// An error in a plugin's own words, or in the host's words to a plugin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PluginError {
    /// `invalid`, `malformed`, `unauthenticated`, `not-found`, `too-large`, `rejected`, `unreachable`, `account-broken`,
    /// `rate-limited`, `unavailable`, `timeout`, `denied`, or one that this version does not know.
    pub code: String,
    /// A sentence for people.
    pub message: String,
    /// Trying the same again later may help.
    pub retryable: bool,
    /// Not before this long has passed.
    pub retry_after: Option<Duration>,
    /// The request surely had no effect at the platform.
    pub not_sent: bool,
    /// Anything else, JSON, for logs.
    pub details: Option<String>,
}

impl PluginError {
    /// One with a code and a sentence, not to be tried again, surely without effect.
    pub(crate) fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            message: message.into(),
            not_sent: true,
            ..Self::default()
        }
    }

    /// The host does not allow it.
    pub(crate) fn denied(message: impl Into<String>) -> Self {
        Self::new("denied", message)
    }

    /// The same error in the words of the core.
    pub fn into_core(self) -> Error {
        let kind = match self.code.as_str() {
            "invalid" => ErrorKind::Invalid,
            "malformed" => ErrorKind::Malformed,
            "unauthenticated" => ErrorKind::Unauthenticated,
            "not-found" => ErrorKind::NotFound,
            "too-large" => ErrorKind::TooLarge,
            "rejected" | "denied" => ErrorKind::Rejected,
            "unreachable" => ErrorKind::Unreachable,
            "account-broken" => ErrorKind::AccountBroken,
            "rate-limited" => ErrorKind::RateLimited,
            "unavailable" => ErrorKind::Unavailable,
            "timeout" => ErrorKind::Timeout,
            _ if self.retryable => ErrorKind::Unavailable,
            _ => ErrorKind::Rejected,
        };
        let retry = match self.retry_after {
            Some(wait) => Retry::After(wait),
            None if self.retryable => Retry::Later,
            None => Error::new(kind, "").retry(),
        };
        let mut error = Error::new(kind, self.message).with_retry(retry);
        if self.not_sent {
            error = error.surely_not_sent();
        }
        error
    }

    /// An error of the host's services, for the plugin that called them.
    pub(crate) fn from_core(error: &Error) -> Self {
        let code = match error.kind() {
            ErrorKind::Invalid => "invalid",
            ErrorKind::Malformed => "malformed",
            ErrorKind::Unauthenticated => "unauthenticated",
            ErrorKind::NotFound => "not-found",
            ErrorKind::TooLarge => "too-large",
            ErrorKind::Rejected | ErrorKind::Forbidden => "denied",
            ErrorKind::AccountBroken => "account-broken",
            ErrorKind::RateLimited => "rate-limited",
            ErrorKind::Timeout => "timeout",
            _ => "unavailable",
        };
        Self {
            code: code.to_owned(),
            message: error.message().to_owned(),
            retryable: error.retry() != Retry::Never,
            retry_after: match error.retry() {
                Retry::After(wait) => Some(wait),
                Retry::Never | Retry::Later => None,
            },
            not_sent: error.is_surely_not_sent(),
            details: None,
        }
    }
}

/// A call that brought no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// How it ended.
    pub outcome: Outcome,
    /// Which export was called.
    pub export: Export,
    /// A sentence for people, without secrets.
    pub message: String,
    /// The plugin's own error, if that is what it is.
    pub error: Option<PluginError>,
    /// An HTTP request had been begun, so that the platform may have seen something.
    pub http_begun: bool,
    /// When it may be tried again, if the host knows.
    pub retry_after: Option<Duration>,
}

impl Failure {
    /// The same error in the words of the core.
    ///
    /// The plugin's own error is taken at its word. Of a fault in `send` it is unknown whether the platform has the
    /// message, if a request had been begun, and surely not, if none had; a fault in `parse-webhook` or
    /// `addressed` is `Malformed`, which puts the webhook into quarantine; any other fault, and a call that a breaker did not let through, is `Unavailable`, which
    /// has the caller try again.
    pub fn into_core(self) -> Error {
        if let Some(mut error) = self.error {
            error.not_sent |= !self.http_begun;
            return error.into_core().with("plugin_call", self.export.name());
        }
        let kind = match (self.export, self.http_begun) {
            // It was not called at all.
            _ if self.retry_after.is_some() => ErrorKind::Unavailable,
            (Export::ParseWebhook | Export::Addressed, _) => ErrorKind::Malformed,
            (Export::Send | Export::Perform | Export::CallTool, true) => ErrorKind::Timeout,
            _ => ErrorKind::Unavailable,
        };
        let mut error = Error::new(kind, self.message)
            .with("plugin_call", self.export.name())
            .with("outcome", self.outcome.name());
        if let Some(wait) = self.retry_after {
            error = error.with_retry(Retry::After(wait));
        }
        if self.http_begun {
            error
        } else {
            error.surely_not_sent()
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {}: {}",
            self.export.name(),
            self.outcome.name(),
            self.message
        )
    }
}

impl std::error::Error for Failure {}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(export: Export, http_begun: bool) -> Error {
        Failure {
            outcome: Outcome::Trap,
            export,
            message: "it trapped".to_owned(),
            error: None,
            http_begun,
            retry_after: None,
        }
        .into_core()
    }

    #[test]
    fn every_code_has_its_kind_and_unknown_ones_go_by_retryable() {
        for (code, kind) in [
            ("invalid", ErrorKind::Invalid),
            ("malformed", ErrorKind::Malformed),
            ("unauthenticated", ErrorKind::Unauthenticated),
            ("not-found", ErrorKind::NotFound),
            ("too-large", ErrorKind::TooLarge),
            ("rejected", ErrorKind::Rejected),
            ("denied", ErrorKind::Rejected),
            ("unreachable", ErrorKind::Unreachable),
            ("account-broken", ErrorKind::AccountBroken),
            ("rate-limited", ErrorKind::RateLimited),
            ("unavailable", ErrorKind::Unavailable),
            ("timeout", ErrorKind::Timeout),
            ("of-tomorrow", ErrorKind::Rejected),
        ] {
            assert_eq!(PluginError::new(code, "").into_core().kind(), kind, "{code}");
        }
        let later = PluginError {
            retryable: true,
            ..PluginError::new("of-tomorrow", "")
        };
        assert_eq!(later.into_core().kind(), ErrorKind::Unavailable);
    }

    #[test]
    fn retry_advice_and_certainty_go_both_ways() {
        let said = PluginError {
            code: "rate-limited".to_owned(),
            message: "slowly".to_owned(),
            retryable: true,
            retry_after: Some(Duration::from_secs(7)),
            not_sent: true,
            details: None,
        };
        let core = said.clone().into_core();
        assert_eq!(core.retry(), Retry::After(Duration::from_secs(7)));
        assert!(core.is_surely_not_sent());
        assert_eq!(PluginError::from_core(&core), said);
    }

    #[test]
    fn a_fault_in_send_is_unknown_only_after_a_request_was_begun() {
        let before = fault(Export::Send, false);
        assert_eq!(before.kind(), ErrorKind::Unavailable);
        assert!(before.is_surely_not_sent());
        let after = fault(Export::Send, true);
        assert_eq!(after.kind(), ErrorKind::Timeout);
        assert!(!after.is_surely_not_sent());
    }

    #[test]
    fn faults_at_webhooks_are_retried_or_put_into_quarantine() {
        assert_eq!(fault(Export::AcceptWebhook, false).kind(), ErrorKind::Unavailable);
        assert_eq!(fault(Export::ParseWebhook, false).kind(), ErrorKind::Malformed);
    }
}
