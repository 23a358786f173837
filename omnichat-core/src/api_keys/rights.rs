//! Which rights a key can hold.

use super::model::ApiKey;
use crate::actor::{Actor, Permission, Permissions, Rights};
use crate::error::{Error, Result};

/// What no key can do: keys that make keys would outlive their own revocation, nothing is a program's own to take, and whoever
/// manages people gives them rights that no program has.
pub const NOT_FOR_KEYS: [Permission; 4] = [
    Permission::API_KEYS_MANAGE,
    Permission::OPERATORS_MANAGE,
    Permission::CONVERSATIONS_READ_OWN,
    Permission::CONVERSATIONS_TAKE,
];

/// What concerns the whole organisation, so that a key which is confined to some inboxes cannot do it.
pub const FOR_ALL_INBOXES: [Permission; 8] = [
    Permission::INBOXES_MANAGE,
    Permission::QUARANTINE_MANAGE,
    Permission::AUDIT_READ,
    Permission::PLUGINS_MANAGE,
    Permission::AUTOMATIONS_MANAGE,
    Permission::PHRASES_MANAGE,
    Permission::VIEWS_MANAGE,
    Permission::TAGS_MANAGE,
];

/// Every right that an actor can give to a key, of those that there are: also an embedder's.
pub fn grantable(rights: &Rights, actor: &Actor, confined: bool) -> Permissions {
    rights
        .of(&actor.permissions)
        .filter(|right| !NOT_FOR_KEYS.contains(right))
        .filter(|right| !confined || !FOR_ALL_INBOXES.contains(right))
        .collect()
}

/// Fails with the first right that the actor cannot give. A name that no right has any more may stay where it was `before`.
pub(super) fn check(
    rights: &Rights,
    actor: &Actor,
    wanted: &Permissions,
    before: &Permissions,
    confined: bool,
) -> Result<()> {
    if wanted.is_empty() {
        return Err(refused("required", "choose at least one right"));
    }
    let allowed = grantable(rights, actor, confined);
    for name in wanted.iter() {
        match rights.find(name) {
            Some(right) if allowed.has(right) => {}
            Some(right) => return Err(not_given(actor, right)),
            None if before.names(name) => {}
            None => return Err(refused("unknown", rights.unknown(name))),
        }
    }
    Ok(())
}

/// Why an actor cannot give a right to a key.
fn not_given(actor: &Actor, wrong: Permission) -> Error {
    let name = wrong.name();
    if NOT_FOR_KEYS.contains(&wrong) {
        refused("not_for_keys", format!("«{name}» is nothing for an API key"))
    } else if !actor.permissions.has(wrong) {
        refused(
            "not_yours",
            format!("you cannot give «{name}»: you do not have it yourself"),
        )
    } else {
        let message = format!("«{name}» concerns every inbox: a key that is confined to some cannot have it");
        refused("not_confined", message)
    }
}

/// Fails unless the actor could make a key with these rights.
pub(super) fn check_of(rights: &Rights, actor: &Actor, key: &ApiKey) -> Result<()> {
    let confined = !key.inboxes.is_empty();
    check(rights, actor, &key.permissions, &key.permissions, confined).map_err(|error| {
        let message = "this API key has rights that you cannot give: change them first";
        Error::forbidden(message).caused_by(error)
    })
}

fn refused(code: &str, message: impl Into<String>) -> Error {
    Error::invalid_field("permissions", code, message)
}
