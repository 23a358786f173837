//! Messages: what is said, in both directions and among operators.

mod build;
mod checks;
mod content;
mod model;
mod position;
mod service;
mod store;

pub use build::{next_position, system_entry};
pub use content::{
    Attachment, AttachmentKind, AttachmentState, Button, ButtonAction, Content, Part, Span, SpanStyle,
    SystemEntry, preview,
};
pub use model::{
    Author, AuthorKind, DeliveryState, Direction, Failure, Message, Reaction, ReplyTo, Revision,
};
pub use position::position;
pub use service::{Audience, MessageService, NewMessage, Sent};
pub use store::MessageReads;
