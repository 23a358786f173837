//! The words between a plugin and its host. They are the records of the contract themselves, with constructors for the
//! sets that the contract keeps open as text.

mod descriptor;
mod error;
mod http;
mod text;

pub use crate::bindings::channel::omnichat::plugin::types::{
    AccountInfo, AppAccounts, Body, ConfigIssue, Contact, Content, Descriptor, HttpRequest, HttpResponse,
    Limit, Location, Part, PluginError,
};
pub use crate::bindings::channel::omnichat::plugin::types::{Button, Span};
pub use error::code;
pub(crate) use http::document;
pub use http::percent_encode;
pub use text::{ButtonAction, Style, utf16_len};

/// Short for a result with a plugin's error.
pub type Result<T, E = PluginError> = std::result::Result<T, E>;
