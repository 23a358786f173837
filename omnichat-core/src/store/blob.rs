//! Where the bytes of files are kept: named by the SHA-256 of their content, so that the same file twice is kept once and
//! a half-written one is never seen.

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;

use crate::error::{Error, Result};
use crate::id::TenantId;

/// Bytes as they come.
pub type ByteStream = BoxStream<'static, Result<Bytes>>;

/// A stored blob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BlobInfo {
    /// SHA-256 of the content, 64 hex digits: its name.
    pub digest: String,
    /// Bytes.
    pub size: u64,
    /// The first bytes, at most [`HEAD_BYTES`]: enough to tell what it is.
    pub head: Bytes,
}

/// How many bytes of a blob are looked at to tell what it is.
pub const HEAD_BYTES: usize = 4_096;

/// A stretch of a blob, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByteRange {
    /// First byte.
    pub start: u64,
    /// One past the last byte.
    pub end: u64,
}

impl ByteRange {
    /// The stretch as `(start, end)`, if it lies within so many bytes and does not end before it begins; else `Invalid`.
    /// An empty stretch is within.
    pub fn within(self, size: u64) -> Result<(u64, u64)> {
        if self.start > self.end || self.end > size {
            let message = format!("bytes {} to {} of a file of {size}", self.start, self.end);
            return Err(Error::invalid_field("range", "range", message));
        }
        Ok((self.start, self.end))
    }
}

/// Whether a text is the name of a blob: 64 hex digits in lower case. A store asks this before it makes a path or key of
/// it; what is no name is `NotFound`.
pub fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// Keeps bytes, apart for each tenant.
#[async_trait]
pub trait BlobStore: Send + Sync + 'static {
    /// Stores what the stream gives. `TooLarge` as soon as it is longer than `max` bytes; an error of the stream is passed
    /// on. In both cases nothing is left behind.
    async fn put(&self, tenant: TenantId, bytes: ByteStream, max: u64) -> Result<BlobInfo>;

    /// Reads a blob or a stretch of it. `NotFound` if there is none; `Invalid` if the range is outside of it.
    async fn get(&self, tenant: TenantId, digest: &str, range: Option<ByteRange>) -> Result<ByteStream>;

    /// Its length in bytes; `NotFound` if there is none.
    async fn size(&self, tenant: TenantId, digest: &str) -> Result<u64>;

    /// Removes a blob. Removing what is not there is no error.
    async fn delete(&self, tenant: TenantId, digest: &str) -> Result<()>;
}
