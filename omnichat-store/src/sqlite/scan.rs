//! The SQL of one index scan over conversations. All of it is static text; only which pieces are joined depends on the filter,
//! and every value is bound.

use omnichat_core::conversations::{AssigneeFilter, Facets, Sort, Status};
use omnichat_core::id::{InboxId, OperatorId};
use omnichat_core::page::Cursor;
use rusqlite::types::Value;
use uuid::Uuid;

use crate::listing::{Known, Range, Source, priority_code, status_code};

/// A scan of one source, of one status or of all.
pub(super) struct Scan {
    /// The index.
    from: &'static str,
    /// The column that the list is sorted by.
    sort: &'static str,
    /// Whether the index is sorted by it.
    is_sorted: bool,
    /// What is wanted of that column.
    range: Range,
    /// What the index finds.
    found: Conditions,
    /// What is left to test.
    rest: Conditions,
    rising: bool,
}

/// Conditions joined by `AND`, with a value for each `?`.
#[derive(Default)]
pub(super) struct Conditions {
    sql: Vec<String>,
    values: Vec<Value>,
}

impl Conditions {
    pub(super) fn add(&mut self, sql: &str, values: impl IntoIterator<Item = Value>) {
        self.sql.push(sql.to_owned());
        self.values.extend(values);
    }
}

pub(super) fn key(uuid: Uuid) -> Value {
    Value::Blob(uuid.into_bytes().to_vec())
}

pub(super) fn int(value: impl Into<i64>) -> Value {
    Value::Integer(value.into())
}

const PARTICIPATES: &str = "EXISTS (SELECT 1 FROM conversation_participants p
     WHERE p.tenant = c.tenant AND p.operator = ? AND p.id = c.id)";
const TAGGED: &str =
    "EXISTS (SELECT 1 FROM conversation_tags t WHERE t.tenant = c.tenant AND t.tag = ? AND t.id = c.id)";
const WITH_ATTRIBUTE: &str = "EXISTS (SELECT 1 FROM conversation_attributes a
     WHERE a.tenant = c.tenant AND a.name = ? AND a.value = ? AND a.id = c.id)";
const VISIBLE: &str =
    "(c.assignee IS NULL OR c.assignee = ? OR EXISTS (SELECT 1 FROM conversation_participants p
     WHERE p.tenant = c.tenant AND p.operator = ? AND p.id = c.id))";
// Columns that no index carries.
const WITH_CUSTOMER: &str =
    "EXISTS (SELECT 1 FROM conversations o WHERE o.tenant = c.tenant AND o.id = c.id AND o.customer = ?)";
const ON_CHANNEL: &str =
    "EXISTS (SELECT 1 FROM conversations o WHERE o.tenant = c.tenant AND o.id = c.id AND o.channel = ?)";

impl Scan {
    /// The scan that finds the rows of a filter in a source.
    pub(super) fn new(
        tenant: [u8; 16],
        filter: &Facets,
        known: &Known,
        source: &Source,
        status: Option<Status>,
    ) -> Self {
        let mut found = Conditions::default();
        found.add("c.tenant = ?", [Value::Blob(tenant.to_vec())]);
        match source {
            Source::All => {}
            Source::Unread => found.add("c.unread = 1", []),
            Source::Waiting => found.add("c.waits = 1", []),
            Source::Assignee(None) => found.add("c.assignee IS NULL", []),
            Source::Assignee(Some(id)) => found.add("c.assignee = ?", [key(id.uuid())]),
            Source::Inbox(id) => found.add("c.inbox = ?", [key(id.uuid())]),
            Source::Customer(id) => found.add("c.customer = ?", [key(id.uuid())]),
            Source::Attribute(name, value) => found.add(
                "c.name = ? AND c.value = ?",
                [Value::Text(name.clone()), Value::Text(value.clone())],
            ),
            Source::Priority(priority) => {
                found.add(
                    "c.priority <> 1 AND c.priority = ?",
                    [int(priority_code(*priority))],
                );
            }
            Source::Tag(tag) => found.add("c.tag = ?", [Value::Text(tag.clone())]),
            Source::Participant(id) => found.add("c.operator = ?", [key(id.uuid())]),
        }
        if let Some(status) = status {
            found.add("c.status = ?", [int(status_code(status))]);
        }
        let mut rest = Conditions::default();
        let is_sorted = source.is_sorted(filter.sort);
        if filter.sort == Sort::Waiting {
            // The indexes that are sorted by it hold no others.
            let conditions = if is_sorted { &mut found } else { &mut rest };
            conditions.add("c.waiting_since IS NOT NULL", []);
        }
        let mut scan = Self {
            from: from(source, filter.sort),
            sort: match filter.sort {
                Sort::Activity => "c.activity_at",
                Sort::Created => "c.created_at",
                Sort::Waiting => "c.waiting_since",
            },
            is_sorted,
            range: Range::of(filter),
            found,
            rest,
            rising: filter.sort == Sort::Waiting,
        };
        scan.test(filter, known, source);
        scan
    }

    /// Adds what the source does not vouch for.
    fn test(&mut self, filter: &Facets, known: &Known, source: &Source) {
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
        match (&filter.channel, &known.channel_inboxes) {
            (Some(_), Some(inboxes)) => {
                if !matches!(source, Source::Inbox(id) if inboxes.contains(id)) {
                    let places = vec!["?"; inboxes.len()].join(", ");
                    let inbox = |id: &InboxId| key(id.uuid());
                    rest.add(&format!("c.inbox IN ({places})"), inboxes.iter().map(inbox));
                }
            }
            (Some(channel), None) => rest.add(ON_CHANNEL, [Value::Text(channel.clone())]),
            (None, _) => {}
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
        if let Some((name, value)) = &filter.attribute
            && *source != Source::Attribute(name.clone(), value.clone())
        {
            rest.add(
                WITH_ATTRIBUTE,
                [Value::Text(name.clone()), Value::Text(value.clone())],
            );
        }
        if filter.unread && *source != Source::Unread {
            rest.add("c.unread = 1", []);
        }
        if filter.unanswered && *source != Source::Waiting && !self.rising {
            rest.add("c.waits = 1", []);
        }
        if let Some(id) = filter.customer
            && *source != Source::Customer(id)
        {
            rest.add(WITH_CUSTOMER, [key(id.uuid())]);
        }
        if let Some(id) = filter.visible_to
            && !matches!(source, Source::Assignee(assignee) if assignee.is_none_or(|a| a == id))
            && *source != Source::Participant(id)
        {
            rest.add(VISIBLE, [key(id.uuid()), key(id.uuid())]);
        }
    }

    /// The rows of a page: sort value and id.
    pub(super) fn page(self, cursor: Option<&Cursor>, rows: usize) -> (String, Vec<Value>) {
        let sort = self.sort;
        let (direction, beyond) = if self.rising { ("ASC", ">") } else { ("DESC", "<") };
        let mut sql = format!("SELECT {sort}, c.id FROM {}", self.from);
        let (range, cursor) = self.range.after(cursor);
        let mut ends = ends(sort, range);
        if let Some(cursor) = cursor {
            let condition = format!("({sort}, c.id) {beyond} (?, ?)");
            ends.add(&condition, [int(cursor.sort), key(cursor.id)]);
        }
        let mut values = push(&mut sql, &[&self.found, &ends, &self.rest]);
        sql.push_str(&format!(" ORDER BY {sort} {direction}, c.id {direction} LIMIT ?"));
        values.push(int(rows as i64));
        (sql, values)
    }

    /// How many rows there are, up to a cap: in the source, in the range if the index is sorted by it, or of those the ones
    /// that the whole filter wants.
    pub(super) fn count(&self, whole_filter: bool, cap: u32) -> (String, Vec<Value>) {
        let mut conditions = vec![&self.found];
        let ends = ends(self.sort, self.range);
        if self.is_sorted || whole_filter {
            conditions.push(&ends);
        }
        if whole_filter {
            conditions.push(&self.rest);
        }
        let mut sql = format!("SELECT count(*) FROM (SELECT 1 FROM {}", self.from);
        let mut values = push(&mut sql, &conditions);
        sql.push_str(" LIMIT ?)");
        values.push(int(cap));
        (sql, values)
    }

    /// The same, without conversations of this operator and nobody's.
    pub(super) fn of_others(mut self, operator: OperatorId) -> Self {
        self.rest.add("c.assignee <> ?", [key(operator.uuid())]);
        self
    }
}

/// The conditions of a range of a column.
pub(super) fn ends(column: &str, range: Range) -> Conditions {
    let mut ends = Conditions::default();
    for (end, than) in [(range.from, ">="), (range.to, "<")] {
        if let Some(end) = end {
            ends.add(&format!("{column} {than} ?"), [int(end)]);
        }
    }
    ends
}

/// Joins conditions and collects their values.
pub(super) fn push(sql: &mut String, all: &[&Conditions]) -> Vec<Value> {
    let conditions: Vec<&str> = all
        .iter()
        .flat_map(|c| c.sql.iter().map(String::as_str))
        .collect();
    sql.push_str(" WHERE ");
    sql.push_str(&conditions.join(" AND "));
    all.iter().flat_map(|c| c.values.iter().cloned()).collect()
}

/// Where a source is read from.
fn from(source: &Source, sort: Sort) -> &'static str {
    match (source, sort) {
        (Source::All, Sort::Activity) => "conversations c INDEXED BY conversations_activity",
        (Source::All, _) => "conversations c INDEXED BY conversations_created",
        (Source::Assignee(_), Sort::Activity) => "conversations c INDEXED BY conversations_assignee_activity",
        (Source::Assignee(_), Sort::Created) => "conversations c INDEXED BY conversations_assignee_created",
        (Source::Assignee(_), Sort::Waiting) => "conversations c INDEXED BY conversations_assignee_waiting",
        (Source::Inbox(_), Sort::Activity) => "conversations c INDEXED BY conversations_inbox_activity",
        (Source::Inbox(_), Sort::Created) => "conversations c INDEXED BY conversations_inbox_created",
        (Source::Inbox(_), Sort::Waiting) => "conversations c INDEXED BY conversations_inbox_waiting",
        (Source::Unread, Sort::Created) => "conversations c INDEXED BY conversations_unread_created",
        (Source::Unread, _) => "conversations c INDEXED BY conversations_unread_activity",
        (Source::Waiting, Sort::Activity) => "conversations c INDEXED BY conversations_unanswered_activity",
        (Source::Waiting, Sort::Created) => "conversations c INDEXED BY conversations_unanswered_created",
        (Source::Waiting, Sort::Waiting) => "conversations c INDEXED BY conversations_waiting",
        (Source::Priority(_), Sort::Activity) => "conversations c INDEXED BY conversations_priority_activity",
        (Source::Priority(_), Sort::Created) => "conversations c INDEXED BY conversations_priority_created",
        (Source::Priority(_), Sort::Waiting) => "conversations c INDEXED BY conversations_priority_waiting",
        (Source::Customer(_), _) => "conversations c INDEXED BY conversations_customer",
        (Source::Attribute(..), Sort::Activity) => {
            "conversation_attributes c INDEXED BY conversation_attributes_activity"
        }
        (Source::Attribute(..), Sort::Created) => {
            "conversation_attributes c INDEXED BY conversation_attributes_created"
        }
        (Source::Attribute(..), Sort::Waiting) => {
            "conversation_attributes c INDEXED BY conversation_attributes_waiting"
        }
        (Source::Tag(_), Sort::Activity) => "conversation_tags c INDEXED BY conversation_tags_activity",
        (Source::Tag(_), Sort::Created) => "conversation_tags c INDEXED BY conversation_tags_created",
        (Source::Tag(_), Sort::Waiting) => "conversation_tags c INDEXED BY conversation_tags_waiting",
        (Source::Participant(_), Sort::Activity) => {
            "conversation_participants c INDEXED BY conversation_participants_activity"
        }
        (Source::Participant(_), Sort::Created) => {
            "conversation_participants c INDEXED BY conversation_participants_created"
        }
        (Source::Participant(_), Sort::Waiting) => {
            "conversation_participants c INDEXED BY conversation_participants_waiting"
        }
    }
}

#[cfg(test)]
mod tests {
    use omnichat_core::clock::Timestamp;
    use omnichat_core::conversations::Priority;
    use rusqlite::{Connection, params_from_iter};

    use super::*;
    use crate::sqlite::migrate::migrate;

    fn plan(connection: &Connection, (sql, values): (String, Vec<Value>)) -> Vec<String> {
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let steps = statement
            .query_map(params_from_iter(values), |row| row.get(3))
            .unwrap();
        steps.collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn a_page_of_a_range_is_one_stretch_of_an_index() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, Timestamp::default()).unwrap();
        let operator = OperatorId::from_uuid(Uuid::nil());
        let sources = [
            Source::All,
            Source::Assignee(None),
            Source::Assignee(Some(operator)),
            Source::Inbox(InboxId::from_uuid(Uuid::nil())),
            Source::Tag("vip".to_owned()),
            Source::Attribute("city".to_owned(), "Tver".to_owned()),
            Source::Participant(operator),
            Source::Unread,
            Source::Waiting,
            Source::Priority(Priority::High),
        ];
        let at = |micros| Some(Timestamp::from_micros(micros));
        let cursor = |sort| Cursor {
            sort,
            id: Uuid::nil(),
        };
        for sort in [Sort::Activity, Sort::Created, Sort::Waiting] {
            let filter = Facets {
                from: at(10),
                to: at(20),
                sort,
                ..Default::default()
            };
            for source in sources.iter().filter(|source| source.is_sorted(sort)) {
                let scan = || Scan::new([0; 16], &filter, &Known::default(), source, Some(Status::Open));
                let column = scan().sort.trim_start_matches("c.");
                let whole = format!("{column}>? AND {column}<?");
                let after = if sort == Sort::Waiting {
                    format!("({column},id)>(?,?) AND {column}<?")
                } else {
                    format!("{column}>? AND ({column},id)<(?,?)")
                };
                let (inside, before) = (cursor(15), cursor(if sort == Sort::Waiting { 5 } else { 25 }));
                for (statement, stretch) in [
                    (scan().page(None, 51), &whole),
                    (scan().page(Some(&before), 51), &whole),
                    (scan().page(Some(&inside), 51), &after),
                    (scan().count(false, 400), &whole),
                ] {
                    let steps = plan(&connection, statement);
                    let is_searched = steps.iter().any(|step| step.contains(stretch.as_str()));
                    let is_sorted = steps.iter().any(|step| step.contains("TEMP B-TREE"));
                    assert!(
                        is_searched && !is_sorted,
                        "{source:?} by {sort:?}: {steps:?} instead of {stretch}"
                    );
                }
            }
        }
    }
}
