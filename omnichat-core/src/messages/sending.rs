//! Taking a message of an operator or a program.

use std::collections::BTreeSet;

use sha2::{Digest, Sha256};

use super::build::written;
use super::checks::{NOTE_MAX, check_capabilities, check_content, check_key, check_window, too_long};
use super::content::{Attachment, AttachmentState, Button, Content, Part, Span};
use super::model::{Author, DeliveryState, Direction, Message, ReplyTo};
use super::service::MessageService;
use crate::actor::{Actor, Permission};
use crate::change::{Changes, Row, unique};
use crate::conversations::{Conversation, Status};
use crate::error::{Error, ErrorKind, Result};
use crate::files::File;
use crate::id::{AttachmentId, ConversationId, FileId, MessageId};
use crate::job::kinds;
use crate::ports::Ports;

/// Who is to read a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// The customer.
    Customer,
    /// Colleagues only.
    Colleagues,
}

/// The input for a message.
#[derive(Clone, Debug)]
pub struct NewMessage {
    /// The sender's key, 8 to 64 characters: the same key again is the same message.
    pub client_key: String,
    /// Who is to read it.
    pub audience: Audience,
    /// The text.
    pub text: String,
    /// Its styles.
    pub spans: Vec<Span>,
    /// Uploaded files.
    pub files: Vec<FileId>,
    /// Rows of buttons.
    pub buttons: Vec<Vec<Button>>,
    /// The message that it answers to.
    pub reply_to: Option<MessageId>,
    /// A place or a card.
    pub part: Option<Part>,
}

/// A message that was taken for sending.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The message.
    pub message: Message,
    /// It had been taken before, with the same key.
    pub repeated: bool,
}

impl MessageService {
    /// Takes a message: once it returns, the message is stored and will be sent, once.
    ///
    /// # Errors
    /// `Invalid` for what the channel cannot carry, `Rejected` for a conversation that cannot be answered, `Duplicate` for a
    /// client key that came with another message.
    pub async fn send(&self, actor: &Actor, id: ConversationId, new: NewMessage) -> Result<Sent> {
        actor.require(match new.audience {
            Audience::Customer => Permission::MESSAGES_SEND,
            Audience::Colleagues => Permission::MESSAGES_NOTE,
        })?;
        let author = Author::require(actor)?;
        let digest = digest(&new);
        check_key(&new.client_key)?;
        let store = self.ports.tenant(actor.tenant);
        let seen = self.conversation(actor, id).await?;
        let mut attempts = self.ports.writers.attempts_at(seen);
        loop {
            let mut turn = attempts.turn(&self.ports).await;
            let conversation = self.conversation_in(&mut turn, actor, id).await?;
            if let Some(message) = store.find_message_by_client_key(id, &new.client_key).await? {
                return repeated(message, &digest);
            }
            let (changes, message) = self.plan(actor, conversation, &new, &author, &digest).await?;
            match self.ports.commit_in(turn, changes).await {
                Ok(_) => {
                    return Ok(Sent {
                        message,
                        repeated: false,
                    });
                }
                // The same request at the same time: the next look finds its message.
                Err(error) if error.context_value("unique") == Some(unique::MESSAGE_CLIENT_KEY) => {}
                Err(error) => attempts.again(error)?,
            }
        }
    }

    /// Everything that sending a message writes.
    async fn plan(
        &self,
        actor: &Actor,
        before: Conversation,
        new: &NewMessage,
        author: &Author,
        digest: &str,
    ) -> Result<(Changes, Message)> {
        let ports = &*self.ports;
        let now = ports.now();
        let mut conversation = before.clone();
        let mut changes = Changes::by(actor);
        let to_customer = new.audience == Audience::Customer;
        let capabilities = match to_customer {
            true => Some(self.capabilities(&conversation).await?),
            false => None,
        };
        let mut content = Content {
            text: new.text.replace('\0', "").trim_end().to_owned(),
            spans: new.spans.clone(),
            attachments: Vec::new(),
            buttons: new.buttons.clone(),
            part: new.part.clone(),
        };
        let mut claimed = BTreeSet::new();
        for file in &new.files {
            let file = self.claim_file(actor, &conversation, *file).await?;
            content.attachments.push(attachment(ports, &file));
            // The same file may be there twice.
            if file.version > 1 && claimed.insert(file.id) {
                changes.put(Row::File(file));
            }
        }
        check_content(&content)?;
        if let Some(capabilities) = &capabilities {
            check_capabilities(&content, capabilities)?;
            check_window(&conversation, capabilities, now)?;
        } else if content.text_units() > NOTE_MAX {
            return Err(too_long(NOTE_MAX));
        }
        let reply_to = match new.reply_to {
            Some(id) => Some(self.reply_to(actor, conversation.id, id).await?),
            None => None,
        };
        let local = capabilities.as_ref().is_some_and(|c| c.local);
        let direction = match to_customer {
            true => Direction::Out,
            false => Direction::Note,
        };
        let message = Message {
            reply_to,
            client_key: Some(new.client_key.clone()),
            client_digest: Some(digest.to_owned()),
            state: to_customer.then_some(match local {
                true => DeliveryState::Sent,
                false => DeliveryState::Queued,
            }),
            ..written(
                &*ports.clock,
                &conversation,
                direction,
                author.clone(),
                content,
                now,
            )
        };
        if to_customer {
            answered(&mut conversation, actor, now);
            if !local {
                let job = kinds::outgoing(&*ports.clock, kinds::SEND, &message);
                changes.job(job);
            }
        }
        conversation.note_message(&message, now);
        changes.save_with(Some(&before), conversation, message.clone());
        Ok((changes, message))
    }

    /// A file that the actor uploaded, or that is in this conversation already; bound to the conversation, with a version
    /// above 1 if that has to be written.
    async fn claim_file(&self, actor: &Actor, conversation: &Conversation, id: FileId) -> Result<File> {
        let unknown =
            || Error::invalid_field("file_ids", "unknown", "there is no such file; upload it again");
        let mut file = self
            .ports
            .tenant(actor.tenant)
            .find_file(id)
            .await?
            .ok_or_else(unknown)?;
        match file.conversation {
            Some(bound) if bound == conversation.id => {
                file.version = 1;
                Ok(file)
            }
            Some(_) => Err(unknown()),
            None if actor.own_id().is_some_and(|me| file.uploaded_by == me) => {
                file.conversation = Some(conversation.id);
                file.version += 1;
                Ok(file)
            }
            None => Err(unknown()),
        }
    }

    async fn reply_to(&self, actor: &Actor, conversation: ConversationId, id: MessageId) -> Result<ReplyTo> {
        let found = self.ports.tenant(actor.tenant).find_message(id).await?;
        let original = found
            .filter(|m| m.conversation == conversation && m.direction != Direction::System)
            .ok_or_else(|| Error::invalid_field("reply_to", "unknown", "there is no such message here"))?;
        Ok(ReplyTo {
            message: Some(id),
            external_id: original.external_id.clone(),
            author_name: original.author.name().to_owned(),
            preview: original.content.preview(),
            kind: original.content.kind().to_owned(),
        })
    }
}

fn repeated(message: Message, digest: &str) -> Result<Sent> {
    if message.client_digest.as_deref() == Some(digest) {
        Ok(Sent {
            message,
            repeated: true,
        })
    } else {
        Err(Error::new(
            ErrorKind::Duplicate,
            "this client key was used for another message",
        ))
    }
}

/// What answering does to a conversation: it is read, it is open, and it is somebody's. A program's answer leaves it with
/// whoever has it: a program takes no conversations.
fn answered(conversation: &mut Conversation, actor: &Actor, now: crate::clock::Timestamp) {
    conversation.unread_count = 0;
    if matches!(
        conversation.status,
        Status::New | Status::Resolved | Status::Snoozed | Status::Pending
    ) {
        conversation.move_to(Status::Open, now);
    }
    if conversation.assignee.is_none()
        && let Some(me) = actor.operator_id()
    {
        conversation.assign(Some(me), "taken", "answered first".to_owned(), now);
    }
}

fn attachment(ports: &Ports, file: &File) -> Attachment {
    Attachment {
        id: AttachmentId::generate(&*ports.clock),
        kind: file.kind,
        name: file.name.clone(),
        content_type: file.content_type.clone(),
        size: Some(file.size),
        width: file.width,
        height: file.height,
        duration_ms: file.duration_ms,
        identity: None,
        state: AttachmentState::Ready { file: file.id },
    }
}

/// Digest of what a client key stands for.
fn digest(new: &NewMessage) -> String {
    let mut hasher = Sha256::new();
    let parts = (
        new.audience == Audience::Customer,
        &new.text,
        &new.spans,
        &new.files,
        &new.buttons,
        &new.reply_to,
        &new.part,
    );
    // Plain data with string keys: it can always be written.
    hasher.update(serde_json::to_vec(&parts).unwrap_or_default());
    hex::encode(&hasher.finalize()[..16])
}
