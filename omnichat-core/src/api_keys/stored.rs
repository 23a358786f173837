//! Which keys of a tenant are stored.

use super::model::{ApiKey, Usage};
use crate::change::{Changes, Removal};
use crate::clock::Timestamp;
use crate::error::{Error, ErrorKind, Result};
use crate::records::{Record, RecordType};
use crate::store::TenantStore;

/// Keys of a tenant at most, those that are over and still shown among them.
pub(super) const MOST: usize = 500;

/// What a record says; nothing if it is damaged, so that one does not hide the others.
pub(super) fn readable<T: RecordType>(record: &Record) -> Option<T> {
    record
        .read()
        .inspect_err(|error| {
            tracing::warn!(kind = T::KIND, key = record.key, %error, "a stored record cannot be read and is passed over");
        })
        .ok()
}

/// Every key of a tenant that can be read, oldest first.
pub(super) async fn all(store: &dyn TenantStore) -> Result<Vec<(Record, ApiKey)>> {
    let limit = u32::try_from(MOST * 2).unwrap_or(u32::MAX);
    let mut keys = Vec::new();
    for record in store.list_records(ApiKey::KIND, "", limit).await? {
        if let Some(key) = readable::<ApiKey>(&record) {
            keys.push((record, key));
        }
    }
    keys.sort_by_key(|(_, key)| (key.created_at, key.id));
    Ok(keys)
}

/// Where there are as many keys as can be, the oldest that is over goes.
pub(super) async fn make_room(store: &dyn TenantStore, changes: &mut Changes, now: Timestamp) -> Result<()> {
    let keys = all(store).await?;
    if keys.len() < MOST {
        return Ok(());
    }
    let Some((record, _)) = keys.iter().find(|(_, key)| key.has_ended(now)) else {
        let message = format!("at most {MOST} API keys can be there at once: revoke one first");
        return Err(Error::new(ErrorKind::Rejected, message));
    };
    for kind in [ApiKey::KIND, Usage::KIND] {
        changes.remove(Removal::Record {
            kind: kind.to_owned(),
            key: record.key.clone(),
        });
    }
    Ok(())
}
