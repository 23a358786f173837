//! The SQL of one index scan over conversations. All of it is static text; only which pieces are joined depends on the filter,
//! and every value is bound.

use omnichat_core::clock::Timestamp;
use omnichat_core::conversations::{AssigneeFilter, ConversationFilter, Sort, Status};
use omnichat_core::id::OperatorId;
use omnichat_core::page::Cursor;
use rusqlite::types::Value;
use uuid::Uuid;

use crate::listing::{Source, priority_code, status_code};

/// A scan of one source, of one status or of all.
pub(super) struct Scan {
    /// `FROM`, with the index that must be used.
    from: &'static str,
    /// Columns of the index: sort value and id.
    order: (&'static str, &'static str),
    /// What the index finds.
    found: Conditions,
    /// What is left to test.
    rest: Conditions,
    rising: bool,
}

/// Conditions joined by `AND`, with a value for each `?`.
#[derive(Default)]
struct Conditions {
    sql: Vec<&'static str>,
    values: Vec<Value>,
}

impl Conditions {
    fn add(&mut self, sql: &'static str, values: impl IntoIterator<Item = Value>) {
        self.sql.push(sql);
        self.values.extend(values);
    }
}

fn key(uuid: Uuid) -> Value {
    Value::Blob(uuid.into_bytes().to_vec())
}

fn int(value: impl Into<i64>) -> Value {
    Value::Integer(value.into())
}

impl Scan {
    /// The scan that finds the rows of a filter in a source.
    pub(super) fn new(
        tenant: [u8; 16],
        filter: &ConversationFilter,
        source: &Source,
        status: Option<Status>,
        sort: Sort,
    ) -> Self {
        let labelled = matches!(source, Source::Tag(_) | Source::Participant(_));
        let mut found = Conditions::default();
        found.add(
            if labelled { "l.tenant = ?" } else { "c.tenant = ?" },
            [Value::Blob(tenant.to_vec())],
        );
        match source {
            Source::All | Source::Begun => {}
            Source::Unread => found.add("c.unread > 0", []),
            Source::Waiting => found.add("c.waiting_since IS NOT NULL", []),
            Source::Assignee(None) => found.add("c.assignee IS NULL", []),
            Source::Assignee(Some(id)) => found.add("c.assignee = ?", [key(id.uuid())]),
            Source::Inbox(id) => found.add("c.inbox = ?", [key(id.uuid())]),
            Source::Customer(id) => found.add("c.customer = ?", [key(id.uuid())]),
            Source::Priority(priority) => {
                found.add(
                    "c.priority <> 1 AND c.priority = ?",
                    [int(priority_code(*priority))],
                );
            }
            Source::Tag(tag) => found.add("l.tag = ?", [Value::Text(tag.clone())]),
            Source::Participant(id) => found.add("l.operator = ?", [key(id.uuid())]),
        }
        if let Some(status) = status {
            found.add(
                if labelled { "l.status = ?" } else { "c.status = ?" },
                [int(status_code(status))],
            );
        }
        if *source == Source::Begun {
            found.add(
                "c.created_at >= ?",
                [int(filter.from.map_or(i64::MIN, Timestamp::micros))],
            );
            found.add(
                "c.created_at < ?",
                [int(filter.to.map_or(i64::MAX, Timestamp::micros))],
            );
        }
        let mut scan = Self {
            from: from(source, sort),
            order: order(labelled, sort),
            found,
            rest: Conditions::default(),
            rising: sort == Sort::Waiting,
        };
        if sort == Sort::Waiting {
            // The indexes that are sorted by it hold no others.
            let indexed = matches!(source, Source::Assignee(_) | Source::Inbox(_) | Source::Waiting);
            let conditions = if indexed { &mut scan.found } else { &mut scan.rest };
            conditions.add("c.waiting_since IS NOT NULL", []);
        }
        scan.test(filter, source);
        scan
    }

    /// Adds what the source does not vouch for.
    fn test(&mut self, filter: &ConversationFilter, source: &Source) {
        let rest = &mut self.rest;
        if !source.has_status() && !filter.statuses.is_empty() {
            // Seven bits say which statuses are wanted.
            let bits = filter
                .statuses
                .iter()
                .fold(0_i64, |bits, s| bits | 1 << status_code(*s));
            rest.add("(1 << c.status) & ? <> 0", [int(bits)]);
        }
        if let Some(id) = filter.inbox
            && *source != Source::Inbox(id)
        {
            rest.add("c.inbox = ?", [key(id.uuid())]);
        }
        if let Some(channel) = &filter.channel {
            rest.add("c.channel = ?", [Value::Text(channel.clone())]);
        }
        match filter.assignee {
            Some(AssigneeFilter::None) if *source != Source::Assignee(None) => {
                rest.add("c.assignee IS NULL", [])
            }
            Some(AssigneeFilter::Operator(id)) if *source != Source::Assignee(Some(id)) => {
                rest.add("c.assignee = ?", [key(id.uuid())]);
            }
            _ => {}
        }
        if let Some(id) = filter.participant
            && *source != Source::Participant(id)
        {
            rest.add(PARTICIPATES, [key(id.uuid())]);
        }
        if let Some(priority) = filter.priority
            && *source != Source::Priority(priority)
        {
            rest.add("c.priority = ?", [int(priority_code(priority))]);
        }
        if let Some(tag) = &filter.tag
            && *source != Source::Tag(tag.clone())
        {
            rest.add(TAGGED, [Value::Text(tag.clone())]);
        }
        if filter.unread && *source != Source::Unread {
            rest.add("c.unread > 0", []);
        }
        if filter.unanswered && *source != Source::Waiting && !self.rising {
            rest.add("c.waiting_since IS NOT NULL", []);
        }
        if let Some(id) = filter.customer
            && *source != Source::Customer(id)
        {
            rest.add("c.customer = ?", [key(id.uuid())]);
        }
        if *source != Source::Begun {
            rest.sql.extend(filter.from.map(|_| "c.created_at >= ?"));
            rest.values.extend(filter.from.map(|at| int(at.micros())));
            rest.sql.extend(filter.to.map(|_| "c.created_at < ?"));
            rest.values.extend(filter.to.map(|at| int(at.micros())));
        }
        if let Some(id) = filter.visible_to
            && !matches!(source, Source::Assignee(assignee) if assignee.is_none_or(|a| a == id))
            && *source != Source::Participant(id)
        {
            rest.add(VISIBLE, [key(id.uuid()), key(id.uuid())]);
        }
    }

    /// The rows of a page: sort value, id and row number.
    pub(super) fn page(self, cursor: Option<&Cursor>, rows: usize) -> (String, Vec<Value>) {
        let (sort, id) = self.order;
        let (direction, beyond) = if self.rising { ("ASC", ">") } else { ("DESC", "<") };
        let number = "c.number";
        let mut sql = format!("SELECT {sort}, {id}, {number} FROM {}", self.from);
        let mut values = push(&mut sql, [&self.found, &self.rest]);
        if let Some(cursor) = cursor {
            sql.push_str(&format!(" AND ({sort}, {id}) {beyond} (?, ?)"));
            values.extend([int(cursor.sort), key(cursor.id)]);
        }
        sql.push_str(&format!(" ORDER BY {sort} {direction}, {id} {direction} LIMIT ?"));
        values.push(int(rows as i64));
        (sql, values)
    }

    /// How many rows there are, up to a cap: in the source, or of those the ones that the whole filter wants.
    pub(super) fn count(&self, whole_filter: bool, cap: u32) -> (String, Vec<Value>) {
        let nothing = Conditions::default();
        let rest = if whole_filter { &self.rest } else { &nothing };
        // Without the join, the rows of a label are counted out of its index alone.
        let from = if rest.sql.is_empty() {
            self.from.split(" CROSS JOIN").next().unwrap_or(self.from)
        } else {
            self.from
        };
        let mut sql = format!("SELECT count(*) FROM (SELECT 1 FROM {from}");
        let mut values = push(&mut sql, [&self.found, rest]);
        sql.push_str(" LIMIT ?)");
        values.push(int(cap));
        (sql, values)
    }

    /// Counts conversations of others to which an operator was invited; with [`Sort::Waiting`] only those that wait.
    pub(super) fn invited_to_others(
        tenant: [u8; 16],
        operator: OperatorId,
        status: Status,
        sort: Sort,
        cap: u32,
    ) -> (String, Vec<Value>) {
        let filter = ConversationFilter {
            sort,
            ..Default::default()
        };
        let mut scan = Self::new(
            tenant,
            &filter,
            &Source::Participant(operator),
            Some(status),
            sort,
        );
        scan.rest.add("c.assignee <> ?", [key(operator.uuid())]);
        scan.count(true, cap)
    }
}

/// Joins conditions and collects their values.
fn push(sql: &mut String, all: [&Conditions; 2]) -> Vec<Value> {
    let conditions: Vec<&str> = all.iter().flat_map(|c| c.sql.iter().copied()).collect();
    sql.push_str(" WHERE ");
    sql.push_str(&conditions.join(" AND "));
    all.iter().flat_map(|c| c.values.iter().cloned()).collect()
}

const PARTICIPATES: &str =
    "EXISTS (SELECT 1 FROM conversation_participants p WHERE p.tenant = c.tenant AND p.operator = ?
     AND p.status = c.status AND p.activity_at = c.activity_at AND p.conversation = c.id)";
const TAGGED: &str = "EXISTS (SELECT 1 FROM conversation_tags t WHERE t.tenant = c.tenant AND t.tag = ?
     AND t.status = c.status AND t.activity_at = c.activity_at AND t.conversation = c.id)";
const VISIBLE: &str =
    "(c.assignee IS NULL OR c.assignee = ? OR EXISTS (SELECT 1 FROM conversation_participants p
     WHERE p.tenant = c.tenant AND p.operator = ? AND p.status = c.status AND p.activity_at = c.activity_at
     AND p.conversation = c.id))";

/// Where a source is read from.
fn from(source: &Source, sort: Sort) -> &'static str {
    match (source, sort) {
        (Source::All, Sort::Activity) => "conversations c INDEXED BY conversations_activity",
        (Source::All | Source::Begun, _) => "conversations c INDEXED BY conversations_created",
        (Source::Assignee(_), Sort::Activity) => "conversations c INDEXED BY conversations_assignee_activity",
        (Source::Assignee(_), Sort::Created) => "conversations c INDEXED BY conversations_assignee_created",
        (Source::Assignee(_), Sort::Waiting) => "conversations c INDEXED BY conversations_assignee_waiting",
        (Source::Inbox(_), Sort::Activity) => "conversations c INDEXED BY conversations_inbox_activity",
        (Source::Inbox(_), Sort::Created) => "conversations c INDEXED BY conversations_inbox_created",
        (Source::Inbox(_), Sort::Waiting) => "conversations c INDEXED BY conversations_inbox_waiting",
        (Source::Unread, _) => "conversations c INDEXED BY conversations_unread",
        (Source::Waiting, Sort::Waiting) => "conversations c INDEXED BY conversations_waiting",
        (Source::Waiting, _) => "conversations c INDEXED BY conversations_unanswered",
        (Source::Priority(_), _) => "conversations c INDEXED BY conversations_priority",
        (Source::Customer(_), _) => "conversations c INDEXED BY conversations_customer",
        (Source::Tag(_), _) => {
            "conversation_tags l CROSS JOIN conversations c ON c.tenant = l.tenant AND c.id = l.conversation"
        }
        (Source::Participant(_), _) => {
            "conversation_participants l CROSS JOIN conversations c ON c.tenant = l.tenant AND c.id = l.conversation"
        }
    }
}

/// The columns that a scan is sorted by.
fn order(labelled: bool, sort: Sort) -> (&'static str, &'static str) {
    match (labelled, sort) {
        (true, Sort::Activity) => ("l.activity_at", "l.conversation"),
        (true, Sort::Created) => ("l.created_at", "l.conversation"),
        (_, Sort::Waiting) => ("c.waiting_since", "c.id"),
        (false, Sort::Activity) => ("c.activity_at", "c.id"),
        (false, Sort::Created) => ("c.created_at", "c.id"),
    }
}
