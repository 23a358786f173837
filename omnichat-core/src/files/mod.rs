//! Files: what was uploaded or fetched, served only to those who may see its conversation.

mod describe;
mod links;
mod model;
mod service;
mod store;

pub use describe::{Described, describe};
pub use links::FileLinks;
pub use model::File;
pub use service::{FileService, Upload};
pub use store::FileReads;
