//! Which rights a key can hold.

use super::model::ApiKey;
use crate::actor::{Actor, Permission, Permissions};
use crate::error::{Error, Result};

/// What no key can do: keys that make keys would outlive their own revocation, nothing is a program's own to take, and whoever
/// manages people gives them rights that no program has.
pub const NOT_FOR_KEYS: [Permission; 4] = [
    Permission::ApiKeysManage,
    Permission::OperatorsManage,
    Permission::ConversationsReadOwn,
    Permission::ConversationsTake,
];

/// What concerns the whole organisation, so that a key which is confined to some inboxes cannot do it.
pub const FOR_ALL_INBOXES: [Permission; 7] = [
    Permission::InboxesManage,
    Permission::QuarantineManage,
    Permission::AuditRead,
    Permission::PluginsManage,
    Permission::AutomationsManage,
    Permission::PhrasesManage,
    Permission::ViewsManage,
];

/// Every right that an actor can give to a key.
pub fn grantable(actor: &Actor, confined: bool) -> Permissions {
    actor
        .permissions
        .iter()
        .filter(|right| !NOT_FOR_KEYS.contains(right))
        .filter(|right| !confined || !FOR_ALL_INBOXES.contains(right))
        .collect()
}

/// Fails with the first right that the actor cannot give.
pub(super) fn check(actor: &Actor, wanted: Permissions, confined: bool) -> Result<()> {
    if wanted.iter().next().is_none() {
        return Err(refused("required", "choose at least one right"));
    }
    let allowed = grantable(actor, confined);
    let Some(wrong) = wanted.iter().find(|right| !allowed.has(*right)) else {
        return Ok(());
    };
    let name = wrong.name();
    Err(if NOT_FOR_KEYS.contains(&wrong) {
        refused("not_for_keys", format!("«{name}» is nothing for an API key"))
    } else if !actor.permissions.has(wrong) {
        refused(
            "not_yours",
            format!("you cannot give «{name}»: you do not have it yourself"),
        )
    } else {
        let message = format!("«{name}» concerns every inbox: a key that is confined to some cannot have it");
        refused("not_confined", message)
    })
}

/// Fails unless the actor could make a key with these rights.
pub(super) fn check_of(actor: &Actor, key: &ApiKey) -> Result<()> {
    check(actor, key.permissions, !key.inboxes.is_empty()).map_err(|error| {
        let message = "this API key has rights that you cannot give: change them first";
        Error::forbidden(message).caused_by(error)
    })
}

fn refused(code: &str, message: impl Into<String>) -> Error {
    Error::invalid_field("permissions", code, message)
}
