//! Reads of conversations. A list is a merge of index scans that [`crate::listing`] chooses; each scan gives sort value, id and
//! row number out of the index alone where it can, and only the rows of the page are then read.

use async_trait::async_trait;
use omnichat_core::conversations::{
    Conversation, ConversationFilter, ConversationReads, Counts, Sort, Status,
};
use omnichat_core::error::Result;
use omnichat_core::id::{ConversationId, InboxId, OperatorId};
use omnichat_core::page::{Cursor, Page, PageRequest};
use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};
use uuid::Uuid;

use super::conversations::loads;
use super::error::error;
use super::query::{all, find, first};
use super::readers::TenantReads;
use super::scan::Scan;
use crate::body;
use crate::listing::{Candidate, FEW, Source, candidates, choose, must_count, status_code, statuses};

const FIND: &str = "SELECT body FROM conversations WHERE tenant = ?1 AND id = ?2";
const CURRENT: &str =
    "SELECT body FROM conversations WHERE tenant = ?1 AND inbox = ?2 AND peer = ?3 AND status <> 5";
const BODY: &str = "SELECT body FROM conversations WHERE number = ?1";
const CHANNEL_INBOXES: &str = "SELECT inbox FROM channel_inboxes WHERE tenant = ?1 AND channel = ?2 LIMIT 17";
const UNASSIGNED: &str = "SELECT waiting_since, id, number FROM conversations INDEXED BY conversations_assignee_waiting
     WHERE tenant = ?1 AND assignee IS NULL AND status = ?2 AND waiting_since IS NOT NULL
     AND NOT EXISTS (SELECT 1 FROM json_each(?3) WHERE value = hex(inbox)) ORDER BY waiting_since, id LIMIT ?4";

/// Sort value, id and row number of a conversation.
type Found = (i64, [u8; 16], i64);

#[async_trait]
impl ConversationReads for TenantReads {
    async fn find_conversation(&self, id: ConversationId) -> Result<Option<Conversation>> {
        self.readers
            .point(|c| find(c, FIND, params![self.key(), id.uuid().into_bytes()]))
            .await
    }

    async fn find_current_conversation(&self, inbox: InboxId, peer: &str) -> Result<Option<Conversation>> {
        self.readers
            .point(|c| find(c, CURRENT, params![self.key(), inbox.uuid().into_bytes(), peer]))
            .await
    }

    async fn list_conversations(
        &self,
        filter: &ConversationFilter,
        page: &PageRequest,
    ) -> Result<Page<Conversation>> {
        let (tenant, sort, limit) = (self.key(), filter.sort, page.limit);
        let (filter, page) = (filter.clone(), page.clone());
        let found = self
            .readers
            .read(move |c| in_one_view(c, |c| list(c, tenant, &filter, &page)))
            .await?;
        Ok(Page::from_rows(found, limit, |c| Cursor {
            sort: c.sort_value(sort),
            id: c.id.uuid(),
        }))
    }

    async fn count_conversations(&self, operator: OperatorId, visible_only: bool) -> Result<Counts> {
        let tenant = self.key();
        self.readers
            .read(move |c| in_one_view(c, |c| count_views(c, tenant, operator, visible_only)))
            .await
    }

    async fn unassigned_conversations(&self, without: &[InboxId], limit: u32) -> Result<Vec<Conversation>> {
        let tenant = self.key();
        let without: Vec<String> = without
            .iter()
            .map(|id| format!("{:X}", id.uuid().simple()))
            .collect();
        let without = body::encode(&without)?;
        self.readers
            .read(move |c| {
                in_one_view(c, |c| {
                    let mut found: Vec<Found> = Vec::new();
                    for status in Status::ALL.into_iter().filter(|status| status.is_open()) {
                        let values = params![tenant, status_code(status), without, limit];
                        found.extend(all(c, UNASSIGNED, values, |r| {
                            Ok((r.get(0)?, r.get(1)?, r.get(2)?))
                        })?);
                    }
                    found.sort_unstable();
                    found.truncate(limit as usize);
                    bodies(c, &found)
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
fn in_one_view<T>(connection: &Connection, read: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
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
) -> Result<Vec<Conversation>> {
    let inboxes = channel_inboxes(connection, tenant, filter)?;
    let candidates = candidates(filter, &inboxes);
    let mut counts = Vec::new();
    if must_count(&candidates, filter.sort) {
        for candidate in &candidates {
            counts.push(count(
                connection,
                tenant,
                filter,
                candidate,
                filter.sort,
                FEW + 1,
            )?);
        }
    }
    let chosen = choose(&candidates, &counts, filter.sort);

    let rows = page.limit as usize + 1;
    let mut found: Vec<Found> = Vec::new();
    for scan in scans(tenant, filter, chosen, filter.sort) {
        let (sql, values) = scan.page(page.cursor.as_ref(), rows);
        found.extend(all(connection, &sql, params_from_iter(values), |r| {
            Ok((r.get(0)?, r.get(1)?, r.get(2)?))
        })?);
    }
    found.sort_unstable();
    if filter.sort != Sort::Waiting {
        found.reverse();
    }
    found.dedup();
    found.truncate(rows);
    bodies(connection, &found)
}

/// One scan for each source and, where its index is cut up by status, each status.
fn scans(tenant: [u8; 16], filter: &ConversationFilter, sources: &Candidate, sort: Sort) -> Vec<Scan> {
    let mut scans = Vec::new();
    for source in sources {
        if source.has_status() {
            scans.extend(
                statuses(filter)
                    .into_iter()
                    .map(|s| Scan::new(tenant, filter, source, Some(s), sort)),
            );
        } else {
            scans.push(Scan::new(tenant, filter, source, None, sort));
        }
    }
    scans
}

/// How many rows the sources have, without the rest of the filter, counted up to `cap`.
fn count(
    connection: &Connection,
    tenant: [u8; 16],
    filter: &ConversationFilter,
    sources: &Candidate,
    sort: Sort,
    cap: u32,
) -> Result<u32> {
    let mut total = 0;
    for scan in scans(tenant, filter, sources, sort) {
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

fn channel_inboxes(
    connection: &Connection,
    tenant: [u8; 16],
    filter: &ConversationFilter,
) -> Result<Vec<InboxId>> {
    let Some(channel) = &filter.channel else {
        return Ok(Vec::new());
    };
    all(connection, CHANNEL_INBOXES, params![tenant, channel], |row| {
        Ok(InboxId::from_uuid(Uuid::from_bytes(row.get(0)?)))
    })
}

fn bodies(connection: &Connection, found: &[Found]) -> Result<Vec<Conversation>> {
    let rows = found
        .iter()
        .map(|(_, _, number)| find(connection, BODY, [*number]));
    rows.filter_map(Result::transpose).collect()
}

/// Counts the standard views; see [`Counts`].
fn count_views(
    connection: &Connection,
    tenant: [u8; 16],
    operator: OperatorId,
    visible_only: bool,
) -> Result<Counts> {
    let own = Source::Assignee(Some(operator));
    let nobodys = Source::Assignee(None);
    let open: Vec<Status> = Status::ALL
        .into_iter()
        .filter(|status| status.is_open())
        .collect();
    let view = |sources: &[Source], statuses: &[Status], sort: Sort, cap: u32| -> Result<u32> {
        let mut total = 0;
        for source in sources {
            for status in statuses {
                if total < cap {
                    let filter = ConversationFilter {
                        sort,
                        ..Default::default()
                    };
                    let scan = Scan::new(tenant, &filter, source, Some(*status), sort);
                    total += count_scan(connection, &scan, true, cap - total)?;
                }
            }
        }
        Ok(total)
    };
    // What an operator may see is nobody's, its own, and what it was invited to of others.
    let seen = |statuses: &[Status], sort: Sort| -> Result<u32> {
        if !visible_only {
            let everything = if sort == Sort::Waiting {
                Source::Waiting
            } else {
                Source::All
            };
            return view(&[everything], statuses, sort, Counts::CAP);
        }
        let mut total = view(&[nobodys.clone(), own.clone()], statuses, sort, Counts::CAP)?;
        for status in statuses {
            if total < Counts::CAP {
                let (sql, values) =
                    Scan::invited_to_others(tenant, operator, *status, sort, Counts::CAP - total);
                let values: Vec<Value> = values;
                total += first(connection, &sql, params_from_iter(values), |row| {
                    row.get::<_, u32>(0)
                })?
                .unwrap_or(0);
            }
        }
        Ok(total)
    };
    Ok(Counts {
        mine: view(std::slice::from_ref(&own), &open, Sort::Activity, Counts::CAP)?,
        unassigned: view(std::slice::from_ref(&nobodys), &open, Sort::Activity, Counts::CAP)?,
        open: seen(&open, Sort::Activity)?,
        unanswered: seen(&open, Sort::Waiting)?,
        snoozed: seen(&[Status::Snoozed], Sort::Activity)?,
        spam: seen(&[Status::Spam], Sort::Activity)?,
    })
}
