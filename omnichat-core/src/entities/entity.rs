//! What a kind of entity says of itself.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::document::{Document, Entries};
use super::key::IndexKey;
use super::model::EntityRow;
use crate::actor::{Actor, Permission};
use crate::error::{Error, Result};
use crate::id::{Id, OperatorId};

/// Something that people manage and a tenant keeps: a tag, a phrase, a saved view. The type holds what they write into it and nothing
/// else; its id, times and version are around it, see [`Stored`](super::Stored).
///
/// What it serialises to is what is stored, what the API takes and shows, and what its events carry, so it holds no secrets. What is
/// only to be stored, and may, is a [`Document`].
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

/// Every entity is a document: an author implements the one trait.
impl<E: Entity> Document for E {
    type Id = <E as Entity>::Id;
    const KIND: &'static str = <E as Entity>::KIND;
    const LAYOUT: u32 = <E as Entity>::LAYOUT;
    const BODY_MAX: usize = <E as Entity>::BODY_MAX;

    fn index(&self, entries: &mut Entries) {
        entries.begin(beginning::<E>(self.owner()));
        Entity::index(self, entries);
    }
}

/// What the keys of somebody's entities begin with, or of everybody's, where a kind tells them apart; else nothing.
pub(super) fn beginning<E: Entity>(owner: Option<OperatorId>) -> Result<IndexKey> {
    match E::PERSONAL {
        true => IndexKey::of(&[owner.map(|owner| owner.uuid()).into()]),
        false => Ok(IndexKey::default()),
    }
}
