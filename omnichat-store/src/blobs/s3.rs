//! Blobs in a bucket of any service that speaks S3.
//!
//! `PREFIX/TENANT/DIGEST` holds a blob. What fits into one part is uploaded under its digest at once; anything larger goes
//! in parts to `PREFIX/incoming/…` while it is hashed, is copied to its digest by the service and removed there. What is whole
//! there a day later has no writer any more and is cleared away. A process that dies in the middle leaves an upload without an end: a lifecycle rule of the bucket (abort incomplete multipart
//! uploads after a day) clears these away.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt, stream};
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::path::Path;
use object_store::{
    GetOptions, GetRange, MultipartUpload, ObjectMeta, ObjectStore, ObjectStoreExt, RetryConfig,
};
use omnichat_core::clock::{Clock, SystemClock, Timestamp};
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::id::TenantId;
use omnichat_core::store::blob::{
    BlobInfo, BlobStore, ByteRange, ByteStream, Incoming, StoredBlob, is_digest,
};

use super::intake::Intake;

/// Size of a part, in bytes. Services ask for at least 5 MiB and take at most 10,000 parts, so a blob may have 80 GiB; the
/// copy at the end takes 5 GiB at most.
const PART: usize = 8 * 1024 * 1024;

/// What was uploaded so long ago and got no name has no writer any more.
const ABANDONED: Duration = Duration::from_secs(24 * 3_600);

/// Where a bucket is and how to get in.
#[derive(Clone)]
pub struct S3Options {
    /// Address of the service; that of AWS in the region if absent. Plain `http` is allowed, for a service next door.
    pub endpoint: Option<String>,
    /// Name of the bucket, which must exist.
    pub bucket: String,
    /// The region; services that have none take `us-east-1`.
    pub region: String,
    /// Public part of the key. With none, the usual variables of the environment and the machine's own role are asked.
    pub access_key_id: Option<String>,
    /// Secret part of the key.
    pub secret_access_key: Option<String>,
    /// The bucket stands in the path of the address, not in its host name: what most services other than AWS want.
    pub path_style: bool,
    /// What every name in the bucket begins with; empty for nothing.
    pub prefix: String,
}

impl std::fmt::Debug for S3Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("S3Options")
            .field("endpoint", &self.endpoint)
            .field("bucket", &self.bucket)
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

/// Blobs in a bucket.
#[derive(Clone, Debug)]
pub struct S3Blobs {
    bucket: Arc<AmazonS3>,
    prefix: Path,
}

impl S3Blobs {
    /// Takes a bucket into use. Asks it for nothing yet.
    ///
    /// # Errors
    /// `Invalid` for options that cannot be right.
    pub fn open(options: S3Options) -> Result<Self> {
        let invalid = |e| Error::invalid("the settings of the bucket are wrong").caused_by(e);
        let builder = match (options.access_key_id, options.secret_access_key) {
            (Some(id), Some(secret)) => AmazonS3Builder::new()
                .with_access_key_id(id)
                .with_secret_access_key(secret),
            (None, None) => AmazonS3Builder::from_env(),
            _ => return Err(Error::invalid("the key of the bucket is half there")),
        };
        let mut builder = builder
            .with_bucket_name(options.bucket)
            .with_region(options.region)
            .with_virtual_hosted_style_request(!options.path_style)
            // Whoever waits for a file waits for these tries too.
            .with_retry(RetryConfig {
                max_retries: 3,
                retry_timeout: Duration::from_secs(20),
                ..RetryConfig::default()
            });
        if let Some(endpoint) = options.endpoint {
            builder = builder
                .with_allow_http(endpoint.starts_with("http://"))
                .with_endpoint(endpoint);
        }
        let bucket = Arc::new(builder.build().map_err(invalid)?);
        let prefix = Path::parse(options.prefix.trim_matches('/')).map_err(|e| {
            Error::invalid_field("prefix", "format", "this is no beginning of a name").caused_by(e)
        })?;
        Ok(Self { bucket, prefix })
    }

    /// The name of a blob. `NotFound` for what is no digest.
    fn name(&self, tenant: TenantId, digest: &str) -> Result<Path> {
        if !is_digest(digest) {
            return Err(Error::not_found("file"));
        }
        Ok(self.prefix.clone().join(tenant.to_string()).join(digest))
    }

    /// Uploads in parts what does not fit into one: the parts that are there already, then the rest of the stream.
    async fn put_large(
        &self,
        tenant: TenantId,
        mut first: BytesMut,
        mut rest: ByteStream,
        mut intake: Intake,
    ) -> Result<Box<dyn Incoming>> {
        let incoming = self
            .prefix
            .clone()
            .join("incoming")
            .join(uuid::Uuid::now_v7().simple().to_string());
        let upload = self.bucket.put_multipart(&incoming).await.map_err(fault)?;
        let mut upload = Upload { upload: Some(upload) };
        let uploaded = async {
            loop {
                while first.len() >= PART {
                    upload.part(first.split_to(PART).freeze()).await?;
                }
                let Some(piece) = rest.next().await else { break };
                let piece = piece?;
                intake.take(&piece)?;
                first.extend_from_slice(&piece);
            }
            if !first.is_empty() {
                upload.part(first.freeze()).await?;
            }
            upload.complete().await?;
            Ok(intake.finish())
        };
        let info = match uploaded.await {
            Ok(info) => info,
            Err(error) => {
                upload.abort().await;
                return Err(error);
            }
        };
        Ok(Box::new(Uploaded {
            name: self.name(tenant, &info.digest)?,
            incoming: Leftover {
                bucket: self.bucket.clone(),
                name: Some(incoming),
            },
            info,
        }))
    }
}

/// A blob that fits into one part: its bytes are here.
struct AtHand {
    bucket: Arc<AmazonS3>,
    name: Path,
    bytes: Bytes,
    info: BlobInfo,
}

#[async_trait]
impl Incoming for AtHand {
    fn info(&self) -> &BlobInfo {
        &self.info
    }

    async fn keep(self: Box<Self>) -> Result<()> {
        let stored = self.bucket.put(&self.name, self.bytes.into()).await;
        stored.map(|_| ()).map_err(fault)
    }
}

/// A blob that was uploaded under another name.
struct Uploaded {
    incoming: Leftover,
    name: Path,
    info: BlobInfo,
}

#[async_trait]
impl Incoming for Uploaded {
    fn info(&self) -> &BlobInfo {
        &self.info
    }

    async fn keep(self: Box<Self>) -> Result<()> {
        let Some(from) = &self.incoming.name else {
            return Err(Error::internal("an upload was kept twice"));
        };
        let bucket = self.incoming.bucket.clone();
        let copied = bucket.copy(from, &self.name).await;
        self.incoming.remove().await;
        copied.map_err(fault)
    }
}

/// An object under a name that nobody will ask for; removed when dropped.
struct Leftover {
    bucket: Arc<AmazonS3>,
    name: Option<Path>,
}

impl Leftover {
    async fn remove(mut self) {
        if let Some(name) = self.name.take() {
            remove(&self.bucket, &name).await;
        }
    }
}

impl Drop for Leftover {
    fn drop(&mut self) {
        if let (Some(name), Ok(runtime)) = (self.name.take(), tokio::runtime::Handle::try_current()) {
            let bucket = self.bucket.clone();
            runtime.spawn(async move { remove(&bucket, &name).await });
        }
    }
}

async fn remove(bucket: &AmazonS3, name: &Path) {
    if let Err(e) = bucket.delete(name).await {
        tracing::warn!(error = %e, "an uploaded file could not be removed; it is cleared away later");
    }
}

#[async_trait]
impl BlobStore for S3Blobs {
    async fn receive(&self, tenant: TenantId, mut bytes: ByteStream, max: u64) -> Result<Box<dyn Incoming>> {
        let mut intake = Intake::new(max);
        let mut first = BytesMut::new();
        while let Some(piece) = bytes.next().await {
            let piece = piece?;
            intake.take(&piece)?;
            first.extend_from_slice(&piece);
            if first.len() > PART {
                return self.put_large(tenant, first, bytes, intake).await;
            }
        }
        let info = intake.finish();
        Ok(Box::new(AtHand {
            bucket: self.bucket.clone(),
            name: self.name(tenant, &info.digest)?,
            bytes: first.freeze(),
            info,
        }))
    }

    async fn get(&self, tenant: TenantId, digest: &str, range: Option<ByteRange>) -> Result<ByteStream> {
        let name = self.name(tenant, digest)?;
        let mut options = GetOptions::default();
        if let Some(range) = range {
            // The service shortens a range that ends too late and refuses an empty one, so its size is asked first.
            let size = self.bucket.head(&name).await.map_err(fault)?.size;
            let (start, end) = range.within(size)?;
            if start == end {
                return Ok(stream::empty().boxed());
            }
            options.range = Some(GetRange::Bounded(start..end));
        }
        let answer = self.bucket.get_opts(&name, options).await.map_err(fault)?;
        Ok(answer.into_stream().map_err(fault).boxed())
    }

    async fn size(&self, tenant: TenantId, digest: &str) -> Result<u64> {
        Ok(self
            .bucket
            .head(&self.name(tenant, digest)?)
            .await
            .map_err(fault)?
            .size)
    }

    async fn delete(&self, tenant: TenantId, digest: &str) -> Result<()> {
        let Ok(name) = self.name(tenant, digest) else {
            return Ok(());
        };
        match self.bucket.delete(&name).await {
            Err(e) if !matches!(e, object_store::Error::NotFound { .. }) => Err(fault(e)),
            _ => Ok(()),
        }
    }

    fn list(&self, tenant: TenantId) -> BoxStream<'static, Result<StoredBlob>> {
        let folder = self.prefix.clone().join(tenant.to_string());
        self.bucket
            .list(Some(&folder))
            .map_err(fault)
            .try_filter_map(async |object| {
                let name = object.location.filename().filter(|name| is_digest(name));
                Ok(name.map(|digest| StoredBlob {
                    digest: digest.to_owned(),
                    written_at: written_at(&object),
                }))
            })
            .boxed()
    }

    async fn clear_abandoned(&self) -> Result<u64> {
        let folder = self.prefix.clone().join("incoming");
        let before = SystemClock.now().before(ABANDONED);
        let mut objects = self.bucket.list(Some(&folder));
        let mut cleared = 0;
        while let Some(object) = objects.try_next().await.map_err(fault)? {
            if written_at(&object) < before {
                self.bucket.delete(&object.location).await.map_err(fault)?;
                cleared += 1;
            }
        }
        Ok(cleared)
    }

    async fn room(&self) -> Result<Option<u64>> {
        Ok(None)
    }
}

fn written_at(object: &ObjectMeta) -> Timestamp {
    Timestamp::from_micros(object.last_modified.timestamp_micros())
}

/// An upload in parts; aborted when dropped before its end.
struct Upload {
    upload: Option<Box<dyn MultipartUpload>>,
}

impl Upload {
    async fn part(&mut self, bytes: Bytes) -> Result<()> {
        match &mut self.upload {
            Some(upload) => upload.put_part(bytes.into()).await.map_err(fault),
            None => Err(Error::internal("an upload went on after its end")),
        }
    }

    async fn complete(&mut self) -> Result<()> {
        if let Some(upload) = &mut self.upload {
            upload.complete().await.map_err(fault)?;
        }
        self.upload = None;
        Ok(())
    }

    async fn abort(&mut self) {
        if let Some(upload) = self.upload.take() {
            abort(upload).await;
        }
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        // The caller was cancelled: somebody else has to tell the service.
        if let (Some(upload), Ok(runtime)) = (self.upload.take(), tokio::runtime::Handle::try_current()) {
            runtime.spawn(abort(upload));
        }
    }
}

async fn abort(mut upload: Box<dyn MultipartUpload>) {
    if let Err(e) = upload.abort().await {
        tracing::warn!(error = %e, "an upload could not be aborted; a lifecycle rule of the bucket should do it");
    }
}

fn fault(error: object_store::Error) -> Error {
    match error {
        object_store::Error::NotFound { .. } => Error::not_found("file"),
        e => Error::new(ErrorKind::Unavailable, "the bucket of files cannot be used").caused_by(e),
    }
}
