//! Counts and hashes a blob while it comes in.

use bytes::BytesMut;
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::store::blob::{BlobInfo, HEAD_BYTES};
use sha2::{Digest, Sha256};

/// What is known of a blob that is coming in.
pub(super) struct Intake {
    hasher: Sha256,
    head: BytesMut,
    size: u64,
    max: u64,
}

impl Intake {
    /// Nothing yet, of at most `max` bytes.
    pub(super) fn new(max: u64) -> Self {
        Self {
            hasher: Sha256::new(),
            head: BytesMut::new(),
            size: 0,
            max,
        }
    }

    /// More bytes. `TooLarge` if that is too many.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<()> {
        self.size += bytes.len() as u64;
        if self.size > self.max {
            return Err(Error::new(ErrorKind::TooLarge, "the file is too large").with("max_bytes", self.max));
        }
        self.hasher.update(bytes);
        let missing = HEAD_BYTES - self.head.len();
        self.head.extend_from_slice(&bytes[..bytes.len().min(missing)]);
        Ok(())
    }

    /// Everything came in.
    pub(super) fn finish(self) -> BlobInfo {
        let digest = self
            .hasher
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        BlobInfo {
            digest,
            size: self.size,
            head: self.head.freeze(),
        }
    }
}
