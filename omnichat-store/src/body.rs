//! The `body` column: the JSON of a whole entity. One that cannot be read is damaged, and hides no others.

use std::fmt;
use std::sync::Arc;

use omnichat_core::actor::Who;
use omnichat_core::clock::Timestamp;
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::event::{Cause, Envelope, Event, FieldChange, Origin};
use omnichat_core::id::TenantId;
use omnichat_core::job::Lease;
use omnichat_core::page::{Cursor, Page};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// An entity as JSON.
pub(crate) fn encode<T: Serialize>(entity: &T) -> Result<String> {
    serde_json::to_string(entity).map_err(|e| Error::internal("a row cannot be written as JSON").caused_by(e))
}

/// An entity from its JSON.
///
/// # Errors
/// `Damaged` for what is none.
pub(crate) fn decode<T: DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|e| {
        let message = format!(
            "this {} is damaged in the database and cannot be read",
            noun::<T>()
        );
        Error::new(ErrorKind::Damaged, message).caused_by(e)
    })
}

/// An entity of a list; nothing, and a line in the log, for one that is damaged. `key` is what it is found by.
pub(crate) fn readable<T: DeserializeOwned>(key: &dyn fmt::Display, text: &str) -> Option<T> {
    match decode(text) {
        Ok(entity) => Some(entity),
        Err(error) => {
            tracing::error!(row = %key, ?error, "a stored row is damaged; what is around it goes on without it");
            None
        }
    }
}

/// The page of up to `limit + 1` rows: their places and their bodies.
pub(crate) fn page<T: DeserializeOwned>(rows: Vec<(Cursor, String)>, limit: u32) -> Page<T> {
    let rows = rows.into_iter().map(|(place, text)| {
        let row = readable(place.id.as_simple(), &text);
        (place, row)
    });
    Page::from_places(rows.collect(), limit)
}

/// Gives a lease the payload of its job, or says that it is damaged. A job that nobody could lease would stop every other.
pub(crate) fn payload(lease: &mut Lease, text: &str) {
    match readable(&lease.job.id, text) {
        Some(payload) => lease.job.payload = payload,
        None => lease.damaged = true,
    }
}

/// An event of a log; a placeholder, and a line in the log of the host, for one that is damaged.
fn event(seq: u64, text: &str) -> Event {
    readable(&format_args!("event {seq}"), text).unwrap_or(Event::Damaged)
}

/// Who did something, why, and what it touched, as it is kept beside an event: an [`About`](omnichat_core::event::About).
#[derive(Deserialize)]
struct Kept {
    by: Who,
    cause: Cause,
    #[serde(default)]
    changed: Vec<FieldChange>,
}

/// An envelope from its columns. Of an event that does not say who did it, the engine did.
pub(crate) fn envelope(tenant: TenantId, seq: u64, at: i64, body: &str, about: Option<&str>) -> Envelope {
    let kept = about.filter(|text| !text.is_empty());
    let kept = kept.and_then(|text| readable::<Kept>(&format_args!("event {seq}"), text));
    let (origin, changed) = match kept {
        Some(Kept { by, cause, changed }) => (Origin { by, cause }, changed),
        None => (Origin::system("engine"), Vec::new()),
    };
    Envelope {
        tenant,
        seq,
        at: Timestamp::from_micros(at),
        bytes: body.len() + about.map_or(0, str::len),
        origin: Arc::new(origin),
        changed,
        event: event(seq, body),
    }
}

/// What a type is called in a sentence.
fn noun<T>() -> String {
    let name = std::any::type_name::<T>();
    name.rsplit("::").next().unwrap_or(name).to_lowercase()
}

#[cfg(test)]
mod tests {
    use omnichat_core::files::File;

    use super::*;

    #[test]
    fn what_is_damaged_is_named() {
        let error = decode::<File>("{\"id\":").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Damaged);
        assert_eq!(
            error.message(),
            "this file is damaged in the database and cannot be read"
        );
        assert_eq!(event(7, "{}"), Event::Damaged);
    }
}
