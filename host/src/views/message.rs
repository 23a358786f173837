//! Messages on the wire.

use omnichat_core::messages as core;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Time;
use super::conversation::LastMessageKind;
use super::names::wire_enum;

wire_enum! {
    /// Which way a message goes.
    Direction is omnichat_core::messages::Direction {
        /// From the customer.
        In,
        /// To the customer.
        Out,
        /// Among operators only.
        Note,
        /// An entry of the time line.
        System,
    }
}

wire_enum! {
    /// What kind of author.
    AuthorKind is omnichat_core::messages::AuthorKind {
        /// The customer.
        Customer,
        /// An operator.
        Operator,
        /// A program with an API key.
        Service,
        /// A scenario, plugin or AI, or the business's own account on the platform.
        Bot,
        /// The system.
        System,
    }
}

wire_enum! {
    /// How far an outgoing message got.
    DeliveryState is omnichat_core::messages::DeliveryState {
        /// Stored, waiting for the channel.
        Queued,
        /// It may or may not have arrived.
        Uncertain,
        /// The platform or the channel refused it.
        Failed,
        /// The platform took it.
        Sent,
        /// It reached the customer's device.
        Delivered,
        /// The customer read it.
        Read,
    }
}

wire_enum! {
    /// What an attachment is.
    AttachmentKind is omnichat_core::messages::AttachmentKind {
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
    }
}

wire_enum! {
    /// How a stretch of text looks.
    SpanStyle is omnichat_core::messages::SpanStyle {
        /// Bold.
        Bold,
        /// Italic.
        Italic,
        /// Underlined.
        Underline,
        /// Struck through.
        Strike,
        /// Fixed width, inline.
        Code,
        /// Fixed width, a block.
        Pre,
        /// Hidden until touched.
        Spoiler,
        /// A quotation.
        Quote,
        /// A link, see `url`.
        Link,
    }
}

wire_enum! {
    /// What a system entry tells.
    SystemEntry is omnichat_core::messages::SystemEntry {
        /// The conversation began.
        Started,
        /// It was given to `target`.
        Assigned,
        /// It was taken from its assignee.
        Unassigned,
        /// `actor` handed it to `target` with a comment.
        Transferred,
        /// `actor` took it.
        Joined,
        /// `target` was invited.
        Invited,
        /// `actor` left.
        Left,
        /// The scenario `actor` handed it over to people; why is in `comment`, if that is to be said.
        HandedOver,
        /// Resolved.
        Resolved,
        /// Closed.
        Closed,
        /// Opened again.
        Reopened,
        /// Marked as spam.
        Spam,
        /// Put out of sight until `comment`.
        Snoozed,
        /// The priority became `comment`.
        Priority,
        /// The customer blocked us.
        Blocked,
        /// The customer can be reached again.
        Unblocked,
    }
}

wire_enum! {
    /// What a notice is about.
    NoticeKind is omnichat_core::messages::NoticeKind {
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
}

wire_enum! {
    /// What a fact of a notice is.
    FactLabel is omnichat_core::messages::FactLabel {
        /// Words that need no name.
        Text,
        /// Money, see `currency`.
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
}

/// A message, note or system entry of a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Message)]
pub struct MessageView {
    /// Its id.
    pub id: String,
    /// The conversation.
    pub conversation_id: String,
    /// Which way it goes.
    pub direction: Direction,
    /// Who wrote it.
    pub author: AuthorView,
    /// The text; empty when there is something else.
    pub text: String,
    /// Its styles.
    pub spans: Vec<SpanView>,
    /// Its files.
    pub attachments: Vec<AttachmentView>,
    /// Rows of buttons.
    pub buttons: Vec<Vec<ButtonView>>,
    /// Anything else.
    pub part: Option<PartView>,
    /// What it answers to.
    pub reply_to: Option<ReplyToView>,
    /// How far it got, if it is outgoing.
    pub state: Option<DeliveryState>,
    /// Why it was not delivered.
    pub failure: Option<FailureView>,
    /// The sender's key.
    pub client_key: Option<String>,
    /// Reactions to it.
    pub reactions: Vec<ReactionView>,
    /// Its place in the conversation, in microseconds.
    pub position: i64,
    /// When it was written, or stored if nobody knows.
    pub created_at: Time,
    /// When it was last edited.
    pub edited_at: Option<Time>,
    /// When it was deleted; the content is then empty.
    pub deleted_at: Option<Time>,
    /// How many earlier texts are kept.
    pub revisions: u32,
    /// Whose words are passed on.
    pub forwarded_from: Option<String>,
    /// Messages of one album share this.
    pub group: Option<String>,
    /// Rises with each change.
    pub version: u64,
}

/// Who wrote a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Author)]
pub struct AuthorView {
    /// What kind of author.
    pub kind: AuthorKind,
    /// The customer's or operator's id.
    pub id: Option<String>,
    /// Of a customer: the account that it was written from, if the platform says.
    pub contact_id: Option<String>,
    /// The name at the time.
    pub name: String,
}

/// A stretch of text with a style. Offsets count UTF-16 code units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Span)]
pub struct SpanView {
    /// Where it begins.
    pub start: u32,
    /// How long it is.
    pub length: u32,
    /// How it looks.
    pub style: SpanStyle,
    /// Where a link leads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// A file that belongs to a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Attachment)]
pub struct AttachmentView {
    /// Its id.
    pub id: String,
    /// What it is.
    pub kind: AttachmentKind,
    /// The file name.
    pub name: String,
    /// The MIME type.
    pub content_type: String,
    /// Bytes, if known.
    pub size: Option<u64>,
    /// Pixels, if known.
    pub width: Option<u32>,
    /// Pixels, if known.
    pub height: Option<u32>,
    /// Milliseconds, if known.
    pub duration_ms: Option<u64>,
    /// Whether the bytes are here.
    pub state: AttachmentState,
    /// Why they are not.
    pub error: Option<String>,
    /// Whether the platform can be asked for it once more.
    pub can_fetch_again: bool,
    /// The stored file, once it is here.
    pub file_id: Option<String>,
    /// Where it can be read, once it is here.
    pub url: Option<String>,
}

/// Whether the bytes of an attachment are here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AttachmentState {
    /// Being fetched.
    Pending,
    /// Here.
    Ready,
    /// Could not be fetched.
    Failed,
}

/// A button under a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Button)]
pub struct ButtonView {
    /// Its label.
    pub text: String,
    /// What it does.
    pub kind: ButtonKind,
    /// Of `reply`: what comes back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data: Option<String>,
    /// Of `url`: the page that it opens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// What a button does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ButtonKind {
    /// Answers with data.
    Reply,
    /// Opens a page.
    Url,
    /// Asks for the customer's phone number.
    Contact,
    /// Asks for the customer's place.
    Location,
}

/// What a message is besides text, files and buttons.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
#[schema(as = Part)]
pub enum PartView {
    /// A place.
    Location {
        /// Degrees north.
        latitude: f64,
        /// Degrees east.
        longitude: f64,
        /// Name of the place.
        title: Option<String>,
        /// Its address.
        address: Option<String>,
        /// It moves, or did.
        live: Option<LiveView>,
    },
    /// A person's card.
    Contact {
        /// The name.
        name: String,
        /// The phone number.
        phone: String,
    },
    /// A sticker; its picture is an attachment.
    Sticker {
        /// What it stands for.
        emoji: Option<String>,
    },
    /// A button was pressed.
    ButtonPress {
        /// The button's data.
        data: String,
        /// The button's label.
        title: Option<String>,
    },
    /// Something of the platform that is shown by its facts: a poll, an invoice, a gift.
    Notice {
        /// What it is about.
        kind: NoticeKind,
        /// What it is called: a poll's question, the title of an invoice; may be empty.
        title: String,
        /// What is known of it, in order.
        facts: Vec<FactView>,
    },
    /// Something that OmniChat does not know.
    Unsupported {
        /// The platform's word for it.
        kind: String,
        /// What can be said of it.
        summary: String,
    },
    /// An entry of the time line.
    System {
        /// What happened.
        entry: SystemEntry,
        /// Who did it.
        actor: Option<String>,
        /// To whom.
        target: Option<String>,
        /// With which words.
        comment: Option<String>,
    },
}

/// A place that moves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Live)]
pub struct LiveView {
    /// When the sharing ends by itself; never, if absent.
    pub until: Option<Time>,
    /// Where it is heading, in degrees clockwise from north, 1 to 360.
    pub heading: Option<u16>,
    /// It was ended before its time: the place is the last one that was told.
    pub ended: bool,
}

/// One fact of a notice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Fact)]
pub struct FactView {
    /// What it is.
    pub label: FactLabel,
    /// What it says; of an amount, a decimal number: `12.50`.
    pub text: String,
    /// Of an amount: the currency's code of three letters; `XTR` are Telegram's stars.
    pub currency: Option<String>,
    /// How many: votes of an option, winners of a prize.
    pub count: Option<u64>,
    /// Where it leads.
    pub url: Option<String>,
    /// When.
    pub at: Option<Time>,
}

/// What a message answers to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ReplyTo)]
pub struct ReplyToView {
    /// The message, if it is known here.
    pub id: Option<String>,
    /// Who wrote it.
    pub author_name: String,
    /// What was quoted, or its beginning. Of a message that is not known here, as much as the platform told.
    pub preview: String,
    /// What it is, for those that have a word or a picture for each; `null` if nobody knows.
    pub kind: Option<LastMessageKind>,
}

/// Why a message was not delivered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Failure)]
pub struct FailureView {
    /// Stable code.
    pub code: String,
    /// A sentence for the operator.
    pub message: String,
    /// Whether sending again may help.
    pub retryable: bool,
}

/// A reaction to a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Reaction)]
pub struct ReactionView {
    /// The emoji.
    pub emoji: String,
    /// What kind of author reacted.
    pub by: AuthorKind,
    /// Who, by the platform's id; `null` if the platform does not name who reacted.
    pub person: Option<String>,
    /// The name of who reacted; empty if nobody knows.
    pub name: String,
    /// How many, where the platform does not name them; else 1.
    pub count: u32,
}

/// An earlier text of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Revision)]
pub struct RevisionView {
    /// When it was replaced.
    pub at: Time,
    /// What was said.
    pub text: String,
    /// Its styles.
    pub spans: Vec<SpanView>,
    /// Who replaced it.
    pub by: AuthorView,
    /// It was replaced by nothing: the message was deleted.
    pub deleted: bool,
}

/// A stretch of a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = MessagePage)]
pub struct MessagePageView {
    /// The messages, oldest first.
    pub items: Vec<MessageView>,
    /// Pass it as `before` for what was said earlier; `null` at the beginning.
    pub older: Option<String>,
    /// Ids of messages that belong here and are stored damaged, so that they cannot be shown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub damaged: Vec<String>,
}

impl From<&core::Message> for MessageView {
    fn from(m: &core::Message) -> Self {
        Self {
            id: m.id.to_string(),
            conversation_id: m.conversation.to_string(),
            direction: m.direction.into(),
            author: (&m.author).into(),
            text: m.content.text.clone(),
            spans: m.content.spans.iter().map(SpanView::from).collect(),
            attachments: m.content.attachments.iter().map(AttachmentView::from).collect(),
            buttons: m
                .content
                .buttons
                .iter()
                .map(|row| row.iter().map(ButtonView::from).collect())
                .collect(),
            part: m.content.part.clone().map(PartView::from),
            reply_to: m.reply_to.as_ref().map(ReplyToView::from),
            state: m.state.map(DeliveryState::from),
            failure: m.failure.as_ref().map(FailureView::from),
            client_key: m.client_key.clone(),
            reactions: m.reactions.iter().map(ReactionView::from).collect(),
            position: m.position,
            created_at: m.platform_at.unwrap_or(m.created_at).into(),
            edited_at: m.edited_at.map(Time),
            deleted_at: m.deleted_at.map(Time),
            revisions: m.revisions,
            forwarded_from: m.forwarded_from.clone(),
            group: m.group.clone(),
            version: m.version,
        }
    }
}

impl From<core::Message> for MessageView {
    fn from(message: core::Message) -> Self {
        Self::from(&message)
    }
}
