//! From Telegram's errors to those of the core.
//!
//! Texts change their wording and case between versions of the platform, so parts of them are looked for in lower case.

use std::time::Duration;

use omnichat_core::error::{Error, ErrorKind, Retry};
use serde::Deserialize;

/// How long to wait when a limit is hit and Telegram does not say.
const DEFAULT_PAUSE: Duration = Duration::from_secs(5);

/// What Telegram says when it does not do what it was asked to.
#[derive(Clone, Debug, Default)]
pub(super) struct ApiError {
    /// The HTTP status, repeated in the body.
    pub(super) error_code: u16,
    /// The reason, in English.
    pub(super) description: String,
    pub(super) parameters: Parameters,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Parameters {
    /// Seconds.
    pub(super) retry_after: Option<u64>,
    /// The chat's id from now on.
    pub(super) migrate_to_chat_id: Option<i64>,
}

/// Why a call failed: Telegram said no, or it was not asked, or its answer was lost.
#[derive(Debug)]
pub(super) enum Fault {
    /// Telegram said no.
    Api(ApiError),
    /// Anything else.
    Other(Error),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::Other(error)
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Api(error) => error.into(),
            Fault::Other(error) => error,
        }
    }
}

impl Fault {
    /// Telegram said no, for a reason that holds one of these texts.
    pub(super) fn says(&self, texts: &[&str]) -> bool {
        matches!(self, Self::Api(error) if error.says(texts))
    }
}

impl ApiError {
    /// Whether the reason holds one of these texts, given in lower case.
    pub(super) fn says(&self, texts: &[&str]) -> bool {
        let description = self.description.to_lowercase();
        texts.iter().any(|text| description.contains(text))
    }

    /// How long Telegram wants to be left alone.
    pub(super) fn pause(&self) -> Duration {
        self.parameters
            .retry_after
            .map_or(DEFAULT_PAUSE, Duration::from_secs)
    }

    fn sentence(&self) -> String {
        if let Some((_, sentence)) = REASONS.iter().find(|(texts, _)| self.says(texts)) {
            return (*sentence).to_owned();
        }
        let reason = self.description.trim_start_matches("Bad Request:").trim();
        if reason.is_empty() {
            "Telegram refused".to_owned()
        } else {
            format!("Telegram refused: {reason}")
        }
    }
}

/// The customer is gone, whatever the status says.
const GONE: &[&str] = &[
    "user_is_blocked",
    "input_user_deactivated",
    "user is deactivated",
    "peer_id_invalid",
];

/// What the texts mean, for an operator.
const REASONS: &[(&[&str], &str)] = &[
    (
        &["blocked by the user", "user_is_blocked"],
        "the customer has blocked the bot",
    ),
    (
        &["deactivated"],
        "the customer has deleted their Telegram account",
    ),
    (
        &["bot was kicked", "bot is not a member"],
        "the bot was removed from this chat",
    ),
    (
        &["can't initiate conversation", "peer_id_invalid"],
        "the customer has to write to the bot first",
    ),
    (
        &["chat not found"],
        "Telegram does not know this chat: the customer has to write to the bot first",
    ),
    (
        &["message is too long"],
        "the text is longer than Telegram allows",
    ),
    (
        &["caption is too long"],
        "the text beside the file is longer than Telegram allows",
    ),
    (
        &["message text is empty", "text must be non-empty"],
        "the message is empty",
    ),
    (
        &["replied not found", "message to reply not found"],
        "the message that this one answers to is gone",
    ),
    (
        &["button_data_invalid"],
        "a button's data is longer than Telegram allows",
    ),
    (
        &["button_url_invalid", "wrong http url"],
        "a button's address is not one that Telegram accepts",
    ),
    (
        &["file is too big", "entity too large"],
        "the file is larger than Telegram allows",
    ),
    (&["file must be non-empty"], "the file is empty"),
    (
        &["wrong file identifier", "failed to get http url"],
        "Telegram could not take over the file",
    ),
    (
        &["photo_invalid_dimensions"],
        "the picture's sides are longer than Telegram allows",
    ),
    (&["image_process_failed"], "Telegram could not read the picture"),
    (
        &["voice_messages_forbidden"],
        "the customer does not accept voice messages",
    ),
    (
        &["not enough rights", "have no rights", "chat_write_forbidden"],
        "the bot may not write in this chat",
    ),
    (
        &["topic_closed", "topic_deleted", "thread not found"],
        "the topic of the group is closed or gone",
    ),
    (
        &["business_"],
        "the business account does not let the bot write in this chat",
    ),
    (
        &["can't be edited"],
        "Telegram does not allow this message to be edited any more",
    ),
    (&["to edit not found"], "the message is not there any more"),
    (
        &["can't be deleted"],
        "Telegram does not allow this message to be deleted: it is older than 48 hours",
    ),
    (
        &["query is too old"],
        "the button press is too old to be answered",
    ),
    (
        &["webhook is active"],
        "the bot has a webhook: messages cannot be fetched at the same time",
    ),
    (
        &["terminated by other getupdates"],
        "another program fetches the messages of this bot",
    ),
    (
        &["unauthorized"],
        "Telegram does not know this token: it was revoked or mistyped",
    ),
];

impl From<ApiError> for Error {
    fn from(error: ApiError) -> Self {
        let of = |kind| Error::new(kind, error.sentence());
        match error.error_code {
            429 => Error::new(ErrorKind::RateLimited, "Telegram asks for a pause")
                .with_retry(Retry::After(error.pause()))
                .surely_not_sent(),
            // A fault in there may have come after the message went out.
            500.. => {
                Error::new(ErrorKind::Unavailable, "Telegram has a fault").with("status", error.error_code)
            }
            401 => of(ErrorKind::AccountBroken).surely_not_sent(),
            // The path holds the token: an unknown path is an unknown token.
            404 => Error::new(
                ErrorKind::AccountBroken,
                "Telegram does not know this token: it was revoked or mistyped",
            )
            .surely_not_sent(),
            403 => of(ErrorKind::Unreachable).surely_not_sent(),
            409 if error.says(&["webhook is active"]) => of(ErrorKind::AccountBroken).surely_not_sent(),
            409 => of(ErrorKind::Unavailable)
                .with_retry(Retry::After(DEFAULT_PAUSE))
                .surely_not_sent(),
            _ if error.says(GONE) => of(ErrorKind::Unreachable).surely_not_sent(),
            _ => of(ErrorKind::Rejected).surely_not_sent(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(code: u16, description: &str) -> Error {
        ApiError {
            error_code: code,
            description: description.to_owned(),
            ..ApiError::default()
        }
        .into()
    }

    #[test]
    fn classes_are_those_of_the_platform() {
        for (code, description, kind) in [
            (400, "Bad Request: chat not found", ErrorKind::Rejected),
            (400, "Bad Request: message is too long", ErrorKind::Rejected),
            (400, "Bad Request: BUTTON_DATA_INVALID", ErrorKind::Rejected),
            (400, "Bad Request: something new", ErrorKind::Rejected),
            (400, "Bad Request: USER_IS_BLOCKED", ErrorKind::Unreachable),
            (401, "Unauthorized", ErrorKind::AccountBroken),
            (
                403,
                "Forbidden: bot was blocked by the user",
                ErrorKind::Unreachable,
            ),
            (403, "Forbidden: user is deactivated", ErrorKind::Unreachable),
            (404, "Not Found", ErrorKind::AccountBroken),
            (
                409,
                "Conflict: can't use getUpdates method while webhook is active",
                ErrorKind::AccountBroken,
            ),
            (
                409,
                "Conflict: terminated by other getUpdates request",
                ErrorKind::Unavailable,
            ),
        ] {
            let error = error(code, description);
            assert_eq!(error.kind(), kind, "{description}");
            assert!(error.is_surely_not_sent(), "{description}");
        }
        assert_eq!(
            error(400, "Bad Request: something new").message(),
            "Telegram refused: something new"
        );
    }

    #[test]
    fn a_fault_of_the_platform_leaves_open_whether_it_was_sent() {
        let error = error(502, "Bad Gateway");
        assert_eq!(
            (error.kind(), error.retry()),
            (ErrorKind::Unavailable, Retry::Later)
        );
        assert!(!error.is_surely_not_sent());
    }

    #[test]
    fn a_pause_is_as_long_as_the_platform_says() {
        let mut limit = ApiError {
            error_code: 429,
            ..ApiError::default()
        };
        limit.parameters.retry_after = Some(17);
        let error = Error::from(limit);
        assert_eq!(error.retry(), Retry::After(Duration::from_secs(17)));
        assert!(error.is_surely_not_sent());
    }
}
