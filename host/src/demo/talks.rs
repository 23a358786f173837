//! What was said in the shop.

mod at_work;
mod settled;

use std::time::Duration;

use omnichat_core::conversations::Priority;

use super::people::{Place, Who};

/// How long ago the story begins.
pub(super) const BEGINNING: Duration = Duration::from_secs(4 * 24 * 3_600);

/// A conversation of the story.
pub(super) struct Talk {
    pub(super) place: Place,
    pub(super) customer: &'static str,
    pub(super) email: Option<&'static str>,
    pub(super) minutes_ago: u64,
    pub(super) lines: Vec<Line>,
    pub(super) tags: &'static [&'static str],
    pub(super) priority: Option<Priority>,
    pub(super) end: End,
}

/// Something that happens in a conversation.
pub(super) enum Line {
    Customer(&'static str),
    CustomerPicture(&'static str, u16),
    CustomerPlace(f64, f64),
    /// The customer takes back what it said last.
    CustomerDeletes,
    Operator(Who, &'static str),
    OperatorPicture(Who, &'static str, u16),
    /// The operator says the last thing in other words.
    OperatorEdits(&'static str),
    Note(Who, &'static str),
    /// An answer that does not arrive.
    Fails(Who, &'static str),
    /// The customer has read everything.
    Reads,
}

/// How a conversation stands at the end.
#[derive(Clone, Copy)]
pub(super) enum End {
    Open,
    /// Open, and nobody's.
    Queue,
    Resolved,
    Closed,
    Spam,
    SnoozedFor(u64),
}

fn talk(place: Place, customer: &'static str, minutes_ago: u64, lines: Vec<Line>, end: End) -> Talk {
    Talk {
        place,
        customer,
        email: None,
        minutes_ago,
        lines,
        tags: &[],
        priority: None,
        end,
    }
}

impl Talk {
    fn tagged(mut self, tags: &'static [&'static str]) -> Self {
        self.tags = tags;
        self
    }

    fn urgent(mut self, priority: Priority) -> Self {
        self.priority = Some(priority);
        self
    }

    fn from(mut self, email: &'static str) -> Self {
        self.email = Some(email);
        self
    }
}

/// Every conversation, oldest first.
pub(super) fn all() -> Vec<Talk> {
    let mut talks = settled::talks();
    talks.extend(at_work::talks());
    talks.sort_by_key(|talk| std::cmp::Reverse(talk.minutes_ago));
    talks
}
