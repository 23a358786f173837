//! Stores in OmniChat's own store: a record for each key, and one that counts what they hold.
//!
//! Every write puts the key's record and the count's record into one commit, each with its version; of two writers one is
//! told `Conflict` and looks again. That is what makes compare-and-set and the quota hold between nodes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use omnichat_core::change::{Changes, Removal};
use omnichat_core::clock::{Clock, Timestamp};
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::event::Origin;
use omnichat_core::id::{InboxId, TenantId};
use omnichat_core::records::{Record, RecordType};
use omnichat_core::store::Store;
use serde::{Deserialize, Serialize};

use super::{KeyValue, Owner, Quota, Space, Write};

/// Tries at a write that others keep overtaking.
const TRIES: u32 = 16;
/// Most records that are read to count anew; above any quota.
const MANY: u32 = 100_000;

/// A value.
#[derive(Serialize, Deserialize)]
struct Value {
    /// Base64.
    value: String,
}

impl RecordType for Value {
    const KIND: &'static str = "plugin-kv";
}

impl Value {
    fn bytes(&self) -> Result<Vec<u8>> {
        BASE64
            .decode(&self.value)
            .map_err(|error| Error::internal("a plugin's stored value cannot be read").caused_by(error))
    }
}

/// What a store holds. Expired records stay counted until a count anew; that happens before a write is refused.
#[derive(Clone, Copy, Default, Serialize, Deserialize)]
struct Usage {
    bytes: u64,
    keys: u64,
}

impl RecordType for Usage {
    const KIND: &'static str = "plugin-kv-usage";
}

/// Stores in OmniChat's own store.
pub struct RecordKeyValue {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    /// Inboxes never change hands.
    owners: Mutex<HashMap<InboxId, TenantId>>,
}

/// What is known of a key before a write.
struct Seen {
    record: Option<Record>,
    /// The value, unless it has expired.
    value: Option<Vec<u8>>,
    usage: Option<Record>,
}

impl RecordKeyValue {
    /// In this store.
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Self {
            store,
            clock,
            owners: Mutex::new(HashMap::new()),
        }
    }

    async fn tenant(&self, space: &Space) -> Result<TenantId> {
        let inbox = match space.owner {
            Owner::Automation(tenant, _) => return Ok(tenant),
            Owner::Inbox(inbox) => inbox,
        };
        let known = self
            .owners
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&inbox)
            .copied();
        if let Some(tenant) = known {
            return Ok(tenant);
        }
        let tenant = self
            .store
            .inbox_owner(inbox)
            .await?
            .ok_or_else(|| Error::not_found("inbox"))?;
        let mut owners = self.owners.lock().unwrap_or_else(PoisonError::into_inner);
        owners.insert(inbox, tenant);
        Ok(tenant)
    }

    fn is_live(&self, record: &Record) -> bool {
        record.expires_at.is_none_or(|at| self.clock.now() < at)
    }

    async fn see(&self, tenant: TenantId, space: &Space, key: &str) -> Result<Seen> {
        let reads = self.store.tenant(tenant);
        let record = reads.find_record(Value::KIND, &full(space, key)).await?;
        let value = match &record {
            Some(record) if self.is_live(record) => Some(record.read::<Value>()?.bytes()?),
            _ => None,
        };
        let usage = reads.find_record(Usage::KIND, &space.to_string()).await?;
        Ok(Seen { record, value, usage })
    }

    /// What the store would hold, without the key.
    async fn others(&self, tenant: TenantId, space: &Space, key: &str) -> Result<Usage> {
        let prefix = full(space, "");
        let records = self
            .store
            .tenant(tenant)
            .list_records(Value::KIND, &prefix, MANY)
            .await?;
        let mut usage = Usage::default();
        for record in records.iter().filter(|record| self.is_live(record)) {
            let name = record.key.strip_prefix(&prefix).unwrap_or(&record.key);
            if name != key {
                usage.keys += 1;
                usage.bytes += (name.len() + record.read::<Value>()?.bytes()?.len()) as u64;
            }
        }
        Ok(usage)
    }

    /// One try. `Conflict` if another was quicker.
    async fn write(&self, tenant: TenantId, space: &Space, seen: Seen, write: &Write<'_>) -> Result<()> {
        let now = self.clock.now();
        let counted: Usage = seen
            .usage
            .as_ref()
            .map(Record::read)
            .transpose()?
            .unwrap_or_default();
        // A record that was counted and is replaced, expired or not.
        let replaced = match &seen.record {
            Some(record) => Usage {
                keys: 1,
                bytes: (write.key.len() + record.read::<Value>()?.bytes()?.len()) as u64,
            },
            None => Usage::default(),
        };
        let grown = |others: Usage| Usage {
            keys: others.keys + 1,
            bytes: others.bytes + (write.key.len() + write.value.len()) as u64,
        };
        let mut usage = grown(Usage {
            keys: counted.keys.saturating_sub(replaced.keys),
            bytes: counted.bytes.saturating_sub(replaced.bytes),
        });
        if admit(write.quota, usage).is_err() {
            usage = grown(self.others(tenant, space, write.key).await?);
            admit(write.quota, usage)?;
        }
        let value = Value {
            value: BASE64.encode(write.value),
        };
        let mut record = match &seen.record {
            Some(record) => record.next(&value, now)?,
            None => Record::new(tenant, full(space, write.key), &value, now)?,
        };
        record.expires_at = write.expires_at;
        let mut changes = Changes::new(tenant, Origin::system("plugins"));
        changes
            .put(record)
            .put(self.count(tenant, space, seen.usage, &usage, now)?);
        self.store.commit(changes).await.map(|_| ())
    }

    fn count(
        &self,
        tenant: TenantId,
        space: &Space,
        known: Option<Record>,
        usage: &Usage,
        now: Timestamp,
    ) -> Result<Record> {
        match known {
            Some(record) => record.next(usage, now),
            None => Record::new(tenant, space.to_string(), usage, now),
        }
    }
}

fn admit(quota: Quota, usage: Usage) -> Result<()> {
    quota.admit(usage.bytes, usage.keys)
}

fn full(space: &Space, key: &str) -> String {
    format!("{space}/{key}")
}

fn overtaken() -> Error {
    Error::new(
        ErrorKind::Unavailable,
        "others keep writing to the plugin's store",
    )
}

#[async_trait]
impl KeyValue for RecordKeyValue {
    async fn get(&self, space: &Space, key: &str) -> Result<Option<Vec<u8>>> {
        let tenant = self.tenant(space).await?;
        let record = self
            .store
            .tenant(tenant)
            .find_record(Value::KIND, &full(space, key))
            .await?;
        match record.filter(|record| self.is_live(record)) {
            Some(record) => record.read::<Value>()?.bytes().map(Some),
            None => Ok(None),
        }
    }

    async fn set(&self, space: &Space, write: Write<'_>) -> Result<()> {
        let tenant = self.tenant(space).await?;
        for _ in 0..TRIES {
            let seen = self.see(tenant, space, write.key).await?;
            match self.write(tenant, space, seen, &write).await {
                Err(error) if error.kind() == ErrorKind::Conflict => {}
                other => return other,
            }
        }
        Err(overtaken())
    }

    async fn compare_and_set(
        &self,
        space: &Space,
        expected: Option<&[u8]>,
        write: Write<'_>,
    ) -> Result<bool> {
        let tenant = self.tenant(space).await?;
        for _ in 0..TRIES {
            let seen = self.see(tenant, space, write.key).await?;
            if seen.value.as_deref() != expected {
                return Ok(false);
            }
            match self.write(tenant, space, seen, &write).await {
                Err(error) if error.kind() == ErrorKind::Conflict => {}
                other => return other.map(|()| true),
            }
        }
        Err(overtaken())
    }

    async fn delete(&self, space: &Space, key: &str) -> Result<()> {
        let tenant = self.tenant(space).await?;
        for _ in 0..TRIES {
            let seen = self.see(tenant, space, key).await?;
            let Some(record) = seen.record else {
                return Ok(());
            };
            let counted: Usage = seen
                .usage
                .as_ref()
                .map(Record::read)
                .transpose()?
                .unwrap_or_default();
            let gone = (key.len() + record.read::<Value>()?.bytes()?.len()) as u64;
            let usage = Usage {
                keys: counted.keys.saturating_sub(1),
                bytes: counted.bytes.saturating_sub(gone),
            };
            let now = self.clock.now();
            let mut changes = Changes::new(tenant, Origin::system("plugins"));
            // The next version is written before it is removed: that a value was not changed meanwhile is checked.
            changes
                .put(record.next(&Value { value: String::new() }, now)?)
                .put(self.count(tenant, space, seen.usage, &usage, now)?)
                .remove(Removal::Record {
                    kind: Value::KIND.to_owned(),
                    key: full(space, key),
                });
            match self.store.commit(changes).await {
                Err(error) if error.kind() == ErrorKind::Conflict => {}
                other => return other.map(|_| ()),
            }
        }
        Err(overtaken())
    }

    async fn list(
        &self,
        space: &Space,
        prefix: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>> {
        let tenant = self.tenant(space).await?;
        let all = full(space, "");
        let records = self
            .store
            .tenant(tenant)
            .list_records(Value::KIND, &full(space, prefix), MANY)
            .await?;
        Ok(records
            .iter()
            .filter(|record| self.is_live(record))
            .filter_map(|record| record.key.strip_prefix(&all))
            .filter(|key| after.is_none_or(|after| *key > after))
            .take(limit)
            .map(str::to_owned)
            .collect())
    }
}
