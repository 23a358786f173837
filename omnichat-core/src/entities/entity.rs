//! What a kind of entity says of itself.

use std::collections::BTreeSet;
use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::key::{IndexKey, Part};
use super::model::{EntityRow, IndexEntry};
use crate::actor::{Actor, Permission};
use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::{Id, OperatorId};

/// Something that a tenant keeps: a tag, a phrase, a saved view. The type holds what people write into it and nothing else; its id,
/// times and version are around it, see [`Stored`].
///
/// What it serialises to is what is stored, what the API takes and shows, and what its events carry, so it holds no secrets.
pub trait Entity:
    Serialize + DeserializeOwned + JsonSchema + Clone + PartialEq + fmt::Debug + Send + Sync + 'static
{
    /// Its id.
    type Id: Id;

    /// What it is called in the log, in events and in errors: `tag`. At most [`super::NAME_MAX`] bytes.
    const KIND: &'static str;

    /// What several are called, which is their address in the API: `tags`.
    const PLURAL: &'static str;

    /// The number of its indexes' definition: one more whenever [`Entity::index`] places what is stored otherwise than before. Rows
    /// of an earlier one are placed anew by the engine's standing work.
    const LAYOUT: u32;

    /// Whether one may belong to an operator alone, see [`Entity::owner`]. Each operator then has, beside what is everybody's, indexes
    /// of their own: what is unique is so for each of them.
    const PERSONAL: bool = false;

    /// The indexes that a list may follow. It follows the first unless it names another, and in the first every entity of the kind
    /// stands exactly once.
    const LISTS: &'static [&'static str];

    /// How many there may be; of what is personal, how many for everybody and how many for each.
    const MOST: u32;

    /// The longest JSON of one, in bytes.
    const BODY_MAX: usize = 16 * 1_024;

    /// Fields of which the audit log says what they were and are. It names the others that changed.
    const AUDITED: &'static [&'static str] = &[];

    /// The right to see them: one of these is enough.
    const READ: &'static [Permission];

    /// The right to make, change and delete what is everybody's.
    const WRITE: Permission;

    /// What people call this one, for the log.
    fn title(&self) -> &str;

    /// Brings what was written into its proper form, and refuses what has none.
    ///
    /// # Errors
    /// `Invalid` with every wrong field.
    fn check(&mut self) -> Result<()>;

    /// Says by what it is found and sorted.
    fn index(&self, entries: &mut Entries);

    /// The operator to whom it belongs alone: nobody else sees it, and they may do with it what they like. Everybody's if there is
    /// none.
    fn owner(&self) -> Option<OperatorId> {
        None
    }
}

/// Whose an entity is, as an actor sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    Everybodys,
    Own,
    SomebodyElses,
}

impl Whose {
    pub(super) fn of(owner: Option<OperatorId>, actor: &Actor) -> Self {
        match owner {
            None => Self::Everybodys,
            Some(owner) if actor.operator_id() == Some(owner) => Self::Own,
            Some(_) => Self::SomebodyElses,
        }
    }

    /// Of a row, also of one whose body cannot be read: by what its keys begin with.
    pub(super) fn of_row<E: Entity>(row: &EntityRow, actor: &Actor) -> Result<Self> {
        if !E::PERSONAL {
            return Ok(Self::Everybodys);
        }
        let Some(entry) = row.entries.iter().find(|entry| entry.index == E::LISTS[0]) else {
            return Ok(Self::of(row.read::<E>()?.owner(), actor));
        };
        let is_of = |owner| Ok(entry.key.starts_with(&beginning::<E>(owner)?));
        if is_of(None)? {
            return Ok(Self::Everybodys);
        }
        match actor.operator_id() {
            Some(own) if is_of(Some(own))? => Ok(Self::Own),
            _ => Ok(Self::SomebodyElses),
        }
    }

    /// Whether the actor may make, change or delete it.
    ///
    /// # Errors
    /// `Forbidden`.
    pub(super) fn check_writing<E: Entity>(self, actor: &Actor) -> Result<()> {
        match self {
            Self::Everybodys => actor.require(E::WRITE),
            Self::Own => actor.require_one(E::READ),
            Self::SomebodyElses => Err(Error::forbidden("this would belong to somebody else")),
        }
    }
}

/// An entity with what is kept around it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Stored<E: Entity> {
    /// Its id.
    pub id: E::Id,
    /// What it is.
    #[serde(flatten)]
    pub value: E,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Row version, from 1.
    pub version: u64,
}

impl<E: Entity> Stored<E> {
    /// Reads a row.
    ///
    /// # Errors
    /// `Damaged` if it is none of this kind.
    pub fn read(row: &EntityRow) -> Result<Self> {
        Ok(Self {
            id: E::Id::from_uuid(row.id),
            value: row.read()?,
            created_at: row.created_at,
            updated_at: row.updated_at,
            version: row.version,
        })
    }
}

/// The places of an entity in its indexes, as they are told.
#[derive(Debug)]
pub struct Entries {
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

    /// The places of an entity.
    ///
    /// # Errors
    /// `Invalid` where a key has no place, with the index as the field.
    pub(super) fn of<E: Entity>(entity: &E) -> Result<BTreeSet<IndexEntry>> {
        let mut entries = Self {
            beginning: beginning::<E>(entity.owner())?,
            told: BTreeSet::new(),
            refused: None,
        };
        entity.index(&mut entries);
        match entries.refused {
            Some(refused) => Err(refused),
            None => Ok(entries.told),
        }
    }
}

/// What the keys of somebody's entities begin with, or of everybody's, where a kind tells them apart; else nothing.
pub(super) fn beginning<E: Entity>(owner: Option<OperatorId>) -> Result<IndexKey> {
    match E::PERSONAL {
        true => IndexKey::of(&[owner.map(|owner| owner.uuid()).into()]),
        false => Ok(IndexKey::default()),
    }
}
