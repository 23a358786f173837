//! Invitations: a link with which an operator sets a password, for the first time or anew.
//!
//! An operator has one invitation at most, in its own row. So a newer link, an accepted one, another password, another role
//! and disabling end the older link in their own commit, and of two who accept at once one is refused.

use std::time::Duration;

use serde_json::json;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::build::check_name;
use super::model::{Invitation, Operator};
use super::service::OperatorService;
use crate::actor::{Actor, Permission};
use crate::anew::Anew;
use crate::audit;
use crate::change::{Changes, Row};
use crate::clock::Timestamp;
use crate::error::{Error, ErrorKind, Result};
use crate::id::{OperatorId, TenantId};

/// How long an invitation can be accepted.
const LIFETIME: Duration = Duration::from_secs(7 * 24 * 3_600);
/// Hex digits of an id in a token.
const ID: usize = 32;

/// Gives an operator a new invitation in the place of any before. Returns its token: tenant, operator and a secret.
pub(super) fn renew(operator: &mut Operator, now: Timestamp) -> String {
    let (tenant, id) = (operator.tenant.uuid(), operator.id.uuid());
    let secret: [u8; 24] = rand::random();
    let token = format!("{}{}{}", tenant.as_simple(), id.as_simple(), hex::encode(secret));
    operator.invitation = Some(Invitation {
        digest: digest(&token),
        expires_at: now.after(LIFETIME),
    });
    token
}

impl OperatorService {
    /// A new token for an operator who has not accepted yet, or who has lost the password. The one before is void.
    pub async fn invite(&self, actor: &Actor, id: OperatorId) -> Result<(Operator, String)> {
        actor.require(Permission::OPERATORS_MANAGE)?;
        let mut anew = Anew::unless(None);
        loop {
            let before = self.get(actor, id).await?;
            let mut operator = before.clone();
            self.check_role(actor, operator.role).await?;
            if operator.disabled {
                let message = "this operator is disabled; enable it before it is invited";
                return Err(Error::new(ErrorKind::Rejected, message));
            }
            let token = renew(&mut operator, self.ports.now());
            let mut changes = Changes::by(actor);
            let entry = audit::entry(&*self.ports.clock, actor, "operator.invited", id, json!({}));
            changes.put(Row::Audit(entry));
            let operator = changes.save(Some(&before), operator);
            match self.ports.commit(changes).await {
                Ok(_) => return Ok((operator, token)),
                Err(error) => anew.after(error).await?,
            }
        }
    }

    /// Who is invited by a token.
    ///
    /// # Errors
    /// `Unauthenticated` for a token that is wrong, void, used or too old.
    pub async fn invited(&self, token: &str) -> Result<Operator> {
        let wrong = || {
            let message = "this invitation is not valid any more; ask for a new one";
            Error::new(ErrorKind::Unauthenticated, message)
        };
        let (tenant, id) = ids(token).ok_or_else(wrong)?;
        let found = self.ports.tenant(tenant).find_operator(id).await?;
        let now = self.ports.now();
        // Digests are compared: how long that takes tells nothing of the token.
        let fits = |i: &Invitation| i.digest == digest(token) && i.expires_at > now;
        found
            .filter(|operator| !operator.disabled && operator.invitation.as_ref().is_some_and(fits))
            .ok_or_else(wrong)
    }

    /// Accepts an invitation: sets the password, and the name if one is given, and ends every earlier session. Works once.
    ///
    /// # Errors
    /// As [`OperatorService::invited`], and `Invalid` for the name.
    pub async fn accept_invitation(
        &self,
        token: &str,
        name: Option<&str>,
        password_hash: String,
    ) -> Result<Operator> {
        let mut anew = Anew::unless(None);
        loop {
            let before = self.invited(token).await?;
            let mut operator = before.clone();
            if let Some(name) = name {
                operator.name = check_name(name)?;
            }
            operator.password_hash = Some(password_hash.clone());
            operator.shut_out();
            let actor = operator.named();
            let mut changes = Changes::by(&actor);
            let entry = audit::entry(
                &*self.ports.clock,
                &actor,
                "operator.joined",
                operator.id,
                json!({}),
            );
            changes.put(Row::Audit(entry));
            let operator = changes.save(Some(&before), operator);
            match self.ports.commit(changes).await {
                Ok(_) => return Ok(operator),
                // Whatever changed meanwhile: the next reading says whether the invitation still holds.
                Err(error) => anew.after(error).await?,
            }
        }
    }
}

/// Whom a token names.
fn ids(token: &str) -> Option<(TenantId, OperatorId)> {
    let id = |from: usize| {
        let text = token.get(from..from + ID)?;
        Uuid::try_parse(text).ok()
    };
    Some((TenantId::from_uuid(id(0)?), OperatorId::from_uuid(id(ID)?)))
}

fn digest(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}
