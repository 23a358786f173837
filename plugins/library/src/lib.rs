//! Which plugins a host has: their files, signatures and versions, what they asked for and what they were granted.
//!
//! A [`Library`] is a folder. `plugins.lock` in it says what shall run and what runs; `files/` holds the components by the
//! digest of their content. Every change is made under a lock of the file system and replaces `plugins.lock` whole, so that
//! a running host and the command line may work on one library at once: a host follows the file and does what it says.
//!
//! ```text
//! install ─▶ (waits for approval, if it asks for more than was granted) ─▶ wanted ─▶ the host tries it ─▶ active
//!                                                                             └──▶ refused: the active one stays
//! ```

mod entry;
mod files;
mod library;
mod lock;
mod signature;

pub use entry::{Entry, Installed, Refusal, Release};
pub use library::{Install, Library};
pub use lock::Lock;
pub use signature::{PublisherKey, Signature, SigningKey};
