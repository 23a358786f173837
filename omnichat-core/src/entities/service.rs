//! Reading and writing entities, for whatever kind.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use serde_json::{Value, json};

use super::document::{DocumentPage, Stored};
use super::entity::{Entity, Whose, beginning};
use super::filling;
use super::guard::Attempt;
use super::key::{IndexKey, Part};
use super::model::EntityRow;
use super::query::{Direction, EntityCursor, EntityPage, EntityQuery, KeyRange};
use crate::actor::Actor;
use crate::anew::Anew;
use crate::audit;
use crate::change::{Changes, Row};
use crate::error::{Error, ErrorKind, Result};
use crate::event::{self, Event, FieldChange};
use crate::id::{Id as _, OperatorId};
use crate::page::PageRequest;
use crate::ports::Ports;
use crate::text;

/// Reads and changes the entities of a kind for an actor.
pub struct Entities<E> {
    ports: Arc<Ports>,
    kind: PhantomData<fn() -> E>,
}

impl<E> Clone for Entities<E> {
    fn clone(&self) -> Self {
        Self {
            ports: self.ports.clone(),
            kind: PhantomData,
        }
    }
}

impl<E: Entity> fmt::Debug for Entities<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Entities").field(&E::KIND).finish()
    }
}

/// Which entities of a kind are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntityList {
    /// Along which of [`Entity::LISTS`]; the first if absent.
    pub index: Option<String>,
    /// Which stretch of it.
    pub range: KeyRange,
    /// Which way.
    pub direction: Direction,
    /// How many at most, 1 to [`PageRequest::MAX`].
    pub limit: u32,
    /// Where to go on, from [`Listed::next`]; the beginning if absent.
    pub after: Option<EntityCursor>,
}

impl EntityList {
    /// The first of all.
    pub fn first(limit: u32) -> Self {
        Self {
            index: None,
            range: KeyRange::all(),
            direction: Direction::Rising,
            limit,
            after: None,
        }
    }
}

/// A page of entities.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed<E: Entity> {
    /// Those that the actor may see, in the index's order; what is everybody's lies before what is their own.
    pub items: Vec<Stored<E>>,
    /// Where the next page begins; absent at the end.
    pub next: Option<EntityCursor>,
    /// Those that are stored damaged: they cannot be read, and hide no others.
    pub damaged: Vec<E::Id>,
    /// Whether the index holds all there are. It is being filled if not: its definition is new.
    pub is_complete: bool,
}

impl<E: Entity> Entities<E> {
    /// A service over an engine's ports.
    pub fn new(ports: Arc<Ports>) -> Self {
        Self {
            ports,
            kind: PhantomData,
        }
    }

    /// An entity.
    pub async fn get(&self, actor: &Actor, id: E::Id) -> Result<Stored<E>> {
        actor.require_one(E::READ)?;
        Stored::read(&self.find(actor, id).await?)
    }

    /// The entity that has a unique key, if there is one that the actor may see; their own before everybody's.
    pub async fn find_unique(
        &self,
        actor: &Actor,
        index: &str,
        key: &[Part<'_>],
    ) -> Result<Option<Stored<E>>> {
        actor.require_one(E::READ)?;
        let store = self.ports.tenant(actor.tenant);
        let key = IndexKey::of(key)?;
        for beginning in seen::<E>(actor)?.into_iter().rev() {
            let key = beginning.then(&key)?;
            if let Some(row) = store.find_unique_entity(E::KIND, index, &key).await? {
                return Stored::read(&row).map(Some);
            }
        }
        Ok(None)
    }

    /// A page along an index.
    pub async fn list(&self, actor: &Actor, list: EntityList) -> Result<Listed<E>> {
        actor.require_one(E::READ)?;
        let wanted = list.index.as_deref().unwrap_or(E::LISTS[0]);
        let Some(index) = E::LISTS.iter().find(|index| **index == wanted) else {
            let message = format!("a list of these follows one of {}", E::LISTS.join(", "));
            return Err(Error::invalid_field("index", "unknown", message));
        };
        let is_complete = filling::is_complete(&self.ports, E::KIND).await?;
        let page = self.page(actor, index, list).await?;
        let DocumentPage { items, next, damaged } = DocumentPage::<E>::read(page);
        Ok(Listed {
            items,
            next,
            damaged,
            is_complete,
        })
    }

    /// What is everybody's and then what is the actor's own, or the other way round.
    async fn page(&self, actor: &Actor, index: &str, list: EntityList) -> Result<EntityPage> {
        let store = self.ports.tenant(actor.tenant);
        let mut query = EntityQuery {
            kind: E::KIND.to_owned(),
            index: index.to_owned(),
            range: KeyRange::all(),
            direction: list.direction,
            limit: list.limit.clamp(1, PageRequest::MAX),
            after: list.after,
        };
        let mut stretches = Vec::new();
        for beginning in seen::<E>(actor)? {
            stretches.push(list.range.after(&beginning)?);
        }
        if list.direction == Direction::Falling {
            stretches.reverse();
        }
        let mut page = EntityPage::default();
        for stretch in stretches {
            if query.limit == 0 {
                page.next = Some(EntityCursor::before(&stretch, list.direction));
                break;
            }
            query.range = stretch;
            let more = store.page_entities(&query).await?;
            query.limit -= u32::try_from(more.rows.len()).unwrap_or(query.limit);
            page.rows.extend(more.rows);
            page.next = more.next;
            if page.next.is_some() {
                break;
            }
        }
        Ok(page)
    }

    /// Makes an entity.
    ///
    /// # Errors
    /// `Invalid` with every wrong field, also where another has what is unique; `Rejected` beyond [`Entity::MOST`].
    pub async fn create(&self, actor: &Actor, value: E) -> Result<Stored<E>> {
        Whose::of(value.owner(), actor).check_writing::<E>(actor)?;
        let value = checked(value)?;
        self.check_room(actor, value.owner()).await?;
        self.guard(actor, &Attempt::Create { after: &value }).await?;
        let stored = Stored::new(&*self.ports.clock, value);
        let changes = self.audited(actor, stored.id, "created", whole_outline(&stored.value));
        self.save(changes, &stored, Vec::new()).await?;
        Ok(stored)
    }

    /// Changes an entity as `change` says, which may run several times: without a version whoever was quicker is waited for.
    ///
    /// # Errors
    /// `Conflict` if it is no longer of the version given, else as [`Entities::create`]. What its [`Guard`](super::Guard) says, as for
    /// every change.
    pub async fn update(
        &self,
        actor: &Actor,
        id: E::Id,
        version: Option<u64>,
        change: impl Fn(&mut E) -> Result<()> + Send + Sync,
    ) -> Result<Stored<E>> {
        let mut anew = Anew::unless(version);
        loop {
            match self.try_update(actor, id, version, &change).await {
                Err(error) => anew.after(error).await?,
                updated => return updated,
            }
        }
    }

    async fn try_update(
        &self,
        actor: &Actor,
        id: E::Id,
        version: Option<u64>,
        change: &(impl Fn(&mut E) -> Result<()> + Send + Sync),
    ) -> Result<Stored<E>> {
        actor.require_one(E::READ)?;
        let row = self.find_version(actor, id, version).await?;
        Whose::of_row::<E>(&row, actor)?.check_writing::<E>(actor)?;
        let before = Stored::<E>::read(&row)?;
        let mut value = before.value.clone();
        change(&mut value)?;
        let value = checked(value)?;
        if value == before.value {
            return Ok(before);
        }
        let attempt = Attempt::Update {
            id,
            before: &before.value,
            after: &value,
        };
        self.guard(actor, &attempt).await?;
        let mut details = outline(&value);
        let changed = event::between(&body(&before.value)?, &body(&value)?);
        let names: Vec<_> = changed.iter().map(|change| &change.field).collect();
        details["changed"] = json!(names);
        for change in changed.iter().filter(|one| E::AUDITED.contains(&&*one.field)) {
            details[&*change.field] = json!({ "from": change.before, "to": change.after });
        }
        let mut changes = self.audited(actor, id, "updated", details);
        if value.owner() != before.value.owner() {
            Whose::of(value.owner(), actor).check_writing::<E>(actor)?;
            self.check_room(actor, value.owner()).await?;
            // For those who see it no longer.
            changes.event(told(&before, None));
        }
        let stored = before.next(value, self.ports.now());
        self.save(changes, &stored, changed).await?;
        Ok(stored)
    }

    /// Whether there may be one more of everybody's, or of somebody's own. Of those that are made at the very same time some more may
    /// get through.
    async fn check_room(&self, actor: &Actor, owner: Option<OperatorId>) -> Result<()> {
        let range = KeyRange::of(beginning::<E>(owner)?);
        let store = self.ports.tenant(actor.tenant);
        let have = store.count_entities(E::KIND, E::LISTS[0], &range, E::MOST);
        if have.await? < E::MOST {
            return Ok(());
        }
        let message = format!("there are {} already, the most there can be", E::MOST);
        Err(Error::new(ErrorKind::Rejected, message))
    }

    /// Deletes an entity, also one that is damaged.
    ///
    /// # Errors
    /// `Conflict` if it is no longer of the version given.
    pub async fn delete(&self, actor: &Actor, id: E::Id, version: Option<u64>) -> Result<()> {
        let mut anew = Anew::unless(version);
        loop {
            match self.try_delete(actor, id, version).await {
                Err(error) => anew.after(error).await?,
                deleted => return deleted,
            }
        }
    }

    async fn try_delete(&self, actor: &Actor, id: E::Id, version: Option<u64>) -> Result<()> {
        actor.require_one(E::READ)?;
        let row = self.find_version(actor, id, version).await?;
        let whose = Whose::of_row::<E>(&row, actor)?;
        whose.check_writing::<E>(actor)?;
        let before = row.read::<E>().ok();
        let attempt = Attempt::Delete {
            id,
            before: before.as_ref(),
        };
        self.guard(actor, &attempt).await?;
        let details = before.as_ref().map_or(json!({}), whole_outline);
        let mut changes = self.audited(actor, id, "deleted", details);
        let event = Event::EntityChanged {
            kind: E::KIND.to_owned(),
            id: id.to_string(),
            version: row.version + 1,
            owner: actor.operator_id().filter(|_| whose == Whose::Own),
            created_at: row.created_at,
            updated_at: self.ports.now(),
            body: None,
        };
        changes.discard(row).event(event);
        self.ports.commit(changes).await.map(|_| ())
    }

    /// Asks what has to allow changes of the kind.
    async fn guard(&self, actor: &Actor, attempt: &Attempt<'_, E>) -> Result<()> {
        match self.ports.entities.guard::<E>()? {
            Some(guard) => guard.check(&self.ports, actor, attempt).await,
            None => Ok(()),
        }
    }

    async fn find(&self, actor: &Actor, id: E::Id) -> Result<EntityRow> {
        let store = self.ports.tenant(actor.tenant);
        let missing = || Error::not_found(E::KIND);
        let row = store.find_entity(E::KIND, id.uuid()).await?.ok_or_else(missing)?;
        match Whose::of_row::<E>(&row, actor)? {
            Whose::SomebodyElses => Err(missing()),
            Whose::Everybodys | Whose::Own => Ok(row),
        }
    }

    async fn find_version(&self, actor: &Actor, id: E::Id, version: Option<u64>) -> Result<EntityRow> {
        let row = self.find(actor, id).await?;
        if version.is_some_and(|version| version != row.version) {
            return Err(Error::conflict(&format!("the {}", E::KIND)).with("version", row.version));
        }
        Ok(row)
    }

    async fn save(&self, mut changes: Changes, stored: &Stored<E>, changed: Vec<FieldChange>) -> Result<()> {
        // Nobody else would place it anew, or tell of it.
        self.ports.entities.get(E::KIND)?;
        let now = body(&stored.value)?;
        changes.keep(stored)?.tell(told(stored, Some(now)), changed);
        self.ports.commit(changes).await.map_err(taken::<E>).map(|_| ())
    }

    fn audited(&self, actor: &Actor, id: E::Id, done: &str, details: Value) -> Changes {
        let mut changes = Changes::by(actor);
        let action = format!("{}.{done}", E::KIND);
        let entry = audit::entry(&*self.ports.clock, actor, &action, id, details);
        changes.put(Row::Audit(entry));
        changes
    }
}

/// What the keys begin with of entities that an actor may see.
fn seen<E: Entity>(actor: &Actor) -> Result<Vec<IndexKey>> {
    let mut seen = vec![beginning::<E>(None)?];
    if let Some(own) = actor.operator_id().filter(|_| E::PERSONAL) {
        seen.push(beginning::<E>(Some(own))?);
    }
    Ok(seen)
}

/// What the audit log says of an entity: its title, unless it is somebody's own, and what the kind wants told.
fn outline<E: Entity>(entity: &E) -> Value {
    match entity.owner() {
        None => json!({ "title": entity.title() }),
        Some(_) => json!({}),
    }
}

/// The same of one that is made or deleted, with the fields whose values are told.
fn whole_outline<E: Entity>(entity: &E) -> Value {
    let mut details = outline(entity);
    if !E::AUDITED.is_empty()
        && let Ok(body) = body(entity)
    {
        for field in E::AUDITED {
            details[*field] = body[*field].clone();
        }
    }
    details
}

/// The entity in its proper form.
fn checked<E: Entity>(mut value: E) -> Result<E> {
    if text::has_nul(&value)? {
        let mut body = body(&value)?;
        text::strip_nul(&mut body);
        let unreadable = |error| Error::invalid("a text of it holds U+0000").caused_by(error);
        value = E::deserialize(body).map_err(unreadable)?;
    }
    value.check()?;
    Ok(value)
}

fn body(value: &impl serde::Serialize) -> Result<Value> {
    serde_json::to_value(value)
        .map_err(|error| Error::internal("an entity cannot be written as JSON").caused_by(error))
}

/// What is told of a change. Without a body it says that the entity is gone.
fn told<E: Entity>(stored: &Stored<E>, body: Option<Value>) -> Event {
    Event::EntityChanged {
        kind: E::KIND.to_owned(),
        id: stored.id.to_string(),
        version: stored.version,
        owner: stored.value.owner(),
        created_at: stored.created_at,
        updated_at: stored.updated_at,
        body,
    }
}

/// Another has what is unique: the field is the index that says so.
fn taken<E: Entity>(error: Error) -> Error {
    let index = error
        .context_value("unique")
        .and_then(|rule| rule.strip_prefix(E::KIND)?.strip_prefix('.'));
    match index {
        Some(index) => Error::invalid_field(index, "taken", format!("another {} has this already", E::KIND)),
        None => error,
    }
}
