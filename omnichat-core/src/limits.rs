//! How much of everything is taken in and kept. Every way in keeps to these numbers: who can mend what it asks (an operator, an
//! API) is refused with the field's name; of what a platform brings the rest is cut off, since a message must not be lost.
//!
//! Lengths are in characters where nothing else is said. `docs/API.md` has them in one table.

/// Longest text of a message, in UTF-16 code units; a channel or a note may allow less.
pub const TEXT: usize = 30_000;
/// Most styles of a text.
pub const SPANS: usize = 500;
/// Most files of a message.
pub const ATTACHMENTS: usize = 20;
/// Most buttons under a message.
pub const BUTTONS: usize = 100;
/// Longest label of a button.
pub const LABEL: usize = 64;
/// Longest data of a button, in bytes.
pub const DATA: usize = 4_096;
/// Most facts of a notice, such as the options of a poll.
pub const FACTS: usize = 200;
/// Most reactions of one side to a message.
pub const REACTIONS: usize = 50;
/// Longest reaction.
pub const EMOJI: usize = 64;
/// Most messages that one event deletes. What a platform tells of more is applied in parts.
pub const DELETED: usize = 1_000;
/// Longest id that a platform gives to a chat, a message or an album, in bytes.
pub const ID: usize = 1_000;
/// Longest name: of a person, a file's owner, a place.
pub const NAME: usize = 200;
/// Longest sentence: a reason, a quotation, a postal address.
pub const SENTENCE: usize = 1_000;
/// Longest name of a file.
pub const FILE_NAME: usize = 255;
/// Longest MIME type and longest language tag.
pub const TYPE: usize = 127;
/// Longest e-mail address, in bytes.
pub const EMAIL: usize = 320;
/// Longest phone number.
pub const PHONE: usize = 50;
/// Longest address of a link, in bytes.
pub const ADDRESS: usize = 2_048;
/// All addresses of one message together, in bytes.
pub const ADDRESSES: usize = 32 * 1_024;
/// Longest handle of a file at a platform, in bytes.
pub const HANDLE: usize = 4_096;
/// Most attributes of a customer.
pub const ATTRIBUTES: usize = 100;
/// Most attributes of a conversation, which is found by each of them.
pub const CONVERSATION_ATTRIBUTES: usize = 30;
/// Most tags of a conversation or a customer.
pub const TAGS: usize = 30;
/// Longest tag.
pub const TAG: usize = 50;
/// Longest name of an attribute.
pub const ATTRIBUTE_NAME: usize = 100;
/// Longest value of an attribute.
pub const ATTRIBUTE_VALUE: usize = 2_000;
/// All attributes of a customer together, in bytes.
pub const ATTRIBUTES_BYTES: usize = 64 * 1_024;
/// Most pieces of addressing data that a channel keeps with a chat.
pub const ROUTE: usize = 20;
/// Most facts of what a chat is about.
pub const CONTEXT: usize = 20;
/// Most further ids of a person that a platform vouches for.
pub const ALSO: usize = 10;
/// Most different accounts of which one webhook of an app speaks.
pub const WEBHOOK_ACCOUNTS: usize = 1_000;
/// Longest id of an app, which is part of its webhook address.
pub const APP: usize = 128;
/// Deepest document: settings, the arguments and the answers of tools; lists and objects in each other.
pub const DEPTH: usize = 64;
/// A conversation sleeps no longer than this many days.
pub const SNOOZE_DAYS: u64 = 366;
/// Shortest text that is searched for: shorter ones are in too many names for an index to help.
pub const SEARCH_MIN: usize = 3;
