//! Chats: where is spoken, and what an answer is addressed to. Who speaks there is a [contact](crate::contacts::Contact).

mod model;
mod store;

pub use model::{Chat, ChatKind, Context};
pub use store::ChatReads;
