//! Rules of a kind that the fields of an entity do not decide: what other rows allow, and what whoever asks may do.

use async_trait::async_trait;

use super::entity::Entity;
use crate::actor::Actor;
use crate::error::Result;
use crate::ports::Ports;

/// A change that somebody has asked for, who may write entities of the kind; the entity is right by itself.
#[derive(Debug)]
pub enum Attempt<'a, E: Entity> {
    /// One is to be made.
    Create {
        /// As it would be.
        after: &'a E,
    },
    /// One is to be changed.
    Update {
        /// Which.
        id: E::Id,
        /// As it is.
        before: &'a E,
        /// As it would be.
        after: &'a E,
    },
    /// One is to be deleted.
    Delete {
        /// Which.
        id: E::Id,
        /// As it is; nothing where it is stored damaged.
        before: Option<&'a E>,
    },
}

/// What has to allow each change of a kind of entity, whoever asks for it and through whatever. Given with the kind, see
/// [`crate::EngineBuilder::guarded_entity`].
#[async_trait]
pub trait Guard<E: Entity>: Send + Sync + 'static {
    /// Allows a change. It is asked again where another was quicker, and what it has read may be different by the time the change is
    /// written: what must never happen has to be excluded by what is written.
    ///
    /// # Errors
    /// Any refuses the change.
    async fn check(&self, ports: &Ports, actor: &Actor, attempt: &Attempt<'_, E>) -> Result<()>;
}
