//! Reads of conversations. A list is a merge of index scans that [`crate::listing`] chooses, in one statement.

use async_trait::async_trait;
use omnichat_core::clock::Timestamp;
use omnichat_core::conversations::{Conversation, ConversationFilter, ConversationReads, Counts, Facets};
use omnichat_core::error::Result;
use omnichat_core::id::{ConversationId, InboxId, OperatorId};
use omnichat_core::page::{Cursor, Page, PageRequest};
use sqlx::{AssertSqlSafe, query_as, query_as_with, query_scalar, query_scalar_with};
use uuid::Uuid;

use super::conversations::loads;
use super::query::{Column, find, list, places, rows, value};
use super::readers::TenantReads;
use super::scan;
use crate::body;
use crate::listing::{Candidate, Known, MANY_INBOXES, Tested, candidates, choose, must_count};

const FIND: &str = "SELECT body FROM conversations WHERE tenant = $1 AND id = $2";
const CURRENT: &str =
    "SELECT body FROM conversations WHERE tenant = $1 AND inbox = $2 AND chat = $3 AND status <> 5";
const CHANNEL_INBOXES: &str = "SELECT inbox, EXISTS (SELECT 1 FROM channel_inboxes o
     WHERE o.tenant = i.tenant AND o.inbox = i.inbox AND o.channel <> i.channel)
     FROM channel_inboxes i WHERE tenant = $1 AND channel = $2 LIMIT $3";
const UNASSIGNED: &str = "SELECT c.id::text, c.body FROM (
         SELECT r.waiting_since, r.id FROM unnest(ARRAY[0, 1, 2]::smallint[]) AS s (status) CROSS JOIN LATERAL (
             SELECT waiting_since, id FROM conversations
             WHERE tenant = $1 AND assignee IS NULL AND status = s.status AND waiting_since IS NOT NULL
                 AND inbox = ANY ($2) AND (waiting_since, id) > ($4, $5)
             ORDER BY waiting_since, id LIMIT $3) AS r
         ORDER BY r.waiting_since, r.id LIMIT $3) AS f
     JOIN conversations c ON c.tenant = $1 AND c.id = f.id ORDER BY f.waiting_since, f.id";

// Each view is counted up to a cap out of an index. What an operator may see is nobody's, its own, and what it was invited to
// of others.
const COUNT_ALL: &str = "SELECT ARRAY[
     (SELECT count(*) FROM (SELECT 1 FROM conversations
         WHERE tenant = $1 AND assignee = $2 AND status IN (0, 1, 2) LIMIT $3) x),
     (SELECT count(*) FROM (SELECT 1 FROM conversations
         WHERE tenant = $1 AND assignee IS NULL AND status IN (0, 1, 2) LIMIT $3) x),
     (SELECT count(*) FROM (SELECT 1 FROM conversations WHERE tenant = $1 AND status IN (0, 1, 2) LIMIT $3) x),
     (SELECT count(*) FROM (SELECT 1 FROM conversations
         WHERE tenant = $1 AND status IN (0, 1, 2) AND waiting_since IS NOT NULL LIMIT $3) x),
     (SELECT count(*) FROM (SELECT 1 FROM conversations WHERE tenant = $1 AND status = 3 LIMIT $3) x),
     (SELECT count(*) FROM (SELECT 1 FROM conversations WHERE tenant = $1 AND status = 6 LIMIT $3) x)]";
const COUNT_VISIBLE: &str = "SELECT ARRAY[
     (SELECT count(*) FROM (SELECT 1 FROM conversations
         WHERE tenant = $1 AND assignee = $2 AND status IN (0, 1, 2) LIMIT $3) x),
     (SELECT count(*) FROM (SELECT 1 FROM conversations
         WHERE tenant = $1 AND assignee IS NULL AND status IN (0, 1, 2) LIMIT $3) x),
     (SELECT sum(n) FROM (SELECT (
         (SELECT count(*) FROM (SELECT 1 FROM conversations
             WHERE tenant = $1 AND assignee IS NULL AND status = s LIMIT $3) x)
         + (SELECT count(*) FROM (SELECT 1 FROM conversations
             WHERE tenant = $1 AND assignee = $2 AND status = s LIMIT $3) x)
         + (SELECT count(*) FROM (SELECT 1 FROM conversation_participants p
             WHERE p.tenant = $1 AND p.operator = $2 AND p.status = s AND p.assignee <> $2 LIMIT $3) x)) AS n
         FROM unnest(ARRAY[0, 1, 2]::smallint[]) AS s) y),
     (SELECT sum(n) FROM (SELECT (
         (SELECT count(*) FROM (SELECT 1 FROM conversations
             WHERE tenant = $1 AND assignee IS NULL AND status = s AND waiting_since IS NOT NULL LIMIT $3) x)
         + (SELECT count(*) FROM (SELECT 1 FROM conversations
             WHERE tenant = $1 AND assignee = $2 AND status = s AND waiting_since IS NOT NULL LIMIT $3) x)
         + (SELECT count(*) FROM (SELECT 1 FROM conversation_participants p
             WHERE p.tenant = $1 AND p.operator = $2 AND p.status = s AND p.assignee <> $2
                 AND p.waiting_since IS NOT NULL LIMIT $3) x)) AS n
         FROM unnest(ARRAY[0, 1, 2]::smallint[]) AS s) y),
     (SELECT (SELECT count(*) FROM (SELECT 1 FROM conversations
         WHERE tenant = $1 AND assignee IS NULL AND status = s LIMIT $3) x)
         + (SELECT count(*) FROM (SELECT 1 FROM conversations
             WHERE tenant = $1 AND assignee = $2 AND status = s LIMIT $3) x)
         + (SELECT count(*) FROM (SELECT 1 FROM conversation_participants p
             WHERE p.tenant = $1 AND p.operator = $2 AND p.status = s AND p.assignee <> $2 LIMIT $3) x)
         FROM (SELECT 3::smallint AS s) y),
     (SELECT (SELECT count(*) FROM (SELECT 1 FROM conversations
         WHERE tenant = $1 AND assignee IS NULL AND status = s LIMIT $3) x)
         + (SELECT count(*) FROM (SELECT 1 FROM conversations
             WHERE tenant = $1 AND assignee = $2 AND status = s LIMIT $3) x)
         + (SELECT count(*) FROM (SELECT 1 FROM conversation_participants p
             WHERE p.tenant = $1 AND p.operator = $2 AND p.status = s AND p.assignee <> $2 LIMIT $3) x)
         FROM (SELECT 6::smallint AS s) y)]::bigint[]";

#[async_trait]
impl ConversationReads for TenantReads {
    async fn find_conversation(&self, id: ConversationId) -> Result<Option<Conversation>> {
        find(&self.pool, query_scalar(FIND).bind(self.key()).bind(id.uuid())).await
    }

    async fn find_current_conversation(&self, inbox: InboxId, chat: &str) -> Result<Option<Conversation>> {
        find(
            &self.pool,
            query_scalar(CURRENT)
                .bind(self.key())
                .bind(inbox.uuid())
                .bind(chat),
        )
        .await
    }

    async fn list_conversations(
        &self,
        filter: &ConversationFilter,
        page: &PageRequest,
    ) -> Result<Page<Conversation>> {
        let (facets, rest) = &Facets::of(filter);
        let known = self.look_up(facets).await?;
        let question = scan::Question {
            tenant: self.key(),
            filter: facets,
            known: &known,
        };
        let candidates = candidates(facets, &known);
        let mut counts: Vec<u32> = Vec::new();
        if must_count(&candidates, facets.sort) {
            let (sql, values) = scan::counts(question, &candidates)?.finish();
            let counted: Column<'_, Vec<i64>> = query_scalar_with(AssertSqlSafe(sql), values);
            let counted = value(&self.pool, counted).await?.unwrap_or_default().into_iter();
            counts = counted.map(|n| u32::try_from(n).unwrap_or(u32::MAX)).collect();
        }
        let sources = choose(&candidates, &counts, facets.sort);
        if rest.is_always() {
            let rows = page.limit as usize + 1;
            let found = self.read(question, sources, page.cursor.as_ref(), rows).await?;
            return Ok(body::page(found, page.limit));
        }
        let mut tested = Tested::new(rest, page);
        while let Some((cursor, rows)) = tested.next() {
            let found = self.read(question, sources, cursor, rows).await?;
            tested.take(found, rows);
        }
        Ok(tested.page())
    }

    async fn count_conversations(&self, operator: OperatorId, visible_only: bool) -> Result<Counts> {
        let sql = if visible_only { COUNT_VISIBLE } else { COUNT_ALL };
        let counted = query_scalar::<_, Vec<i64>>(sql)
            .bind(self.key())
            .bind(operator.uuid())
            .bind(i64::from(Counts::CAP));
        let counted = value(&self.pool, counted).await?.unwrap_or_default();
        let view = |n: usize| {
            counted
                .get(n)
                .map_or(0, |count| (*count).min(i64::from(Counts::CAP)) as u32)
        };
        Ok(Counts {
            mine: view(0),
            unassigned: view(1),
            open: view(2),
            unanswered: view(3),
            snoozed: view(4),
            spam: view(5),
        })
    }

    async fn unassigned_conversations(
        &self,
        inboxes: &[InboxId],
        after: Option<(Timestamp, ConversationId)>,
        limit: u32,
    ) -> Result<Vec<Conversation>> {
        let inboxes: Vec<Uuid> = inboxes.iter().map(|id| id.uuid()).collect();
        let (at, id) = after.map_or((i64::MIN, Uuid::nil()), |(at, id)| (at.micros(), id.uuid()));
        list(
            &self.pool,
            query_as(UNASSIGNED)
                .bind(self.key())
                .bind(inboxes)
                .bind(i64::from(limit))
                .bind(at)
                .bind(id),
        )
        .await
    }

    async fn operator_loads(&self) -> Result<Vec<(OperatorId, u32)>> {
        loads(&self.pool, self.key()).await
    }
}

impl TenantReads {
    /// The next rows of a list, in its order.
    async fn read(
        &self,
        question: scan::Question<'_>,
        sources: &Candidate,
        cursor: Option<&Cursor>,
        rows: usize,
    ) -> Result<Vec<(Cursor, String)>> {
        let (sql, values) = scan::page(question, sources, cursor, rows as i64)?.finish();
        places(&self.pool, query_as_with(AssertSqlSafe(sql), values)).await
    }

    /// Looks up what the choice of scans needs to know.
    async fn look_up(&self, filter: &Facets) -> Result<Known> {
        let mut known = Known::default();
        if let Some(channel) = &filter.channel {
            let limit = MANY_INBOXES + 1;
            let inboxes = query_as(CHANNEL_INBOXES)
                .bind(self.key())
                .bind(channel)
                .bind(limit as i64);
            let inboxes: Vec<(Uuid, bool)> = rows(&self.pool, inboxes).await?;
            let is_usable = inboxes.len() < limit && inboxes.iter().all(|(_, has_others)| !has_others);
            let inboxes = inboxes.into_iter().map(|(id, _)| InboxId::from_uuid(id));
            known.channel_inboxes = is_usable.then(|| inboxes.collect());
        }
        Ok(known)
    }
}
