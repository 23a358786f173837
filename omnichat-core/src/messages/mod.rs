//! Messages: what is said, in both directions and among operators.

mod build;
mod changing;
mod checks;
mod content;
mod model;
mod position;
mod sending;
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
pub use sending::{Audience, NewMessage, Sent};
pub use service::MessageService;
pub use store::MessageReads;
