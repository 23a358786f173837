//! Files in memory, for tests and trials.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use futures::stream::BoxStream;
use futures::{StreamExt, stream};
use sha2::{Digest, Sha256};

use crate::clock::{Clock, SystemClock, Timestamp};
use crate::error::{Error, ErrorKind, Result};
use crate::id::TenantId;
use crate::store::blob::{BlobInfo, BlobStore, ByteRange, ByteStream, HEAD_BYTES, Incoming, StoredBlob};

/// Keeps blobs in memory.
#[derive(Debug, Default)]
pub struct MemoryBlobs {
    blobs: Arc<Blobs>,
}

type Blobs = Mutex<BTreeMap<(TenantId, String), (Bytes, Timestamp)>>;

/// A blob that has no name yet.
struct Unnamed {
    tenant: TenantId,
    content: Bytes,
    info: BlobInfo,
    blobs: Arc<Blobs>,
}

#[async_trait]
impl Incoming for Unnamed {
    fn info(&self) -> &BlobInfo {
        &self.info
    }

    async fn keep(self: Box<Self>) -> Result<()> {
        let mut blobs = self.blobs.lock().unwrap_or_else(PoisonError::into_inner);
        // Storage has a clock of its own.
        let kept = (self.content, SystemClock.now());
        blobs.insert((self.tenant, self.info.digest), kept);
        Ok(())
    }
}

impl MemoryBlobs {
    /// No blob yet.
    pub fn new() -> Self {
        Self::default()
    }

    fn blobs(&self) -> MutexGuard<'_, BTreeMap<(TenantId, String), (Bytes, Timestamp)>> {
        self.blobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, tenant: TenantId, digest: &str) -> Result<Bytes> {
        self.blobs()
            .get(&(tenant, digest.to_owned()))
            .map(|(content, _)| content.clone())
            .ok_or_else(|| Error::not_found("file"))
    }
}

#[async_trait]
impl BlobStore for MemoryBlobs {
    async fn receive(&self, tenant: TenantId, mut bytes: ByteStream, max: u64) -> Result<Box<dyn Incoming>> {
        let mut content = BytesMut::new();
        while let Some(chunk) = bytes.next().await {
            content.extend_from_slice(&chunk?);
            if content.len() as u64 > max {
                return Err(Error::new(ErrorKind::TooLarge, "the file is too large").with("max_bytes", max));
            }
        }
        let content = content.freeze();
        let digest: String = Sha256::digest(&content)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let info = BlobInfo {
            digest,
            size: content.len() as u64,
            head: content.slice(..content.len().min(HEAD_BYTES)),
        };
        Ok(Box::new(Unnamed {
            tenant,
            content,
            info,
            blobs: self.blobs.clone(),
        }))
    }

    async fn get(&self, tenant: TenantId, digest: &str, range: Option<ByteRange>) -> Result<ByteStream> {
        let content = self.find(tenant, digest)?;
        let content = match range {
            None => content,
            Some(range) => {
                let (start, end) = range.within(content.len() as u64)?;
                content.slice(start as usize..end as usize)
            }
        };
        Ok(stream::iter([Ok(content)]).boxed())
    }

    async fn size(&self, tenant: TenantId, digest: &str) -> Result<u64> {
        Ok(self.find(tenant, digest)?.len() as u64)
    }

    async fn delete(&self, tenant: TenantId, digest: &str) -> Result<()> {
        self.blobs().remove(&(tenant, digest.to_owned()));
        Ok(())
    }

    fn list(&self, tenant: TenantId) -> BoxStream<'static, Result<StoredBlob>> {
        let blobs: Vec<_> = self
            .blobs()
            .iter()
            .filter(|((of, _), _)| *of == tenant)
            .map(|((_, digest), (_, written_at))| {
                Ok(StoredBlob {
                    digest: digest.clone(),
                    written_at: *written_at,
                })
            })
            .collect();
        stream::iter(blobs).boxed()
    }

    async fn clear_abandoned(&self) -> Result<u64> {
        Ok(0)
    }

    async fn room(&self) -> Result<Option<u64>> {
        Ok(None)
    }
}
