//! Removes files that were never sent, and bytes that no file has.

use std::time::Duration;

use futures::StreamExt;

use super::keeping;
use super::model::{Condemned, File};
use super::service::FileService;
use crate::change::{Changes, Removal, Row};
use crate::error::{Error, ErrorKind, Result};
use crate::event::Origin;
use crate::id::TenantId;
use crate::ports::Ports;
use crate::records::{Record, RecordType};

/// Files that are looked at together.
const PAGE: u32 = 100;
/// How long a mark holds. One of a host that died is over then.
const MARK: Duration = Duration::from_secs(5 * 60);
/// Bytes must be gone so long after they were marked, or they stay: long before the mark is over.
const REMOVAL: Duration = Duration::from_secs(60);

impl FileService {
    /// Removes files of a tenant that were stored so long ago and never sent, and their bytes unless another file has them.
    /// Returns how many files went. Safe on several hosts at once, and when it is broken off anywhere.
    pub async fn collect_unsent(&self, tenant: TenantId, age: Duration) -> Result<u64> {
        let before = self.ports.now().before(age);
        let mut collected = 0;
        loop {
            let files = self.ports.tenant(tenant).unsent_files(before, PAGE).await?;
            let found = files.len();
            let mut gone = 0;
            for file in files {
                gone += u64::from(self.collect(&file).await?);
            }
            collected += gone;
            // What could not be removed was sent at this moment, or another host has removed it.
            if found < PAGE as usize || gone == 0 {
                return Ok(collected);
            }
        }
    }

    /// Removes what uploads that died have left without a name, of whatever tenant. Returns how much it was. Crosses tenants: only the
    /// host's own work may do so.
    pub async fn clear_abandoned(&self) -> Result<u64> {
        self.ports.blobs.clear_abandoned().await
    }

    /// How many bytes there is room for; `None` where that cannot be told.
    pub async fn room(&self) -> Result<Option<u64>> {
        self.ports.blobs.room().await
    }

    async fn collect(&self, file: &File) -> Result<bool> {
        match keeping::forget(&self.ports, file).await {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::Conflict => return Ok(false),
            Err(error) => return Err(error),
        }
        // If this is broken off here, no row refers to the bytes, and the next sweep finds them.
        remove_unused(&self.ports, file.tenant, &file.blob).await?;
        Ok(true)
    }

    /// Removes bytes of a tenant that were written so long ago and that no file has: what a host that died left between the
    /// two. Returns how many blobs went.
    pub async fn sweep_blobs(&self, tenant: TenantId, age: Duration) -> Result<u64> {
        let ports = &*self.ports;
        let before = ports.now().before(age);
        let mut blobs = ports.blobs.list(tenant);
        let mut removed = 0;
        while let Some(blob) = blobs.next().await {
            let blob = blob?;
            if blob.written_at < before && !ports.tenant(tenant).is_blob_used(&blob.digest).await? {
                removed += u64::from(remove_unused(ports, tenant, &blob.digest).await?);
            }
        }
        Ok(removed)
    }
}

/// Removes bytes, if no file has them. Whoever stores a file writes its row first and looks for a mark then; here the mark is
/// written first and rows are looked for then. So at least one of the two sees the other.
async fn remove_unused(ports: &Ports, tenant: TenantId, digest: &str) -> Result<bool> {
    if !mark(ports, tenant, digest).await? {
        return Ok(false);
    }
    let removed = tokio::time::timeout(REMOVAL, async {
        if ports.tenant(tenant).is_blob_used(digest).await? {
            return Ok(false);
        }
        ports.blobs.delete(tenant, digest).await?;
        Ok(true)
    });
    match removed.await {
        Ok(removed) => {
            let mut changes = Changes::new(tenant, Origin::system("files"));
            changes.remove(Removal::Record {
                kind: Condemned::KIND.to_owned(),
                key: digest.to_owned(),
            });
            ports.commit(changes).await?;
            removed
        }
        // It may still be under way somewhere: the mark stays until it is over.
        Err(_) => Err(Error::new(
            ErrorKind::Timeout,
            "the bytes of a file could not be removed in time",
        )),
    }
}

/// Marks bytes; false if another host has marked them.
async fn mark(ports: &Ports, tenant: TenantId, digest: &str) -> Result<bool> {
    let now = ports.store.now().await?;
    let before = ports.tenant(tenant).find_record(Condemned::KIND, digest).await?;
    let record = match before {
        Some(mark) if keeping::lasts(ports, &mark).await? => return Ok(false),
        Some(mark) => mark.next(&Condemned {}, now)?,
        None => Record::new(tenant, digest, &Condemned {}, now)?,
    };
    let mut changes = Changes::new(tenant, Origin::system("files"));
    changes.put(Row::Record(record.expiring(now.after(MARK))));
    match ports.commit(changes).await {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ErrorKind::Conflict => Ok(false),
        Err(error) => Err(error),
    }
}
