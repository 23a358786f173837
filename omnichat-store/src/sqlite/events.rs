//! Statements of the event logs. A tenant's log lies in one range of keys: its number times 2^40 plus the event's.

use async_trait::async_trait;
use omnichat_core::clock::Timestamp;
use omnichat_core::error::Result;
use omnichat_core::event::{Envelope, READ_BYTES};
use omnichat_core::store::EventReads;
use rusqlite::{Connection, params};

use super::error::error;
use super::query::{execute, first, text};
use super::readers::TenantReads;
use crate::body;
use crate::prepared::PreparedEvent;

/// How many events a tenant can have.
const SPAN: i64 = 1 << 40;

const INSERT: &str = "INSERT INTO events (key, at, body, about) VALUES (?1, ?2, ?3, ?4)";
const SAVE_HEAD: &str = "UPDATE tenants SET head = ?2 WHERE number = ?1";
const LOG: &str = "SELECT number, head FROM tenants WHERE id = ?1";
const TAIL: &str = "SELECT min(key) FROM events WHERE key > ?1 AND key < ?2";
const AFTER: &str =
    "SELECT key, at, body, about FROM events WHERE key > ?1 AND key < ?2 ORDER BY key LIMIT ?3";
const FIRST_KEPT: &str =
    "SELECT key FROM events WHERE key > ?1 AND key < ?2 AND at >= ?3 ORDER BY key LIMIT 1";
const SLOWEST: &str = "SELECT min(coalesce(place ->> '$.seq', 0)) FROM (
         SELECT CASE WHEN json_valid(r.body) THEN r.body -> '$.body' END AS place
         FROM tenants t JOIN records r ON r.tenant = t.id AND r.kind = 'consumer' WHERE t.number = ?1)
     WHERE coalesce(place ->> '$.holds_until' > ?2, TRUE)";
const PRUNE: &str = "DELETE FROM events
     WHERE key IN (SELECT key FROM events WHERE key > ?1 AND key < ?2 ORDER BY key LIMIT ?3)";

/// Appends an event. `log` is the tenant's number.
pub(super) fn append(
    connection: &Connection,
    log: i64,
    seq: u64,
    at: Timestamp,
    event: &PreparedEvent,
) -> Result<()> {
    let key = log * SPAN + seq as i64;
    let values = params![key, at.micros(), event.body, event.about];
    execute(connection, INSERT, values).map(|_| ())
}

/// Keeps the number of the newest event, so that it is known even when all events are thrown away.
pub(super) fn save_head(connection: &Connection, log: i64, head: u64) -> Result<()> {
    execute(connection, SAVE_HEAD, params![log, head as i64]).map(|_| ())
}

/// Removes up to `limit` events of a log from before the first that is not older than a time, and no further than the slowest consumer has
/// read. Returns how many.
pub(super) fn prune(
    connection: &Connection,
    log: i64,
    now: Timestamp,
    before: Timestamp,
    limit: u32,
) -> Result<usize> {
    let (from, end) = (log * SPAN, (log + 1) * SPAN);
    let kept = first(
        connection,
        FIRST_KEPT,
        params![from, end, before.micros()],
        |row| row.get(0),
    )?;
    let slowest: Option<i64> =
        first(connection, SLOWEST, params![log, now.micros()], |row| row.get(0))?.flatten();
    let unread = slowest.map_or(end, |seq| from.saturating_add(seq).saturating_add(1));
    let kept = kept.unwrap_or(end).min(unread);
    execute(connection, PRUNE, params![from, kept, limit])
}

/// The tenant's number and the number of its newest event.
fn log(connection: &Connection, tenant: [u8; 16]) -> Result<Option<(i64, u64)>> {
    first(connection, LOG, [tenant], |row| {
        Ok((row.get(0)?, row.get::<_, i64>(1)? as u64))
    })
}

#[async_trait]
impl EventReads for TenantReads {
    async fn event_head(&self) -> Result<u64> {
        let log = self.readers.point(|c| log(c, self.key())).await?;
        Ok(log.map_or(0, |(_, head)| head))
    }

    async fn event_tail(&self) -> Result<u64> {
        self.readers
            .point(|c| {
                // One statement after the other could see a commit between them; the order makes the tail too small at most.
                let Some((number, head)) = log(c, self.key())? else {
                    return Ok(1);
                };
                let (from, end) = (number * SPAN, (number + 1) * SPAN);
                let oldest = first(c, TAIL, [from, end], |row| row.get::<_, Option<i64>>(0))?.flatten();
                Ok(oldest.map_or(head + 1, |key| (key - from) as u64))
            })
            .await
    }

    async fn events_after(&self, seq: u64, limit: u32) -> Result<Vec<Envelope>> {
        let tenant = self.tenant;
        let key = self.key();
        self.readers
            .read(move |c| {
                let Some((number, _)) = log(c, key)? else {
                    return Ok(Vec::new());
                };
                let (base, end) = (number * SPAN, (number + 1) * SPAN);
                let from = base.saturating_add(i64::try_from(seq).unwrap_or(i64::MAX));
                let mut statement = c.prepare_cached(AFTER).map_err(error)?;
                let mut rows = statement.query(params![from, end, limit]).map_err(error)?;
                let (mut found, mut bytes) = (Vec::new(), 0);
                while bytes < READ_BYTES
                    && let Some(row) = rows.next().map_err(error)?
                {
                    let at: i64 = row.get(1).map_err(error)?;
                    let about = text(row, 3).map_err(error)?;
                    let text = text(row, 2).map_err(error)?;
                    let seq = (row.get::<_, i64>(0).map_err(error)? - base) as u64;
                    bytes += text.len() + about.len();
                    found.push(body::envelope(tenant, seq, at, &text, Some(&about)));
                }
                Ok(found)
            })
            .await
    }
}
