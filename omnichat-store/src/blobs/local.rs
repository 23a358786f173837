//! Blobs in a local folder.
//!
//! `TENANT/AB/ABCD…` holds a blob whose digest begins with `AB`; `incoming/` holds what is being written. Names are made of
//! ids and digests alone, never of what a user gave. An acknowledged blob survives a crash of the machine: the file is
//! synced before it gets its name, and the folders after.

use std::io;
use std::path::{Path, PathBuf};

use async_trait::async_trait;
use bytes::BytesMut;
use futures::{StreamExt, stream};
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::id::TenantId;
use omnichat_core::store::blob::{BlobInfo, BlobStore, ByteRange, ByteStream, is_digest};
use tokio::fs;
use tokio::io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt, BufWriter};

use super::intake::Intake;

/// How much is read or written at once, in bytes.
const PIECE: usize = 128 * 1024;

/// Blobs in a local folder.
#[derive(Clone, Debug)]
pub struct LocalBlobs {
    root: PathBuf,
}

impl LocalBlobs {
    /// Opens a folder, making it if it is not there, and clears away what crashed writers left in it. Other processes may
    /// use the same folder: what they are writing is locked and stays.
    ///
    /// # Errors
    /// `Unavailable` if the folder cannot be made or read.
    pub async fn open(root: impl Into<PathBuf>) -> Result<Self> {
        let root = root.into();
        let incoming = root.join("incoming");
        let cleared = tokio::task::spawn_blocking(move || {
            std::fs::create_dir_all(&incoming)?;
            clear_abandoned(&incoming)
        });
        match cleared.await.map_err(io::Error::other).flatten() {
            Ok(0) => {}
            Ok(count) => tracing::info!(count, "half-written files of an earlier run were removed"),
            Err(e) => return Err(unavailable(e).with("folder", root.display())),
        }
        Ok(Self { root })
    }

    /// The place of a blob. `NotFound` for what is no digest.
    fn path(&self, tenant: TenantId, digest: &str) -> Result<PathBuf> {
        if !is_digest(digest) {
            return Err(Error::not_found("file"));
        }
        Ok(self.root.join(tenant.to_string()).join(&digest[..2]).join(digest))
    }
}

#[async_trait]
impl BlobStore for LocalBlobs {
    async fn put(&self, tenant: TenantId, mut bytes: ByteStream, max: u64) -> Result<BlobInfo> {
        let mut intake = Intake::new(max);
        let incoming = Incoming::create(&self.root).await.map_err(unavailable)?;
        let mut file = BufWriter::with_capacity(PIECE, incoming.writer().map_err(unavailable)?);
        while let Some(piece) = bytes.next().await {
            let piece = piece?;
            intake.take(&piece)?;
            file.write_all(&piece).await.map_err(unavailable)?;
        }
        file.flush().await.map_err(unavailable)?;
        file.get_ref().sync_all().await.map_err(unavailable)?;
        let info = intake.finish();
        incoming
            .become_blob(self.path(tenant, &info.digest)?)
            .await
            .map_err(unavailable)?;
        Ok(info)
    }

    async fn get(&self, tenant: TenantId, digest: &str, range: Option<ByteRange>) -> Result<ByteStream> {
        let mut file = fs::File::open(self.path(tenant, digest)?)
            .await
            .map_err(not_found_or_unavailable)?;
        let size = file.metadata().await.map_err(unavailable)?.len();
        let (start, end) = range.unwrap_or(ByteRange { start: 0, end: size }).within(size)?;
        if start > 0 {
            file.seek(io::SeekFrom::Start(start)).await.map_err(unavailable)?;
        }
        let pieces = stream::try_unfold(file.take(end - start), async |mut rest| {
            let mut piece = BytesMut::with_capacity(rest.limit().min(PIECE as u64) as usize);
            if rest.limit() == 0 {
                return Ok(None);
            }
            match rest.read_buf(&mut piece).await {
                Ok(0) => Err(unavailable(io::ErrorKind::UnexpectedEof.into())),
                Ok(_) => Ok(Some((piece.freeze(), rest))),
                Err(e) => Err(unavailable(e)),
            }
        });
        Ok(pieces.boxed())
    }

    async fn size(&self, tenant: TenantId, digest: &str) -> Result<u64> {
        let metadata = fs::metadata(self.path(tenant, digest)?).await;
        Ok(metadata.map_err(not_found_or_unavailable)?.len())
    }

    async fn delete(&self, tenant: TenantId, digest: &str) -> Result<()> {
        let Ok(path) = self.path(tenant, digest) else {
            return Ok(());
        };
        match fs::remove_file(path).await {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(unavailable(e)),
            _ => Ok(()),
        }
    }
}

/// A file that is being written. Locked, so that nobody takes it for a leftover; removed when dropped before it is whole.
struct Incoming {
    path: PathBuf,
    lock: std::fs::File,
    is_blob: bool,
}

impl Incoming {
    async fn create(root: &Path) -> io::Result<Self> {
        let path = root
            .join("incoming")
            .join(uuid::Uuid::now_v7().simple().to_string());
        let created = tokio::task::spawn_blocking(move || {
            let lock = std::fs::File::create_new(&path)?;
            let incoming = Self {
                path,
                lock,
                is_blob: false,
            };
            incoming.lock.lock()?;
            Ok(incoming)
        });
        created.await.map_err(io::Error::other).flatten()
    }

    fn writer(&self) -> io::Result<fs::File> {
        Ok(fs::File::from_std(self.lock.try_clone()?))
    }

    /// Gives the file its name. The same content under the same name is replaced by itself.
    async fn become_blob(self, path: PathBuf) -> io::Result<()> {
        let named = tokio::task::spawn_blocking(move || {
            let mut incoming = self;
            let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
            std::fs::create_dir_all(folder)?;
            std::fs::rename(&incoming.path, &path)?;
            incoming.is_blob = true;
            // The file's own folder, the tenant's and the root: any of them may be new.
            folder.ancestors().take(3).try_for_each(sync_folder)
        });
        named.await.map_err(io::Error::other).flatten()
    }
}

impl Drop for Incoming {
    fn drop(&mut self) {
        if !self.is_blob
            && let Err(e) = std::fs::remove_file(&self.path)
        {
            tracing::warn!(error = %e, "a half-written file could not be removed");
        }
    }
}

/// Makes the names in a folder durable.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(())
}

/// Removes files that nobody holds locked: their writers are dead. Returns how many.
fn clear_abandoned(folder: &Path) -> io::Result<u64> {
    let mut count = 0;
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        // Another process may finish or clear it at the same moment.
        let Ok(file) = std::fs::File::open(&path) else {
            continue;
        };
        if file.try_lock().is_ok() && std::fs::remove_file(&path).is_ok() {
            count += 1;
        }
    }
    Ok(count)
}

fn unavailable(error: io::Error) -> Error {
    Error::new(ErrorKind::Unavailable, "the folder of files cannot be used").caused_by(error)
}

fn not_found_or_unavailable(error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::NotFound => Error::not_found("file"),
        _ => unavailable(error),
    }
}
