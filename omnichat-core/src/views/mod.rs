//! Saved views: lists of conversations under a name.

mod model;

pub use model::{View, ViewId, ViewSort};
