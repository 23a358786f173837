//! Where the bytes of files are kept: named by the SHA-256 of their content, so that the same file twice is kept once and
//! a half-written one is never seen.
//!
//! What comes in has no name at first ([`BlobStore::receive`]) and is dropped without a trace if it is refused, whatever the
//! reason. It is given its name ([`Incoming::keep`]) only when a row refers to it: so bytes that a row needs are never among
//! those that nothing refers to, which [`crate::files`] collects.

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;

use crate::clock::Timestamp;
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

/// A blob that has come in whole and has no name yet. Dropping it leaves nothing behind.
#[async_trait]
pub trait Incoming: Send {
    /// What it is.
    fn info(&self) -> &BlobInfo;

    /// Gives it its name, under which it survives a crash. The same content under the same name is replaced by itself.
    async fn keep(self: Box<Self>) -> Result<()>;
}

/// A blob as it lies in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredBlob {
    /// Its name.
    pub digest: String,
    /// When it was written last, by the clock of the storage.
    pub written_at: Timestamp,
}

/// Keeps bytes, apart for each tenant.
#[async_trait]
pub trait BlobStore: Send + Sync + 'static {
    /// Takes in what the stream gives. `TooLarge` as soon as it is longer than `max` bytes; an error of the stream is passed
    /// on. In both cases nothing is left behind.
    async fn receive(&self, tenant: TenantId, bytes: ByteStream, max: u64) -> Result<Box<dyn Incoming>>;

    /// Takes in what the stream gives and keeps it at once: for whoever refers to it in no row.
    async fn put(&self, tenant: TenantId, bytes: ByteStream, max: u64) -> Result<BlobInfo> {
        let incoming = self.receive(tenant, bytes, max).await?;
        let info = incoming.info().clone();
        incoming.keep().await?;
        Ok(info)
    }

    /// Reads a blob or a stretch of it. `NotFound` if there is none; `Invalid` if the range is outside of it.
    async fn get(&self, tenant: TenantId, digest: &str, range: Option<ByteRange>) -> Result<ByteStream>;

    /// Its length in bytes; `NotFound` if there is none.
    async fn size(&self, tenant: TenantId, digest: &str) -> Result<u64>;

    /// Removes a blob. Removing what is not there is no error.
    async fn delete(&self, tenant: TenantId, digest: &str) -> Result<()>;

    /// Every blob of a tenant, in no order. One that is written or removed meanwhile may be among them or not.
    fn list(&self, tenant: TenantId) -> BoxStream<'static, Result<StoredBlob>>;

    /// Removes what writers that died have left without a name. Returns how much it was.
    async fn clear_abandoned(&self) -> Result<u64>;

    /// How many bytes there is room for; `None` where that cannot be told.
    async fn room(&self) -> Result<Option<u64>>;
}
