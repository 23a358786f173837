//! PostgreSQL's errors in the words of the core.

use omnichat_core::change::unique;
use omnichat_core::error::{Error, ErrorKind};

/// Names of unique indexes and what it means when one is broken.
const RULES: &[(&str, &str)] = &[
    ("operators_email", unique::OPERATOR_EMAIL),
    ("contacts_key", unique::CONTACT_KEY),
    ("chats_place", unique::CHAT),
    ("conversations_chat", unique::CONVERSATION_CHAT),
    ("message_ids_pkey", unique::MESSAGE_EXTERNAL),
    ("messages_client_key", unique::MESSAGE_CLIENT_KEY),
    ("revisions_pkey", unique::REVISION),
];

/// Names of keys and the nouns of their rows.
const NOUNS: &[(&str, &str)] = &[
    ("tenants_pkey", "tenant"),
    ("operators_pkey", "operator"),
    ("inboxes_pkey", "inbox"),
    ("inboxes_everywhere", "inbox"),
    ("customers_pkey", "customer"),
    ("contacts_pkey", "contact"),
    ("chats_pkey", "chat"),
    ("conversations_pkey", "conversation"),
    ("messages_pkey", "message"),
    ("files_pkey", "file"),
    ("records_pkey", "record"),
    ("entities_pkey", "entity"),
    ("audit_pkey", "audit entry"),
    ("jobs_id", "job"),
];

/// Translates an error of the driver or of the server.
pub(super) fn error(cause: sqlx::Error) -> Error {
    let unavailable =
        |cause| Error::new(ErrorKind::Unavailable, "the database cannot be reached").caused_by(cause);
    match &cause {
        sqlx::Error::Database(database) => {
            let code = database.code().unwrap_or_default().into_owned();
            let constraint = database.constraint().unwrap_or_default();
            match code.as_str() {
                "23505" => {
                    if let Some((_, rule)) = RULES.iter().find(|(name, _)| *name == constraint) {
                        return Error::duplicate(rule);
                    }
                    if let Some((_, noun)) = NOUNS.iter().find(|(name, _)| *name == constraint) {
                        return Error::conflict(noun);
                    }
                    Error::internal("the database refused a row")
                        .with("constraint", constraint)
                        .caused_by(cause)
                }
                // U+0000, which PostgreSQL cannot keep in a key.
                "22021" | "22P05" => {
                    Error::invalid("the text holds a character that cannot be kept").caused_by(cause)
                }
                "54000" => Error::new(ErrorKind::TooLarge, "a key is too long").caused_by(cause),
                "57014" => {
                    Error::new(ErrorKind::Timeout, "the database took too long to answer").caused_by(cause)
                }
                // Connection, resources, shutdown, serialisation: all of it may pass.
                _ if ["08", "40", "53", "55", "57", "58"]
                    .iter()
                    .any(|class| code.starts_with(class)) =>
                {
                    unavailable(cause)
                }
                "28000" | "28P01" | "3D000" => {
                    Error::new(ErrorKind::Unavailable, "the database refuses this user")
                        .with("code", code)
                        .caused_by(cause)
                }
                _ => Error::internal("the database failed")
                    .with("code", code)
                    .caused_by(cause),
            }
        }
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::WorkerCrashed => unavailable(cause),
        sqlx::Error::PoolClosed => closed(),
        sqlx::Error::Configuration(_) => {
            Error::invalid_field("store", "format", "this is not the URL of a database").caused_by(cause)
        }
        _ => Error::internal("the database gave an unexpected answer").caused_by(cause),
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
