//! The one error of the whole SDK: what kind it is, whether trying again helps, and where it came from.
//!
//! Kinds are few and stable: callers decide by [`Error::kind`] and [`Error::retry`], people read the message.
//! HTTP statuses, SQL codes and vendors' numbers live at the edges and are translated into these.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Short for a result with the SDK's error.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What went wrong, in the words of the core.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorKind {
    /// A value is wrong; [`Error::fields`] may say which.
    Invalid,
    /// The bytes are not what they claim to be (broken JSON, invalid UTF-8).
    Malformed,
    /// Nobody is signed in, or the proof is wrong or has expired.
    Unauthenticated,
    /// The actor may not do this.
    Forbidden,
    /// There is no such thing, or not for this tenant.
    NotFound,
    /// Another was quicker: the version given is no longer the stored one.
    Conflict,
    /// The same external id or client key is stored already.
    Duplicate,
    /// Larger than allowed.
    TooLarge,
    /// The type of content is not allowed.
    UnsupportedMedia,
    /// The platform or the channel cannot or will not do this; trying again does not help.
    Rejected,
    /// The customer cannot be reached any more (blocked the bot, deleted the account).
    Unreachable,
    /// The account's credentials or settings are broken: nothing will work until somebody mends them.
    AccountBroken,
    /// Too many requests.
    RateLimited,
    /// Not reachable at the moment.
    Unavailable,
    /// No answer in time. The other side may or may not have acted.
    Timeout,
    /// A stored row is there and cannot be read: whoever runs the host must look at it.
    Damaged,
    /// A fault of ours.
    Internal,
}

impl ErrorKind {
    /// The stable name used in problem documents, logs and metrics.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Malformed => "malformed",
            Self::Unauthenticated => "unauthenticated",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::Conflict => "conflict",
            Self::Duplicate => "duplicate",
            Self::TooLarge => "too_large",
            Self::UnsupportedMedia => "unsupported",
            Self::Rejected => "rejected",
            Self::Unreachable => "unreachable",
            Self::AccountBroken => "account_broken",
            Self::RateLimited => "rate_limited",
            Self::Unavailable => "unavailable",
            Self::Timeout => "timeout",
            Self::Damaged => "damaged",
            Self::Internal => "internal",
        }
    }
}

/// Whether and when the same call may succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// Not without a change.
    Never,
    /// Later, with the caller's own back-off.
    Later,
    /// Not before this long has passed; the other side said so.
    After(Duration),
}

/// One wrong field of an input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// Path of the field, dots between levels: `config.token`.
    pub field: String,
    /// Stable code: `required`, `too_long`, `format`, …
    pub code: String,
    /// A sentence for people.
    pub message: String,
}

/// The error of every trait and service in the SDK.
pub struct Error {
    inner: Box<Inner>,
}

struct Inner {
    kind: ErrorKind,
    message: String,
    retry: Retry,
    /// The request surely did not take effect on the other side.
    not_sent: bool,
    fields: Vec<FieldError>,
    context: Vec<(&'static str, String)>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    /// An error of a kind, with a sentence for people. Retry advice follows from the kind.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        let retry = match kind {
            ErrorKind::Conflict
            | ErrorKind::RateLimited
            | ErrorKind::Unavailable
            | ErrorKind::Timeout
            | ErrorKind::Internal => Retry::Later,
            _ => Retry::Never,
        };
        Self {
            inner: Box::new(Inner {
                kind,
                message: message.into(),
                retry,
                not_sent: false,
                fields: Vec::new(),
                context: Vec::new(),
                source: None,
            }),
        }
    }

    /// A wrong value.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Invalid, message)
    }

    /// A wrong field: `code` is stable, `message` is for people.
    pub fn invalid_field(field: &str, code: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        Self::invalid(message.clone()).with_field(field, code, message)
    }

    /// Every wrong field, each with its code and what is said to people; the first one speaks for all. Nothing if none is wrong.
    pub fn invalid_fields<F: AsRef<str>>(
        wrong: impl IntoIterator<Item = (F, &'static str, String)>,
    ) -> Option<Self> {
        let mut wrong = wrong.into_iter();
        let (field, code, message) = wrong.next()?;
        let first = Self::invalid_field(field.as_ref(), code, message);
        Some(wrong.fold(first, |error, (field, code, message)| {
            error.with_field(field.as_ref(), code, message)
        }))
    }

    /// No such thing. `what` is a noun: "conversation".
    pub fn not_found(what: &str) -> Self {
        Self::new(ErrorKind::NotFound, format!("no such {what}"))
    }

    /// A stale version of a row, or a lease that is no longer held. The context names it under `stale`.
    pub fn conflict(what: &str) -> Self {
        let message = format!("{what} was changed by another in the meantime");
        Self::new(ErrorKind::Conflict, message).with("stale", what)
    }

    /// A key that is stored already. `unique` names the rule.
    pub fn duplicate(unique: &str) -> Self {
        Self::new(ErrorKind::Duplicate, format!("{unique} exists already")).with("unique", unique)
    }

    /// The actor lacks a right.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Forbidden, message)
    }

    /// A fault of ours, with its cause.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Internal, message)
    }

    /// Adds what was known where it happened: `("inbox", id)`.
    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl fmt::Display) -> Self {
        self.inner.context.push((key, value.to_string()));
        self
    }

    /// The same error in other words, for whoever knows more of where it happened.
    #[must_use]
    pub fn retold(mut self, message: impl Into<String>) -> Self {
        self.inner.message = message.into();
        self
    }

    /// Adds a wrong field.
    #[must_use]
    pub fn with_field(mut self, field: &str, code: &str, message: impl Into<String>) -> Self {
        self.inner.fields.push(FieldError {
            field: field.to_owned(),
            code: code.to_owned(),
            message: message.into(),
        });
        self
    }

    /// Adds the cause.
    #[must_use]
    pub fn caused_by(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.inner.source = Some(source.into());
        self
    }

    /// Overrides the retry advice.
    #[must_use]
    pub fn with_retry(mut self, retry: Retry) -> Self {
        self.inner.retry = retry;
        self
    }

    /// States that the request surely had no effect on the other side (refused, or never left this machine), so that
    /// it may be sent again without the danger of a double.
    #[must_use]
    pub fn surely_not_sent(mut self) -> Self {
        self.inner.not_sent = true;
        self
    }

    /// What went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.inner.kind
    }

    /// The sentence for people.
    pub fn message(&self) -> &str {
        &self.inner.message
    }

    /// Whether trying again may help.
    pub fn retry(&self) -> Retry {
        self.inner.retry
    }

    /// Whether the request surely had no effect, see [`Error::surely_not_sent`].
    pub fn is_surely_not_sent(&self) -> bool {
        self.inner.not_sent
    }

    /// The wrong fields, if the kind is [`ErrorKind::Invalid`].
    pub fn fields(&self) -> &[FieldError] {
        &self.inner.fields
    }

    /// Key-value context, in the order in which it was added.
    pub fn context(&self) -> &[(&'static str, String)] {
        &self.inner.context
    }

    /// Whether another worker has taken over the job whose lease the caller holds.
    pub fn is_lost_lease(&self) -> bool {
        self.kind() == ErrorKind::Conflict && self.context_value("stale") == Some("lease")
    }

    /// The value of one context key.
    pub fn context_value(&self, key: &str) -> Option<&str> {
        self.inner
            .context
            .iter()
            .find(|(k, _)| *k == key)
            .map(|(_, v)| v.as_str())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.inner.message)?;
        for (key, value) in &self.inner.context {
            write!(f, ", {key}={value}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {self}", self.inner.kind.code())?;
        let mut source = std::error::Error::source(self);
        while let Some(cause) = source {
            write!(f, ": {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.inner.source.as_deref().map(|s| s as _)
    }
}
