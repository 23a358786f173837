//! Beginning, renewing and ending sessions.

use std::sync::Arc;
use std::time::Duration;

use super::model::{RefreshToken, Session};
use super::secret;
use crate::actor::Actor;
use crate::anew::Anew;
use crate::audit;
use crate::change::{Changes, Removal, Row};
use crate::error::{Error, ErrorKind, Result};
use crate::event::Origin;
use crate::id::{OperatorId, SessionId, TenantId};
use crate::operators::Operator;
use crate::ports::Ports;
use crate::records::{Record, RecordType};

/// How long an unused session lasts.
const LIFETIME: Duration = Duration::from_secs(30 * 24 * 3_600);
/// For how long the token before the current one is answered with the current one: two tabs may refresh at the same moment,
/// and an answer may be lost on its way.
const GRACE: Duration = Duration::from_secs(30);
/// Sessions that an operator has at once; one more ends the one that was unused for longest.
const MOST: usize = 100;
/// Records that are looked at when a session begins: more than there can be, unless many began at the same moment.
const PAGE: u32 = 1_000;

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

    /// Begins a session of an operator whose password was right. If the operator was given another password since it was
    /// read, the session is over from its beginning.
    pub async fn begin(&self, operator: &Operator, client: &str) -> Result<(Session, RefreshToken)> {
        let now = self.ports.now();
        let lineage = secret::lineage();
        let secret = secret::fresh(&lineage);
        let session = Session {
            id: SessionId::generate(&*self.ports.clock),
            tenant: operator.tenant,
            operator: operator.id,
            generation: operator.session_generation,
            secret: secret::digest(&secret),
            previous: None,
            successor: None,
            lineage,
            rotated_at: now,
            created_at: now,
            expires_at: now.after(LIFETIME),
            client: client.chars().take(200).collect(),
        };
        let key = Session::key(operator.id, session.id);
        let record = Record::new(operator.tenant, key, &session, now)?.expiring(session.expires_at);
        let mut changes = Changes::by(&operator.named());
        let entry = audit::entry(
            &*self.ports.clock,
            &operator.named(),
            "session.began",
            operator.id,
            serde_json::json!({ "client": session.client }),
        );
        changes.put(Row::Record(record)).put(Row::Audit(entry));
        for id in self.superfluous(operator).await? {
            changes.remove(removal(operator.id, id));
        }
        self.ports.commit(changes).await?;
        let token = secret::token(&session, &secret);
        Ok((session, token))
    }

    /// Sessions that are over, and the ones unused for longest that must make room for one more.
    async fn superfluous(&self, operator: &Operator) -> Result<Vec<SessionId>> {
        let now = self.ports.now();
        let prefix = Session::key_prefix(operator.id);
        let store = self.ports.tenant(operator.tenant);
        let mut live = Vec::new();
        let mut superfluous = Vec::new();
        for record in store.list_records(Session::KIND, &prefix, PAGE).await? {
            // One that is damaged opens nothing, and must not keep its operator from coming in.
            let session: Session = match record.read() {
                Ok(session) => session,
                Err(error) => {
                    tracing::warn!(operator = %operator.id, %error, "a stored session cannot be read and is passed over");
                    continue;
                }
            };
            // One of a later generation than this reading of the operator is none of its business.
            if session.generation < operator.session_generation || session.expires_at <= now {
                superfluous.push(session.id);
            } else {
                live.push((session.rotated_at, session.id));
            }
        }
        live.sort_unstable();
        let too_many = (live.len() + 1).saturating_sub(MOST);
        superfluous.extend(live.into_iter().take(too_many).map(|(_, id)| id));
        Ok(superfluous)
    }

    /// Renews a session: the token is replaced by a new one. The token before the current one is answered with the current
    /// one for half a minute. `from` is where the call comes from, for the audit log.
    ///
    /// # Errors
    /// `Unauthenticated` for an unknown, ended or replaced token; one that was replaced longer ago ends the session, and
    /// [`REUSED`] is in the error's context then.
    pub async fn renew(&self, token: &str, from: &str) -> Result<(Session, Operator, RefreshToken)> {
        let (tenant, operator, id, secret) = secret::parse(token).ok_or_else(ended)?;
        let store = self.ports.tenant(tenant);
        let key = Session::key(operator, id);
        let digest = secret::digest(&secret);
        let mut anew = Anew::unless(None);
        loop {
            let now = self.ports.now();
            let record = store.find_record(Session::KIND, &key).await?.ok_or_else(ended)?;
            let session: Session = record.read()?;
            let operator = self.operator_of(&session).await?;
            let is_previous = session.previous.as_deref() == Some(digest.as_str());
            if is_previous && now.since(session.rotated_at) < GRACE {
                let token = self.successor(&session)?;
                return Ok((session, operator, token));
            }
            if session.secret != digest {
                // What nobody was given proves nothing: a guess must not end a session.
                return match is_previous || secret::was_given_out(&session.lineage, &secret) {
                    true => Err(self.stolen(&record, &session, &operator, from).await),
                    false => Err(ended()),
                };
            }
            let secret = secret::fresh(&session.lineage);
            let next = Session {
                previous: Some(session.secret.clone()),
                successor: Some(self.ports.vault.seal(tenant, secret.as_bytes())?),
                secret: secret::digest(&secret),
                rotated_at: now,
                expires_at: now.after(LIFETIME),
                ..session
            };
            let mut changes = Changes::new(tenant, Origin::system("sessions"));
            changes.put(Row::Record(record.next(&next, now)?.expiring(next.expires_at)));
            match self.ports.commit(changes).await {
                Ok(_) => {
                    let token = secret::token(&next, &secret);
                    return Ok((next, operator, token));
                }
                Err(error) => anew.after(error).await?,
            }
        }
    }

    /// The current token, for whoever comes in time with the one before.
    fn successor(&self, session: &Session) -> Result<RefreshToken> {
        let sealed = session.successor.as_ref().ok_or_else(ended)?;
        // Under another key of the host it does not open; whoever has the current token goes on.
        let opened = self.ports.vault.open(session.tenant, sealed);
        let opened = opened.map_err(|error| ended().caused_by(error))?;
        let secret = String::from_utf8(opened).map_err(|error| ended().caused_by(error))?;
        Ok(secret::token(session, &secret))
    }

    /// Somebody uses a token that was replaced: the session is over for everybody who holds one.
    async fn stolen(&self, record: &Record, session: &Session, operator: &Operator, from: &str) -> Error {
        let mut changes = Changes::by(&operator.named());
        let entry = audit::entry(
            &*self.ports.clock,
            &operator.named(),
            "session.reuse_detected",
            session.operator,
            serde_json::json!({ "client": session.client, "address": from }),
        );
        // The record's next version: of several who come at once, one ends the session and writes of it.
        let last = match record.next(session, self.ports.now()) {
            Ok(last) => last,
            Err(error) => return error,
        };
        changes
            .put(Row::Record(last))
            .put(Row::Audit(entry))
            .remove(removal(session.operator, session.id));
        match self.ports.commit(changes).await {
            Ok(_) => ended().with(REUSED, session.id),
            Err(error) if error.kind() == ErrorKind::Conflict => ended(),
            Err(error) => error,
        }
    }

    /// The operator whose session this is, as it is now.
    ///
    /// # Errors
    /// `Unauthenticated` if the session is over.
    pub async fn check(&self, tenant: TenantId, operator: OperatorId, id: SessionId) -> Result<Operator> {
        let store = self.ports.tenant(tenant);
        let found = store
            .find_record(Session::KIND, &Session::key(operator, id))
            .await?;
        self.operator_of(&found.ok_or_else(ended)?.read()?).await
    }

    /// The operator of a session, unless the session is over.
    async fn operator_of(&self, session: &Session) -> Result<Operator> {
        if session.expires_at <= self.ports.now() {
            return Err(ended());
        }
        self.ports
            .tenant(session.tenant)
            .find_operator(session.operator)
            .await?
            .filter(|o| !o.disabled && o.session_generation == session.generation)
            .ok_or_else(ended)
    }

    /// Ends a session. Ending one that is over is no error.
    pub async fn end(&self, actor: &Actor, id: SessionId) -> Result<()> {
        let operator = actor.require_operator()?;
        let mut changes = Changes::by(actor);
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
}

/// Under this name the session is in the context of the error about a token that was used again after it was replaced.
pub const REUSED: &str = "reused_session";

fn ended() -> Error {
    Error::new(ErrorKind::Unauthenticated, "the session is over; sign in again")
}

fn removal(operator: OperatorId, session: SessionId) -> Removal {
    Removal::Record {
        kind: Session::KIND.to_owned(),
        key: Session::key(operator, session),
    }
}
