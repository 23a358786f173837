//! Messages: what is said, in both directions and among operators.

mod build;
mod changing;
mod checks;
mod content;
mod fetching;
mod fitting;
mod model;
mod notice;
mod position;
mod sending;
mod service;
mod store;

pub(crate) use build::written;
pub use build::{next_position, system_entry};
pub(crate) use checks::{check_content, check_window};
pub use content::{
    Attachment, AttachmentKind, AttachmentState, Button, ButtonAction, Content, Live, Part, Span, SpanStyle,
    SystemEntry, excerpt, preview,
};
pub(crate) use fitting::fitted;
pub use model::{
    Author, AuthorKind, DeliveryState, Direction, Failure, Message, Reaction, ReplyTo, Revision,
};
pub use notice::{Fact, FactLabel, NoticeKind};
pub use position::position;
pub use sending::{Audience, NewMessage, Sent};
pub use service::MessageService;
pub use store::MessageReads;
