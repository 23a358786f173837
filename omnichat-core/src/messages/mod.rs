//! Messages: what is said, in both directions and among operators.

mod build;
mod model;
mod position;
mod service;
mod store;

pub use model::{
    Attachment, AttachmentKind, AttachmentState, Author, AuthorKind, Button, ButtonAction, Content, DeliveryState,
    Direction, Failure, Message, Part, Reaction, ReplyTo, Revision, Span, SpanStyle, SystemEntry, preview,
};
pub use build::{next_position, system_entry};
pub use position::position;
pub use service::{Audience, MessageService, NewMessage, Sent};
pub use store::MessageReads;
