//! How a list of conversations is found without looking at all of them; the same plan for both databases.
//!
//! Every list is a merge of a few index scans. A [`Source`] is a set of conversations that has an index of its own, such as
//! those of one operator; with a status it is sorted, so that a page is read off its beginning. A filter often offers several
//! sources. Where one of them is small, all of it is read and sorted; where all are large, the most selective that is sorted
//! as wanted is scanned, and the rest of the filter is tested row by row, which ends soon because much of it passes.

use omnichat_core::conversations::{AssigneeFilter, ConversationFilter, Priority, Sort, Status};
use omnichat_core::id::{CustomerId, InboxId, OperatorId};

/// So many rows may be read and sorted for a page.
pub(crate) const FEW: u32 = 2_000;

/// So many inboxes of a channel are merged; with more, the channel is tested row by row.
pub(crate) const MANY_INBOXES: usize = 16;

/// A set of conversations with an index.
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
    /// Those that began in the filter's stretch of time.
    Begun,
}

impl Source {
    /// Whether its index is sorted this way.
    pub(crate) fn is_sorted(&self, sort: Sort) -> bool {
        match self {
            Self::Assignee(_) | Self::Inbox(_) => true,
            Self::All => sort != Sort::Waiting,
            Self::Tag(_) | Self::Participant(_) => sort != Sort::Waiting,
            Self::Unread | Self::Priority(_) => sort == Sort::Activity,
            Self::Waiting => sort != Sort::Created,
            Self::Begun => sort == Sort::Created,
            Self::Customer(_) => false,
        }
    }

    /// Whether its index is cut up by status.
    pub(crate) fn has_status(&self) -> bool {
        !matches!(self, Self::Customer(_))
    }
}

/// Several sources whose union holds every conversation that a filter wants.
pub(crate) type Candidate = Vec<Source>;

/// The candidates of a filter, the one that is usually most selective first. `channel_inboxes` are the inboxes that ever had
/// a conversation on the filter's channel. Never empty; the last is always right, if slow.
pub(crate) fn candidates(filter: &ConversationFilter, channel_inboxes: &[InboxId]) -> Vec<Candidate> {
    let mut found: Vec<Candidate> = Vec::new();
    found.extend(filter.customer.map(|id| vec![Source::Customer(id)]));
    found.extend(filter.participant.map(|id| vec![Source::Participant(id)]));
    if let Some(AssigneeFilter::Operator(id)) = filter.assignee {
        found.push(vec![Source::Assignee(Some(id))]);
    }
    found.extend(filter.tag.clone().map(|tag| vec![Source::Tag(tag)]));
    if filter.unread {
        found.push(vec![Source::Unread]);
    }
    found.extend(
        filter
            .priority
            .filter(|p| *p != Priority::Normal)
            .map(|p| vec![Source::Priority(p)]),
    );
    found.extend(filter.inbox.map(|id| vec![Source::Inbox(id)]));
    if filter.from.is_some() || filter.to.is_some() {
        found.push(vec![Source::Begun]);
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
    if filter.channel.is_some() && filter.inbox.is_none() && channel_inboxes.len() <= MANY_INBOXES {
        found.push(channel_inboxes.iter().map(|id| Source::Inbox(*id)).collect());
    }
    if filter.unanswered || filter.sort == Sort::Waiting {
        found.push(vec![Source::Waiting]);
    }
    let is_sorted = |candidate: &Candidate| candidate.iter().all(|s| s.is_sorted(filter.sort));
    if !found.iter().any(is_sorted) {
        found.push(vec![Source::All]);
    }
    found
}

/// Whether the candidates have to be counted before one is chosen.
pub(crate) fn must_count(candidates: &[Candidate], sort: Sort) -> bool {
    candidates.len() > 1 || candidates.iter().flatten().any(|source| !source.is_sorted(sort))
}

/// Chooses a candidate by how many rows each has, counted up to [`FEW`] plus one.
pub(crate) fn choose<'a>(candidates: &'a [Candidate], counts: &[u32], sort: Sort) -> &'a Candidate {
    let smallest = (0..candidates.len())
        .min_by_key(|i| counts.get(*i).copied().unwrap_or(u32::MAX))
        .unwrap_or(0);
    if counts.get(smallest).is_some_and(|count| *count <= FEW) {
        return &candidates[smallest];
    }
    let sorted = candidates
        .iter()
        .find(|candidate| candidate.iter().all(|source| source.is_sorted(sort)));
    sorted.unwrap_or(&candidates[candidates.len() - 1])
}

/// The statuses whose index scans are merged.
pub(crate) fn statuses(filter: &ConversationFilter) -> Vec<Status> {
    let wanted = |status: &Status| filter.statuses.is_empty() || filter.statuses.contains(status);
    Status::ALL.into_iter().filter(wanted).collect()
}

/// A status as it is kept. Those up to [`LAST_OPEN`] count as work.
pub(crate) fn status_code(status: Status) -> i16 {
    Status::ALL
        .iter()
        .position(|s| *s == status)
        .map_or(0, |place| place as i16)
}

/// The largest code of a status that counts as work of its assignee.
#[cfg(test)]
pub(crate) const LAST_OPEN: i16 = 2;

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
            assert_eq!(status.is_open(), status_code(status) <= LAST_OPEN, "{status:?}");
        }
        assert_eq!(priority_code(Priority::Normal), 1);
    }

    #[test]
    fn every_filter_has_a_candidate_that_is_sorted() {
        let operator = OperatorId::from_uuid(uuid::Uuid::from_u128(1));
        for sort in [Sort::Activity, Sort::Created, Sort::Waiting] {
            let filters = [
                ConversationFilter {
                    sort,
                    ..Default::default()
                },
                ConversationFilter {
                    sort,
                    unread: true,
                    ..Default::default()
                },
                ConversationFilter {
                    sort,
                    tag: Some("vip".to_owned()),
                    visible_to: Some(operator),
                    ..Default::default()
                },
            ];
            for filter in filters {
                let candidates = candidates(&filter, &[]);
                let counts = vec![FEW + 1; candidates.len()];
                let chosen = choose(&candidates, &counts, sort);
                assert!(
                    chosen.iter().all(|source| source.is_sorted(sort)),
                    "{filter:?}: {chosen:?}"
                );
            }
        }
    }

    #[test]
    fn a_small_candidate_is_preferred_to_a_sorted_one() {
        let filter = ConversationFilter {
            unread: true,
            sort: Sort::Created,
            ..Default::default()
        };
        let candidates = candidates(&filter, &[]);
        assert_eq!(
            choose(&candidates, &[10, FEW + 1], filter.sort),
            &vec![Source::Unread]
        );
        assert_eq!(
            choose(&candidates, &[FEW + 1, FEW + 1], filter.sort),
            &vec![Source::All]
        );
    }
}
