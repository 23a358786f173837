//! How a list of conversations is found without looking at all of them; the same plan for both databases.
//!
//! Every list is a merge of a few index scans. A [`Source`] is a set of conversations that has indexes of its own, such as
//! those of one operator: with a status they are sorted, so that a page is read off the beginning, and they carry the columns
//! that filters test, so that a scan reads nothing else. A filter often offers several sources. The one with the fewest rows
//! is scanned; where all are large, the one that is usually most selective, and the rest of the filter is tested row by row,
//! which ends soon because much of it passes. What a condition asks beyond the [`Facets`] that have indexes is tested last, on whole
//! conversations, see [`Tested`].

use omnichat_core::clock::Timestamp;
use omnichat_core::condition::{Predicate, Subject, TEXT_MAX};
use omnichat_core::conversations::{AssigneeFilter, Conversation, Facets, Priority, Sort, Status};
use omnichat_core::id::{CustomerId, InboxId, OperatorId};
use omnichat_core::page::{Cursor, Page, PageRequest};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::body;

/// So many rows may be read and sorted for a page.
pub(crate) const FEW: u32 = 400;

/// The rows of a source are counted so far.
const COUNTED: u32 = 5_000;

/// So many inboxes of a channel are merged; with more, the channel is tested row by row.
pub(crate) const MANY_INBOXES: usize = 16;

/// A set of conversations with indexes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// Every conversation.
    All,
    /// Those of an operator, or nobody's.
    Assignee(Option<OperatorId>),
    /// Those on an inbox.
    Inbox(InboxId),
    /// Those with a customer.
    Customer(CustomerId),
    /// Those with an attribute of a value.
    Attribute(String, String),
    /// Those with a label.
    Tag(String),
    /// Those to which an operator was invited.
    Participant(OperatorId),
    /// Unread ones.
    Unread,
    /// Those in which the customer waits.
    Waiting,
    /// Those of an unusual urgency.
    Priority(Priority),
}

impl Source {
    /// Whether one of its indexes is sorted this way.
    pub(crate) fn is_sorted(&self, sort: Sort) -> bool {
        match self {
            Self::Assignee(_)
            | Self::Inbox(_)
            | Self::Tag(_)
            | Self::Participant(_)
            | Self::Attribute(..) => true,
            Self::Waiting | Self::Priority(_) => true,
            Self::All | Self::Unread => sort != Sort::Waiting,
            Self::Customer(_) => false,
        }
    }

    /// Whether its indexes are cut up by status.
    pub(crate) fn has_status(&self) -> bool {
        !matches!(self, Self::Customer(_))
    }
}

/// Several sources whose union holds every conversation that a filter wants.
pub(crate) type Candidate = Vec<Source>;

/// What has to be looked up before candidates can be named.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// The inboxes of the filter's channel, if they are few and have conversations on no other.
    pub(crate) channel_inboxes: Option<Vec<InboxId>>,
}

/// Where the wanted rows lie in the order of the list. Every source that is sorted has them in one stretch of its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    rises: bool,
    /// The sort value is this or more.
    pub(crate) from: Option<i64>,
    /// The sort value is less.
    pub(crate) to: Option<i64>,
}

impl Range {
    /// The range of a filter.
    pub(crate) fn of(filter: &Facets) -> Self {
        Self::new(filter.sort == Sort::Waiting, filter.from, filter.to)
    }

    /// From a time to before another, of a list that rises or falls.
    pub(crate) fn new(rises: bool, from: Option<Timestamp>, to: Option<Timestamp>) -> Self {
        Self {
            rises,
            from: from.map(Timestamp::micros),
            to: to.map(Timestamp::micros),
        }
    }

    /// What bounds the rows after a cursor: ends of the range, and the cursor if it lies within. At the end where the page
    /// begins only the inner bound is left, because databases enter an index by one of two and test the other row by row.
    pub(crate) fn after(self, cursor: Option<&Cursor>) -> (Self, Option<&Cursor>) {
        let Some(at) = cursor else {
            return (self, None);
        };
        let is_before = if self.rises {
            self.from.is_some_and(|from| from > at.sort)
        } else {
            self.to.is_some_and(|to| to <= at.sort)
        };
        match (is_before, self.rises) {
            (true, _) => (self, None),
            (false, true) => (Self { from: None, ..self }, cursor),
            (false, false) => (Self { to: None, ..self }, cursor),
        }
    }
}

/// The candidates of a filter, the one that is usually most selective first. Never empty; the candidate of a filter that no
/// conversation passes is a union of no sources.
pub(crate) fn candidates(filter: &Facets, known: &Known) -> Vec<Candidate> {
    // A channel without an inbox. No scan may be asked for it: databases see that `IN ()` holds for no row, forget the other
    // conditions, and then cannot use the index that they are told to.
    if known.channel_inboxes.as_ref().is_some_and(Vec::is_empty) {
        return vec![Candidate::new()];
    }
    let mut found: Vec<Candidate> = Vec::new();
    found.extend(filter.customer.map(|id| vec![Source::Customer(id)]));
    let attribute = filter.attribute.clone();
    found.extend(attribute.map(|(name, value)| vec![Source::Attribute(name, value)]));
    found.extend(
        filter
            .priority
            .filter(|p| *p != Priority::Normal)
            .map(|p| vec![Source::Priority(p)]),
    );
    if let Some(AssigneeFilter::Operator(id)) = filter.assignee {
        found.push(vec![Source::Assignee(Some(id))]);
    }
    if filter.unread {
        found.push(vec![Source::Unread]);
    }
    found.extend(filter.participant.map(|id| vec![Source::Participant(id)]));
    found.extend(filter.tag.clone().map(|tag| vec![Source::Tag(tag)]));
    if filter.unanswered || filter.sort == Sort::Waiting {
        found.push(vec![Source::Waiting]);
    }
    found.extend(filter.inbox.map(|id| vec![Source::Inbox(id)]));
    if let Some(inboxes) = &known.channel_inboxes {
        found.push(inboxes.iter().map(|id| Source::Inbox(*id)).collect());
    }
    if let Some(operator) = filter.visible_to {
        found.push(vec![
            Source::Assignee(None),
            Source::Assignee(Some(operator)),
            Source::Participant(operator),
        ]);
    }
    if filter.assignee == Some(AssigneeFilter::None) {
        found.push(vec![Source::Assignee(None)]);
    }
    if !found.iter().any(|candidate| is_sorted(candidate, filter.sort)) {
        found.push(vec![Source::All]);
    }
    found
}

fn is_sorted(candidate: &Candidate, sort: Sort) -> bool {
    candidate.iter().all(|source| source.is_sorted(sort))
}

/// Whether the candidates have to be counted before one is chosen.
pub(crate) fn must_count(candidates: &[Candidate], sort: Sort) -> bool {
    candidates.len() > 1 || !candidates.iter().all(|candidate| is_sorted(candidate, sort))
}

/// How far a candidate's rows are counted.
pub(crate) fn cap(candidate: &Candidate, sort: Sort) -> u32 {
    1 + if is_sorted(candidate, sort) { COUNTED } else { FEW }
}

/// Chooses a candidate by how many rows each has, counted up to its [`cap`].
pub(crate) fn choose<'a>(candidates: &'a [Candidate], counts: &[u32], sort: Sort) -> &'a Candidate {
    let counted = candidates.iter().zip(counts);
    let usable = counted.filter(|(candidate, count)| **count <= FEW || is_sorted(candidate, sort));
    let smallest = usable
        .min_by_key(|(_, count)| **count)
        .filter(|(_, count)| **count <= COUNTED);
    let sorted = candidates.iter().find(|candidate| is_sorted(candidate, sort));
    smallest
        .map(|(candidate, _)| candidate)
        .or(sorted)
        .unwrap_or(&candidates[candidates.len() - 1])
}

/// The statuses whose index scans are merged.
pub(crate) fn statuses(filter: &Facets) -> Vec<Status> {
    let wanted = |status: &Status| filter.statuses.is_empty() || filter.statuses.contains(status);
    Status::ALL.into_iter().filter(wanted).collect()
}

/// Rows that a page looks at, at most, for a condition that no index answers: then it comes short, and the next goes on.
const LOOKED_AT: usize = 500;
/// Rows that are read at once for such a condition.
const READ: usize = 150;

/// A page of rows of which a condition is true that no index answers: they are read in the order of the list and tested.
pub(crate) struct Tested<'a, T> {
    condition: &'a Predicate,
    limit: u32,
    /// What goes on the page.
    rows: Vec<(Cursor, Option<T>)>,
    /// What cannot be tested. It takes no place on the page, which else might show nothing but that.
    damaged: Vec<Uuid>,
    looked_at: usize,
    /// The last that was looked at; nothing once the list has ended.
    last: Option<Cursor>,
    ended: bool,
}

impl<'a, T: Subject + DeserializeOwned> Tested<'a, T> {
    pub(crate) fn new(condition: &'a Predicate, page: &PageRequest) -> Self {
        Self {
            condition,
            limit: page.limit,
            rows: Vec::new(),
            damaged: Vec::new(),
            looked_at: 0,
            last: page.cursor.clone(),
            ended: false,
        }
    }

    /// Behind which place how many rows are to be read next; nothing if the page is made.
    pub(crate) fn next(&self) -> Option<(Option<&Cursor>, usize)> {
        let is_made = self.ended || self.rows.len() > self.limit as usize || self.looked_at >= LOOKED_AT;
        // The first look is what would do if all were wanted.
        let first = (self.limit as usize + 1).min(READ);
        let rows = if self.looked_at == 0 { first } else { READ };
        (!is_made).then_some((self.last.as_ref(), rows))
    }

    /// Tests what was read.
    pub(crate) fn take(&mut self, rows: Vec<(Cursor, String)>, asked: usize) {
        self.looked_at += rows.len();
        self.ended = rows.len() < asked;
        self.last = rows
            .last()
            .map(|(place, _)| place.clone())
            .or_else(|| self.last.take());
        for (place, text) in rows {
            // One that was written between two reads may be read twice.
            if self.rows.iter().any(|(held, _)| held.id == place.id) {
                continue;
            }
            match body::readable::<T>(place.id.as_simple(), &text) {
                Some(row) if self.condition.matches(&row) => self.rows.push((place, Some(row))),
                Some(_) => {}
                None => self.damaged.push(place.id),
            }
        }
    }

    /// The page.
    pub(crate) fn page(self) -> Page<T> {
        let goes_on = !self.ended && self.rows.len() <= self.limit as usize;
        let mut page = Page::from_places(self.rows, self.limit);
        page.damaged = self.damaged;
        if goes_on {
            page.next = self.last;
        }
        page
    }
}

/// The attributes that a conversation is found by: those whose values somebody can ask for.
pub(crate) fn found_by(conversation: &Conversation) -> Vec<(&str, &str)> {
    let all = conversation.attributes.iter();
    all.filter(|(name, value)| {
        value.chars().count() <= TEXT_MAX && !name.contains('\0') && !value.contains('\0')
    })
    .map(|(name, value)| (name.as_str(), value.as_str()))
    .collect()
}

/// A status as it is kept. Those up to 2 count as work of an assignee.
pub(crate) fn status_code(status: Status) -> i16 {
    Status::ALL
        .iter()
        .position(|s| *s == status)
        .map_or(0, |place| place as i16)
}

/// A priority as it is kept: 1 is the usual one.
pub(crate) fn priority_code(priority: Priority) -> i16 {
    Priority::ALL
        .iter()
        .position(|p| *p == priority)
        .map_or(1, |place| place as i16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_keep_open_statuses_together_and_the_usual_priority_at_one() {
        for status in Status::ALL {
            assert_eq!(status.is_open(), status_code(status) <= 2, "{status:?}");
        }
        assert_eq!(priority_code(Priority::Normal), 1);
    }

    #[test]
    fn every_filter_has_a_candidate_that_is_sorted() {
        let operator = OperatorId::from_uuid(uuid::Uuid::from_u128(1));
        for sort in [Sort::Activity, Sort::Created, Sort::Waiting] {
            let filter = || Facets {
                sort,
                ..Default::default()
            };
            let filters = [
                filter(),
                Facets {
                    unread: true,
                    ..filter()
                },
                Facets {
                    from: Some(Timestamp::default()),
                    ..filter()
                },
                Facets {
                    tag: Some("vip".to_owned()),
                    visible_to: Some(operator),
                    ..filter()
                },
            ];
            for filter in filters {
                let candidates = candidates(&filter, &Known::default());
                let counts = vec![COUNTED + 1; candidates.len()];
                let chosen = choose(&candidates, &counts, sort);
                assert!(is_sorted(chosen, sort), "{filter:?}: {chosen:?}");
            }
        }
    }

    #[test]
    fn the_smallest_candidate_is_chosen_unless_it_would_have_to_be_sorted() {
        let customer = CustomerId::from_uuid(uuid::Uuid::from_u128(1));
        let filter = Facets {
            unread: true,
            customer: Some(customer),
            ..Default::default()
        };
        let candidates = candidates(&filter, &Known::default());
        let chosen = |counts: [u32; 2]| choose(&candidates, &counts, filter.sort)[0].clone();
        assert_eq!(chosen([FEW, COUNTED + 1]), Source::Customer(customer));
        assert_eq!(chosen([FEW + 1, COUNTED + 1]), Source::Unread);
        assert_eq!(chosen([FEW, 3]), Source::Unread);
    }

    #[test]
    fn a_channel_without_an_inbox_is_not_scanned_for() {
        let known = Known {
            channel_inboxes: Some(Vec::new()),
        };
        let filter = Facets {
            unread: true,
            channel: Some("none".to_owned()),
            ..Default::default()
        };
        assert_eq!(candidates(&filter, &known), [Candidate::new()]);
    }

    fn range(sort: Sort) -> Range {
        Range::of(&Facets {
            from: Some(Timestamp::from_micros(10)),
            to: Some(Timestamp::from_micros(20)),
            sort,
            ..Default::default()
        })
    }

    #[test]
    fn a_cursor_takes_the_place_of_the_end_where_the_list_begins() {
        let at = |sort| Cursor {
            sort,
            id: uuid::Uuid::max(),
        };
        for sort in [Sort::Activity, Sort::Created, Sort::Waiting] {
            let whole = range(sort);
            assert_eq!(whole.after(None), (whole, None));
            let inside = at(15);
            let rest = if sort == Sort::Waiting {
                Range { from: None, ..whole }
            } else {
                Range { to: None, ..whole }
            };
            assert_eq!(whole.after(Some(&inside)), (rest, Some(&inside)));
            let before = at(if sort == Sort::Waiting { 9 } else { 20 });
            assert_eq!(whole.after(Some(&before)), (whole, None));
        }
    }

    #[test]
    fn a_cursor_on_the_edge_of_a_range_still_tells_equal_times_apart() {
        let id = uuid::Uuid::nil();
        let (first, last) = (Cursor { sort: 10, id }, Cursor { sort: 19, id });
        assert_eq!(range(Sort::Waiting).after(Some(&first)).1, Some(&first));
        assert_eq!(range(Sort::Activity).after(Some(&last)).1, Some(&last));
    }
}
