//! Files on the wire.

use omnichat_core::files::File;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::message::AttachmentKind;
use super::{Time, file_url};

/// A stored file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = File)]
pub struct FileView {
    /// Its id.
    pub id: String,
    /// The name, as given.
    pub name: String,
    /// The MIME type.
    pub content_type: String,
    /// Bytes.
    pub size: u64,
    /// What it is.
    pub kind: AttachmentKind,
    /// Pixels, if it is a picture.
    pub width: Option<u32>,
    /// Pixels, if it is a picture.
    pub height: Option<u32>,
    /// Milliseconds, if known.
    pub duration_ms: Option<u64>,
    /// Where its bytes can be read.
    pub url: String,
    /// When it was stored.
    pub created_at: Time,
}

impl From<&File> for FileView {
    fn from(file: &File) -> Self {
        Self::with_url(file, file_url(file.id))
    }
}

impl FileView {
    /// A file with an address of its own: a signed one for visitors.
    pub fn with_url(file: &File, url: String) -> Self {
        Self {
            id: file.id.to_string(),
            name: file.name.clone(),
            content_type: file.content_type.clone(),
            size: file.size,
            kind: file.kind.into(),
            width: file.width,
            height: file.height,
            duration_ms: file.duration_ms,
            url,
            created_at: file.created_at.into(),
        }
    }
}
