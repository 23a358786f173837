//! What Telegram sends, as far as it is read. Members that are not named here are skipped, as the platform asks.

use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// One piece of news. At most one member besides the id is present; kinds that are not named here are ignored.
#[derive(Debug, Deserialize)]
pub(super) struct Update<'a> {
    pub(super) update_id: i64,
    #[serde(borrow)]
    pub(super) message: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) edited_message: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) business_message: Option<&'a RawValue>,
    #[serde(borrow)]
    pub(super) edited_business_message: Option<&'a RawValue>,
    pub(super) deleted_business_messages: Option<DeletedBusinessMessages>,
    pub(super) business_connection: Option<BusinessConnection>,
    pub(super) callback_query: Option<CallbackQuery>,
    pub(super) pre_checkout_query: Option<PreCheckoutQuery>,
    pub(super) poll_answer: Option<PollAnswer>,
    pub(super) message_reaction: Option<MessageReaction>,
    pub(super) message_reaction_count: Option<MessageReactionCount>,
    pub(super) my_chat_member: Option<ChatMemberUpdated>,
}

#[derive(Debug, Deserialize)]
pub(super) struct User {
    pub(super) id: i64,
    #[serde(default)]
    pub(super) first_name: String,
    pub(super) last_name: Option<String>,
    pub(super) username: Option<String>,
    pub(super) language_code: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Chat {
    pub(super) id: i64,
    #[serde(rename = "type", default)]
    pub(super) kind: String,
    pub(super) title: Option<String>,
    pub(super) first_name: Option<String>,
    pub(super) last_name: Option<String>,
    pub(super) username: Option<String>,
    /// The people of a channel write to it here, each in a topic of their own.
    #[serde(default)]
    pub(super) is_direct_messages: bool,
}

impl Chat {
    /// A chat with one person: the chat's id is the person's.
    pub(super) fn is_private(&self) -> bool {
        self.kind == "private" || (self.kind.is_empty() && self.id > 0)
    }
}

/// The part of a channel's direct messages that belongs to one person.
#[derive(Debug, Deserialize)]
pub(super) struct DirectTopic {
    pub(super) topic_id: i64,
    pub(super) user: Option<User>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Message {
    pub(super) message_id: i64,
    /// Of a message that only one person and the bot see. It has no other number.
    pub(super) ephemeral_message_id: Option<i64>,
    pub(super) direct_messages_topic: Option<DirectTopic>,
    pub(super) message_thread_id: Option<i64>,
    #[serde(default)]
    pub(super) is_topic_message: bool,
    pub(super) from: Option<User>,
    pub(super) sender_chat: Option<Chat>,
    pub(super) sender_business_bot: Option<User>,
    pub(super) business_connection_id: Option<String>,
    /// Unix seconds; 0 for a message that the bot cannot see any more.
    #[serde(default)]
    pub(super) date: i64,
    pub(super) edit_date: Option<i64>,
    pub(super) chat: Chat,
    pub(super) forward_origin: Option<Origin>,
    /// How servers before version 7.0 of the protocol say where a message comes from.
    pub(super) forward_from: Option<User>,
    pub(super) forward_from_chat: Option<Chat>,
    pub(super) forward_sender_name: Option<String>,
    pub(super) forward_signature: Option<String>,
    /// Any message, and any content: both are read as far as they go.
    pub(super) reply_to_message: Option<Map<String, Value>>,
    pub(super) external_reply: Option<Map<String, Value>>,
    pub(super) quote: Option<Quote>,
    pub(super) reply_to_story: Option<Story>,
    pub(super) media_group_id: Option<String>,
    pub(super) text: Option<String>,
    #[serde(default)]
    pub(super) entities: Vec<Entity>,
    pub(super) caption: Option<String>,
    #[serde(default)]
    pub(super) caption_entities: Vec<Entity>,
    pub(super) photo: Option<Vec<PhotoSize>>,
    pub(super) document: Option<FileRef>,
    pub(super) animation: Option<FileRef>,
    pub(super) audio: Option<FileRef>,
    pub(super) voice: Option<FileRef>,
    pub(super) video: Option<FileRef>,
    pub(super) video_note: Option<FileRef>,
    pub(super) sticker: Option<Sticker>,
    pub(super) location: Option<Location>,
    pub(super) venue: Option<Venue>,
    pub(super) contact: Option<Contact>,
    pub(super) live_photo: Option<Value>,
    pub(super) rich_message: Option<Value>,
    pub(super) migrate_to_chat_id: Option<i64>,
    pub(super) migrate_from_chat_id: Option<i64>,
    pub(super) reply_markup: Option<ReplyMarkup>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Story {
    pub(super) chat: Option<Chat>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Quote {
    #[serde(default)]
    pub(super) text: String,
}

/// Where a forwarded message comes from. Which member is set depends on the kind of the source.
#[derive(Debug, Deserialize)]
pub(super) struct Origin {
    pub(super) sender_user: Option<User>,
    pub(super) sender_user_name: Option<String>,
    pub(super) sender_chat: Option<Chat>,
    pub(super) chat: Option<Chat>,
    pub(super) author_signature: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Entity {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) offset: u32,
    pub(super) length: u32,
    pub(super) url: Option<String>,
    /// Of a mention of somebody without a public name.
    pub(super) user: Option<Value>,
}

#[derive(Debug, Deserialize)]
pub(super) struct PhotoSize {
    pub(super) file_id: String,
    pub(super) file_unique_id: Option<String>,
    #[serde(default)]
    pub(super) width: u32,
    #[serde(default)]
    pub(super) height: u32,
    pub(super) file_size: Option<u64>,
}

/// A document, animation, audio, voice note, video or round video: they differ only in which members are set.
#[derive(Debug, Deserialize)]
pub(super) struct FileRef {
    pub(super) file_id: String,
    pub(super) file_unique_id: Option<String>,
    pub(super) file_name: Option<String>,
    pub(super) mime_type: Option<String>,
    pub(super) file_size: Option<u64>,
    pub(super) width: Option<u32>,
    pub(super) height: Option<u32>,
    /// Side of a round video.
    pub(super) length: Option<u32>,
    /// Seconds.
    pub(super) duration: Option<u64>,
    pub(super) performer: Option<String>,
    pub(super) title: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Sticker {
    pub(super) file_id: String,
    pub(super) file_unique_id: Option<String>,
    pub(super) width: Option<u32>,
    pub(super) height: Option<u32>,
    #[serde(default)]
    pub(super) is_animated: bool,
    #[serde(default)]
    pub(super) is_video: bool,
    pub(super) emoji: Option<String>,
    pub(super) file_size: Option<u64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Location {
    pub(super) latitude: f64,
    pub(super) longitude: f64,
    /// For how many seconds after the message it is kept up to date.
    pub(super) live_period: Option<i64>,
    /// Degrees, 1 to 360.
    pub(super) heading: Option<u16>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Venue {
    pub(super) location: Location,
    pub(super) title: Option<String>,
    pub(super) address: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Contact {
    pub(super) phone_number: String,
    #[serde(default)]
    pub(super) first_name: String,
    pub(super) last_name: Option<String>,
    pub(super) user_id: Option<i64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ReplyMarkup {
    #[serde(default)]
    pub(super) inline_keyboard: Vec<Vec<InlineButton>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct InlineButton {
    pub(super) text: String,
    pub(super) callback_data: Option<String>,
    pub(super) url: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct CallbackQuery {
    pub(super) id: String,
    pub(super) from: User,
    pub(super) message: Option<PressedMessage>,
    pub(super) data: Option<String>,
    pub(super) game_short_name: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct PreCheckoutQuery {
    pub(super) id: String,
    pub(super) from: User,
    /// What is paid, as in a message about the payment.
    #[serde(flatten)]
    pub(super) payment: Map<String, Value>,
}

#[derive(Debug, Deserialize)]
pub(super) struct PollAnswer {
    pub(super) user: Option<User>,
    #[serde(default)]
    pub(super) option_ids: Vec<u64>,
}

/// The message under which a button was pressed; all that is left of an old one.
#[derive(Debug, Deserialize)]
pub(super) struct PressedMessage {
    pub(super) message_id: i64,
    pub(super) chat: Chat,
    pub(super) business_connection_id: Option<String>,
    pub(super) message_thread_id: Option<i64>,
    #[serde(default)]
    pub(super) is_topic_message: bool,
    pub(super) direct_messages_topic: Option<DirectTopic>,
    pub(super) reply_markup: Option<ReplyMarkup>,
}

#[derive(Debug, Deserialize)]
pub(super) struct MessageReactionCount {
    pub(super) chat: Chat,
    pub(super) message_id: i64,
    #[serde(default)]
    pub(super) reactions: Vec<ReactionCount>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ReactionCount {
    #[serde(rename = "type")]
    pub(super) reaction: ReactionType,
    pub(super) total_count: u32,
}

#[derive(Debug, Deserialize)]
pub(super) struct MessageReaction {
    pub(super) chat: Chat,
    pub(super) message_id: i64,
    pub(super) user: Option<User>,
    /// Who reacted in the name of a chat: an anonymous administrator, a channel.
    pub(super) actor_chat: Option<Chat>,
    #[serde(default)]
    pub(super) new_reaction: Vec<ReactionType>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ReactionType {
    #[serde(rename = "type", default)]
    pub(super) kind: String,
    pub(super) emoji: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ChatMemberUpdated {
    pub(super) chat: Chat,
    pub(super) from: Option<User>,
    pub(super) date: i64,
    pub(super) new_chat_member: ChatMember,
}

#[derive(Debug, Deserialize)]
pub(super) struct ChatMember {
    pub(super) status: String,
    /// Of a restricted member: whether it is still in the chat.
    pub(super) is_member: Option<bool>,
}

#[derive(Debug, Deserialize)]
pub(super) struct DeletedBusinessMessages {
    pub(super) business_connection_id: String,
    pub(super) chat: Chat,
    pub(super) message_ids: Vec<i64>,
}

#[derive(Debug, Deserialize)]
pub(super) struct BusinessConnection {
    pub(super) id: String,
    pub(super) user: User,
    pub(super) user_chat_id: i64,
    pub(super) date: i64,
    #[serde(default)]
    pub(super) is_enabled: bool,
    pub(super) rights: Option<BusinessRights>,
    /// How servers before version 9.0 of the protocol say it.
    pub(super) can_reply: Option<bool>,
}

#[derive(Debug, Deserialize)]
pub(super) struct BusinessRights {
    #[serde(default)]
    pub(super) can_reply: bool,
}
