//! The SQL of index scans over conversations. All of it is static text; only which pieces are joined depends on the filter,
//! and every value is bound.
//!
//! The planner must take the index that belongs to the source. So what the source vouches for is written plainly, and what is
//! left to test is wrapped in `IS TRUE`, which no index serves.

use omnichat_core::clock::Timestamp;
use omnichat_core::conversations::{AssigneeFilter, ConversationFilter, Sort, Status};
use omnichat_core::error::{Error, Result};
use omnichat_core::page::Cursor;
use sqlx::postgres::{PgArguments, Postgres};
use sqlx::{Arguments, Encode, Type};
use uuid::Uuid;

use crate::listing::{Candidate, Source, priority_code, status_code, statuses};

const PARTICIPATES: &str = "EXISTS (SELECT 1 FROM conversation_participants p WHERE p.tenant = c.tenant
     AND p.status = c.status AND p.activity_at = c.activity_at AND p.conversation = c.id AND p.operator = ";
const TAGGED: &str = "EXISTS (SELECT 1 FROM conversation_tags t WHERE t.tenant = c.tenant
     AND t.status = c.status AND t.activity_at = c.activity_at AND t.conversation = c.id AND t.tag = ";

/// A statement in the making.
pub(super) struct Sql {
    text: String,
    values: PgArguments,
    count: usize,
}

impl Sql {
    fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            values: PgArguments::default(),
            count: 0,
        }
    }

    fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Writes a placeholder for a value.
    fn bind<'q, T>(&mut self, value: T) -> Result<&mut Self>
    where
        T: Encode<'q, Postgres> + Type<Postgres> + 'q,
    {
        self.values
            .add(value)
            .map_err(|e| Error::internal("a value cannot be sent").caused_by(e))?;
        self.count += 1;
        self.text.push_str(&format!("${}", self.count));
        Ok(self)
    }

    /// Text and values.
    pub(super) fn finish(self) -> (String, PgArguments) {
        (self.text, self.values)
    }
}

/// The statement that reads a page: sort value, id and body of up to `rows` rows for each source.
pub(super) fn page(
    tenant: Uuid,
    filter: &ConversationFilter,
    sources: &Candidate,
    cursor: Option<&Cursor>,
    rows: i64,
) -> Result<Sql> {
    let direction = if filter.sort == Sort::Waiting {
        "ASC"
    } else {
        "DESC"
    };
    let mut sql = Sql::new("SELECT f.id, c.body FROM (SELECT DISTINCT x.sort, x.id FROM (");
    for (n, source) in sources.iter().enumerate() {
        sql.push(if n > 0 { " UNION ALL " } else { "" });
        let scan = Scan {
            tenant,
            filter,
            source,
            sort: filter.sort,
        };
        scan.page(&mut sql, cursor, rows, direction)?;
    }
    if sources.is_empty() {
        sql.push("SELECT 0::bigint AS sort, NULL::uuid AS id LIMIT 0");
    }
    sql.push(&format!(
        ") x ORDER BY x.sort {direction}, x.id {direction} LIMIT "
    ))
    .bind(rows)?;
    sql.push(") f JOIN conversations c ON c.id = f.id AND c.tenant = ")
        .bind(tenant)?;
    sql.push(&format!(" ORDER BY f.sort {direction}, f.id {direction}"));
    Ok(sql)
}

/// The statement that counts the rows of each candidate, without the rest of the filter, up to a cap for each source.
pub(super) fn counts(
    tenant: Uuid,
    filter: &ConversationFilter,
    candidates: &[Candidate],
    cap: i64,
) -> Result<Sql> {
    let mut sql = Sql::new("SELECT ARRAY[");
    for (n, candidate) in candidates.iter().enumerate() {
        sql.push(if n > 0 { ", 0" } else { "0" });
        for source in candidate {
            sql.push(" + (SELECT count(*) FROM (SELECT 1 FROM ");
            Scan {
                tenant,
                filter,
                source,
                sort: filter.sort,
            }
            .count(&mut sql)?;
            sql.push(" LIMIT ").bind(cap)?.push(") x)");
        }
    }
    sql.push("]::bigint[]");
    Ok(sql)
}

/// A scan of one source.
struct Scan<'a> {
    tenant: Uuid,
    filter: &'a ConversationFilter,
    source: &'a Source,
    sort: Sort,
}

impl Scan<'_> {
    fn is_labelled(&self) -> bool {
        matches!(self.source, Source::Tag(_) | Source::Participant(_))
    }

    /// The columns that it is sorted by.
    fn order(&self) -> (&'static str, &'static str) {
        match (self.is_labelled(), self.sort) {
            (true, Sort::Activity) => ("l.activity_at", "l.conversation"),
            (true, Sort::Created) => ("l.created_at", "l.conversation"),
            (_, Sort::Waiting) => ("c.waiting_since", "c.id"),
            (false, Sort::Activity) => ("c.activity_at", "c.id"),
            (false, Sort::Created) => ("c.created_at", "c.id"),
        }
    }

    fn labels(&self) -> &'static str {
        if matches!(self.source, Source::Tag(_)) {
            "conversation_tags l"
        } else {
            "conversation_participants l"
        }
    }

    fn page(&self, sql: &mut Sql, cursor: Option<&Cursor>, rows: i64, direction: &str) -> Result<()> {
        let (sort, id) = self.order();
        let by_status = self.source.has_status();
        let codes: Vec<i16> = statuses(self.filter).into_iter().map(status_code).collect();
        if by_status {
            sql.push("SELECT r.sort, r.id FROM unnest(").bind(codes)?;
            sql.push("::smallint[]) AS s (status) CROSS JOIN LATERAL (");
        } else {
            sql.push("SELECT r.sort, r.id FROM (");
        }
        // Where the index is not sorted as wanted, everything is read before it is sorted.
        let is_sorted = self.source.is_sorted(self.sort);
        sql.push(if is_sorted {
            ""
        } else {
            "SELECT g.sort, g.id FROM ("
        });
        sql.push(&format!("SELECT {sort} AS sort, {id} AS id FROM "));
        if self.is_labelled() {
            sql.push(self.labels());
            if self.has_rest() {
                sql.push(" JOIN conversations c ON c.tenant = l.tenant AND c.id = l.conversation");
            }
        } else {
            sql.push("conversations c");
        }
        sql.push(" WHERE ");
        self.found(sql)?;
        if by_status {
            sql.push(if self.is_labelled() {
                " AND l.status = s.status"
            } else {
                " AND c.status = s.status"
            });
        }
        self.rest(sql)?;
        let (sort, id) = if is_sorted {
            (sort, id)
        } else {
            sql.push(" OFFSET 0) g WHERE true");
            ("g.sort", "g.id")
        };
        if let Some(cursor) = cursor {
            let beyond = if direction == "ASC" { ">" } else { "<" };
            sql.push(&format!(" AND ({sort}, {id}) {beyond} ("))
                .bind(cursor.sort)?
                .push(", ")
                .bind(cursor.id)?;
            sql.push(")");
        }
        sql.push(&format!(" ORDER BY {sort} {direction}, {id} {direction} LIMIT "))
            .bind(rows)?;
        sql.push(") r");
        Ok(())
    }

    fn count(&self, sql: &mut Sql) -> Result<()> {
        sql.push(if self.is_labelled() {
            self.labels()
        } else {
            "conversations c"
        })
        .push(" WHERE ");
        self.found(sql)?;
        if self.source.has_status() {
            let codes: Vec<i16> = statuses(self.filter).into_iter().map(status_code).collect();
            sql.push(if self.is_labelled() {
                " AND l.status = ANY ("
            } else {
                " AND c.status = ANY ("
            });
            sql.bind(codes)?.push(")");
        }
        Ok(())
    }

    /// What the index finds.
    fn found(&self, sql: &mut Sql) -> Result<()> {
        sql.push(if self.is_labelled() {
            "l.tenant = "
        } else {
            "c.tenant = "
        })
        .bind(self.tenant)?;
        match self.source {
            Source::All => {}
            Source::Begun => {
                sql.push(" AND c.created_at >= ")
                    .bind(self.filter.from.map_or(i64::MIN, Timestamp::micros))?;
                sql.push(" AND c.created_at < ")
                    .bind(self.filter.to.map_or(i64::MAX, Timestamp::micros))?;
            }
            Source::Unread => {
                sql.push(" AND c.unread > 0");
            }
            Source::Waiting => {
                sql.push(" AND c.waiting_since IS NOT NULL");
            }
            Source::Assignee(None) => {
                sql.push(" AND c.assignee IS NULL");
            }
            Source::Assignee(Some(id)) => {
                sql.push(" AND c.assignee = ").bind(id.uuid())?;
            }
            Source::Inbox(id) => {
                sql.push(" AND c.inbox = ").bind(id.uuid())?;
            }
            Source::Customer(id) => {
                sql.push(" AND c.customer = ").bind(id.uuid())?;
            }
            Source::Priority(priority) => {
                sql.push(" AND c.priority <> 1 AND c.priority = ")
                    .bind(priority_code(*priority))?;
            }
            Source::Tag(tag) => {
                sql.push(" AND l.tag = ").bind(tag.clone())?;
            }
            Source::Participant(id) => {
                sql.push(" AND l.operator = ").bind(id.uuid())?;
            }
        }
        let indexed = matches!(self.source, Source::Assignee(_) | Source::Inbox(_));
        if self.sort == Sort::Waiting && indexed {
            // The indexes that are sorted by it hold no others.
            sql.push(" AND c.waiting_since IS NOT NULL");
        }
        Ok(())
    }

    /// Whether anything is left to test.
    fn has_rest(&self) -> bool {
        let mut probe = Sql::new("");
        self.rest(&mut probe).is_err() || !probe.text.is_empty()
    }

    /// What the source does not vouch for.
    fn rest(&self, sql: &mut Sql) -> Result<()> {
        let (filter, source) = (self.filter, self.source);
        let waits = (filter.unanswered || self.sort == Sort::Waiting) && *source != Source::Waiting;
        if waits && !(self.sort == Sort::Waiting && matches!(source, Source::Assignee(_) | Source::Inbox(_)))
        {
            sql.push(" AND (c.waiting_since IS NOT NULL) IS TRUE");
        }
        if !source.has_status() && !filter.statuses.is_empty() {
            let codes: Vec<i16> = filter
                .statuses
                .iter()
                .map(|status: &Status| status_code(*status))
                .collect();
            sql.push(" AND (c.status = ANY (").bind(codes)?.push(")) IS TRUE");
        }
        if let Some(id) = filter.inbox
            && *source != Source::Inbox(id)
        {
            sql.push(" AND (c.inbox = ").bind(id.uuid())?.push(") IS TRUE");
        }
        if let Some(channel) = &filter.channel {
            sql.push(" AND (c.channel = ")
                .bind(channel.clone())?
                .push(") IS TRUE");
        }
        match filter.assignee {
            Some(AssigneeFilter::None) if *source != Source::Assignee(None) => {
                sql.push(" AND (c.assignee IS NULL) IS TRUE");
            }
            Some(AssigneeFilter::Operator(id)) if *source != Source::Assignee(Some(id)) => {
                sql.push(" AND (c.assignee = ").bind(id.uuid())?.push(") IS TRUE");
            }
            _ => {}
        }
        if let Some(id) = filter.participant
            && *source != Source::Participant(id)
        {
            sql.push(" AND (")
                .push(PARTICIPATES)
                .bind(id.uuid())?
                .push(")) IS TRUE");
        }
        if let Some(priority) = filter.priority
            && *source != Source::Priority(priority)
        {
            sql.push(" AND (c.priority = ")
                .bind(priority_code(priority))?
                .push(") IS TRUE");
        }
        if let Some(tag) = &filter.tag
            && *source != Source::Tag(tag.clone())
        {
            sql.push(" AND (")
                .push(TAGGED)
                .bind(tag.clone())?
                .push(")) IS TRUE");
        }
        if filter.unread && *source != Source::Unread {
            sql.push(" AND (c.unread > 0) IS TRUE");
        }
        if let Some(id) = filter.customer
            && *source != Source::Customer(id)
        {
            sql.push(" AND (c.customer = ").bind(id.uuid())?.push(") IS TRUE");
        }
        if *source != Source::Begun {
            if let Some(from) = filter.from {
                sql.push(" AND (c.created_at >= ")
                    .bind(from.micros())?
                    .push(") IS TRUE");
            }
            if let Some(to) = filter.to {
                sql.push(" AND (c.created_at < ")
                    .bind(to.micros())?
                    .push(") IS TRUE");
            }
        }
        if let Some(id) = filter.visible_to
            && !matches!(source, Source::Assignee(assignee) if assignee.is_none_or(|a| a == id))
            && *source != Source::Participant(id)
        {
            sql.push(" AND (c.assignee IS NULL OR c.assignee = ")
                .bind(id.uuid())?
                .push(" OR ")
                .push(PARTICIPATES);
            sql.bind(id.uuid())?.push(")) IS TRUE");
        }
        Ok(())
    }
}
