//! Files: what was uploaded or fetched, served only to those who may see its conversation.
//!
//! Bytes are shared: two files with the same content have one blob. [`keeping`] writes a row before the bytes have their name,
//! [`collecting`] removes what was never sent and bytes that no row refers to; the two agree by a mark in the store, so that
//! nothing that is referred to is ever removed, however many hosts do either.

mod collecting;
mod describe;
pub(crate) mod keeping;
mod links;
mod model;
pub(crate) mod name;
mod service;
mod store;

pub use describe::{Described, describe, mime_type};
pub use links::FileLinks;
pub use model::{File, Quota, Uploaded, Uploaders};
pub use service::{FileService, Upload};
pub use store::FileReads;
