//! The kinds of entities and documents that an engine knows.

use std::any::Any;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::document::{Document, Entries};
use super::entity::{Entity, Whose};
use super::guard::Guard;
use super::model::{EntityRow, IndexEntry};
use crate::actor::{Actor, Permission, Rights};
use crate::error::{Error, Result};
use crate::id::OperatorId;

/// What can be asked of a kind without its type.
trait Known: Send + Sync {
    fn layout(&self) -> u32;
    fn body_max(&self) -> usize;
    /// Where a document stands by the kind's present definition.
    fn places(&self, row: &EntityRow) -> Result<BTreeSet<IndexEntry>>;
}

struct Of<D>(PhantomData<fn() -> D>);

impl<D: Document> Known for Of<D> {
    fn layout(&self) -> u32 {
        D::LAYOUT
    }

    fn body_max(&self) -> usize {
        D::BODY_MAX
    }

    fn places(&self, row: &EntityRow) -> Result<BTreeSet<IndexEntry>> {
        Entries::of(&row.read::<D>()?, row.created_at)
    }
}

/// One kind.
#[derive(Clone)]
pub(crate) struct KnownKind {
    known: Arc<dyn Known>,
    /// The rights to see entities of the kind; none where it is no kind of entity, so that nobody hears of its documents.
    read: &'static [Permission],
    /// No row of an earlier layout was left at the last look.
    complete: Arc<AtomicBool>,
    /// An `Arc<dyn Guard<E>>` of the kind's type, if the kind has rules beyond its own fields.
    guard: Option<Arc<dyn Any + Send + Sync>>,
}

impl KnownKind {
    pub(crate) fn layout(&self) -> u32 {
        self.known.layout()
    }

    /// The longest body of one, in bytes.
    pub(crate) fn body_max(&self) -> usize {
        self.known.body_max()
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

/// The kinds of entities and documents that an engine knows, by name, and the rights that there are.
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

    /// Adds a kind of document that is no kind of entity, so that its rows are placed anew when its indexes change.
    pub fn add_document<D: Document>(&mut self) -> &mut Self {
        self.insert::<D>(&[], None);
        self
    }

    fn put<E: Entity>(&mut self, guard: Option<Arc<dyn Any + Send + Sync>>) -> &mut Self {
        self.insert::<E>(E::READ, guard);
        for right in E::READ.iter().copied().chain([E::WRITE]) {
            self.rights.declare(right);
        }
        self
    }

    fn insert<D: Document>(
        &mut self,
        read: &'static [Permission],
        guard: Option<Arc<dyn Any + Send + Sync>>,
    ) {
        let kind = KnownKind {
            known: Arc::new(Of::<D>(PhantomData)),
            read,
            complete: Arc::default(),
            guard,
        };
        self.kinds.insert(D::KIND, kind);
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
        let known = self.kinds.get(kind);
        known.is_some_and(|known| actor.require_one(known.read).is_ok())
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
