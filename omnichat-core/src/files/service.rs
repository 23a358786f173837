//! Uploading and reading files.

use std::sync::Arc;
use std::time::Duration;

use super::describe::describe;
use super::keeping::keep_if;
use super::model::{File, Quota, Uploaded, Uploaders};
use super::name::file_name;
use crate::actor::{Actor, Permission};
use crate::error::{Error, ErrorKind, Result, Retry};
use crate::id::{ApiKeyId, FileId, OperatorId, TenantId};
use crate::ports::Ports;
use crate::store::blob::{ByteRange, ByteStream};

/// What a quota is counted over.
const DAY: Duration = Duration::from_secs(24 * 3_600);
/// When it is worth trying again once a quota is used up.
const AGAIN: Duration = Duration::from_secs(3_600);

/// A file that is being uploaded.
pub struct Upload {
    /// The name, as given.
    pub name: String,
    /// The MIME type, as given.
    pub content_type: String,
    /// The bytes.
    pub bytes: ByteStream,
    /// The most bytes that are taken.
    pub max_bytes: u64,
    /// How much its uploader may upload in a day; without one, as much as the others.
    pub uploader_quota: Option<Quota>,
    /// How much the tenant's operators and programs, or its customers, may upload in a day together. Neither can use up what
    /// the others have; what channels fetch counts for nobody.
    pub shared_quota: Option<Quota>,
}

impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Upload")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// Stores and reads files for an actor.
#[derive(Clone, Debug)]
pub struct FileService {
    pub(super) ports: Arc<Ports>,
}

impl FileService {
    /// A service over an engine's ports.
    pub fn new(ports: Arc<Ports>) -> Self {
        Self { ports }
    }

    /// Stores a file of an operator or a program. Until it is sent, only its uploader sees it.
    ///
    /// # Errors
    /// `TooLarge` over the limit, `RateLimited` over a quota, `UnsupportedMedia` for a file that is not what it is said to be;
    /// nothing stays behind.
    pub async fn upload(&self, actor: &Actor, upload: Upload) -> Result<File> {
        actor.require(Permission::FILES_UPLOAD)?;
        let by = actor
            .own_id()
            .ok_or_else(|| Error::forbidden("only an operator or a program can do this"))?;
        let others = [OperatorId::PREFIX, ApiKeyId::PREFIX].map(|prefix| format!("{prefix}_"));
        self.store(actor.tenant, by, &others, upload).await
    }

    /// Stores a file of a customer, whom `who` tells apart from others of the tenant, see [`File::uploader`].
    ///
    /// # Errors
    /// As [`FileService::upload`].
    pub async fn upload_for_customer(&self, tenant: TenantId, who: &str, upload: Upload) -> Result<File> {
        let others = [File::CUSTOMERS.to_owned()];
        self.store(tenant, File::uploader(who), &others, upload).await
    }

    /// Stores a file that counts for its uploader, and for all whose names begin as one of the others.
    async fn store(
        &self,
        tenant: TenantId,
        uploaded_by: String,
        others: &[String],
        upload: Upload,
    ) -> Result<File> {
        let name = file_name(&upload.name);
        let own = vec![Uploaders::One(&uploaded_by)];
        let others = others.iter().map(|begin| Uploaders::Begin(begin)).collect();
        let quotas = [(own, upload.uploader_quota), (others, upload.shared_quota)];
        let left = self.left(tenant, &quotas).await?;
        let max_bytes = upload.max_bytes.min(left);
        let incoming = self
            .ports
            .blobs
            .receive(tenant, upload.bytes, max_bytes)
            .await
            .map_err(|error| match error.kind() {
                ErrorKind::TooLarge if left < upload.max_bytes => over_quota(left),
                _ => error,
            })?;
        let blob = incoming.info().clone();
        if blob.size == 0 {
            return Err(Error::invalid_field("file", "empty", "the file is empty"));
        }
        let described = describe(&blob.head, &upload.content_type, &name);
        if described.lies {
            return Err(Error::new(
                ErrorKind::UnsupportedMedia,
                "the file is not what its type says",
            ));
        }
        let file = File {
            id: FileId::generate(&*self.ports.clock),
            tenant,
            conversation: None,
            uploaded_by: uploaded_by.clone(),
            name,
            content_type: described.content_type,
            size: blob.size,
            kind: described.kind,
            width: described.width,
            height: described.height,
            duration_ms: None,
            blob: blob.digest,
            created_at: self.ports.now(),
            version: 1,
        };
        // Others may have come meanwhile.
        let may_stay = async {
            for (by, quota) in &quotas {
                let Some(quota) = quota else { continue };
                if !quota.holds(self.uploaded(tenant, by).await?) {
                    return Err(over_quota(0));
                }
            }
            Ok(())
        };
        keep_if(&self.ports, &file, incoming, may_stay).await?;
        Ok(file)
    }

    /// The largest file that every quota leaves room for, in bytes.
    async fn left(&self, tenant: TenantId, quotas: &[(Vec<Uploaders<'_>>, Option<Quota>)]) -> Result<u64> {
        let mut left = u64::MAX;
        for (by, quota) in quotas {
            let Some(quota) = quota else { continue };
            let so_far = self.uploaded(tenant, by).await?;
            left = left.min(quota.left(so_far).ok_or_else(|| over_quota(0))?);
        }
        Ok(left)
    }

    /// What some uploaders have uploaded in the last day.
    async fn uploaded(&self, tenant: TenantId, by: &[Uploaders<'_>]) -> Result<Uploaded> {
        let since = self.ports.now().before(DAY);
        let store = self.ports.tenant(tenant);
        let mut all = Uploaded::default();
        for by in by {
            let uploaded = store.uploaded(*by, since).await?;
            all.files += uploaded.files;
            all.bytes += uploaded.bytes;
        }
        Ok(all)
    }

    /// A file that the actor may see: its own upload, or one in a conversation that it may see.
    pub async fn get(&self, actor: &Actor, id: FileId) -> Result<File> {
        let store = self.ports.tenant(actor.tenant);
        let file = store
            .find_file(id)
            .await?
            .ok_or_else(|| Error::not_found("file"))?;
        let allowed = match file.conversation {
            Some(conversation) => store
                .find_conversation(conversation)
                .await?
                .is_some_and(|c| c.visible_to(actor)),
            None => actor.own_id().is_some_and(|me| file.uploaded_by == me),
        };
        if allowed {
            Ok(file)
        } else {
            Err(Error::not_found("file"))
        }
    }

    /// A file of a tenant, for callers that have checked the right to it by other means (a signed link).
    pub async fn get_unchecked(&self, tenant: TenantId, id: FileId) -> Result<File> {
        self.ports
            .tenant(tenant)
            .find_file(id)
            .await?
            .ok_or_else(|| Error::not_found("file"))
    }

    /// The bytes of a file, or a stretch of them.
    pub async fn read(&self, file: &File, range: Option<ByteRange>) -> Result<ByteStream> {
        self.ports.blobs.get(file.tenant, &file.blob, range).await
    }
}

/// More than a quota leaves room for: none at all, or a file of so many bytes.
fn over_quota(left: u64) -> Error {
    if left > 0 {
        return Error::new(
            ErrorKind::TooLarge,
            format!("of what may be uploaded in a day only {left} bytes are left"),
        );
    }
    Error::new(
        ErrorKind::RateLimited,
        "as much as may be uploaded in a day has been uploaded",
    )
    .with_retry(Retry::After(AGAIN))
}
