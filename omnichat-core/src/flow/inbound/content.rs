//! What a message says: from the words of a channel to what is kept, and what an edit leaves as it was.

use crate::channel::inbound::{AttachmentSource, Original};
use crate::channel::{Inbound, InboundAttachment, InboundMessage};
use crate::error::Result;
use crate::id::AttachmentId;
use crate::inboxes::accounts::Account;
use crate::messages::{
    Attachment, AttachmentState, Content, Live, NoticeKind, Part, ReplyTo, excerpt, preview,
};
use crate::ports::Ports;

/// As much as is kept of a message that is not known here, in characters.
const ORIGINAL_MAX: usize = 1_000;

/// The content of a message. One in which there is nothing to be seen says so.
pub(super) fn content(ports: &Ports, inbound: &InboundMessage) -> Content {
    let mut content = Content {
        text: inbound.text.replace('\0', ""),
        spans: inbound.spans.clone(),
        attachments: inbound.attachments.iter().map(|a| attachment(ports, a)).collect(),
        buttons: inbound.buttons.clone(),
        part: inbound.part.clone(),
    };
    if content.attachments.is_empty() && content.part.is_none() && content.text.chars().all(is_blank) {
        content.part = Some(Part::Notice {
            kind: NoticeKind::Empty,
            title: String::new(),
            facts: Vec::new(),
        });
    }
    content
}

/// Whether a character shows nothing: blanks, joiners and marks of direction, and the letters that are blank by design.
fn is_blank(char: char) -> bool {
    char.is_whitespace()
        || char.is_control()
        || matches!(char,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}')
}

fn attachment(ports: &Ports, inbound: &InboundAttachment) -> Attachment {
    Attachment {
        id: AttachmentId::generate(&*ports.clock),
        kind: inbound.kind,
        name: inbound.name.clone(),
        content_type: inbound.content_type.clone(),
        size: inbound.size,
        width: inbound.width,
        height: inbound.height,
        duration_ms: inbound.duration_ms,
        identity: inbound.identity.clone(),
        state: match &inbound.source {
            AttachmentSource::Remote(remote) => AttachmentState::Pending {
                remote: remote.clone(),
            },
            AttachmentSource::Stored(file) => AttachmentState::Ready { file: *file },
            AttachmentSource::Missing(reason) => AttachmentState::Failed {
                reason: reason.clone(),
                remote: None,
            },
        },
    }
}

/// What a message has after an edit: files that stay are not fetched again, and buttons that the platform does not repeat
/// stay. A place that moved and then is told without a time was ended.
pub(super) fn edited(mut next: Content, before: &Content) -> Content {
    let mut known: Vec<&Attachment> = before.attachments.iter().collect();
    for file in &mut next.attachments {
        if let Some(at) = known.iter().position(|one| is_same_file(one, file)) {
            *file = known.remove(at).clone();
        }
    }
    if next.buttons.is_empty() {
        next.buttons.clone_from(&before.buttons);
    }
    if let (
        Some(Part::Location { live: Some(was), .. }),
        Some(Part::Location {
            live: live @ None, ..
        }),
    ) = (&before.part, &mut next.part)
    {
        *live = Some(Live {
            ended: true,
            ..was.clone()
        });
    }
    next
}

/// Whether only a shared place has moved or ended: that is no other text, and thousands of them may come for one message.
pub(super) fn only_moved(next: &Content, before: &Content) -> bool {
    let is_live = |content: &Content| matches!(content.part, Some(Part::Location { live: Some(_), .. }));
    is_live(before)
        && is_live(next)
        && Content {
            part: None,
            ..next.clone()
        } == Content {
            part: None,
            ..before.clone()
        }
}

fn is_same_file(a: &Attachment, b: &Attachment) -> bool {
    if a.kind != b.kind {
        return false;
    }
    if let (Some(a), Some(b)) = (&a.identity, &b.identity) {
        return a == b;
    }
    let same = |a: Option<u64>, b: Option<u64>| a.is_none() || b.is_none() || a == b;
    a.name == b.name
        && same(a.size, b.size)
        && same(a.duration_ms, b.duration_ms)
        && same(a.width.map(u64::from), b.width.map(u64::from))
        && same(a.height.map(u64::from), b.height.map(u64::from))
}

/// What a message answers to: the message as it is known here, else what the platform tells of it.
pub(super) async fn reply_to(
    ports: &Ports,
    account: &Account,
    event: &Inbound,
    inbound: &InboundMessage,
) -> Result<Option<ReplyTo>> {
    if inbound.reply_to.is_none() && inbound.quote.is_none() && inbound.original.is_none() {
        return Ok(None);
    }
    let store = ports.tenant(account.inbox.tenant);
    let known = match &inbound.reply_to {
        Some(external_id) => {
            store
                .find_message_by_external_id(account.inbox.id, &event.chat.id, external_id)
                .await?
        }
        None => None,
    };
    let told = inbound.original.clone().unwrap_or_default();
    let quote = inbound.quote.as_deref().filter(|quote| !quote.trim().is_empty());
    let reply = match known {
        Some(known) => ReplyTo {
            message: Some(known.id),
            external_id: inbound.reply_to.clone(),
            author_name: known.author.name().to_owned(),
            preview: quote.map_or_else(|| known.content.preview(), preview),
            kind: known.content.kind().to_owned(),
        },
        None => foreign(inbound.reply_to.clone(), quote, &told),
    };
    Ok(Some(reply))
}

/// A message that is not known here.
fn foreign(external_id: Option<String>, quote: Option<&str>, told: &Original) -> ReplyTo {
    ReplyTo {
        message: None,
        external_id,
        author_name: excerpt(&told.author_name, ORIGINAL_MAX),
        preview: excerpt(quote.unwrap_or(&told.text), ORIGINAL_MAX),
        kind: told.kind.clone(),
    }
}
