//! SQLite's errors in the words of the core.

use omnichat_core::change::unique;
use omnichat_core::error::{Error, ErrorKind};
use rusqlite::ErrorCode;

/// What SQLite names in the message of a broken unique rule, and what that means.
const RULES: &[(&str, &str)] = &[
    ("operators.email", unique::OPERATOR_EMAIL),
    ("contacts.external_id", unique::CONTACT_KEY),
    ("chats.external_id", unique::CHAT),
    ("conversations.chat", unique::CONVERSATION_CHAT),
    ("message_ids.external_id", unique::MESSAGE_EXTERNAL),
    ("messages.client_key", unique::MESSAGE_CLIENT_KEY),
    ("revisions.number", unique::REVISION),
];

/// The nouns of rows whose key is taken.
const NOUNS: &[(&str, &str)] = &[
    ("tenants.", "tenant"),
    ("operators.", "operator"),
    ("inboxes.", "inbox"),
    ("customers.", "customer"),
    ("contacts.", "contact"),
    ("chats.", "chat"),
    ("conversations.", "conversation"),
    ("messages.", "message"),
    ("files.", "file"),
    ("records.", "record"),
    ("entities.", "entity"),
    ("audit.", "audit entry"),
    ("jobs.", "job"),
];

/// Translates an error of SQLite.
pub(super) fn error(cause: rusqlite::Error) -> Error {
    let rusqlite::Error::SqliteFailure(failure, message) = &cause else {
        return Error::internal("the database gave an unexpected answer").caused_by(cause);
    };
    let message = message.as_deref().unwrap_or_default();
    match failure.code {
        ErrorCode::ConstraintViolation => {
            if let Some((_, rule)) = RULES.iter().find(|(columns, _)| message.contains(columns)) {
                return Error::duplicate(rule);
            }
            if let Some((_, noun)) = NOUNS.iter().find(|(table, _)| message.contains(table)) {
                return Error::conflict(noun);
            }
            Error::internal("the database refused a row").caused_by(cause)
        }
        ErrorCode::DiskFull
        | ErrorCode::SystemIoFailure
        | ErrorCode::CannotOpen
        | ErrorCode::DatabaseBusy
        | ErrorCode::DatabaseLocked
        | ErrorCode::OutOfMemory
        | ErrorCode::PermissionDenied
        | ErrorCode::ReadOnly => {
            Error::new(ErrorKind::Unavailable, "the database cannot be used now").caused_by(cause)
        }
        ErrorCode::OperationInterrupted => {
            Error::new(ErrorKind::Timeout, "the database took too long to answer").caused_by(cause)
        }
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
            Error::internal("the database file is damaged or is no database").caused_by(cause)
        }
        _ => Error::internal("the database failed").caused_by(cause),
    }
}

/// The answer to every call once the store is closed.
pub(super) fn closed() -> Error {
    Error::new(ErrorKind::Unavailable, "the store is closed")
}

/// The answer to every write once the writer has died without having been told to.
pub(super) fn dead() -> Error {
    Error::internal(
        "the writer of the store has died: nothing can be stored until the program is started again",
    )
}
