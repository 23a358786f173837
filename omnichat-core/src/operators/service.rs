//! Colleagues, their rights, invitations and presence.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::json;

use super::build::{build, check_capacity, check_locale, check_name};
use super::invitations;
use super::model::{NewOperator, Operator, OperatorPatch, OperatorStatus};
use super::owners;
use crate::actor::{Actor, Permission, Role, RoleRef};
use crate::anew::Anew;
use crate::audit;
use crate::change::{Changes, Row, unique};
use crate::error::{Error, ErrorKind, Result};
use crate::id::{OperatorId, SessionId};
use crate::ports::Ports;
use crate::records::{Record, RecordType};
use crate::roles;
use crate::sessions::Session;

/// What a change of an operator is based on, and what it asks of the actor.
#[derive(Clone, Copy, Debug, Default)]
struct Terms {
    /// The version that the actor has seen; not checked if absent.
    version: Option<u64>,
    /// The session that goes on although the change ends the others.
    keep: Option<SessionId>,
    /// The actor must be one who may change this operator's rights.
    over: bool,
    /// The role that it is to have from now on.
    role: Option<RoleRef>,
}

/// Reads and changes operators for an actor.
#[derive(Clone, Debug)]
pub struct OperatorService {
    pub(super) ports: Arc<Ports>,
}

impl OperatorService {
    /// A service over an engine's ports.
    pub fn new(ports: Arc<Ports>) -> Self {
        Self { ports }
    }

    /// An operator.
    pub async fn get(&self, actor: &Actor, id: OperatorId) -> Result<Operator> {
        if actor.operator_id() != Some(id) {
            actor.require(Permission::OPERATORS_READ)?;
        }
        let found = self.ports.tenant(actor.tenant).find_operator(id).await?;
        found.ok_or_else(|| Error::not_found("operator"))
    }

    /// An operator as one who asks, with the rights that its role gives at this moment; none where the role is gone. Asks for no right: it
    /// is for whoever has let the operator in.
    pub async fn actor(&self, operator: &Operator) -> Result<Actor> {
        roles::actor_of(&*self.ports.tenant(operator.tenant), operator).await
    }

    /// What an operator's role is called, if it is one of the organisation's own that is there. Asks for no right, as
    /// [`OperatorService::actor`].
    pub async fn role_name(&self, operator: &Operator) -> Result<Option<String>> {
        let RoleRef::Own(id) = operator.role else {
            return Ok(None);
        };
        match roles::find(&*self.ports.tenant(operator.tenant), id).await {
            Ok(role) => Ok(role.map(|role| role.value.name)),
            // It gives nothing, as one that is gone.
            Err(error) if error.kind() == ErrorKind::Damaged => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Every operator with an e-mail address (lower case), disabled ones too, sorted by id: people sign in by it alone. Crosses tenants:
    /// only the host's own work may do so.
    pub async fn by_email(&self, email: &str) -> Result<Vec<Operator>> {
        self.ports.store.operators_by_email(email).await
    }

    /// How many open conversations an operator has. Asks for no right: whoever is shown it has been asked for those to see the operator.
    pub async fn load(&self, operator: &Operator) -> Result<u32> {
        let loads = self.ports.tenant(operator.tenant).operator_loads().await?;
        Ok(loads
            .into_iter()
            .find(|(id, _)| *id == operator.id)
            .map_or(0, |(_, load)| load))
    }

    /// Whether an operator has yet to accept the invitation, as is stored now. Asks for no right, as [`OperatorService::load`].
    pub async fn is_invited(&self, operator: &Operator) -> Result<bool> {
        let stored = self
            .ports
            .tenant(operator.tenant)
            .find_operator(operator.id)
            .await?;
        Ok(stored.is_some_and(|stored| stored.password_hash.is_none()))
    }

    /// Every operator, oldest first.
    pub async fn list(&self, actor: &Actor) -> Result<Vec<Operator>> {
        actor.require(Permission::OPERATORS_READ)?;
        self.ports.tenant(actor.tenant).list_operators().await
    }

    /// How many open conversations each operator has.
    pub async fn loads(&self, actor: &Actor) -> Result<HashMap<OperatorId, u32>> {
        actor.require(Permission::OPERATORS_READ)?;
        Ok(self
            .ports
            .tenant(actor.tenant)
            .operator_loads()
            .await?
            .into_iter()
            .collect())
    }

    /// Adds an operator, with a token for the invitation unless it comes with a password.
    ///
    /// # Errors
    /// `Invalid` with the fields, `role` where there is no such; `Forbidden` for a role with rights that the actor does not have.
    pub async fn create(&self, actor: &Actor, new: NewOperator) -> Result<(Operator, Option<String>)> {
        actor.require(Permission::OPERATORS_MANAGE)?;
        self.check_given(actor, new.role).await?;
        let invited = new.password_hash.is_none();
        let mut operator = build(&*self.ports.clock, actor.tenant, new)?;
        let token = invited.then(|| invitations::renew(&mut operator, self.ports.now()));
        let mut changes = Changes::by(actor);
        let details = json!({ "email": operator.email, "role": operator.role });
        let entry = audit::entry(
            &*self.ports.clock,
            actor,
            "operator.created",
            operator.id,
            details,
        );
        changes.put(Row::Audit(entry));
        let operator = changes.save(None, operator);
        self.ports.commit(changes).await.map_err(email_taken)?;
        Ok((operator, token))
    }

    /// Changes an operator. Everybody may change their own name, language and password.
    ///
    /// # Errors
    /// As [`OperatorService::create`], and `Forbidden` for an operator who has rights that the actor does not have.
    pub async fn update(&self, actor: &Actor, id: OperatorId, patch: OperatorPatch) -> Result<Operator> {
        let own = actor.operator_id() == Some(id);
        let needs_right = patch.role.is_some() || patch.capacity.is_some() || patch.disabled.is_some();
        if !own || needs_right {
            actor.require(Permission::OPERATORS_MANAGE)?;
        }
        let terms = Terms {
            version: patch.version,
            keep: patch.keep_session,
            over: needs_right || !own,
            role: patch.role,
        };
        self.change(actor, id, terms, |operator| {
            if let Some(name) = &patch.name {
                operator.name = check_name(name)?;
            }
            if let Some(role) = patch.role
                && role != operator.role
            {
                if own {
                    return Err(Error::new(
                        ErrorKind::Rejected,
                        "ask a colleague to change your role",
                    ));
                }
                operator.role = role;
                // Whoever holds the link was to have the other rights.
                operator.invitation = None;
            }
            if let Some(capacity) = patch.capacity {
                operator.capacity = check_capacity(capacity)?;
            }
            if let Some(locale) = &patch.locale {
                operator.locale.clone_from(&check_locale(locale.clone())?);
            }
            if let Some(disabled) = patch.disabled {
                if own && disabled {
                    return Err(Error::new(ErrorKind::Rejected, "you cannot disable yourself"));
                }
                if disabled && !operator.disabled {
                    operator.shut_out();
                }
                operator.disabled = disabled;
                if disabled {
                    operator.status = OperatorStatus::Offline;
                    operator.status_since = self.ports.now();
                }
            }
            if let Some(hash) = &patch.password_hash {
                if patch.replaced_hash.is_some() && patch.replaced_hash != operator.password_hash {
                    let message = "the password was changed in the meantime";
                    return Err(Error::new(ErrorKind::Conflict, message));
                }
                operator.password_hash = Some(hash.clone());
                operator.shut_out();
            }
            Ok(())
        })
        .await
    }

    /// Ends every session of an operator, one's own or a colleague's.
    pub async fn end_sessions(&self, actor: &Actor, id: OperatorId) -> Result<Operator> {
        let own = actor.operator_id() == Some(id);
        if !own {
            actor.require(Permission::OPERATORS_MANAGE)?;
        }
        let terms = Terms {
            over: !own,
            ..Terms::default()
        };
        self.change(actor, id, terms, |operator| {
            operator.shut_out();
            Ok(())
        })
        .await
    }

    /// Goes online, on a break or offline.
    pub async fn set_status(
        &self,
        actor: &Actor,
        id: OperatorId,
        status: OperatorStatus,
    ) -> Result<Operator> {
        if actor.operator_id() != Some(id) {
            actor.require(Permission::OPERATORS_MANAGE)?;
        }
        self.change(actor, id, Terms::default(), |operator| {
            if operator.disabled {
                return Err(Error::forbidden("this operator is disabled"));
            }
            if operator.status != status {
                operator.status = status;
                operator.status_since = self.ports.now();
            }
            Ok(())
        })
        .await
    }

    async fn change(
        &self,
        actor: &Actor,
        id: OperatorId,
        terms: Terms,
        step: impl Fn(&mut Operator) -> Result<()>,
    ) -> Result<Operator> {
        let mut anew = Anew::unless(terms.version);
        loop {
            let before = self.get(actor, id).await?;
            if terms.version.is_some_and(|version| version != before.version) {
                return Err(Error::conflict("the operator").with("version", before.version));
            }
            if terms.over {
                self.check_role(actor, before.role).await?;
            }
            // One that is gone may stay until it is replaced.
            if let Some(role) = terms.role.filter(|role| *role != before.role) {
                self.check_given(actor, role).await?;
            }
            let mut operator = before.clone();
            step(&mut operator)?;
            if operator == before {
                return Ok(before);
            }
            let mut changes = Changes::by(actor);
            let operator = changes.save(Some(&before), operator);
            if let Some(details) = what_changed(&before, &operator) {
                changes.put(Row::Audit(audit::entry(
                    &*self.ports.clock,
                    actor,
                    "operator.updated",
                    id,
                    details,
                )));
            }
            let store = self.ports.tenant(actor.tenant);
            owners::keep_one(&*store, &before, &operator, self.ports.now(), &mut changes).await?;
            if let Some(keep) = terms.keep
                && let Some(session) = self.kept(&before, &operator, keep).await?
            {
                changes.put(Row::Record(session));
            }
            match self.ports.commit(changes).await {
                Ok(_) => return Ok(operator),
                Err(error) => anew.after(error).await?,
            }
        }
    }

    /// The record of a session that goes on in the operator's next generation.
    async fn kept(&self, before: &Operator, after: &Operator, id: SessionId) -> Result<Option<Record>> {
        let key = Session::key(before.id, id);
        let store = self.ports.tenant(before.tenant);
        let Some(record) = store.find_record(Session::KIND, &key).await? else {
            return Ok(None);
        };
        let mut session: Session = record.read()?;
        if session.generation != before.session_generation {
            return Ok(None);
        }
        session.generation = after.session_generation;
        record.next(&session, self.ports.now()).map(Some)
    }

    /// Only an owner makes or changes owners, and nobody makes or changes one who may do more.
    pub(super) async fn check_role(&self, actor: &Actor, role: RoleRef) -> Result<()> {
        let owner = RoleRef::BuiltIn(Role::Owner);
        if role == owner && !actor.is_system() && actor.role != Some(owner) {
            return Err(Error::forbidden("only an owner can make or change owners"));
        }
        let gives = roles::permissions_of(&*self.ports.tenant(actor.tenant), role).await?;
        match self.ports.entities.rights().covers(&actor.permissions, &gives) {
            true => Ok(()),
            false => Err(Error::forbidden("this role has rights that you do not have")),
        }
    }

    /// As [`OperatorService::check_role`], for a role that somebody is to have, which must be there.
    async fn check_given(&self, actor: &Actor, role: RoleRef) -> Result<()> {
        if let RoleRef::Own(id) = role {
            let store = self.ports.tenant(actor.tenant);
            if roles::find(&*store, id).await?.is_none() {
                return Err(Error::invalid_field("role", "unknown", "there is no such role"));
            }
        }
        self.check_role(actor, role).await
    }
}

/// What an administrator may ask about later; presence and language are not among it.
fn what_changed(before: &Operator, after: &Operator) -> Option<serde_json::Value> {
    let mut details = serde_json::Map::new();
    if before.role != after.role {
        details.insert(
            "role".to_owned(),
            json!({ "from": before.role, "to": after.role }),
        );
    }
    if before.disabled != after.disabled {
        details.insert("disabled".to_owned(), json!(after.disabled));
    }
    if before.capacity != after.capacity {
        details.insert(
            "capacity".to_owned(),
            json!({ "from": before.capacity, "to": after.capacity }),
        );
    }
    if before.password_hash != after.password_hash {
        details.insert("password".to_owned(), json!("changed"));
    }
    if before.session_generation != after.session_generation {
        details.insert("sessions".to_owned(), json!("ended"));
    }
    if before.name != after.name {
        details.insert(
            "name".to_owned(),
            json!({ "from": before.name, "to": after.name }),
        );
    }
    (!details.is_empty()).then_some(serde_json::Value::Object(details))
}

fn email_taken(error: Error) -> Error {
    if error.context_value("unique") == Some(unique::OPERATOR_EMAIL) {
        return Error::invalid_field("email", "taken", "somebody here has this e-mail address already");
    }
    error
}
