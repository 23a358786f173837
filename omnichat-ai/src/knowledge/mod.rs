//! Knowledge: finding the passages that an answer may rest on.

mod hashing;

pub use hashing::HashingEmbedder;
