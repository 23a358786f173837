//! A plugin's file: what it claims to be ([`inspect`]), its name by content ([`digest`]), the settings it wants
//! ([`schema`]) its compiled form ([`cache`]), and an end to what is not needed any more ([`sweep`]).

pub(crate) mod cache;
pub(crate) mod digest;
pub(crate) mod inspect;
pub(crate) mod schema;
mod sweep;

use omnichat_core::error::Error;

/// Largest file, in bytes.
pub const MAX_BYTES: usize = 32 * 1024 * 1024;

/// Why a plugin's file is refused: a stable code and a sentence that says what to do.
pub(crate) fn refused(code: &str, message: impl Into<String>) -> Error {
    Error::invalid_field("plugin", code, message)
}
