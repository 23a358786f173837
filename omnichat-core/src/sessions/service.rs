//! Beginning, renewing and ending sessions.

use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest, Sha256};

use super::model::{RefreshToken, Session};
use crate::actor::Actor;
use crate::audit;
use crate::change::{Changes, Removal, Row};
use crate::error::{Error, ErrorKind, Result};
use crate::id::{OperatorId, SessionId, TenantId};
use crate::operators::Operator;
use crate::ports::Ports;
use crate::records::{Record, RecordType};

/// How long an unused session lasts.
const LIFETIME: Duration = Duration::from_secs(30 * 24 * 3_600);
/// For how long the token before the current one is still taken: two tabs may refresh at the same moment.
const GRACE: Duration = Duration::from_secs(20);
/// Sessions of an operator that are looked at when all are ended.
const MOST: u32 = 1_000;

/// Begins, renews and ends sessions.
#[derive(Clone, Debug)]
pub struct SessionService {
    ports: Arc<Ports>,
}

impl SessionService {
    /// A service over an engine's ports.
    pub fn new(ports: Arc<Ports>) -> Self {
        Self { ports }
    }

    /// Begins a session of an operator whose password was right.
    pub async fn begin(&self, operator: &Operator, client: &str) -> Result<(Session, RefreshToken)> {
        let now = self.ports.now();
        let (secret, digest) = fresh_secret();
        let session = Session {
            id: SessionId::generate(&*self.ports.clock),
            tenant: operator.tenant,
            operator: operator.id,
            secret: digest,
            previous: None,
            rotated_at: now,
            created_at: now,
            expires_at: now.after(LIFETIME),
            client: client.chars().take(200).collect(),
        };
        let record = Record::new(operator.tenant, key(operator.id, session.id), &session, now)?
            .expiring(session.expires_at);
        let mut changes = Changes::new(operator.tenant);
        let entry = audit::entry(
            &*self.ports.clock,
            &operator.actor(),
            "session.began",
            operator.id,
            serde_json::json!({ "client": session.client }),
        );
        changes.put(Row::Record(record)).put(Row::Audit(entry));
        self.ports.commit(changes).await?;
        let token = token(&session, &secret);
        Ok((session, token))
    }

    /// Renews a session: the token is replaced by a new one.
    ///
    /// # Errors
    /// `Unauthenticated` for an unknown, ended or repeated token; a repeated one ends the session.
    pub async fn renew(&self, token: &str) -> Result<(Session, Operator, RefreshToken)> {
        let (tenant, operator, id, secret) = parse(token).ok_or_else(ended)?;
        let store = self.ports.tenant(tenant);
        let key = key(operator, id);
        let digest = digest(&secret);
        for _ in 0..8 {
            let now = self.ports.now();
            let record = store.find_record(Session::KIND, &key).await?.ok_or_else(ended)?;
            let session: Session = record.read()?;
            let operator = store
                .find_operator(session.operator)
                .await?
                .filter(|o| !o.disabled)
                .ok_or_else(ended)?;
            if session.expires_at <= now {
                return Err(ended());
            }
            let current = session.secret == digest;
            let in_grace =
                session.previous.as_deref() == Some(digest.as_str()) && now.since(session.rotated_at) < GRACE;
            if !current && !in_grace {
                return Err(self.stolen(&session, &operator).await);
            }
            let (secret, digest) = fresh_secret();
            let next = Session {
                previous: Some(if current {
                    session.secret.clone()
                } else {
                    digest_of(&session, in_grace)
                }),
                secret: digest,
                rotated_at: now,
                expires_at: now.after(LIFETIME),
                ..session
            };
            let mut changes = Changes::new(tenant);
            changes.put(Row::Record(record.next(&next, now)?.expiring(next.expires_at)));
            match self.ports.commit(changes).await {
                Ok(_) => {
                    let token = self::token(&next, &secret);
                    return Ok((next, operator, token));
                }
                Err(error) if error.kind() == ErrorKind::Conflict => {}
                Err(error) => return Err(error),
            }
        }
        Err(Error::conflict("the session"))
    }

    /// Somebody uses a token that was replaced: the session is over for everybody who holds one.
    async fn stolen(&self, session: &Session, operator: &Operator) -> Error {
        tracing::warn!(operator = %session.operator, session = %session.id, "a refresh token was used twice; the session is ended");
        let mut changes = Changes::new(session.tenant);
        let entry = audit::entry(
            &*self.ports.clock,
            &operator.actor(),
            "session.reuse_detected",
            session.operator,
            serde_json::json!({ "client": session.client }),
        );
        changes
            .put(Row::Audit(entry))
            .remove(removal(session.operator, session.id));
        match self.ports.commit(changes).await {
            Ok(_) => ended(),
            Err(error) => error,
        }
    }

    /// Whether a session still lasts.
    pub async fn is_alive(&self, tenant: TenantId, operator: OperatorId, id: SessionId) -> Result<bool> {
        let found = self
            .ports
            .tenant(tenant)
            .find_record(Session::KIND, &key(operator, id))
            .await?;
        Ok(found.is_some_and(|record| record.expires_at.is_none_or(|at| at > self.ports.now())))
    }

    /// Ends a session. Ending one that is over is no error.
    pub async fn end(&self, actor: &Actor, id: SessionId) -> Result<()> {
        let operator = actor.require_operator()?;
        let mut changes = Changes::new(actor.tenant);
        let entry = audit::entry(
            &*self.ports.clock,
            actor,
            "session.ended",
            operator,
            serde_json::json!({}),
        );
        changes.put(Row::Audit(entry)).remove(removal(operator, id));
        self.ports.commit(changes).await.map(|_| ())
    }

    /// Ends every session of an operator, but for one if it is named.
    pub async fn end_all(
        &self,
        tenant: TenantId,
        operator: OperatorId,
        but: Option<SessionId>,
    ) -> Result<u32> {
        let records = self
            .ports
            .tenant(tenant)
            .list_records(Session::KIND, &format!("{operator}/"), MOST)
            .await?;
        let mut changes = Changes::new(tenant);
        for record in records {
            let session: Session = record.read()?;
            if Some(session.id) != but {
                changes.remove(removal(operator, session.id));
            }
        }
        let ended = u32::try_from(changes.removals.len()).unwrap_or(u32::MAX);
        if ended > 0 {
            self.ports.commit(changes).await?;
        }
        Ok(ended)
    }
}

/// Within the grace the token before stays the token before, so that a third tab may come too.
fn digest_of(session: &Session, in_grace: bool) -> String {
    match (&session.previous, in_grace) {
        (Some(previous), true) => previous.clone(),
        _ => session.secret.clone(),
    }
}

fn ended() -> Error {
    Error::new(ErrorKind::Unauthenticated, "the session is over; sign in again")
}

fn key(operator: OperatorId, session: SessionId) -> String {
    format!("{operator}/{session}")
}

fn removal(operator: OperatorId, session: SessionId) -> Removal {
    Removal::Record {
        kind: Session::KIND.to_owned(),
        key: key(operator, session),
    }
}

fn fresh_secret() -> (String, String) {
    let secret: [u8; 32] = rand::random();
    let secret = hex::encode(secret);
    let digest = digest(&secret);
    (secret, digest)
}

fn digest(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

fn token(session: &Session, secret: &str) -> RefreshToken {
    let (tenant, operator, id) = (session.tenant.uuid(), session.operator.uuid(), session.id.uuid());
    RefreshToken(format!(
        "{}.{}.{}.{secret}",
        tenant.as_simple(),
        operator.as_simple(),
        id.as_simple()
    ))
}

fn parse(token: &str) -> Option<(TenantId, OperatorId, SessionId, String)> {
    let mut parts = token.splitn(4, '.');
    let mut uuid = || parts.next().and_then(|part| uuid::Uuid::try_parse(part).ok());
    let (tenant, operator, id) = (uuid()?, uuid()?, uuid()?);
    let secret = parts.next().filter(|s| s.len() == 64)?;
    Some((
        TenantId::from_uuid(tenant),
        OperatorId::from_uuid(operator),
        SessionId::from_uuid(id),
        secret.to_owned(),
    ))
}
