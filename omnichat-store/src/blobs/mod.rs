//! Where the bytes of files are kept: a local folder, or a bucket of any service that speaks S3.
//!
//! Both name a blob by tenant and digest, write it under another name first and give it its own when it is whole, so that a
//! half-written blob is never seen. `intake` counts and hashes what comes in.

mod intake;
mod local;
mod s3;

pub use local::LocalBlobs;
pub use s3::{S3Blobs, S3Options};
