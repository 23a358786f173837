//! Writing down who is connected to a node, and reading what others wrote.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use uuid::Uuid;

use super::model::{Connected, DeadNode};
use crate::change::{Changes, Removal, Row};
use crate::error::{ErrorKind, Result};
use crate::event::Origin;
use crate::id::{OperatorId, TenantId};
use crate::ports::Ports;
use crate::records::{Record, RecordType};

/// When the note of a dead node that nobody swept is thrown away.
const KEPT: Duration = Duration::from_secs(7 * 24 * 3_600);
/// Nodes that are looked at.
const NODES: u32 = 1_000;

/// Keeps who is connected to which node. It takes no actor: only the host's own work may hold it.
#[derive(Clone, Debug)]
pub struct PresenceService {
    ports: Arc<Ports>,
}

impl PresenceService {
    /// A node that has not written for this long is dead. Write much more often.
    pub const DEAD: Duration = Duration::from_secs(90);

    /// A service over an engine's ports.
    pub fn new(ports: Arc<Ports>) -> Self {
        Self { ports }
    }

    /// Writes down who of a tenant is connected to a node; if nobody is to be named any more, what was written goes. Who it is is asked
    /// after the last note was read, so that of two who write at once the later one is right.
    pub async fn write(
        &self,
        tenant: TenantId,
        node: Uuid,
        here: impl FnOnce() -> Option<BTreeSet<OperatorId>> + Send,
    ) -> Result<()> {
        let key = node.simple().to_string();
        let known = self
            .ports
            .tenant(tenant)
            .find_record(Connected::KIND, &key)
            .await?;
        let mut changes = Changes::new(tenant, Origin::system("presence"));
        match (known, here()) {
            (None, None) => return Ok(()),
            (Some(_), None) => {
                changes.remove(removal(key));
            }
            (known, Some(operators)) => {
                let connected = Connected { operators };
                let now = self.ports.now();
                let record = match known {
                    Some(record) => record.next(&connected, now)?,
                    None => Record::new(tenant, key, &connected, now)?,
                };
                changes.put(Row::Record(record.expiring(now.after(KEPT))));
            }
        }
        match self.ports.commit(changes).await {
            // Another node took this one for dead; the next note puts it right.
            Err(error) if error.kind() == ErrorKind::Conflict => Ok(()),
            done => done.map(|_| ()),
        }
    }

    /// The nodes that have died. Nobody counts as gone who is connected to a living node, this one included, of which `here` tells.
    pub async fn dead(
        &self,
        tenant: TenantId,
        here: impl FnOnce() -> BTreeSet<OperatorId> + Send,
    ) -> Result<Vec<DeadNode>> {
        let records = self.records(tenant).await?;
        let now = self.ports.now();
        let (dead, alive): (Vec<_>, Vec<_>) = records
            .into_iter()
            .partition(|r| now.since(r.updated_at) > Self::DEAD);
        if dead.is_empty() {
            return Ok(Vec::new());
        }
        let mut there = here();
        for record in &alive {
            there.extend(record.read::<Connected>()?.operators);
        }
        let of = |record: Record| -> Result<DeadNode> {
            let connected = record.read::<Connected>()?;
            Ok(DeadNode {
                gone: connected.operators.difference(&there).copied().collect(),
                key: record.key,
            })
        };
        dead.into_iter().map(of).collect()
    }

    /// Throws away what a dead node wrote, once its operators have been seen off.
    pub async fn forget(&self, tenant: TenantId, node: DeadNode) -> Result<()> {
        let mut changes = Changes::new(tenant, Origin::system("presence"));
        changes.remove(removal(node.key));
        self.ports.commit(changes).await.map(|_| ())
    }

    /// Whether a living node other than this one says that an operator is connected to it.
    pub async fn is_elsewhere(&self, tenant: TenantId, node: Uuid, operator: OperatorId) -> Result<bool> {
        let me = node.simple().to_string();
        let records = self.records(tenant).await?;
        let now = self.ports.now();
        for record in records {
            let counts = record.key != me && now.since(record.updated_at) <= Self::DEAD;
            if counts && record.read::<Connected>()?.operators.contains(&operator) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn records(&self, tenant: TenantId) -> Result<Vec<Record>> {
        let store = self.ports.tenant(tenant);
        store.list_records(Connected::KIND, "", NODES).await
    }
}

fn removal(key: String) -> Removal {
    Removal::Record {
        kind: Connected::KIND.to_owned(),
        key,
    }
}
