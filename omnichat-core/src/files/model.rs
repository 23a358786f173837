//! A stored file as it is kept. The bytes are in the blob store under [`File::blob`].

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::{ConversationId, FileId, TenantId};
use crate::messages::AttachmentKind;
use crate::records::RecordType;

/// A stored file. Never changes, except that it is bound to a conversation once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its id.
    pub id: FileId,
    /// The tenant.
    pub tenant: TenantId,
    /// The conversation in which it may be seen; until it is sent only its uploader sees it.
    pub conversation: Option<ConversationId>,
    /// Who uploaded it: text form of an operator's or an API key's id, what [`File::uploader`] makes of a customer, or
    /// `channel`.
    pub uploaded_by: String,
    /// The name, as given.
    pub name: String,
    /// The MIME type found in the bytes, or the one given where the bytes say nothing.
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
    /// Where the bytes are: the SHA-256 of the content, in hex.
    pub blob: String,
    /// When it was stored.
    pub created_at: Timestamp,
    /// Row version, from 1.
    pub version: u64,
}

impl File {
    /// What the names of customers begin with.
    pub(super) const CUSTOMERS: &str = "visitor:";

    /// How a customer is named as an uploader. `who` tells customers of a tenant apart.
    pub fn uploader(who: &str) -> String {
        format!("{}{who}", Self::CUSTOMERS)
    }
}

/// Whose uploads are counted, by [`File::uploaded_by`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uploaders<'a> {
    /// The one of this name.
    One(&'a str),
    /// All whose names begin with this.
    Begin(&'a str),
}

/// How much was uploaded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Uploaded {
    /// Files.
    pub files: u64,
    /// Bytes of all of them.
    pub bytes: u64,
}

/// How much may be uploaded in a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// Files.
    pub files: u64,
    /// Bytes of all of them.
    pub bytes: u64,
}

impl Quota {
    /// The largest file that still fits, in bytes; nothing if none does.
    pub(super) fn left(&self, so_far: Uploaded) -> Option<u64> {
        let bytes = self.bytes.saturating_sub(so_far.bytes);
        (so_far.files < self.files && bytes > 0).then_some(bytes)
    }

    /// Whether so much is within it.
    pub(super) fn holds(&self, so_far: Uploaded) -> bool {
        so_far.files <= self.files && so_far.bytes <= self.bytes
    }
}

/// Marks bytes that are about to be removed. Whoever refers to the same bytes anew waits until that is over, and then writes
/// them again.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Condemned {}

impl RecordType for Condemned {
    const KIND: &'static str = "condemned_blob";
}
