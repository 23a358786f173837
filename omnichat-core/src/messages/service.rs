//! What operators say, edit and delete.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::build::next_position;
use super::checks::{NOTE_MAX, check_capabilities, check_content, check_key, check_window, too_long};
use super::content::{Attachment, AttachmentState, Button, Content, Part, Span};
use super::model::{Author, DeliveryState, Direction, Message, ReplyTo, Revision};
use crate::actor::{Actor, Permission};
use crate::change::{Changes, Row, unique};
use crate::channel::Capabilities;
use crate::conversations::{Conversation, RoutingDecision, Status, may_see};
use crate::error::{Error, ErrorKind, Result};
use crate::event::Event;
use crate::files::File;
use crate::id::{AttachmentId, ConversationId, FileId, MessageId};
use crate::job::kinds;
use crate::page::{Page, PageRequest};
use crate::ports::Ports;

/// How often a change is planned anew when others write to the same conversation.
const TRIES: u32 = 12;

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

/// Reads and writes messages for an actor.
#[derive(Clone, Debug)]
pub struct MessageService {
    ports: Arc<Ports>,
}

impl MessageService {
    /// A service over an engine's ports.
    pub fn new(ports: Arc<Ports>) -> Self {
        Self { ports }
    }

    /// A page of a conversation's messages, newest first.
    pub async fn list(
        &self,
        actor: &Actor,
        conversation: ConversationId,
        page: PageRequest,
    ) -> Result<Page<Message>> {
        self.conversation(actor, conversation).await?;
        self.ports
            .tenant(actor.tenant)
            .list_messages(conversation, &page)
            .await
    }

    /// A message that the actor may see.
    pub async fn get(&self, actor: &Actor, id: MessageId) -> Result<Message> {
        self.with_conversation(actor, id)
            .await
            .map(|(message, _)| message)
    }

    /// Earlier texts of a message, oldest first.
    pub async fn revisions(&self, actor: &Actor, id: MessageId) -> Result<Vec<Revision>> {
        self.get(actor, id).await?;
        self.ports.tenant(actor.tenant).list_revisions(id).await
    }

    /// Takes a message: once it returns, the message is stored and will be sent, once.
    ///
    /// # Errors
    /// `Invalid` for what the channel cannot carry, `Rejected` for a conversation that cannot be answered, `Duplicate` for a
    /// client key that came with another message.
    pub async fn send(&self, actor: &Actor, id: ConversationId, new: NewMessage) -> Result<Sent> {
        actor.require(match new.audience {
            Audience::Customer => Permission::MessagesSend,
            Audience::Colleagues => Permission::MessagesNote,
        })?;
        let me = actor.require_operator()?;
        let author = Author::Operator {
            id: me,
            name: actor.name().to_owned(),
        };
        let digest = digest(&new);
        check_key(&new.client_key)?;
        let mut tries = 0;
        loop {
            tries += 1;
            let conversation = self.conversation(actor, id).await?;
            let store = self.ports.tenant(actor.tenant);
            if let Some(message) = store.find_message_by_client_key(id, &new.client_key).await? {
                return repeated(message, &digest);
            }
            let (changes, message) = self.plan(actor, conversation, &new, &author, &digest).await?;
            match self.ports.commit(changes).await {
                Ok(_) => {
                    return Ok(Sent {
                        message,
                        repeated: false,
                    });
                }
                Err(error) if tries >= TRIES => return Err(error),
                Err(error)
                    if error.kind() == ErrorKind::Conflict
                        || error.context_value("unique") == Some(unique::MESSAGE_CLIENT_KEY) => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Everything that sending a message writes.
    async fn plan(
        &self,
        actor: &Actor,
        mut conversation: Conversation,
        new: &NewMessage,
        author: &Author,
        digest: &str,
    ) -> Result<(Changes, Message)> {
        let ports = &*self.ports;
        let now = ports.now();
        let mut changes = Changes::new(actor.tenant);
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
        for file in &new.files {
            let file = self.claim_file(actor, &conversation, *file).await?;
            content.attachments.push(attachment(ports, &file));
            if file.version > 1 {
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
        let message = Message {
            id: MessageId::generate(&*ports.clock),
            tenant: actor.tenant,
            conversation: conversation.id,
            inbox: conversation.inbox,
            peer: conversation.peer.clone(),
            direction: if to_customer {
                Direction::Out
            } else {
                Direction::Note
            },
            author: author.clone(),
            content,
            reply_to,
            forwarded_from: None,
            group: None,
            external_id: None,
            more_external_ids: Vec::new(),
            client_key: Some(new.client_key.clone()),
            client_digest: Some(digest.to_owned()),
            state: to_customer.then_some(if local {
                DeliveryState::Sent
            } else {
                DeliveryState::Queued
            }),
            failure: None,
            reactions: Vec::new(),
            position: next_position(&conversation, now),
            created_at: now,
            platform_at: None,
            edited_at: None,
            deleted_at: None,
            revisions: 0,
            version: 1,
        };
        if to_customer {
            answered(&mut conversation, actor, now);
            if !local {
                let job = kinds::outgoing(
                    &*ports.clock,
                    actor.tenant,
                    kinds::SEND,
                    conversation.id,
                    message.id,
                );
                changes.job(job);
            }
        }
        conversation.note_message(&message, now);
        conversation.bump();
        changes
            .put(Row::Conversation(conversation.clone()))
            .put(Row::Message(message.clone()));
        changes.event(Event::MessageCreated {
            conversation,
            message: message.clone(),
        });
        Ok((changes, message))
    }

    /// Gives a message another text; the earlier one is kept.
    pub async fn edit(&self, actor: &Actor, id: MessageId, text: &str, spans: Vec<Span>) -> Result<Message> {
        actor.require(Permission::MessagesEditOwn)?;
        self.change(actor, id, |message, capabilities| {
            check_author(actor, message)?;
            let mut content = message.content.clone();
            text.trim_end().replace('\0', "").clone_into(&mut content.text);
            content.spans.clone_from(&spans);
            if content == message.content {
                return Ok(None);
            }
            check_content(&content)?;
            let mut job = None;
            if let Some(capabilities) = capabilities {
                check_capabilities(&content, capabilities)?;
                job = change_job(
                    message,
                    capabilities.local || capabilities.edit,
                    capabilities.local,
                    kinds::EDIT,
                )?;
            } else if content.text_units() > NOTE_MAX {
                return Err(too_long(NOTE_MAX));
            }
            let mut next = message.clone();
            next.content = content;
            next.edited_at = Some(self.ports.now());
            Ok(Some((next, job)))
        })
        .await
    }

    /// Deletes a message; what was said is kept as a revision.
    pub async fn delete(&self, actor: &Actor, id: MessageId) -> Result<Message> {
        let now = self.ports.now();
        self.change(actor, id, |message, capabilities| {
            if message.deleted_at.is_some() {
                return Ok(None);
            }
            match &message.author {
                Author::Operator { id, .. } if Some(*id) == actor.operator_id() => {
                    actor.require(Permission::MessagesDeleteOwn)?;
                }
                _ => actor.require(Permission::MessagesDeleteAny)?,
            }
            let mut job = None;
            match (message.direction, capabilities) {
                (Direction::System, _) => {
                    return Err(Error::new(
                        ErrorKind::Rejected,
                        "entries of the time line cannot be deleted",
                    ));
                }
                (Direction::Out, Some(capabilities)) => {
                    job = change_job(
                        message,
                        capabilities.local || capabilities.delete,
                        capabilities.local,
                        kinds::DELETE,
                    )?;
                    let late = capabilities.delete_window_hours.is_some_and(|hours| {
                        now.since(message.created_at).as_secs() > u64::from(hours) * 3_600
                    });
                    if late && job.is_some() {
                        return Err(Error::new(
                            ErrorKind::Rejected,
                            "it is too late to delete this at the customer's",
                        ));
                    }
                }
                _ => {}
            }
            let mut next = message.clone();
            next.content = Content::default();
            next.deleted_at = Some(now);
            Ok(Some((next, job)))
        })
        .await
    }

    /// Queues a failed or uncertain message again.
    pub async fn retry(&self, actor: &Actor, id: MessageId) -> Result<Message> {
        actor.require(Permission::MessagesSend)?;
        let mut tries = 0;
        loop {
            tries += 1;
            let (mut message, mut conversation) = self.with_conversation(actor, id).await?;
            match message.state {
                Some(DeliveryState::Queued) => return Ok(message),
                Some(DeliveryState::Failed | DeliveryState::Uncertain) if message.deleted_at.is_none() => {}
                _ => {
                    return Err(Error::new(
                        ErrorKind::Rejected,
                        "only a message that failed can be sent again",
                    ));
                }
            }
            let mut changes = Changes::new(actor.tenant);
            message.state = Some(DeliveryState::Queued);
            message.failure = None;
            message.version += 1;
            let job = kinds::outgoing(
                &*self.ports.clock,
                actor.tenant,
                kinds::SEND,
                conversation.id,
                message.id,
            );
            changes.job(job).put(Row::Message(message.clone()));
            let shown = conversation.shows(&message);
            if shown {
                conversation.note_preview(&message);
                conversation.bump();
                changes.put(Row::Conversation(conversation.clone()));
            }
            let conversation = shown.then_some(conversation);
            changes.event(Event::MessageUpdated {
                message: message.clone(),
                conversation,
            });
            match self.ports.commit(changes).await {
                Ok(_) => return Ok(message),
                Err(error) if error.kind() == ErrorKind::Conflict && tries < TRIES => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Changes a message's content, keeping the earlier one. The plan says nothing to change with `None`, and which job
    /// takes the change to the customer.
    async fn change(
        &self,
        actor: &Actor,
        id: MessageId,
        plan: impl Fn(&Message, Option<&Capabilities>) -> Result<Option<(Message, Option<&'static str>)>>,
    ) -> Result<Message> {
        let mut tries = 0;
        loop {
            tries += 1;
            let (before, mut conversation) = self.with_conversation(actor, id).await?;
            let capabilities = match before.direction {
                Direction::Out => Some(self.capabilities(&conversation).await?),
                _ => None,
            };
            let Some((mut message, job)) = plan(&before, capabilities.as_ref())? else {
                return Ok(before);
            };
            message.revisions += 1;
            message.version += 1;
            let mut changes = Changes::new(actor.tenant);
            changes.put(Row::Revision(Revision {
                tenant: actor.tenant,
                message: id,
                number: message.revisions,
                content: before.content,
                replaced_at: self.ports.now(),
                replaced_by: match actor.operator_id() {
                    Some(id) => Author::Operator {
                        id,
                        name: actor.name().to_owned(),
                    },
                    None => Author::System,
                },
                deleted: message.deleted_at.is_some(),
            }));
            if let Some(kind) = job {
                changes.job(kinds::outgoing(
                    &*self.ports.clock,
                    actor.tenant,
                    kind,
                    conversation.id,
                    id,
                ));
            }
            let shown = conversation.shows(&message);
            if shown {
                conversation.note_preview(&message);
                conversation.bump();
                changes.put(Row::Conversation(conversation.clone()));
            }
            changes.put(Row::Message(message.clone()));
            let conversation = shown.then_some(conversation);
            changes.event(Event::MessageUpdated {
                message: message.clone(),
                conversation,
            });
            match self.ports.commit(changes).await {
                Ok(_) => return Ok(message),
                Err(error) if error.kind() == ErrorKind::Conflict && tries < TRIES => {}
                Err(error) => return Err(error),
            }
        }
    }

    async fn conversation(&self, actor: &Actor, id: ConversationId) -> Result<Conversation> {
        let found = self.ports.tenant(actor.tenant).find_conversation(id).await?;
        found
            .filter(|c| may_see(actor, c))
            .ok_or_else(|| Error::not_found("conversation"))
    }

    async fn with_conversation(&self, actor: &Actor, id: MessageId) -> Result<(Message, Conversation)> {
        let found = self.ports.tenant(actor.tenant).find_message(id).await?;
        let message = found.ok_or_else(|| Error::not_found("message"))?;
        match self.conversation(actor, message.conversation).await {
            Ok(conversation) => Ok((message, conversation)),
            Err(error) if error.kind() == ErrorKind::NotFound => Err(Error::not_found("message")),
            Err(error) => Err(error),
        }
    }

    async fn capabilities(&self, conversation: &Conversation) -> Result<Capabilities> {
        let ports = &*self.ports;
        let account = ports
            .accounts
            .get(
                &*ports.store,
                &ports.channels,
                &ports.vault,
                &*ports.clock,
                conversation.inbox,
            )
            .await
            .map_err(|error| match error.kind() {
                ErrorKind::NotFound => {
                    Error::new(ErrorKind::Rejected, "the inbox of this conversation was removed")
                }
                _ => error,
            })?;
        if !account.inbox.enabled {
            return Err(Error::new(
                ErrorKind::Rejected,
                "the inbox of this conversation is switched off",
            ));
        }
        Ok(account.channel.capabilities().clone())
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
            None if actor
                .operator_id()
                .is_some_and(|me| file.uploaded_by == me.to_string()) =>
            {
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

/// What answering does to a conversation: it is read, it is open, and it is somebody's.
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
        conversation.assignee = Some(me);
        conversation.participants.retain(|p| *p != me);
        conversation.routing = Some(RoutingDecision {
            strategy: "taken".to_owned(),
            reason: "answered first".to_owned(),
            at: now,
        });
    }
}

/// The job that takes a change of a sent message to the customer; none if it has not been sent yet or the channel is local.
fn change_job(
    message: &Message,
    able: bool,
    local: bool,
    kind: &'static str,
) -> Result<Option<&'static str>> {
    let on_its_way = matches!(message.state, Some(DeliveryState::Queued | DeliveryState::Failed));
    if !able && !on_its_way {
        return Err(Error::new(
            ErrorKind::Rejected,
            "this channel cannot change what was sent",
        ));
    }
    Ok((!local && !on_its_way).then_some(kind))
}

fn check_author(actor: &Actor, message: &Message) -> Result<()> {
    match &message.author {
        Author::Operator { id, .. } if Some(*id) == actor.operator_id() => {}
        _ => return Err(Error::forbidden("only one's own messages can be edited")),
    }
    if message.deleted_at.is_some() {
        return Err(Error::new(
            ErrorKind::Rejected,
            "a deleted message cannot be edited",
        ));
    }
    Ok(())
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
