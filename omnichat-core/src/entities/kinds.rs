//! The kinds of entities that an engine knows.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::entity::{Entity, Entries, Whose};
use super::model::{EntityRow, IndexEntry};
use crate::actor::{Actor, Permission};
use crate::error::{Error, Result};
use crate::id::OperatorId;

/// What can be asked of a kind without its type.
trait Known: Send + Sync {
    fn layout(&self) -> u32;
    fn read(&self) -> &'static [Permission];
    /// Where an entity stands by the kind's present definition.
    fn places(&self, row: &EntityRow) -> Result<BTreeSet<IndexEntry>>;
}

struct Of<E>(PhantomData<fn() -> E>);

impl<E: Entity> Known for Of<E> {
    fn layout(&self) -> u32 {
        E::LAYOUT
    }

    fn read(&self) -> &'static [Permission] {
        E::READ
    }

    fn places(&self, row: &EntityRow) -> Result<BTreeSet<IndexEntry>> {
        Entries::of(&row.read::<E>()?)
    }
}

/// One kind.
#[derive(Clone)]
pub(crate) struct KnownKind {
    known: Arc<dyn Known>,
    /// No row of an earlier layout was left at the last look.
    complete: Arc<AtomicBool>,
}

impl KnownKind {
    pub(crate) fn layout(&self) -> u32 {
        self.known.layout()
    }

    pub(crate) fn places(&self, row: &EntityRow) -> Result<BTreeSet<IndexEntry>> {
        self.known.places(row)
    }

    pub(crate) fn is_complete(&self) -> bool {
        self.complete.load(Ordering::Relaxed)
    }

    pub(crate) fn set_complete(&self) {
        self.complete.store(true, Ordering::Relaxed);
    }
}

/// The kinds of entities that an engine knows, by name.
#[derive(Clone, Default)]
pub struct EntityKinds {
    kinds: BTreeMap<&'static str, KnownKind>,
}

impl fmt::Debug for EntityKinds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.kinds.keys()).finish()
    }
}

impl EntityKinds {
    /// Adds a kind. A later one of the same name takes the place of the earlier.
    pub fn add<E: Entity>(&mut self) -> &mut Self {
        let kind = KnownKind {
            known: Arc::new(Of::<E>(PhantomData)),
            complete: Arc::default(),
        };
        self.kinds.insert(E::KIND, kind);
        self
    }

    /// Whether an actor may hear of a change of an entity that belongs to this operator alone, or to everybody.
    pub fn may_hear(&self, actor: &Actor, kind: &str, owner: Option<OperatorId>) -> bool {
        let known = self.kinds.get(kind).map(|kind| &kind.known);
        known.is_some_and(|known| actor.require_one(known.read()).is_ok())
            && Whose::of(owner, actor) != Whose::SomebodyElses
    }

    pub(crate) fn get(&self, kind: &str) -> Result<&KnownKind> {
        self.kinds.get(kind).ok_or_else(|| {
            let message = format!("the engine was built without entities of kind «{kind}»");
            Error::internal(message)
        })
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = (&'static str, &KnownKind)> {
        self.kinds.iter().map(|(name, kind)| (*name, kind))
    }
}
