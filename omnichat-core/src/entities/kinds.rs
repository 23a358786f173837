//! The kinds of entities that an engine knows.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::entity::{Entity, Entries, Whose};
use super::guard::Guard;
use super::model::{EntityRow, IndexEntry};
use crate::actor::{Actor, Permission, Rights};
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
    /// An `Arc<dyn Guard<E>>` of the kind's type, if the kind has rules beyond its own fields.
    guard: Option<Arc<dyn Any + Send + Sync>>,
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

/// The kinds of entities that an engine knows, by name, and the rights that there are.
#[derive(Clone, Default)]
pub struct EntityKinds {
    kinds: BTreeMap<&'static str, KnownKind>,
    rights: Rights,
}

impl fmt::Debug for EntityKinds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.kinds.keys()).finish()
    }
}

impl EntityKinds {
    /// Adds a kind, and the rights that it asks for. A later one of the same name takes the place of the earlier.
    pub fn add<E: Entity>(&mut self) -> &mut Self {
        self.put::<E>(None)
    }

    /// As [`EntityKinds::add`], for a kind with rules beyond its own fields.
    pub fn add_guarded<E: Entity>(&mut self, guard: Arc<dyn Guard<E>>) -> &mut Self {
        self.put::<E>(Some(Arc::new(guard)))
    }

    fn put<E: Entity>(&mut self, guard: Option<Arc<dyn Any + Send + Sync>>) -> &mut Self {
        let kind = KnownKind {
            known: Arc::new(Of::<E>(PhantomData)),
            complete: Arc::default(),
            guard,
        };
        self.kinds.insert(E::KIND, kind);
        for right in E::READ.iter().copied().chain([E::WRITE]) {
            self.rights.declare(right);
        }
        self
    }

    /// Declares a right that no kind of entity asks for.
    pub fn declare(&mut self, right: Permission) -> &mut Self {
        self.rights.declare(right);
        self
    }

    /// Every right that there is: the engine's own, those that kinds of entities ask for, those that were declared.
    pub const fn rights(&self) -> &Rights {
        &self.rights
    }

    /// What has to allow changes of a kind, if anything has.
    ///
    /// # Errors
    /// `Internal` where it is for another type of the same name.
    pub(super) fn guard<E: Entity>(&self) -> Result<Option<&Arc<dyn Guard<E>>>> {
        let Some(guard) = self.get(E::KIND)?.guard.as_deref() else {
            return Ok(None);
        };
        let of_this_type = guard.downcast_ref::<Arc<dyn Guard<E>>>();
        let message = || format!("entities of kind «{}» have the rules of another type", E::KIND);
        of_this_type.map(Some).ok_or_else(|| Error::internal(message()))
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
