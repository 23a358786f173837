//! Making, changing, renewing and revoking keys, and letting programs in by them.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use subtle::ConstantTimeEq;

use super::checks::{LONGEST, check_end, check_inboxes, check_name};
use super::model::{ApiKey, ApiKeyPatch, ApiKeyShown, ApiKeyState, KeySecret, NewApiKey, Revocation, Usage};
use super::responsible::{Responsible, effective};
use super::rights;
use super::stored::{MOST, all, make_room, readable};
use super::token::ApiKeyToken;
use crate::actor::{Actor, Permission, Permissions, Rights, Who};
use crate::anew::Anew;
use crate::audit;
use crate::change::{Changes, Row};
use crate::clock::Timestamp;
use crate::error::{Error, ErrorKind, Result};
use crate::event::Event;
use crate::event::Origin;
use crate::id::{ApiKeyId, OperatorId, TenantId};
use crate::ports::Ports;
use crate::records::{Record, RecordType};

const DAY: Duration = Duration::from_secs(24 * 3_600);
/// How long a key lasts whose maker said nothing.
const DEFAULT: Duration = DAY.saturating_mul(90);
/// How long a replaced secret may still hold.
const OVERLAP_MAX: Duration = DAY.saturating_mul(7);
/// How long a key that is over is still shown.
const SHOWN_AFTER: Duration = DAY.saturating_mul(30);
/// How often it is written down that a key was used.
const USED: Duration = Duration::from_secs(5 * 60);
/// Secrets of a key that hold at the same time at most.
const SECRETS: usize = 5;

/// What a token opens.
#[derive(Clone, Debug)]
pub struct KeyAccess {
    /// The program, with the rights that it has now.
    pub actor: Actor,
    /// The key.
    pub key: ApiKeyId,
    /// The operator who answers for it: a change of theirs changes what the key may do.
    pub responsible: Option<OperatorId>,
    /// Until when the token holds, if nothing else happens.
    pub until: Timestamp,
}

/// Makes, changes and revokes keys for an actor, and lets programs in by them.
#[derive(Clone, Debug)]
pub struct ApiKeyService {
    ports: Arc<Ports>,
}

impl ApiKeyService {
    /// A service over an engine's ports.
    pub fn new(ports: Arc<Ports>) -> Self {
        Self { ports }
    }

    /// A key. One that is over is known for another 30 days. A program may look at its own.
    pub async fn get(&self, actor: &Actor, id: ApiKeyId) -> Result<ApiKeyShown> {
        if actor.own_id() != Some(id.to_string()) {
            actor.require(Permission::API_KEYS_MANAGE)?;
        }
        let key = self.find(actor.tenant, id).await?.1;
        self.shown(&key).await
    }

    /// Every key, oldest first; those that are over for another 30 days.
    pub async fn list(&self, actor: &Actor) -> Result<Vec<ApiKeyShown>> {
        actor.require(Permission::API_KEYS_MANAGE)?;
        let store = self.ports.tenant(actor.tenant);
        let keys = all(&*store).await?;
        let limit = u32::try_from(MOST * 2).unwrap_or(u32::MAX);
        let mut used = HashMap::new();
        for record in store.list_records(Usage::KIND, "", limit).await? {
            if let Some(usage) = readable::<Usage>(&record) {
                used.insert(record.key.clone(), usage.at);
            }
        }
        let responsible = Responsible::of_all(&*store, &keys).await?;
        let now = self.ports.now();
        let shown = keys.iter().map(|(_, key)| {
            let responsible = key.responsible.and_then(|id| responsible.get(&id));
            let last = used.get(&key.id.to_string()).copied();
            show(self.rights(), key, responsible, last, now)
        });
        Ok(shown.collect())
    }

    /// Makes a key. Its token is not kept: this is the only time to see it.
    ///
    /// # Errors
    /// `Invalid` with the fields; among them rights that the actor does not have.
    pub async fn create(&self, actor: &Actor, new: NewApiKey) -> Result<(ApiKeyShown, ApiKeyToken)> {
        actor.require(Permission::API_KEYS_MANAGE)?;
        let (now, store) = (self.ports.now(), self.ports.tenant(actor.tenant));
        let inboxes = check_inboxes(&*store, new.inboxes, &[]).await?;
        let confined = !inboxes.is_empty();
        rights::check(
            self.rights(),
            actor,
            &new.permissions,
            &Permissions::none(),
            confined,
        )?;
        let id = ApiKeyId::generate(&*self.ports.clock);
        let token = ApiKeyToken::generate(actor.tenant, id);
        let key = ApiKey {
            id,
            tenant: actor.tenant,
            name: check_name(&new.name)?,
            permissions: new.permissions,
            inboxes,
            created_by: actor.who.clone(),
            responsible: actor.operator_id(),
            secrets: vec![secret(&token)],
            created_at: now,
            rotated_at: now,
            expires_at: check_end(new.expires_at.unwrap_or_else(|| now.after(DEFAULT)), now)?,
            revoked: None,
            version: 1,
        };
        let mut changes = self.audited(actor, &key, "api_key.created", facts(&key));
        make_room(&*store, &mut changes, now).await?;
        let record = Record::new(actor.tenant, id.to_string(), &key, now)?;
        changes.put(Row::Record(record.expiring(key.expires_at.after(SHOWN_AFTER))));
        self.ports.commit(changes).await?;
        Ok((self.shown(&key).await?, token))
    }

    /// Changes a key. What it may do from now on is at once what its next request may do.
    ///
    /// # Errors
    /// `Invalid` with the fields; `Rejected` for a key that is over; `Forbidden` to have one last longer that the actor could
    /// not make.
    pub async fn update(&self, actor: &Actor, id: ApiKeyId, patch: ApiKeyPatch) -> Result<ApiKeyShown> {
        actor.require(Permission::API_KEYS_MANAGE)?;
        let store = self.ports.tenant(actor.tenant);
        let name = patch.name.as_deref().map(check_name).transpose()?;
        let mut inboxes = None;
        if let Some(wanted) = patch.inboxes {
            let before = self.find(actor.tenant, id).await?.1.inboxes;
            inboxes = Some(check_inboxes(&*store, wanted, &before).await?);
        }
        let key = self
            .change(actor, id, patch.version, "api_key.updated", |key, now| {
                refuse_ended(key, now)?;
                if let Some(name) = &name {
                    key.name.clone_from(name);
                }
                if let Some(inboxes) = &inboxes {
                    key.inboxes.clone_from(inboxes);
                }
                let before = key.permissions.clone();
                if let Some(permissions) = &patch.permissions {
                    key.permissions.clone_from(permissions);
                }
                if patch.permissions.is_some() || inboxes.is_some() || patch.take_over {
                    let confined = !key.inboxes.is_empty();
                    rights::check(self.rights(), actor, &key.permissions, &before, confined)?;
                }
                if let Some(end) = patch.expires_at {
                    let end = check_end(end, now)?;
                    if end > key.expires_at {
                        rights::check_of(self.rights(), actor, key)?;
                    }
                    key.expires_at = end;
                }
                if patch.take_over {
                    key.responsible = actor.operator_id();
                }
                Ok(())
            })
            .await?;
        self.shown(&key).await
    }

    /// Gives a key another secret. The ones before it hold for the overlap, at most a week, so that the program can be told
    /// the new one without a gap; with none they end at once. An operator who is told a secret answers for the key from then on,
    /// so that no secret outlives the rights of whoever knows it.
    ///
    /// # Errors
    /// `Invalid` for a longer overlap; `Rejected` for a key that is over, or has five secrets that still hold; `Forbidden` for
    /// one that the actor could not make.
    pub async fn rotate(
        &self,
        actor: &Actor,
        id: ApiKeyId,
        overlap: Duration,
        version: Option<u64>,
    ) -> Result<(ApiKeyShown, ApiKeyToken)> {
        actor.require(Permission::API_KEYS_MANAGE)?;
        if overlap > OVERLAP_MAX {
            return Err(Error::invalid_field(
                "overlap_hours",
                "range",
                "a replaced secret holds for at most 168 hours",
            ));
        }
        let token = ApiKeyToken::generate(actor.tenant, id);
        let key = self
            .change(actor, id, version, "api_key.rotated", |key, now| {
                refuse_ended(key, now)?;
                rights::check_of(self.rights(), actor, key)?;
                key.responsible = actor.operator_id().or(key.responsible);
                let end = now.after(overlap);
                for old in &mut key.secrets {
                    old.ends_at = Some(old.ends_at.map_or(end, |at| at.min(end)));
                }
                key.secrets.retain(|old| old.ends_at.is_none_or(|at| at > now));
                if key.secrets.len() >= SECRETS {
                    return Err(Error::new(
                        ErrorKind::Rejected,
                        "five secrets of this key hold already: wait until one of them ends, or leave no overlap",
                    ));
                }
                key.secrets.insert(0, secret(&token));
                key.rotated_at = now;
                Ok(())
            })
            .await?;
        Ok((self.shown(&key).await?, token))
    }

    /// Revokes a key for good. Revoking one that is revoked is no error.
    pub async fn revoke(&self, actor: &Actor, id: ApiKeyId) -> Result<()> {
        actor.require(Permission::API_KEYS_MANAGE)?;
        let by = &actor.who;
        self.change(actor, id, None, "api_key.revoked", |key, now| {
            if key.revoked.is_none() {
                key.revoked = Some(Revocation {
                    at: now,
                    by: by.clone(),
                });
                key.secrets.clear();
            }
            Ok(())
        })
        .await
        .map(|_| ())
    }

    /// Lets a program in by its token, with the rights that it has now.
    ///
    /// # Errors
    /// `Unauthenticated` for a token that is none or is not known, and for a key that is over or rests.
    pub async fn authenticate(&self, token: &ApiKeyToken) -> Result<KeyAccess> {
        let store = self.ports.tenant(token.tenant);
        let wrong = || refused("this API key is not valid");
        let record = store.find_record(ApiKey::KIND, &token.key.to_string()).await?;
        let key: ApiKey = record.ok_or_else(wrong)?.read()?;
        let now = self.ports.now();
        let digest = token.digest();
        let held = key
            .secrets
            .iter()
            .find(|held| bool::from(held.digest.as_bytes().ct_eq(digest.as_bytes())));
        if key.revoked.is_some() {
            return Err(refused("this API key was revoked"));
        }
        let held = held.ok_or_else(wrong)?;
        let until = held.ends_at.map_or(key.expires_at, |at| at.min(key.expires_at));
        if until <= now {
            return Err(refused(match held.ends_at {
                Some(at) if at <= now => "this secret of the API key was replaced by another",
                _ => "this API key has expired",
            }));
        }
        let responsible = Responsible::of(&*store, &key).await?;
        if key.responsible.is_some() && responsible.as_ref().is_none_or(|operator| operator.disabled) {
            return Err(refused(
                "this API key rests: the operator who answers for it is disabled",
            ));
        }
        Ok(KeyAccess {
            actor: Actor {
                tenant: key.tenant,
                who: Who::Service {
                    id: key.id,
                    name: key.name.clone(),
                },
                permissions: effective(&key, responsible.as_ref()),
                role: None,
                inboxes: (!key.inboxes.is_empty()).then(|| key.inboxes.as_slice().into()),
            },
            key: key.id,
            responsible: key.responsible,
            until,
        })
    }

    /// Writes down that a key is in use, unless that was written in the last minutes.
    pub async fn note_use(&self, tenant: TenantId, id: ApiKeyId) -> Result<()> {
        let now = self.ports.now();
        let found = self
            .ports
            .tenant(tenant)
            .find_record(Usage::KIND, &id.to_string())
            .await?;
        let usage = Usage { at: now };
        let record = match found {
            Some(record) if now.since(record.updated_at) < USED => return Ok(()),
            Some(record) => record.next(&usage, now)?,
            None => Record::new(tenant, id.to_string(), &usage, now)?,
        };
        let mut changes = Changes::new(tenant, Origin::system("api_keys"));
        changes.put(Row::Record(record.expiring(now.after(LONGEST + SHOWN_AFTER))));
        match self.ports.commit(changes).await {
            // Another node was quicker, which is as good.
            Err(error) if error.kind() == ErrorKind::Conflict => Ok(()),
            outcome => outcome.map(|_| ()),
        }
    }

    async fn find(&self, tenant: TenantId, id: ApiKeyId) -> Result<(Record, ApiKey)> {
        let found = self
            .ports
            .tenant(tenant)
            .find_record(ApiKey::KIND, &id.to_string())
            .await?;
        let record = found.ok_or_else(|| Error::not_found("API key"))?;
        let key = record.read()?;
        Ok((record, key))
    }

    fn rights(&self) -> &Rights {
        self.ports.entities.rights()
    }

    /// A key that the caller may see, with what is known beside it.
    pub async fn shown(&self, key: &ApiKey) -> Result<ApiKeyShown> {
        let store = self.ports.tenant(key.tenant);
        let responsible = Responsible::of(&*store, key).await?;
        let used = store.find_record(Usage::KIND, &key.id.to_string()).await?;
        let used = used.map(|record| record.read::<Usage>()).transpose()?;
        Ok(show(
            self.rights(),
            key,
            responsible.as_ref(),
            used.map(|usage| usage.at),
            self.ports.now(),
        ))
    }

    async fn change(
        &self,
        actor: &Actor,
        id: ApiKeyId,
        version: Option<u64>,
        action: &str,
        step: impl Fn(&mut ApiKey, Timestamp) -> Result<()>,
    ) -> Result<ApiKey> {
        let mut anew = Anew::unless(version);
        loop {
            let (record, before) = self.find(actor.tenant, id).await?;
            if version.is_some_and(|version| version != before.version) {
                return Err(Error::conflict("the API key").with("version", before.version));
            }
            let now = self.ports.now();
            let mut key = before.clone();
            step(&mut key, now)?;
            if key == before {
                return Ok(before);
            }
            key.version += 1;
            let over = key
                .revoked
                .as_ref()
                .map_or(key.expires_at, |r| r.at.min(key.expires_at));
            let record = record.next(&key, now)?.expiring(over.after(SHOWN_AFTER));
            let mut changes = self.audited(actor, &key, action, difference(&before, &key));
            changes.put(Row::Record(record));
            match self.ports.commit(changes).await {
                Ok(_) => return Ok(key),
                Err(error) => anew.after(error).await?,
            }
        }
    }

    /// The line of the audit log and the event that go with every change.
    fn audited(&self, actor: &Actor, key: &ApiKey, action: &str, details: serde_json::Value) -> Changes {
        let mut changes = Changes::by(actor);
        let entry = audit::entry(&*self.ports.clock, actor, action, key.id, details);
        changes.put(Row::Audit(entry));
        changes.event(Event::ApiKeyUpdated { key: key.public() });
        changes
    }
}

fn show(
    rights: &Rights,
    key: &ApiKey,
    responsible: Option<&Responsible>,
    last_used_at: Option<Timestamp>,
    now: Timestamp,
) -> ApiKeyShown {
    let suspended = key.responsible.is_some() && responsible.is_none_or(|operator| operator.disabled);
    let state = match key {
        _ if key.revoked.is_some() => ApiKeyState::Revoked,
        _ if key.expires_at <= now => ApiKeyState::Expired,
        _ if suspended => ApiKeyState::Suspended,
        _ => ApiKeyState::Active,
    };
    let effective = match state {
        ApiKeyState::Active => rights.of(&effective(key, responsible)).collect(),
        _ => Permissions::none(),
    };
    ApiKeyShown {
        key: key.public(),
        state,
        effective,
        last_used_at,
    }
}

fn secret(token: &ApiKeyToken) -> KeySecret {
    KeySecret {
        digest: token.digest(),
        ends_at: None,
    }
}

fn facts(key: &ApiKey) -> serde_json::Value {
    json!({
        "name": key.name, "permissions": key.permissions, "inboxes": key.inboxes, "expires_at": key.expires_at,
    })
}

/// What an administrator may ask about later; never a secret.
fn difference(before: &ApiKey, after: &ApiKey) -> serde_json::Value {
    let mut details = serde_json::Map::from_iter([("name".to_owned(), json!(after.name))]);
    let mut put = |name: &str, from: serde_json::Value, to: serde_json::Value| {
        if from != to {
            details.insert(name.to_owned(), json!({ "from": from, "to": to }));
        }
    };
    put("renamed", json!(before.name), json!(after.name));
    put("permissions", json!(before.permissions), json!(after.permissions));
    put("inboxes", json!(before.inboxes), json!(after.inboxes));
    put("expires_at", json!(before.expires_at), json!(after.expires_at));
    put("responsible", json!(before.responsible), json!(after.responsible));
    serde_json::Value::Object(details)
}

fn refuse_ended(key: &ApiKey, now: Timestamp) -> Result<()> {
    if key.has_ended(now) {
        let message = "this API key is over; make another one";
        return Err(Error::new(ErrorKind::Rejected, message));
    }
    Ok(())
}

fn refused(why: &str) -> Error {
    Error::new(ErrorKind::Unauthenticated, why)
}
