//! The shapes that cross the wire. Only here are the core's types turned into JSON, so that a shape changes in one place.
//!
//! One file for each domain. Names and fields are those of the OpenAPI document, from which the console's types are made.

pub mod api_key;
pub mod audit;
pub mod automation;
pub mod channel;
mod content;
pub mod conversation;
pub mod customer;
pub mod entity;
pub mod event;
pub mod file;
pub mod inbox;
pub mod message;
pub(crate) mod names;
pub mod operator;
pub mod page;
pub mod permission;
pub mod plugin;
pub mod plugin_health;
pub mod plugin_rights;
pub mod quarantine;
pub mod role;
pub mod session;
pub mod time;

pub use time::Time;

/// Where a stored file can be read by operators.
pub(crate) fn file_url(id: omnichat_core::id::FileId) -> String {
    format!("/api/v1/files/{id}")
}

/// The channel of an inbox; empty if the inbox was removed.
pub(crate) fn channel_of(
    inboxes: &[omnichat_core::inboxes::Inbox],
    id: omnichat_core::id::InboxId,
) -> String {
    inboxes
        .iter()
        .find(|inbox| inbox.id == id)
        .map(|inbox| inbox.kind.clone())
        .unwrap_or_default()
}
