//! What a role gives.

use super::model::OwnRole;
use crate::actor::{Actor, Permission, Permissions, RoleRef};
use crate::entities::{Entity, Stored};
use crate::error::{ErrorKind, Result};
use crate::id::RoleId;
use crate::operators::Operator;
use crate::store::TenantStore;

/// An operator as one who asks, with the rights that its role gives at this moment.
///
/// # Errors
/// Those of the store. A role that is gone, or stored damaged, is no error: it gives nothing.
pub async fn actor_of(store: &dyn TenantStore, operator: &Operator) -> Result<Actor> {
    let permissions = permissions_of(store, operator.role).await?;
    Ok(operator.acting(permissions))
}

/// The rights that a role gives at this moment.
///
/// # Errors
/// As [`actor_of`].
pub async fn permissions_of(store: &dyn TenantStore, role: RoleRef) -> Result<Permissions> {
    let id = match role {
        RoleRef::BuiltIn(role) => return Ok(role.permissions()),
        RoleRef::Own(id) => id,
    };
    match find(store, id).await {
        Ok(role) => Ok(role.map(|role| role.value.rights()).unwrap_or_default()),
        Err(error) if error.kind() == ErrorKind::Damaged => {
            tracing::error!(role = %id, %error, "a role cannot be read: whoever has it has no rights");
            Ok(Permissions::none())
        }
        Err(error) => Err(error),
    }
}

/// Whether rights are enough to work on conversations: to see them and to answer.
pub fn may_answer(permissions: &Permissions) -> bool {
    permissions.has_one(Permission::CONVERSATIONS_READ) && permissions.has(Permission::MESSAGES_SEND)
}

/// A role of the organisation's own, if there is one.
///
/// # Errors
/// `Damaged` if it cannot be read.
pub(crate) async fn find(store: &dyn TenantStore, id: RoleId) -> Result<Option<Stored<OwnRole>>> {
    let row = store.find_entity(OwnRole::KIND, id.uuid()).await?;
    row.map(|row| Stored::read(&row)).transpose()
}
