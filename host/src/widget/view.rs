//! What a visitor sees: the shapes of the widget's API.

use omnichat_channels::widget::PrechatField;
use omnichat_core::clock::Timestamp;
use omnichat_core::id::{FileId, InboxId};
use omnichat_core::messages::AttachmentState;
use omnichat_core::visitors::{self, ShownConversation, ShownMessage, ShownPage, ShownQuote, ShownStatus};
use serde::Serialize;
use utoipa::ToSchema;

use super::links::Links;
use crate::app::AppState;
use crate::views::Time;
use crate::views::message::{AttachmentView, ButtonView, PartView, SpanView};
use crate::views::names::wire_enum;

/// What is drawn with: addresses of files are an inbox's, and hold for some time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Drawing<'a> {
    links: &'a Links,
    inbox: InboxId,
    now: Timestamp,
}

impl<'a> Drawing<'a> {
    /// Draws for the visitors of an inbox.
    pub(super) fn of(state: &'a AppState, inbox: InboxId) -> Self {
        Self {
            links: &state.visitors.links,
            inbox,
            now: state.engine.now(),
        }
    }

    fn url(self, file: FileId) -> String {
        self.links.sign(self.inbox, file, self.now)
    }
}

/// How the widget looks and what it asks.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WidgetConfig)]
pub(crate) struct ConfigView {
    /// The title.
    pub(super) title: String,
    /// What stands above an empty chat.
    pub(super) greeting: String,
    /// The colour, `#rrggbb`.
    pub(super) accent: String,
    /// The language of the widget's own words.
    pub(super) locale: WidgetLocale,
    /// In which lower corner of the page the button stands.
    pub(super) position: WidgetPosition,
    /// The form before the chat.
    pub(super) prechat: PrechatView,
    /// Whether the visitor meets somebody.
    pub(super) online: bool,
    /// What is said while nobody is there.
    pub(super) away_message: String,
    /// While nobody is there, ask for an address to answer to.
    pub(super) offline_form: bool,
    /// The largest file, in bytes.
    pub(super) max_file_bytes: u64,
    /// Whether the widget says by whom it is made.
    pub(super) branding: bool,
}

/// The form before the chat.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WidgetPrechat)]
pub(crate) struct PrechatView {
    /// Whether anything is asked.
    pub(super) enabled: bool,
    /// What is asked.
    pub(super) fields: Vec<PrechatFieldView>,
}

/// One question of the form before the chat.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WidgetPrechatField)]
pub(crate) struct PrechatFieldView {
    /// What is asked for.
    name: PrechatName,
    /// It may not be left empty.
    required: bool,
}

/// What the form before the chat asks for.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = WidgetPrechatName)]
enum PrechatName {
    /// The name.
    Name,
    /// The e-mail address.
    Email,
    /// The phone number.
    Phone,
}

impl From<PrechatField> for PrechatFieldView {
    fn from(field: PrechatField) -> Self {
        Self {
            name: match field.name {
                "name" => PrechatName::Name,
                "email" => PrechatName::Email,
                _ => PrechatName::Phone,
            },
            required: field.required,
        }
    }
}

wire_enum! {
    /// The language of the widget's own words.
    WidgetLocale is omnichat_channels::widget::Locale {
        /// The visitor's browser decides.
        Auto,
        /// Russian.
        Ru,
        /// English.
        En,
    }
}

wire_enum! {
    /// In which lower corner of the page the button stands.
    WidgetPosition is omnichat_channels::widget::Position {
        /// On the right.
        Right,
        /// On the left.
        Left,
    }
}

/// A session as its visitor gets it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WidgetSession)]
pub(crate) struct SessionView {
    /// Send it as `Authorization: Bearer`.
    pub(super) token: String,
    /// What forms can be filled with.
    pub(super) visitor: KnownView,
    /// Where the conversation stands; `null` before the first message.
    pub(super) conversation: Option<ConversationView>,
    /// The last messages, oldest first.
    pub(super) messages: Vec<MessageView>,
    /// Pass it as `before` for what was said earlier; `null` at the beginning.
    pub(super) older: Option<String>,
    /// Where the socket goes on: `after` of its hello.
    pub(super) cursor: String,
    /// Whether the visitor meets somebody.
    pub(super) online: bool,
}

/// What forms can be filled with.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WidgetVisitor)]
pub(crate) struct KnownView {
    /// The name.
    pub(super) name: Option<String>,
    /// The e-mail address.
    pub(super) email: Option<String>,
}

/// A stretch of the conversation, oldest first.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WidgetMessagePage)]
pub(crate) struct PageView {
    /// The messages, oldest first.
    pub(super) items: Vec<MessageView>,
    /// Pass it as `before` for what was said earlier; `null` at the beginning.
    pub(super) older: Option<String>,
}

impl PageView {
    /// A stretch of a conversation.
    pub(super) fn of(page: ShownPage, drawing: Drawing<'_>) -> Self {
        let items = page.items.into_iter();
        Self {
            items: items.map(|message| MessageView::of(message, drawing)).collect(),
            older: page.older.map(|cursor| cursor.encode()),
        }
    }
}

/// Where the conversation stands, for its visitor.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = WidgetConversation)]
pub(crate) struct ConversationView {
    /// Its id.
    pub(super) id: String,
    /// Where it stands.
    pub(super) status: StatusView,
    /// Who answers.
    pub(super) operator: Option<OperatorView>,
    /// Answers that the visitor has not read.
    pub(super) unread: usize,
}

impl ConversationView {
    /// A conversation.
    pub(super) fn of(conversation: ShownConversation, drawing: Drawing<'_>) -> Self {
        Self {
            id: conversation.id.to_string(),
            status: conversation.status.into(),
            operator: conversation.operator.map(|operator| OperatorView {
                name: operator.name,
                avatar_url: operator.avatar.map(|file| drawing.url(file)),
            }),
            unread: conversation.unread,
        }
    }
}

/// Where a conversation stands, for its visitor: what operators do with it behind the scenes is their business.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = WidgetConversationStatus)]
pub(crate) enum StatusView {
    /// Being worked on, or waiting.
    Open,
    /// Resolved: a message opens it again.
    Resolved,
    /// Closed: a message starts a new one.
    Closed,
}

impl From<ShownStatus> for StatusView {
    fn from(status: ShownStatus) -> Self {
        match status {
            ShownStatus::Open => Self::Open,
            ShownStatus::Resolved => Self::Resolved,
            ShownStatus::Closed => Self::Closed,
        }
    }
}

/// Who answers.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = WidgetOperator)]
pub(crate) struct OperatorView {
    /// The name.
    pub(super) name: String,
    /// Where the picture can be read.
    pub(super) avatar_url: Option<String>,
}

/// Who wrote a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = WidgetSide)]
pub(crate) enum Side {
    /// The visitor.
    Visitor,
    /// An operator.
    Operator,
    /// A scenario.
    Bot,
    /// The time line.
    System,
}

impl From<visitors::Side> for Side {
    fn from(side: visitors::Side) -> Self {
        match side {
            visitors::Side::Visitor => Self::Visitor,
            visitors::Side::Operator => Self::Operator,
            visitors::Side::Bot => Self::Bot,
            visitors::Side::System => Self::System,
        }
    }
}

/// How far a message of the visitor got.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = WidgetSentState)]
pub(crate) enum SentState {
    /// Stored.
    Sent,
    /// An operator has read it.
    Read,
}

/// A message as its visitor sees it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = WidgetMessage)]
pub(crate) struct MessageView {
    /// Its id.
    pub(super) id: String,
    /// Who wrote it.
    from: Side,
    /// The name of who wrote it.
    author_name: Option<String>,
    /// The text.
    text: String,
    /// Its styles.
    spans: Vec<SpanView>,
    /// Its files.
    attachments: Vec<AttachmentView>,
    /// Rows of buttons.
    buttons: Vec<Vec<ButtonView>>,
    /// Anything else.
    part: Option<PartView>,
    /// What it answers to.
    reply_to: Option<QuoteView>,
    /// How far it got, if it is the visitor's.
    state: Option<SentState>,
    /// The sender's key.
    client_key: Option<String>,
    /// Its place in the conversation, in microseconds.
    position: i64,
    /// When it was written.
    created_at: Time,
    /// When it was last edited.
    edited_at: Option<Time>,
    /// When it was deleted; the content is then empty.
    deleted_at: Option<Time>,
    /// Rises with each change.
    version: u64,
}

/// What a message answers to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = WidgetQuote)]
pub(crate) struct QuoteView {
    /// Who wrote it.
    pub(super) author_name: String,
    /// What was quoted, or its beginning.
    pub(super) preview: String,
}

impl From<ShownQuote> for QuoteView {
    fn from(quote: ShownQuote) -> Self {
        Self {
            author_name: quote.author_name,
            preview: quote.preview,
        }
    }
}

impl MessageView {
    /// A message.
    pub(super) fn of(message: ShownMessage, drawing: Drawing<'_>) -> Self {
        let content = message.content;
        let attachments = content.attachments.iter().map(|attachment| {
            let url = match &attachment.state {
                AttachmentState::Ready { file } => Some(drawing.url(*file)),
                _ => None,
            };
            AttachmentView {
                url,
                ..AttachmentView::from(attachment)
            }
        });
        let state = |read| if read { SentState::Read } else { SentState::Sent };
        Self {
            id: message.id.to_string(),
            from: message.side.into(),
            author_name: message.author_name,
            spans: content.spans.iter().map(SpanView::from).collect(),
            attachments: attachments.collect(),
            buttons: content
                .buttons
                .iter()
                .map(|row| row.iter().map(ButtonView::from).collect())
                .collect(),
            text: content.text,
            part: content.part.map(PartView::from),
            reply_to: message.quote.map(QuoteView::from),
            state: message.read.map(state),
            client_key: message.client_key,
            position: message.position,
            created_at: message.written_at.into(),
            edited_at: message.edited_at.map(Time),
            deleted_at: message.deleted_at.map(Time),
            // Being read is a change of its own for the visitor, though not of the row.
            version: message.version * 2 + u64::from(message.read == Some(true)),
        }
    }
}
