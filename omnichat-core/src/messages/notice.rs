//! Notices: what a platform has and OmniChat only shows. A poll, an invoice or a gift has a kind and facts, so that a screen
//! can say them in the reader's own language.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// A message without content.
    Empty,
    /// The platform says that there is a message and does not hand it out.
    Withheld,
    /// A poll or a quiz.
    Poll,
    /// Somebody's answer to a poll.
    PollAnswer,
    /// An option was added to a poll, or taken away.
    PollChange,
    /// A bill.
    Invoice,
    /// The customer is about to pay.
    PreCheckout,
    /// The customer has paid.
    Payment,
    /// The customer got its money back.
    Refund,
    /// A list of tasks.
    Checklist,
    /// Tasks of a list were done, or are open again.
    TasksDone,
    /// Tasks were added to a list.
    TasksAdded,
    /// Pictures and films that cost something.
    PaidMedia,
    /// A present.
    Gift,
    /// Prizes are given away.
    Giveaway,
    /// Who has won them.
    GiveawayWinners,
    /// A story that was passed on.
    Story,
    /// What a web page inside the platform has sent.
    WebAppData,
    /// People whom the customer has chosen.
    SharedUsers,
    /// A chat that the customer has chosen.
    SharedChat,
    /// Dice, darts and the like.
    Dice,
    /// A game.
    Game,
    /// People came into the group.
    MembersJoined,
    /// Somebody left the group.
    MemberLeft,
    /// The group has another name.
    GroupRenamed,
    /// A message was pinned.
    Pinned,
    /// A topic of a group was opened, renamed or closed.
    Topic,
    /// A suggested post was taken, refused, paid or refunded.
    SuggestedPost,
}

impl NoticeKind {
    /// The stable name, as in the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Withheld => "withheld",
            Self::Poll => "poll",
            Self::PollAnswer => "poll_answer",
            Self::PollChange => "poll_change",
            Self::Invoice => "invoice",
            Self::PreCheckout => "pre_checkout",
            Self::Payment => "payment",
            Self::Refund => "refund",
            Self::Checklist => "checklist",
            Self::TasksDone => "tasks_done",
            Self::TasksAdded => "tasks_added",
            Self::PaidMedia => "paid_media",
            Self::Gift => "gift",
            Self::Giveaway => "giveaway",
            Self::GiveawayWinners => "giveaway_winners",
            Self::Story => "story",
            Self::WebAppData => "web_app_data",
            Self::SharedUsers => "shared_users",
            Self::SharedChat => "shared_chat",
            Self::Dice => "dice",
            Self::Game => "game",
            Self::MembersJoined => "members_joined",
            Self::MemberLeft => "member_left",
            Self::GroupRenamed => "group_renamed",
            Self::Pinned => "pinned",
            Self::Topic => "topic",
            Self::SuggestedPost => "suggested_post",
        }
    }
}

/// What a fact of a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactLabel {
    /// Words that need no name.
    Text,
    /// Money, see [`Fact::currency`].
    Amount,
    /// How many.
    Quantity,
    /// An option of a poll; `count` is its votes.
    Option,
    /// The right option of a quiz.
    Correct,
    /// The option that was chosen.
    Chosen,
    /// Why an option is right.
    Explanation,
    /// A task that is open.
    Task,
    /// A task that is done.
    Done,
    /// Somebody.
    Person,
    /// A group or channel.
    Chat,
    /// A page.
    Link,
    /// What a program is told: the payload of a bill, the data of a web page.
    Data,
    /// The label of the button that led here.
    Button,
    /// E-mail address.
    Email,
    /// Phone number.
    Phone,
    /// Postal address.
    Address,
    /// The number of a payment at whoever took it.
    Reference,
    /// What can be won.
    Prize,
    /// When it ends.
    Until,
}

/// One fact of a notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// What it is.
    pub label: FactLabel,
    /// What it says; of an amount, a decimal number: `12.50`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Of an amount: the currency's code of three letters; `XTR` are Telegram's stars.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// How many: votes of an option, winners of a prize.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// Where it leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
}

impl Fact {
    /// A fact in words.
    pub fn new(label: FactLabel, text: impl Into<String>) -> Self {
        Self {
            label,
            text: text.into(),
            currency: None,
            count: None,
            url: None,
            at: None,
        }
    }

    /// In one piece, as far as it can be said without words of a language.
    pub(super) fn words(&self) -> String {
        match (&self.currency, self.text.is_empty(), &self.url) {
            (Some(currency), ..) => format!("{} {currency}", self.text),
            (None, true, Some(url)) => url.clone(),
            _ => self.text.clone(),
        }
    }
}
