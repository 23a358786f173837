//! Files in memory, for tests and trials.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use futures::{StreamExt, stream};
use sha2::{Digest, Sha256};

use crate::error::{Error, ErrorKind, Result};
use crate::id::TenantId;
use crate::store::blob::{BlobInfo, BlobStore, ByteRange, ByteStream, HEAD_BYTES};

/// Keeps blobs in memory.
#[derive(Debug, Default)]
pub struct MemoryBlobs {
    blobs: Mutex<BTreeMap<(TenantId, String), Bytes>>,
}

impl MemoryBlobs {
    /// No blob yet.
    pub fn new() -> Self {
        Self::default()
    }

    fn blobs(&self) -> MutexGuard<'_, BTreeMap<(TenantId, String), Bytes>> {
        self.blobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, tenant: TenantId, digest: &str) -> Result<Bytes> {
        self.blobs()
            .get(&(tenant, digest.to_owned()))
            .cloned()
            .ok_or_else(|| Error::not_found("file"))
    }
}

#[async_trait]
impl BlobStore for MemoryBlobs {
    async fn put(&self, tenant: TenantId, mut bytes: ByteStream, max: u64) -> Result<BlobInfo> {
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
            digest: digest.clone(),
            size: content.len() as u64,
            head: content.slice(..content.len().min(HEAD_BYTES)),
        };
        self.blobs().insert((tenant, digest), content);
        Ok(info)
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
}
