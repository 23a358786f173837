//! Reads of conversations. A list is a merge of index scans that [`crate::listing`] chooses; a scan gives sort value and id out
//! of the index alone, and only the rows of the page are then read.

use async_trait::async_trait;
use omnichat_core::clock::Timestamp;
use omnichat_core::condition::{Predicate, Subject};
use omnichat_core::conversations::{
    Conversation, ConversationFilter, ConversationReads, Counts, Facets, Sort, Status,
};
use omnichat_core::error::Result;
use omnichat_core::id::{ConversationId, InboxId, OperatorId};
use omnichat_core::page::{Cursor, Page, PageRequest};
use rusqlite::{Connection, Row, params, params_from_iter};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use super::conversations::loads;
use super::error::error;
use super::query::{all, find, first, text};
use super::readers::TenantReads;
use super::scan::Scan;
use crate::body;
use crate::listing::{
    Candidate, Known, MANY_INBOXES, Source, Tested, candidates, cap, choose, must_count, status_code,
    statuses,
};

const FIND: &str = "SELECT body FROM conversations WHERE tenant = ?1 AND id = ?2";
const CURRENT: &str =
    "SELECT body FROM conversations WHERE tenant = ?1 AND inbox = ?2 AND chat = ?3 AND status <> 5";
const CHANNEL_INBOXES: &str = "SELECT inbox, EXISTS (SELECT 1 FROM channel_inboxes o
     WHERE o.tenant = i.tenant AND o.inbox = i.inbox AND o.channel <> i.channel)
     FROM channel_inboxes i WHERE tenant = ?1 AND channel = ?2 LIMIT ?3";
const UNASSIGNED: &str =
    "SELECT waiting_since, id FROM conversations INDEXED BY conversations_assignee_waiting
     WHERE tenant = ?1 AND assignee IS NULL AND status = ?2 AND waiting_since IS NOT NULL
     AND EXISTS (SELECT 1 FROM json_each(?3) WHERE value = hex(inbox)) AND (waiting_since, id) > (?5, ?6)
     ORDER BY waiting_since, id LIMIT ?4";

/// Sort value and id of a conversation.
type Found = (i64, [u8; 16]);

#[async_trait]
impl ConversationReads for TenantReads {
    async fn find_conversation(&self, id: ConversationId) -> Result<Option<Conversation>> {
        self.readers
            .point(|c| find(c, FIND, params![self.key(), id.uuid().into_bytes()]))
            .await
    }

    async fn find_current_conversation(&self, inbox: InboxId, chat: &str) -> Result<Option<Conversation>> {
        self.readers
            .point(|c| find(c, CURRENT, params![self.key(), inbox.uuid().into_bytes(), chat]))
            .await
    }

    async fn list_conversations(
        &self,
        filter: &ConversationFilter,
        page: &PageRequest,
    ) -> Result<Page<Conversation>> {
        let tenant = self.key();
        let (filter, page) = (filter.clone(), page.clone());
        self.readers
            .read(move |c| in_one_view(c, |c| list(c, tenant, &filter, &page)))
            .await
    }

    async fn count_conversations(&self, operator: OperatorId, visible_only: bool) -> Result<Counts> {
        let tenant = self.key();
        self.readers
            .read(move |c| in_one_view(c, |c| count_views(c, tenant, operator, visible_only)))
            .await
    }

    async fn unassigned_conversations(
        &self,
        inboxes: &[InboxId],
        after: Option<(Timestamp, ConversationId)>,
        limit: u32,
    ) -> Result<Vec<Conversation>> {
        let tenant = self.key();
        let (at, id) = after.map_or((i64::MIN, [0; 16]), |(at, id)| {
            (at.micros(), id.uuid().into_bytes())
        });
        let inboxes: Vec<String> = inboxes
            .iter()
            .map(|id| format!("{:X}", id.uuid().simple()))
            .collect();
        let inboxes = body::encode(&inboxes)?;
        self.readers
            .read(move |c| {
                in_one_view(c, |c| {
                    let mut found: Vec<Found> = Vec::new();
                    for status in Status::ALL.into_iter().filter(|status| status.is_open()) {
                        let values = params![tenant, status_code(status), inboxes, limit, at, id];
                        found.extend(all(c, UNASSIGNED, values, place)?);
                    }
                    found.sort_unstable();
                    found.truncate(limit as usize);
                    let rows = bodies(c, tenant, &found)?;
                    let rows = rows.iter();
                    Ok(rows
                        .filter_map(|(place, text)| body::readable(&place.id, text))
                        .collect())
                })
            })
            .await
    }

    async fn operator_loads(&self) -> Result<Vec<(OperatorId, u32)>> {
        let tenant = self.key();
        self.readers.read(move |c| loads(c, tenant)).await
    }
}

/// Reads everything from one state of the database, so that no row is seen in two places.
pub(super) fn in_one_view<T>(
    connection: &Connection,
    read: impl FnOnce(&Connection) -> Result<T>,
) -> Result<T> {
    let view = connection.unchecked_transaction().map_err(error)?;
    let found = read(&view)?;
    view.finish().map_err(error)?;
    Ok(found)
}

fn list(
    connection: &Connection,
    tenant: [u8; 16],
    filter: &ConversationFilter,
    page: &PageRequest,
) -> Result<Page<Conversation>> {
    let (facets, rest) = &Facets::of(filter);
    let known = &look_up(connection, tenant, facets)?;
    let candidates = candidates(facets, known);
    let mut counts = Vec::new();
    if must_count(&candidates, facets.sort) {
        for candidate in &candidates {
            counts.push(count(connection, tenant, facets, known, candidate)?);
        }
    }
    let sources = choose(&candidates, &counts, facets.sort);
    let read = |cursor: Option<&Cursor>, rows: usize| {
        let mut found: Vec<Found> = Vec::new();
        for scan in scans(tenant, facets, known, sources) {
            let (sql, values) = scan.page(cursor, rows);
            found.extend(all(connection, &sql, params_from_iter(values), place)?);
        }
        found.sort_unstable();
        if facets.sort != Sort::Waiting {
            found.reverse();
        }
        found.dedup();
        found.truncate(rows);
        bodies(connection, tenant, &found)
    };
    tested(rest, page, read)
}

/// A page of what is read in the order of a list, of which the rest of a condition is true.
pub(super) fn tested<T: Subject + DeserializeOwned>(
    rest: &Predicate,
    page: &PageRequest,
    read: impl Fn(Option<&Cursor>, usize) -> Result<Vec<(Cursor, String)>>,
) -> Result<Page<T>> {
    if rest.is_always() {
        let rows = read(page.cursor.as_ref(), page.limit as usize + 1)?;
        return Ok(body::page(rows, page.limit));
    }
    let mut tested = Tested::<T>::new(rest, page);
    while let Some((cursor, rows)) = tested.next() {
        let read = read(cursor, rows)?;
        tested.take(read, rows);
    }
    Ok(tested.page())
}

fn place(row: &Row<'_>) -> rusqlite::Result<Found> {
    Ok((row.get(0)?, row.get(1)?))
}

/// Looks up what the choice of scans needs to know.
fn look_up(connection: &Connection, tenant: [u8; 16], filter: &Facets) -> Result<Known> {
    let mut known = Known::default();
    if let Some(channel) = &filter.channel {
        let limit = MANY_INBOXES + 1;
        let inboxes = all(
            connection,
            CHANNEL_INBOXES,
            params![tenant, channel, limit as i64],
            |row| {
                Ok((
                    InboxId::from_uuid(Uuid::from_bytes(row.get(0)?)),
                    row.get::<_, bool>(1)?,
                ))
            },
        )?;
        let is_usable = inboxes.len() < limit && inboxes.iter().all(|(_, has_others)| !has_others);
        known.channel_inboxes = is_usable.then(|| inboxes.into_iter().map(|(id, _)| id).collect());
    }
    Ok(known)
}

/// One scan for each source and, where its index is cut up by status, each status.
fn scans<'a>(
    tenant: [u8; 16],
    filter: &'a Facets,
    known: &'a Known,
    sources: &'a Candidate,
) -> impl Iterator<Item = Scan> + 'a {
    sources.iter().flat_map(move |source| {
        let wanted: Vec<Option<Status>> = if source.has_status() {
            statuses(filter).into_iter().map(Some).collect()
        } else {
            vec![None]
        };
        wanted
            .into_iter()
            .map(move |status| Scan::new(tenant, filter, known, source, status))
    })
}

/// How many rows the sources have, without the rest of the filter, counted up to a cap.
fn count(
    connection: &Connection,
    tenant: [u8; 16],
    filter: &Facets,
    known: &Known,
    sources: &Candidate,
) -> Result<u32> {
    let cap = cap(sources, filter.sort);
    let mut total = 0;
    for scan in scans(tenant, filter, known, sources) {
        if total >= cap {
            break;
        }
        total += count_scan(connection, &scan, false, cap - total)?;
    }
    Ok(total)
}

fn count_scan(connection: &Connection, scan: &Scan, whole_filter: bool, cap: u32) -> Result<u32> {
    let (sql, values) = scan.count(whole_filter, cap);
    Ok(first(connection, &sql, params_from_iter(values), |row| row.get(0))?.unwrap_or(0))
}

fn bodies(connection: &Connection, tenant: [u8; 16], found: &[Found]) -> Result<Vec<(Cursor, String)>> {
    let rows = found.iter().map(|(sort, id)| {
        let body = first(connection, FIND, params![tenant, id], |row| text(row, 0))?;
        let place = Cursor {
            sort: *sort,
            id: Uuid::from_bytes(*id),
        };
        Ok(body.map(|body| (place, body)))
    });
    rows.filter_map(Result::transpose).collect()
}

/// Counts the standard views; see [`Counts`].
fn count_views(
    connection: &Connection,
    tenant: [u8; 16],
    operator: OperatorId,
    visible_only: bool,
) -> Result<Counts> {
    let known = Known::default();
    let scan = |source: &Source, status: Status, sort: Sort| {
        let filter = Facets {
            sort,
            ..Default::default()
        };
        Scan::new(tenant, &filter, &known, source, Some(status))
    };
    let view = |scans: Vec<Scan>| -> Result<u32> {
        let mut total = 0;
        for scan in scans {
            if total < Counts::CAP {
                total += count_scan(connection, &scan, true, Counts::CAP - total)?;
            }
        }
        Ok(total)
    };
    let open: Vec<Status> = Status::ALL
        .into_iter()
        .filter(|status| status.is_open())
        .collect();
    let (own, nobodys) = (Source::Assignee(Some(operator)), Source::Assignee(None));
    let of = |source: &Source| {
        view(
            open.iter()
                .map(|status| scan(source, *status, Sort::Activity))
                .collect(),
        )
    };
    let seen = |statuses: &[Status], sort: Sort| {
        let mut scans = Vec::new();
        for status in statuses {
            if visible_only {
                // What an operator may see is nobody's, its own, and what it was invited to of others.
                scans.push(scan(&nobodys, *status, sort));
                scans.push(scan(&own, *status, sort));
                scans.push(scan(&Source::Participant(operator), *status, sort).of_others(operator));
            } else {
                let everything = if sort == Sort::Waiting {
                    Source::Waiting
                } else {
                    Source::All
                };
                scans.push(scan(&everything, *status, sort));
            }
        }
        view(scans)
    };
    Ok(Counts {
        mine: of(&own)?,
        unassigned: of(&nobodys)?,
        open: seen(&open, Sort::Activity)?,
        unanswered: seen(&open, Sort::Waiting)?,
        snoozed: seen(&[Status::Snoozed], Sort::Activity)?,
        spam: seen(&[Status::Spam], Sort::Activity)?,
    })
}
