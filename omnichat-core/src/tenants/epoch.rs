//! Which history the numbers of a tenant's event log belong to.
//!
//! A database that was restored from a copy gives the numbers after the copy out again, to other events. Whoever has seen the
//! first ones would go on after its number and miss the others without notice. So a log has an epoch beside its numbers: a
//! follower that names another epoch than the log's has to fetch everything anew.
//!
//! What a follower is given to name it by is a [`Mark`] under the host's seal: the epoch, and how far the log was at that moment.
//! One that was further than the log is now proves that the database was put back, and nobody can make one up.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::anew::Anew;
use crate::change::{Changes, Row};
use crate::error::Result;
use crate::event::Origin;
use crate::id::TenantId;
use crate::ports::Ports;
use crate::records::{Record, RecordType};
use crate::vault::{Sealed, Vault};

/// The key of the one record.
const KEY: &str = "events";

/// Longest mark that is looked at, in bytes.
const LONGEST: usize = 256;

/// Which log a follower has read, and how far that was then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) epoch: Uuid,
    /// The number of the newest event.
    pub(super) head: u64,
}

impl Mark {
    pub(super) fn seal(self, vault: &Vault, tenant: TenantId) -> Result<String> {
        let text = format!("epoch {} {}", self.epoch.simple(), self.head);
        Ok(vault.seal(tenant, text.as_bytes())?.as_text().to_owned())
    }

    /// What a mark says; nothing if it was made up or is another tenant's.
    pub(super) fn open(vault: &Vault, tenant: TenantId, mark: &str) -> Option<Self> {
        if mark.len() > LONGEST {
            return None;
        }
        let opened = vault.open(tenant, &Sealed::from_text(mark)).ok()?;
        let text = std::str::from_utf8(&opened).ok()?;
        let (epoch, head) = text.strip_prefix("epoch ")?.split_once(' ')?;
        Some(Self {
            epoch: Uuid::try_parse(epoch).ok()?,
            head: head.parse().ok()?,
        })
    }
}

/// The record of a log's epoch.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Epoch {
    id: Uuid,
}

impl RecordType for Epoch {
    const KIND: &'static str = "epoch";
}

/// The epoch of a tenant's log; made with the first question.
pub(super) async fn current(ports: &Ports, tenant: TenantId) -> Result<Uuid> {
    written(ports, tenant, |known| known.is_some()).await
}

/// Begins another epoch, unless somebody else has ended the one that is named meanwhile. The epoch from now on.
pub(super) async fn ended(ports: &Ports, tenant: TenantId, epoch: Uuid) -> Result<Uuid> {
    written(ports, tenant, |known| known.is_some_and(|known| known != epoch)).await
}

/// The epoch, once one is kept that will do.
async fn written(ports: &Ports, tenant: TenantId, will_do: impl Fn(Option<Uuid>) -> bool) -> Result<Uuid> {
    let mut anew = Anew::unless(None);
    loop {
        let kept = ports.tenant(tenant).find_record(Epoch::KIND, KEY).await?;
        let known = kept
            .as_ref()
            .map(Record::read::<Epoch>)
            .transpose()?
            .map(|epoch| epoch.id);
        if let Some(known) = known
            && will_do(Some(known))
        {
            return Ok(known);
        }
        let epoch = Epoch {
            id: ports.clock.uuid(),
        };
        let record = match kept {
            Some(kept) => kept.next(&epoch, ports.now())?,
            None => Record::new(tenant, KEY, &epoch, ports.now())?,
        };
        let mut changes = Changes::new(tenant, Origin::system("tenants"));
        changes.put(Row::Record(record));
        match ports.commit(changes).await {
            Ok(_) => return Ok(epoch.id),
            Err(error) => anew.after(error).await?,
        }
    }
}
