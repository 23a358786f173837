//! Conversations on the wire.

use std::collections::BTreeMap;

use omnichat_core::conversations as core;
use serde::de::IntoDeserializer;
use serde::de::value::{Error as Unknown, StrDeserializer};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Time;
use super::customer::{ChatKind, ContextView};
use super::message::{AuthorKind, DeliveryState};
use super::names::wire_enum;

wire_enum! {
    /// Where a conversation stands.
    ConversationStatus is omnichat_core::conversations::Status {
        /// Nobody has looked at it yet.
        New,
        /// Being worked on.
        Open,
        /// Waiting for the customer.
        Pending,
        /// Out of sight until a time.
        Snoozed,
        /// Done; a message from the customer opens it again.
        Resolved,
        /// Done for good; a message from the customer starts a new conversation.
        Closed,
        /// Unwanted.
        Spam,
    }
}

wire_enum! {
    /// How urgent a conversation is.
    Priority is omnichat_core::conversations::Priority {
        /// Can wait.
        Low,
        /// As usual.
        Normal,
        /// Before others.
        High,
        /// At once.
        Urgent,
    }
}

/// A conversation with a customer on one inbox.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Conversation)]
pub struct ConversationView {
    /// Its id.
    pub id: String,
    /// The inbox.
    pub inbox_id: String,
    /// The inbox's channel.
    pub channel: String,
    /// With whom.
    pub customer: CustomerSummaryView,
    /// What kind of chat it is in.
    pub chat_kind: ChatKind,
    /// Where it stands.
    pub status: ConversationStatus,
    /// How urgent it is.
    pub priority: Priority,
    /// Whose it is.
    pub assignee_id: Option<String>,
    /// Invited operators, without the assignee.
    pub participant_ids: Vec<String>,
    /// The scenario that answers: until it ends or hands over, or a person steps in.
    pub scenario: Option<ActiveScenarioView>,
    /// Labels.
    pub tags: Vec<String>,
    /// A title.
    pub subject: Option<String>,
    /// What is spoken of, if the channel tells.
    pub context: Option<ContextView>,
    /// Free attributes.
    pub attributes: BTreeMap<String, String>,
    /// Messages from the customer since an operator last read it.
    pub unread_count: u32,
    /// Since when the customer waits for an answer of a person.
    pub waiting_since: Option<Time>,
    /// The newest message that is not a system entry.
    pub last_message: Option<LastMessageView>,
    /// Why it has its assignee.
    pub routing: Option<RoutingView>,
    /// The customer blocked us: nothing can be delivered.
    pub blocked: bool,
    /// When it began.
    pub created_at: Time,
    /// When something was last said.
    pub last_activity_at: Time,
    /// When the customer last wrote: what a reply window counts from.
    pub last_inbound_at: Option<Time>,
    /// When an operator first answered.
    pub first_response_at: Option<Time>,
    /// When it was resolved or closed.
    pub resolved_at: Option<Time>,
    /// Until when it is out of sight.
    pub snoozed_until: Option<Time>,
    /// Rises with each change.
    pub version: u64,
}

/// The scenario that answers in a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ActiveScenario)]
pub struct ActiveScenarioView {
    /// The automation.
    pub automation_id: String,
    /// Its name; empty before its first turn.
    pub name: String,
    /// When it began.
    pub since: Time,
}

/// The customer of a conversation, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = CustomerSummary)]
pub struct CustomerSummaryView {
    /// Its id.
    pub id: String,
    /// The name.
    pub name: String,
    /// Its picture.
    pub avatar_url: Option<String>,
}

/// What a list shows of the newest message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = LastMessage)]
pub struct LastMessageView {
    /// Which message.
    pub id: String,
    /// Who wrote it.
    pub author: AuthorKind,
    /// The author's name.
    pub author_name: String,
    /// The beginning of its text, on one line.
    pub preview: String,
    /// What it is.
    pub kind: LastMessageKind,
    /// When it was written.
    pub at: Time,
    /// How far it got, if it is outgoing.
    pub state: Option<DeliveryState>,
}

/// What the newest message is, for lists that have a word or a picture for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LastMessageKind {
    /// Words.
    Text,
    /// A picture.
    Image,
    /// A film.
    Video,
    /// Music or other sound.
    Audio,
    /// A voice note.
    Voice,
    /// Any other file.
    Document,
    /// A silent, looping film.
    Animation,
    /// A sticker.
    Sticker,
    /// A round film.
    VideoNote,
    /// A place.
    Location,
    /// A person's card.
    Contact,
    /// A button was pressed.
    Button,
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
    /// Something that OmniChat does not know.
    Unsupported,
    /// A note among operators.
    Note,
    /// It was deleted.
    Deleted,
}

impl LastMessageKind {
    /// By the name in the core, where it is free text: what an embedder's own code put there is shown as words.
    pub(super) fn named(name: &str) -> Self {
        let name: StrDeserializer<'_, Unknown> = name.into_deserializer();
        Self::deserialize(name).unwrap_or(Self::Text)
    }
}

/// Why a conversation has its assignee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RoutingDecision)]
pub struct RoutingView {
    /// Who decided: a strategy's name, `operator`, `taken`.
    pub strategy: String,
    /// A sentence for people.
    pub reason: String,
    /// When.
    pub at: Time,
}

/// How many conversations the standard views hold, each counted up to 1000.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ConversationCounts)]
pub struct CountsView {
    /// Open and the asker's.
    pub mine: u32,
    /// Open and nobody's.
    pub unassigned: u32,
    /// Open.
    pub open: u32,
    /// Open and the customer waits.
    pub unanswered: u32,
    /// Snoozed.
    pub snoozed: u32,
    /// Spam.
    pub spam: u32,
}

impl From<&core::Conversation> for ConversationView {
    fn from(c: &core::Conversation) -> Self {
        Self {
            id: c.id.to_string(),
            inbox_id: c.inbox.to_string(),
            channel: c.channel.clone(),
            customer: CustomerSummaryView {
                id: c.customer.to_string(),
                name: c.customer_name.clone(),
                avatar_url: None,
            },
            chat_kind: c.chat_kind.into(),
            status: c.status.into(),
            priority: c.priority.into(),
            assignee_id: c.assignee.map(|id| id.to_string()),
            participant_ids: c.participants.iter().map(ToString::to_string).collect(),
            scenario: c.scenario.as_ref().map(|active| ActiveScenarioView {
                automation_id: active.automation.to_string(),
                name: active.name.clone(),
                since: active.since.into(),
            }),
            tags: c.tags.clone(),
            subject: c.subject.clone(),
            context: ContextView::of(&c.context),
            attributes: c.attributes.clone(),
            unread_count: c.unread_count,
            waiting_since: c.waiting_since.map(Time),
            last_message: c.last_message.as_ref().map(LastMessageView::from),
            routing: c.routing.as_ref().map(|r| RoutingView {
                strategy: r.strategy.clone(),
                reason: r.reason.clone(),
                at: r.at.into(),
            }),
            blocked: c.unreachable,
            created_at: c.created_at.into(),
            last_activity_at: c.last_activity_at.into(),
            last_inbound_at: c.last_inbound_at.map(Time),
            first_response_at: c.first_response_at.map(Time),
            resolved_at: c.resolved_at.map(Time),
            snoozed_until: c.snoozed_until.map(Time),
            version: c.version,
        }
    }
}

impl From<core::Conversation> for ConversationView {
    fn from(conversation: core::Conversation) -> Self {
        Self::from(&conversation)
    }
}

impl From<&core::LastMessage> for LastMessageView {
    fn from(last: &core::LastMessage) -> Self {
        Self {
            id: last.id.to_string(),
            author: last.author.into(),
            author_name: last.author_name.clone(),
            preview: last.preview.clone(),
            kind: LastMessageKind::named(&last.kind),
            at: last.at.into(),
            state: last.state.map(DeliveryState::from),
        }
    }
}

impl From<core::Counts> for CountsView {
    fn from(counts: core::Counts) -> Self {
        let core::Counts {
            mine,
            unassigned,
            open,
            unanswered,
            snoozed,
            spam,
        } = counts;
        Self {
            mine,
            unassigned,
            open,
            unanswered,
            snoozed,
            spam,
        }
    }
}

#[cfg(test)]
mod tests {
    use omnichat_core::messages::Content;
    use serde_json::{Value, json};

    use super::*;

    const NOTICES: [&str; 28] = [
        "empty",
        "withheld",
        "poll",
        "poll_answer",
        "poll_change",
        "invoice",
        "pre_checkout",
        "payment",
        "refund",
        "checklist",
        "tasks_done",
        "tasks_added",
        "paid_media",
        "gift",
        "giveaway",
        "giveaway_winners",
        "story",
        "web_app_data",
        "shared_users",
        "shared_chat",
        "dice",
        "game",
        "members_joined",
        "member_left",
        "group_renamed",
        "pinned",
        "topic",
        "suggested_post",
    ];

    fn content(value: Value) -> Content {
        serde_json::from_value(value).unwrap()
    }

    fn on_the_wire(name: &str) -> Value {
        serde_json::to_value(LastMessageKind::named(name)).unwrap()
    }

    #[test]
    fn every_kind_of_content_keeps_its_name() {
        let parts = [
            json!({ "type": "location", "latitude": 1.0, "longitude": 2.0 }),
            json!({ "type": "contact", "name": "N", "phone": "1" }),
            json!({ "type": "sticker" }),
            json!({ "type": "button_press", "data": "d" }),
            json!({ "type": "unsupported", "kind": "k", "summary": "s" }),
        ];
        let mut contents: Vec<Content> = parts.map(|part| content(json!({ "part": part }))).into();
        contents.extend(
            NOTICES.map(|kind| content(json!({ "part": { "type": "notice", "kind": kind, "title": "" } }))),
        );
        let files = [
            "image",
            "video",
            "audio",
            "voice",
            "document",
            "animation",
            "sticker",
            "video_note",
        ];
        contents.extend(files.map(|kind| {
            content(json!({ "attachments": [{
                "id": "att_00000000000000000000000000000001", "kind": kind, "name": "n", "content_type": "t",
                "state": "failed", "reason": "r",
            }] }))
        }));
        contents.push(Content::text("words"));
        let mut seen = std::collections::BTreeSet::new();
        for content in contents {
            assert_eq!(on_the_wire(content.kind()), content.kind());
            seen.insert(content.kind());
        }
        assert_eq!(seen.len(), 13 + NOTICES.len());
        for state in ["note", "deleted"] {
            assert_eq!(on_the_wire(state), state);
        }
    }

    #[test]
    fn what_an_embedder_calls_it_is_shown_as_words() {
        assert_eq!(LastMessageKind::named("carrier_pigeon"), LastMessageKind::Text);
    }
}
