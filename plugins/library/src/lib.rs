//! Which plugins a host has: their files, signatures and versions, what they asked for and what they were granted.
//!
//! A [`Library`] is a folder. `plugins.lock` in it says what shall run and what runs; `files/` holds the components by the
//! digest of their content. Every change is made under a lock of the file system and replaces `plugins.lock` whole, so that
//! a running host and the command line may work on one library at once: a host follows the file and does what it says.
//!
//! ```text
//! install ─▶ (waits for approval, if it asks for more than was granted) ─▶ wanted ─▶ the host tries it ─▶ active
//!                  └──▶ declined: the active one stays                        └──▶ refused: the active one stays
//! ```
//!
//! Grants belong to a version: whichever runs, runs with what was granted to it, and no more.

mod decide;
mod entry;
mod files;
mod format1;
mod install;
mod library;
mod lock;
mod signature;

pub use entry::{Entry, Refusal, RefusedBy, Release, Standing};
pub use install::{Install, Installed};
pub use library::Library;
pub use lock::{Following, Lock};
pub use signature::{PublisherKey, Signature, SigningKey};
