//! Who may change roles, and how.

use async_trait::async_trait;

use super::model::OwnRole;
use crate::actor::{Actor, Permissions, Rights, RoleRef};
use crate::entities::{Attempt, Guard};
use crate::error::{Error, ErrorKind, Result};
use crate::id::RoleId;
use crate::ports::Ports;

/// The rules of [`OwnRole`] that its fields do not decide:
///
/// - Nobody gives rights that they do not have themselves, nor touches a role that has such.
/// - Nobody takes rights from themselves: a colleague has to do it, so that a slip can be mended.
/// - A role that somebody has stays. Who is given it at the very moment at which it goes is left without rights.
#[derive(Clone, Copy, Debug)]
pub struct RoleRules;

#[async_trait]
impl Guard<OwnRole> for RoleRules {
    async fn check(&self, ports: &Ports, actor: &Actor, attempt: &Attempt<'_, OwnRole>) -> Result<()> {
        let rights = ports.entities.rights();
        match attempt {
            Attempt::Create { after } => check_given(rights, actor, &Permissions::none(), after),
            Attempt::Update { id, before, after } => {
                check_stronger(rights, actor, before)?;
                check_given(rights, actor, &before.rights(), after)?;
                check_own(ports, actor, *id, before, after).await
            }
            Attempt::Delete { id, before } => {
                if let Some(before) = before {
                    check_stronger(rights, actor, before)?;
                }
                check_held(ports, actor, *id).await
            }
        }
    }
}

/// The role must not be able to do more than the actor.
fn check_stronger(rights: &Rights, actor: &Actor, role: &OwnRole) -> Result<()> {
    match rights.covers(&actor.permissions, &role.rights()) {
        true => Ok(()),
        false => Err(Error::forbidden("this role has rights that you do not have")),
    }
}

/// What comes into the role must be there, and the actor's own.
fn check_given(rights: &Rights, actor: &Actor, before: &Permissions, role: &OwnRole) -> Result<()> {
    for name in role.permissions.iter().filter(|name| !before.names(name)) {
        let Some(right) = rights.find(name) else {
            return Err(refused("unknown", rights.unknown(name)));
        };
        if !actor.permissions.has(right) {
            let message = format!("you cannot give «{name}»: you do not have it yourself");
            return Err(refused("not_yours", message));
        }
    }
    Ok(())
}

/// Nobody takes rights from themselves.
async fn check_own(
    ports: &Ports,
    actor: &Actor,
    id: RoleId,
    before: &OwnRole,
    after: &OwnRole,
) -> Result<()> {
    let Some(me) = actor.operator_id() else {
        return Ok(());
    };
    let (had, after) = (before.rights(), after.rights());
    if ports.entities.rights().covers(&after, &had) {
        return Ok(());
    }
    let me = ports.tenant(actor.tenant).find_operator(me).await?;
    if me.is_some_and(|me| me.role == RoleRef::Own(id)) {
        let message = "this is your own role: ask a colleague to take rights away from it";
        return Err(Error::new(ErrorKind::Rejected, message));
    }
    Ok(())
}

/// Nobody may have the role.
async fn check_held(ports: &Ports, actor: &Actor, id: RoleId) -> Result<()> {
    let operators = ports.tenant(actor.tenant).list_operators().await?;
    let holders = operators
        .iter()
        .filter(|one| one.role == RoleRef::Own(id))
        .count();
    let message = match holders {
        0 => return Ok(()),
        1 => "1 operator has this role: give them another first".to_owned(),
        many => format!("{many} operators have this role: give them another first"),
    };
    Err(Error::new(ErrorKind::Rejected, message).with("holders", holders))
}

fn refused(code: &str, message: impl Into<String>) -> Error {
    Error::invalid_field("permissions", code, message)
}
