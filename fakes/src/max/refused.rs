//! The platform's refusals.

use serde_json::json;

use crate::exchange::Reply;

/// Why a call is refused.
#[derive(Debug)]
pub(super) struct Refused {
    /// The HTTP status; 200 for what is refused by `success: false`.
    pub(super) http: u16,
    pub(super) code: &'static str,
    pub(super) message: String,
}

/// Of a file that the platform still works on.
const NOT_PROCESSED: &str = "errors.process.attachment.file.not.processed";

impl Refused {
    /// A refusal with the code that goes with an HTTP status.
    pub(super) fn new(http: u16, message: impl Into<String>) -> Self {
        let message = message.into();
        Self {
            http,
            code: code(http),
            message,
        }
    }

    /// The request has the wrong shape.
    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::new(400, message)
    }

    /// HTTP 200 that says `success: false`.
    pub(super) fn unsuccessful(message: impl Into<String>) -> Self {
        Self::new(200, message)
    }

    /// A file of the message is still being worked on.
    pub(super) fn not_ready() -> Self {
        Self {
            http: 400,
            code: "attachment.not.ready",
            message: format!("Key: {NOT_PROCESSED}"),
        }
    }

    /// The same refusal as edits say it: unfinished files come with HTTP 200.
    pub(super) fn of_edit(self) -> Self {
        match self.code {
            "attachment.not.ready" => Self::unsuccessful(NOT_PROCESSED),
            _ => self,
        }
    }

    pub(super) fn reply(&self) -> Reply {
        let body = match self.http {
            200 => json!({"success": false, "message": self.message}),
            _ => json!({"code": self.code, "message": self.message}),
        };
        Reply::json(self.http, &body)
    }
}

/// The code of a status. The platform publishes `verify.token`, `proto.payload`, `chat.denied` and `chat.not.found`; the
/// others are ours.
fn code(http: u16) -> &'static str {
    match http {
        400 => "proto.payload",
        401 => "verify.token",
        403 => "chat.denied",
        404 => "chat.not.found",
        405 => "method.not.allowed",
        429 => "too.many.requests",
        503 => "service.unavailable",
        _ => "internal.error",
    }
}
