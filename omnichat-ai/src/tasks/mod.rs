//! Tasks: what an AI is used for.

mod sentiment;

pub use sentiment::{Mood, mood};
