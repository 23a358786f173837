//! What is kept in the tables of entities: documents.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::key::{IndexKey, Part};
use super::model::{EntityRow, IndexEntry};
use super::query::{EntityCursor, EntityPage};
use crate::clock::{Clock, Timestamp};
use crate::error::{Error, ErrorKind, Result};
use crate::id::{Id, TenantId};

/// Something that a tenant has and that lies in the tables of entities: found by id or by a unique key, listed along its indexes,
/// written against a version. What people manage through the API is an [`Entity`](super::Entity), and that is a document by itself.
/// A type of its own is one where it must not be: it holds secrets, is set up by rules of a service of its own, or is written by the
/// program. Nobody else writes it, tells of it or shows it: whoever does keeps it with
/// [`Changes::keep`](crate::change::Changes::keep) and reads it with [`Documents`](super::Documents).
pub trait Document:
    Serialize + DeserializeOwned + Clone + PartialEq + fmt::Debug + Send + Sync + 'static
{
    /// Its id.
    type Id: Id;

    /// What it is called in the tables and in errors: `automation`. At most [`super::NAME_MAX`] bytes.
    const KIND: &'static str;

    /// The number of its indexes' definition: one more whenever [`Document::index`] places what is stored otherwise than before. Rows
    /// of an earlier one are placed anew by the engine's standing work.
    const LAYOUT: u32;

    /// The longest JSON of one, in bytes.
    const BODY_MAX: usize;

    /// Says by what it is found and sorted.
    fn index(&self, entries: &mut Entries);
}

/// A document with what is kept around it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = ""))]
pub struct Stored<D: Document> {
    /// Its id.
    pub id: D::Id,
    /// What it is.
    #[serde(flatten)]
    pub value: D,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed. Events that are older than this field say nothing of it.
    #[serde(default)]
    pub updated_at: Timestamp,
    /// Row version, from 1.
    pub version: u64,
}

impl<D: Document> Stored<D> {
    /// One that is new.
    pub fn new(clock: &dyn Clock, value: D) -> Self {
        let now = clock.now();
        Self {
            id: D::Id::generate(clock),
            value,
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }

    /// Its next version.
    #[must_use]
    pub fn next(&self, value: D, now: Timestamp) -> Self {
        Self {
            id: self.id,
            value,
            created_at: self.created_at,
            updated_at: now,
            version: self.version + 1,
        }
    }

    /// Reads a row.
    ///
    /// # Errors
    /// `Damaged` if it is none of this kind.
    pub fn read(row: &EntityRow) -> Result<Self> {
        Ok(Self {
            id: D::Id::from_uuid(row.id),
            value: row.read()?,
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
        })
    }

    /// The row that keeps it.
    ///
    /// # Errors
    /// `TooLarge` beyond [`Document::BODY_MAX`]; `Invalid` where a key has no place, with the index as the field.
    pub fn row(&self, tenant: TenantId) -> Result<EntityRow> {
        let body = EntityRow::body_of(&self.value)?;
        if body.len() > D::BODY_MAX {
            let message = format!("as JSON it has more than {} bytes", D::BODY_MAX);
            return Err(Error::new(ErrorKind::TooLarge, message));
        }
        Ok(EntityRow {
            tenant,
            kind: D::KIND.to_owned(),
            id: self.id.uuid(),
            body,
            entries: Entries::of(&self.value, self.created_at)?,
            layout: D::LAYOUT,
            created_at: self.created_at,
            updated_at: self.updated_at,
            version: self.version,
        })
    }
}

/// Some documents and where to go on.
#[derive(Clone, Debug, PartialEq)]
pub struct DocumentPage<D: Document> {
    /// The documents, in the order that was asked for.
    pub items: Vec<Stored<D>>,
    /// Where the next page begins; absent at the end.
    pub next: Option<EntityCursor>,
    /// Those that are stored damaged: they cannot be read, and hide no others.
    pub damaged: Vec<D::Id>,
}

impl<D: Document> DocumentPage<D> {
    /// Reads rows, each for itself.
    pub(super) fn read(page: EntityPage) -> Self {
        let mut read = Self {
            items: Vec::with_capacity(page.rows.len()),
            next: page.next,
            damaged: Vec::new(),
        };
        for row in page.rows {
            match Stored::read(&row) {
                Ok(stored) => read.items.push(stored),
                Err(error) => {
                    tracing::error!(kind = D::KIND, id = %row.id, %error, "an entity cannot be read");
                    read.damaged.push(D::Id::from_uuid(row.id));
                }
            }
        }
        read
    }
}

/// The places of a document in its indexes, as they are told.
#[derive(Debug)]
pub struct Entries {
    created_at: Timestamp,
    /// What every key begins with.
    beginning: IndexKey,
    told: BTreeSet<IndexEntry>,
    refused: Option<Error>,
}

impl Entries {
    /// It stands here in an index; others may stand in the same place.
    pub fn list(&mut self, index: &str, parts: &[Part<'_>]) -> &mut Self {
        self.add(index, parts, false)
    }

    /// It stands here in an index, and no other of its kind does.
    pub fn unique(&mut self, index: &str, parts: &[Part<'_>]) -> &mut Self {
        self.add(index, parts, true)
    }

    /// When it was made.
    pub const fn created_at(&self) -> Timestamp {
        self.created_at
    }

    /// What every key begins with that is told from here on.
    pub(super) fn begin(&mut self, beginning: Result<IndexKey>) {
        match beginning {
            Ok(beginning) => self.beginning = beginning,
            Err(error) => {
                self.refused.get_or_insert(error);
            }
        }
    }

    fn add(&mut self, index: &str, parts: &[Part<'_>], unique: bool) -> &mut Self {
        match IndexKey::of(parts).and_then(|key| self.beginning.then(&key)) {
            Ok(key) => {
                let index = index.to_owned();
                self.told.insert(IndexEntry { index, key, unique });
            }
            Err(error) => {
                let code = error.fields().first().map_or("format", |field| &field.code);
                let refused = Error::invalid_field(index, code, error.message());
                self.refused.get_or_insert(refused);
            }
        }
        self
    }

    /// The places of a document.
    ///
    /// # Errors
    /// `Invalid` where a key has no place, with the index as the field.
    pub(super) fn of<D: Document>(document: &D, created_at: Timestamp) -> Result<BTreeSet<IndexEntry>> {
        let mut entries = Self {
            created_at,
            beginning: IndexKey::default(),
            told: BTreeSet::new(),
            refused: None,
        };
        document.index(&mut entries);
        match entries.refused {
            Some(refused) => Err(refused),
            None => Ok(entries.told),
        }
    }
}
