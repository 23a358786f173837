//! Records: one mechanism for small typed documents (sessions, invitations, poll cursors, settings), so that each does
//! not need a table of its own.

mod model;
mod store;

pub use model::{Record, RecordType};
pub use store::RecordReads;
