//! Blobs in a local folder.
//!
//! `TENANT/AB/ABCD…` holds a blob whose digest begins with `AB`; `incoming/` holds what is being written. Names are made of
//! ids and digests alone, never of what a user gave. An acknowledged blob survives a crash of the machine: the file is
//! synced before it gets its name, and the folders after.

use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use async_trait::async_trait;
use bytes::BytesMut;
use futures::stream::BoxStream;
use futures::{StreamExt, stream};
use omnichat_core::clock::Timestamp;
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::id::TenantId;
use omnichat_core::store::blob::{
    BlobInfo, BlobStore, ByteRange, ByteStream, Incoming, StoredBlob, is_digest,
};
use tokio::fs;
use tokio::io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt, BufWriter};

use super::intake::Intake;
use crate::private;

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
        let own = root.clone();
        let cleared = tokio::task::spawn_blocking(move || {
            let incoming = own.join("incoming");
            private::make_own_folder(&own)?;
            private::make_own_folder(&incoming)?;
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
    async fn receive(&self, tenant: TenantId, mut bytes: ByteStream, max: u64) -> Result<Box<dyn Incoming>> {
        let mut intake = Intake::new(max);
        let incoming = Unnamed::create(&self.root).await.map_err(unavailable)?;
        let mut file = BufWriter::with_capacity(PIECE, incoming.writer().map_err(unavailable)?);
        while let Some(piece) = bytes.next().await {
            let piece = piece?;
            intake.take(&piece)?;
            file.write_all(&piece).await.map_err(unavailable)?;
        }
        file.flush().await.map_err(unavailable)?;
        file.get_ref().sync_all().await.map_err(unavailable)?;
        let info = intake.finish();
        Ok(Box::new(Whole {
            path: self.path(tenant, &info.digest)?,
            file: incoming,
            info,
        }))
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

    fn list(&self, tenant: TenantId) -> BoxStream<'static, Result<StoredBlob>> {
        let folder = self.root.join(tenant.to_string());
        // One folder after the other, so that millions of names are never together in memory.
        stream::iter(0..=u8::MAX)
            .then(move |first| {
                let folder = folder.join(format!("{first:02x}"));
                async move {
                    let listed = tokio::task::spawn_blocking(move || blobs_in(&folder));
                    match listed.await.map_err(io::Error::other).flatten() {
                        Ok(blobs) => blobs.into_iter().map(Ok).collect(),
                        Err(e) => vec![Err(unavailable(e))],
                    }
                }
            })
            .flat_map(stream::iter)
            .boxed()
    }

    async fn clear_abandoned(&self) -> Result<u64> {
        let incoming = self.root.join("incoming");
        let cleared = tokio::task::spawn_blocking(move || clear_abandoned(&incoming));
        cleared
            .await
            .map_err(io::Error::other)
            .flatten()
            .map_err(unavailable)
    }

    async fn room(&self) -> Result<Option<u64>> {
        let root = self.root.clone();
        let asked = tokio::task::spawn_blocking(move || room(&root));
        asked
            .await
            .map_err(io::Error::other)
            .flatten()
            .map_err(unavailable)
    }
}

/// A file that is whole and has no name yet.
struct Whole {
    file: Unnamed,
    path: PathBuf,
    info: BlobInfo,
}

#[async_trait]
impl Incoming for Whole {
    fn info(&self) -> &BlobInfo {
        &self.info
    }

    async fn keep(self: Box<Self>) -> Result<()> {
        self.file.become_blob(self.path).await.map_err(unavailable)
    }
}

/// A file that is being written. Locked, so that nobody takes it for a leftover; removed when dropped before it is whole.
struct Unnamed {
    path: PathBuf,
    lock: std::fs::File,
    is_blob: bool,
}

impl Unnamed {
    async fn create(root: &Path) -> io::Result<Self> {
        let path = root
            .join("incoming")
            .join(uuid::Uuid::now_v7().simple().to_string());
        let created = tokio::task::spawn_blocking(move || {
            let lock = private::new_file(&path)?;
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
            private::make_folder(folder)?;
            std::fs::rename(&incoming.path, &path)?;
            incoming.is_blob = true;
            // The file's own folder, the tenant's and the root: any of them may be new.
            folder.ancestors().take(3).try_for_each(sync_folder)
        });
        named.await.map_err(io::Error::other).flatten()
    }
}

impl Drop for Unnamed {
    fn drop(&mut self) {
        if !self.is_blob
            && let Err(e) = std::fs::remove_file(&self.path)
        {
            tracing::warn!(error = %e, "a half-written file could not be removed");
        }
    }
}

/// The blobs in a folder; none if it is not there.
fn blobs_in(folder: &Path) -> io::Result<Vec<StoredBlob>> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(e),
    };
    let mut blobs = Vec::new();
    for entry in entries {
        let entry = entry?;
        let Some(digest) = entry
            .file_name()
            .to_str()
            .filter(|name| is_digest(name))
            .map(str::to_owned)
        else {
            continue;
        };
        // One that was removed at this moment is no longer among them.
        let Ok(written) = entry.metadata().and_then(|metadata| metadata.modified()) else {
            continue;
        };
        let since = written.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        blobs.push(StoredBlob {
            digest,
            written_at: Timestamp::from_secs(0).after(since),
        });
    }
    Ok(blobs)
}

/// How many bytes there is room for on the disk of a folder.
#[cfg(unix)]
fn room(folder: &Path) -> io::Result<Option<u64>> {
    let disk = rustix::fs::statvfs(folder)?;
    Ok(Some(disk.f_bavail.saturating_mul(disk.f_frsize)))
}

#[cfg(not(unix))]
fn room(_: &Path) -> io::Result<Option<u64>> {
    Ok(None)
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
