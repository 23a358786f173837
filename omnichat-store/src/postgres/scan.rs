//! The SQL of index scans over conversations. All of it is static text; only which pieces are joined depends on the filter,
//! and every value is bound.
//!
//! The planner must take the index that belongs to the source. So what the source vouches for is written plainly, and what is
//! left to test is wrapped in `IS TRUE`, which no index serves.

use omnichat_core::conversations::{AssigneeFilter, Facets, Sort};
use omnichat_core::error::{Error, Result};
use omnichat_core::page::Cursor;
use sqlx::postgres::{PgArguments, Postgres};
use sqlx::{Arguments, Encode, Type};
use uuid::Uuid;

use crate::listing::{Candidate, Known, Range, Source, cap, priority_code, status_code, statuses};

// Each is asked for a row at a time. They end with `OFFSET 0`, without which the planner would rather read all rows of a tag,
// an operator or a channel beforehand.
const PARTICIPATES: &str = "EXISTS (SELECT 1 FROM conversation_participants p WHERE p.tenant = c.tenant
     AND p.id = c.id AND p.operator = ";
const TAGGED: &str =
    "EXISTS (SELECT 1 FROM conversation_tags t WHERE t.tenant = c.tenant AND t.id = c.id AND t.tag = ";
const WITH_ATTRIBUTE: &str =
    "EXISTS (SELECT 1 FROM conversation_attributes a WHERE a.tenant = c.tenant AND a.id = c.id AND a.name = ";
// Columns that no index carries.
const WITH_CUSTOMER: &str =
    "EXISTS (SELECT 1 FROM conversations o WHERE o.tenant = c.tenant AND o.id = c.id AND o.customer = ";
const ON_CHANNEL: &str =
    "EXISTS (SELECT 1 FROM conversations o WHERE o.tenant = c.tenant AND o.id = c.id AND o.channel = ";

/// A statement in the making.
pub(super) struct Sql {
    text: String,
    values: PgArguments,
    count: usize,
}

impl Sql {
    pub(super) fn new(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            values: PgArguments::default(),
            count: 0,
        }
    }

    pub(super) fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Writes a placeholder for a value.
    pub(super) fn bind<'q, T>(&mut self, value: T) -> Result<&mut Self>
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

/// What a scan is about.
#[derive(Clone, Copy)]
pub(super) struct Question<'a> {
    pub(super) tenant: Uuid,
    pub(super) filter: &'a Facets,
    pub(super) known: &'a Known,
}

/// The statement that reads a page: places and bodies of up to `rows` rows, in order. Limits are written as they are, so that the
/// planner knows how few rows are wanted.
pub(super) fn page(
    question: Question<'_>,
    sources: &Candidate,
    cursor: Option<&Cursor>,
    rows: i64,
) -> Result<Sql> {
    let direction = if question.filter.sort == Sort::Waiting {
        "ASC"
    } else {
        "DESC"
    };
    let mut sql = Sql::new("SELECT f.sort, f.id, c.body FROM (SELECT DISTINCT x.sort, x.id FROM (");
    for (n, sources) in alike(sources).into_iter().enumerate() {
        sql.push(if n > 0 { " UNION ALL " } else { "" });
        Scan {
            question,
            source: &sources[0],
            sources,
        }
        .page(&mut sql, cursor, rows, direction)?;
    }
    if sources.is_empty() {
        sql.push("SELECT 0::bigint AS sort, NULL::uuid AS id LIMIT 0");
    }
    sql.push(&format!(
        ") x ORDER BY x.sort {direction}, x.id {direction} LIMIT {rows}"
    ));
    sql.push(") f JOIN conversations c ON c.id = f.id AND c.tenant = ")
        .bind(question.tenant)?;
    sql.push(&format!(" ORDER BY f.sort {direction}, f.id {direction}"));
    Ok(sql)
}

/// The statement that counts the rows of each candidate, without the rest of the filter, up to a cap for each.
pub(super) fn counts(question: Question<'_>, candidates: &[Candidate]) -> Result<Sql> {
    let mut sql = Sql::new("SELECT ARRAY[");
    for (n, candidate) in candidates.iter().enumerate() {
        sql.push(if n > 0 { ", " } else { "" });
        sql.push("(SELECT count(*) FROM (SELECT 1 FROM (");
        for (n, sources) in alike(candidate).into_iter().enumerate() {
            sql.push(if n > 0 { " UNION ALL " } else { "" })
                .push("SELECT 1 FROM ");
            Scan {
                question,
                source: &sources[0],
                sources,
            }
            .count(&mut sql)?;
        }
        sql.push(if candidate.is_empty() {
            "SELECT 1 LIMIT 0"
        } else {
            ""
        });
        sql.push(&format!(") y LIMIT {}) x)", cap(candidate, question.filter.sort)));
    }
    sql.push("]::bigint[]");
    Ok(sql)
}

/// Sources in runs that one scan can read: inboxes together, others alone.
fn alike(sources: &[Source]) -> Vec<&[Source]> {
    let alike = |a: &Source, b: &Source| matches!((a, b), (Source::Inbox(_), Source::Inbox(_)));
    sources.chunk_by(alike).collect()
}

/// The conditions of a range.
pub(super) fn ends(sql: &mut Sql, range: Range, column: &str) -> Result<()> {
    for (end, than) in [(range.from, ">="), (range.to, "<")] {
        if let Some(end) = end {
            sql.push(&format!(" AND {column} {than} ")).bind(end)?;
        }
    }
    Ok(())
}

/// A scan of one source, or of several inboxes.
struct Scan<'a> {
    question: Question<'a>,
    source: &'a Source,
    sources: &'a [Source],
}

impl Scan<'_> {
    fn inboxes(&self) -> Vec<Uuid> {
        let id = |source: &Source| {
            if let Source::Inbox(id) = source {
                Some(id.uuid())
            } else {
                None
            }
        };
        self.sources.iter().filter_map(id).collect()
    }

    /// The column that it is sorted by.
    fn sort(&self) -> &'static str {
        match self.question.filter.sort {
            Sort::Activity => "c.activity_at",
            Sort::Created => "c.created_at",
            Sort::Waiting => "c.waiting_since",
        }
    }

    fn from(&self) -> &'static str {
        match self.source {
            Source::Tag(_) => "conversation_tags c",
            Source::Participant(_) => "conversation_participants c",
            Source::Attribute(..) => "conversation_attributes c",
            _ => "conversations c",
        }
    }

    fn codes(&self) -> Vec<i16> {
        statuses(self.question.filter)
            .into_iter()
            .map(status_code)
            .collect()
    }

    fn page(&self, sql: &mut Sql, cursor: Option<&Cursor>, rows: i64, direction: &str) -> Result<()> {
        let by_status = self.source.has_status();
        sql.push("SELECT r.sort, r.id FROM ");
        if let Source::Inbox(_) = self.source {
            sql.push("unnest(")
                .bind(self.inboxes())?
                .push("::uuid[]) AS k (key) CROSS JOIN ");
        }
        if by_status {
            sql.push("unnest(")
                .bind(self.codes())?
                .push("::smallint[]) AS s (status) CROSS JOIN LATERAL (");
        } else {
            sql.push("(");
        }
        // Where the index is not sorted as wanted, everything is read before it is sorted.
        let is_sorted = self.source.is_sorted(self.question.filter.sort);
        sql.push(if is_sorted {
            ""
        } else {
            "SELECT g.sort, g.id FROM ("
        });
        let mut sort = self.sort();
        let mut id = "c.id";
        sql.push(&format!(
            "SELECT {sort} AS sort, c.id AS id FROM {} WHERE ",
            self.from()
        ));
        self.found(sql, true)?;
        sql.push(if by_status { " AND c.status = s.status" } else { "" });
        self.rest(sql)?;
        if !is_sorted {
            sql.push(" OFFSET 0) g WHERE true");
            (sort, id) = ("g.sort", "g.id");
        }
        let (range, cursor) = Range::of(self.question.filter).after(cursor);
        ends(sql, range, sort)?;
        if let Some(cursor) = cursor {
            let beyond = if direction == "ASC" { ">" } else { "<" };
            sql.push(&format!(" AND ({sort}, {id}) {beyond} ("))
                .bind(cursor.sort)?
                .push(", ")
                .bind(cursor.id)?;
            sql.push(")");
        }
        sql.push(&format!(
            " ORDER BY {sort} {direction}, {id} {direction} LIMIT {rows}"
        ));
        sql.push(") r");
        Ok(())
    }

    fn count(&self, sql: &mut Sql) -> Result<()> {
        sql.push(self.from()).push(" WHERE ");
        self.found(sql, false)?;
        if self.source.has_status() {
            sql.push(" AND c.status = ANY (").bind(self.codes())?.push(")");
        }
        if self.source.is_sorted(self.question.filter.sort) {
            ends(sql, Range::of(self.question.filter), self.sort())?;
        }
        Ok(())
    }

    /// What the index finds; `joined` to the keys of inboxes, or among them.
    fn found(&self, sql: &mut Sql, joined: bool) -> Result<()> {
        let filter = self.question.filter;
        sql.push("c.tenant = ").bind(self.question.tenant)?;
        match self.source {
            Source::All => {}
            Source::Unread => {
                sql.push(" AND c.unread");
            }
            Source::Waiting if filter.sort == Sort::Waiting => {}
            Source::Waiting => {
                sql.push(" AND c.waits");
            }
            Source::Assignee(None) => {
                sql.push(" AND c.assignee IS NULL");
            }
            Source::Assignee(Some(id)) => {
                sql.push(" AND c.assignee = ").bind(id.uuid())?;
            }
            Source::Inbox(_) if joined => {
                sql.push(" AND c.inbox = k.key");
            }
            Source::Inbox(_) => {
                sql.push(" AND c.inbox = ANY (").bind(self.inboxes())?.push(")");
            }
            Source::Customer(id) => {
                sql.push(" AND c.customer = ").bind(id.uuid())?;
            }
            Source::Priority(priority) => {
                sql.push(" AND c.priority <> 1 AND c.priority = ")
                    .bind(priority_code(*priority))?;
            }
            Source::Attribute(name, value) => {
                sql.push(" AND c.name = ").bind(name.clone())?;
                sql.push(" AND c.value = ").bind(value.clone())?;
            }
            Source::Tag(tag) => {
                sql.push(" AND c.tag = ").bind(tag.clone())?;
            }
            Source::Participant(id) => {
                sql.push(" AND c.operator = ").bind(id.uuid())?;
            }
        }
        if filter.sort == Sort::Waiting {
            // The indexes that are sorted by it hold no others.
            let sorted = self.source.is_sorted(Sort::Waiting);
            sql.push(if sorted {
                " AND c.waiting_since IS NOT NULL"
            } else {
                " AND c.waits IS TRUE"
            });
        }
        Ok(())
    }

    /// What the source does not vouch for.
    fn rest(&self, sql: &mut Sql) -> Result<()> {
        let (filter, source) = (self.question.filter, self.source);
        if filter.unanswered && *source != Source::Waiting && filter.sort != Sort::Waiting {
            sql.push(" AND c.waits IS TRUE");
        }
        if !source.has_status() && !filter.statuses.is_empty() {
            sql.push(" AND (c.status = ANY (")
                .bind(self.codes())?
                .push(")) IS TRUE");
        }
        if let Some(id) = filter.inbox
            && *source != Source::Inbox(id)
        {
            sql.push(" AND (c.inbox = ").bind(id.uuid())?.push(") IS TRUE");
        }
        match (&filter.channel, &self.question.known.channel_inboxes) {
            (Some(_), Some(inboxes)) => {
                if !matches!(source, Source::Inbox(id) if inboxes.contains(id)) {
                    let inboxes: Vec<Uuid> = inboxes.iter().map(|id| id.uuid()).collect();
                    sql.push(" AND (c.inbox = ANY (")
                        .bind(inboxes)?
                        .push(")) IS TRUE");
                }
            }
            (Some(channel), None) => {
                sql.push(" AND (")
                    .push(ON_CHANNEL)
                    .bind(channel.clone())?
                    .push(" OFFSET 0)) IS TRUE");
            }
            (None, _) => {}
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
                .push(" OFFSET 0)) IS TRUE");
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
                .push(" OFFSET 0)) IS TRUE");
        }
        if let Some((name, value)) = &filter.attribute
            && *source != Source::Attribute(name.clone(), value.clone())
        {
            sql.push(" AND (").push(WITH_ATTRIBUTE).bind(name.clone())?;
            sql.push(" AND a.value = ")
                .bind(value.clone())?
                .push(" OFFSET 0)) IS TRUE");
        }
        if filter.unread && *source != Source::Unread {
            sql.push(" AND c.unread IS TRUE");
        }
        if let Some(id) = filter.customer
            && *source != Source::Customer(id)
        {
            sql.push(" AND (")
                .push(WITH_CUSTOMER)
                .bind(id.uuid())?
                .push(" OFFSET 0)) IS TRUE");
        }
        if let Some(id) = filter.visible_to
            && !matches!(source, Source::Assignee(assignee) if assignee.is_none_or(|a| a == id))
            && *source != Source::Participant(id)
        {
            sql.push(" AND (c.assignee IS NULL OR c.assignee = ")
                .bind(id.uuid())?
                .push(" OR ")
                .push(PARTICIPATES);
            sql.bind(id.uuid())?.push(" OFFSET 0)) IS TRUE");
        }
        Ok(())
    }
}
