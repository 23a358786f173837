//! Stores in memory: for tests, and the specification of what the others do.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use omnichat_core::clock::{Clock, Timestamp};
use omnichat_core::error::Result;

use super::{KeyValue, Space, Write};

#[derive(Clone, Debug)]
struct Entry {
    value: Vec<u8>,
    expires_at: Option<Timestamp>,
}

type Spaces = HashMap<Space, BTreeMap<String, Entry>>;

/// Stores in memory.
pub struct MemoryKeyValue {
    spaces: Mutex<Spaces>,
    clock: Arc<dyn Clock>,
}

impl MemoryKeyValue {
    /// Empty ones.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            spaces: Mutex::new(HashMap::new()),
            clock,
        }
    }

    /// All stores, with what has expired taken out of this one.
    fn fresh(&self, space: &Space) -> MutexGuard<'_, Spaces> {
        let now = self.clock.now();
        let mut spaces = self.spaces.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entries) = spaces.get_mut(space) {
            entries.retain(|_, entry| entry.expires_at.is_none_or(|at| now < at));
        }
        spaces
    }
}

fn put(entries: &mut BTreeMap<String, Entry>, write: Write<'_>) -> Result<()> {
    let others = entries.iter().filter(|(key, _)| *key != write.key);
    let (bytes, keys) = others.fold((0, 0), |(bytes, keys), (key, entry)| {
        (bytes + key.len() + entry.value.len(), keys + 1)
    });
    write
        .quota
        .admit((bytes + write.key.len() + write.value.len()) as u64, keys + 1)?;
    let entry = Entry {
        value: write.value.to_vec(),
        expires_at: write.expires_at,
    };
    entries.insert(write.key.to_owned(), entry);
    Ok(())
}

#[async_trait]
impl KeyValue for MemoryKeyValue {
    async fn get(&self, space: &Space, key: &str) -> Result<Option<Vec<u8>>> {
        let spaces = self.fresh(space);
        let entry = spaces.get(space).and_then(|entries| entries.get(key));
        Ok(entry.map(|entry| entry.value.clone()))
    }

    async fn set(&self, space: &Space, write: Write<'_>) -> Result<()> {
        put(self.fresh(space).entry(space.clone()).or_default(), write)
    }

    async fn compare_and_set(
        &self,
        space: &Space,
        expected: Option<&[u8]>,
        write: Write<'_>,
    ) -> Result<bool> {
        let mut spaces = self.fresh(space);
        let entries = spaces.entry(space.clone()).or_default();
        if entries.get(write.key).map(|entry| entry.value.as_slice()) != expected {
            return Ok(false);
        }
        put(entries, write).map(|()| true)
    }

    async fn delete(&self, space: &Space, key: &str) -> Result<()> {
        if let Some(entries) = self.fresh(space).get_mut(space) {
            entries.remove(key);
        }
        Ok(())
    }

    async fn list(
        &self,
        space: &Space,
        prefix: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<String>> {
        let spaces = self.fresh(space);
        let keys = spaces.get(space).into_iter().flat_map(BTreeMap::keys);
        Ok(keys
            .filter(|key| key.starts_with(prefix) && after.is_none_or(|after| key.as_str() > after))
            .take(limit)
            .cloned()
            .collect())
    }
}
