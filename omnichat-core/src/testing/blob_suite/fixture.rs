//! A blob store to be tried, and bytes to try it with.

use std::any::Any;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures::{StreamExt, stream};
use sha2::{Digest, Sha256};

use crate::error::{ErrorKind, Result};
use crate::id::TenantId;
use crate::store::blob::{BlobInfo, BlobStore, ByteRange, ByteStream};
use crate::testing::Builder;

/// A fresh, empty blob store for one case.
pub struct BlobFixture {
    /// The blob store.
    pub blobs: Arc<dyn BlobStore>,
    leftovers: Option<Box<dyn Fn() -> Vec<String> + Send + Sync>>,
    held: Vec<Box<dyn Any + Send + Sync>>,
}

impl std::fmt::Debug for BlobFixture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("BlobFixture").finish_non_exhaustive()
    }
}

impl BlobFixture {
    /// A blob store.
    pub fn new(blobs: Arc<dyn BlobStore>) -> Self {
        Self {
            blobs,
            leftovers: None,
            held: Vec::new(),
        }
    }

    /// The same, with a function that lists what is stored and is no blob: half-written files. Cases that expect nothing to
    /// be left behind ask it.
    #[must_use]
    pub fn listing_leftovers(mut self, list: impl Fn() -> Vec<String> + Send + Sync + 'static) -> Self {
        self.leftovers = Some(Box::new(list));
        self
    }

    /// The same, keeping something as long as the case runs.
    #[must_use]
    pub fn holding(mut self, what: impl Any + Send + Sync) -> Self {
        self.held.push(Box::new(what));
        self
    }

    pub(super) async fn put(&self, tenant: TenantId, content: &[u8]) -> BlobInfo {
        self.blobs
            .put(tenant, in_pieces(content, 1_000), u64::MAX)
            .await
            .expect("the blob is stored")
    }

    pub(super) async fn read(
        &self,
        tenant: TenantId,
        digest: &str,
        range: Option<ByteRange>,
    ) -> Result<Bytes> {
        let mut bytes = self.blobs.get(tenant, digest, range).await?;
        let mut content = BytesMut::new();
        while let Some(piece) = bytes.next().await {
            content.extend_from_slice(&piece?);
        }
        Ok(content.freeze())
    }

    pub(super) fn nothing_is_left(&self) {
        if let Some(leftovers) = &self.leftovers {
            assert_eq!(leftovers(), [""; 0], "something was left behind");
        }
    }
}

pub(super) fn a_tenant() -> TenantId {
    Builder::new(Arc::new(crate::clock::SystemClock)).tenant
}

/// Bytes without a pattern, always the same.
pub(super) fn noise(count: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 56) as u8
    };
    std::iter::repeat_with(next).take(count).collect()
}

pub(super) fn digest(content: &[u8]) -> String {
    Sha256::digest(content)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

pub(super) fn in_pieces(content: &[u8], size: usize) -> ByteStream {
    let pieces: Vec<Result<Bytes>> = content
        .chunks(size)
        .map(|piece| Ok(Bytes::copy_from_slice(piece)))
        .collect();
    stream::iter(pieces).boxed()
}

pub(super) fn fault<T>(answer: Result<T>) -> ErrorKind {
    match answer {
        Ok(_) => panic!("this is to be refused"),
        Err(error) => error.kind(),
    }
}
