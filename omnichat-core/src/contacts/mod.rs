//! Contacts: who people are on platforms, and whose customers that makes them. Where they are spoken with is a
//! [chat](crate::chats::Chat).

mod model;
mod store;

pub use model::{Contact, ContactKey, Scope};
pub use store::ContactReads;
