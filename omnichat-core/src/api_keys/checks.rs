//! The rules that the fields of a key keep.

use std::time::Duration;

use crate::clock::Timestamp;
use crate::error::{Error, Result};
use crate::id::InboxId;
use crate::store::TenantStore;
use crate::text;

/// How long a key lasts at most: two years, one of them a leap year.
pub(super) const LONGEST: Duration = Duration::from_secs(731 * 24 * 3_600);
/// Inboxes to which a key can be confined at most.
const INBOXES: usize = 100;

pub(super) fn check_name(name: &str) -> Result<String> {
    text::name("name", name, 100)
}

pub(super) fn check_end(end: Timestamp, now: Timestamp) -> Result<Timestamp> {
    if end <= now {
        return Err(Error::invalid_field(
            "expires_at",
            "past",
            "choose a time in the future",
        ));
    }
    if end > now.after(LONGEST) {
        return Err(Error::invalid_field(
            "expires_at",
            "range",
            "an API key lasts at most two years",
        ));
    }
    Ok(end)
}

/// Each once, and none that does not exist; but one that was removed since the key was confined to it may stay.
pub(super) async fn check_inboxes(
    store: &dyn TenantStore,
    mut wanted: Vec<InboxId>,
    before: &[InboxId],
) -> Result<Vec<InboxId>> {
    wanted.sort_unstable();
    wanted.dedup();
    if wanted.len() > INBOXES {
        return Err(Error::invalid_field(
            "inbox_ids",
            "too_long",
            "at most 100 inboxes",
        ));
    }
    let known = store.list_inboxes().await?;
    let is_known = |id: &InboxId| known.iter().any(|inbox| inbox.id == *id) || before.contains(id);
    match wanted.iter().find(|id| !is_known(id)) {
        Some(id) => {
            let message = format!("there is no inbox {id}");
            Err(Error::invalid_field("inbox_ids", "unknown", message))
        }
        None => Ok(wanted),
    }
}
