//! Editing, deleting and sending again.

use super::checks::{NOTE_MAX, check_capabilities, check_content, too_long};
use super::content::{Content, Span};
use super::model::{Author, DeliveryState, Direction, Message, Revision};
use super::service::MessageService;
use crate::actor::{Actor, Permission};
use crate::change::{Changes, Row};
use crate::channel::Capabilities;
use crate::error::{Error, ErrorKind, Result};
use crate::id::MessageId;
use crate::job::kinds;

impl MessageService {
    /// Gives a message another text; the earlier one is kept.
    pub async fn edit(&self, actor: &Actor, id: MessageId, text: &str, spans: Vec<Span>) -> Result<Message> {
        actor.require(Permission::MESSAGES_EDIT_OWN)?;
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
            actor.require(match message.author.is(actor) {
                true => Permission::MESSAGES_DELETE_OWN,
                false => Permission::MESSAGES_DELETE_ANY,
            })?;
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

    /// Queues a failed or uncertain message again. One that is queued stays so, and gets a job if it should have lost its own.
    pub async fn retry(&self, actor: &Actor, id: MessageId) -> Result<Message> {
        actor.require(Permission::MESSAGES_SEND)?;
        let (_, seen) = self.with_conversation(actor, id).await?;
        let mut attempts = self.ports.writers.attempts_at(seen);
        loop {
            let mut turn = attempts.turn(&self.ports).await;
            let (before, conversation) = self.in_turn(&mut turn, actor, id).await?;
            match before.state {
                Some(DeliveryState::Queued) => {
                    // Behind one that is there still, this one finds the message sent, and ends.
                    let job = kinds::outgoing(&*self.ports.clock, kinds::SEND, &before);
                    let mut changes = Changes::by(actor);
                    changes.job(job.unique(format!("send/{id}")));
                    match self.ports.commit_in(turn, changes).await {
                        Ok(_) => return Ok(before),
                        Err(error) => attempts.again(error)?,
                    }
                    continue;
                }
                Some(DeliveryState::Failed | DeliveryState::Uncertain) if before.deleted_at.is_none() => {}
                _ => {
                    return Err(Error::new(
                        ErrorKind::Rejected,
                        "only a message that failed can be sent again",
                    ));
                }
            }
            let mut changes = Changes::by(actor);
            let queued = Message {
                state: Some(DeliveryState::Queued),
                failure: None,
                ..before.clone()
            };
            changes.job(kinds::outgoing(&*self.ports.clock, kinds::SEND, &queued));
            let beside = Some((&conversation, conversation.clone()));
            let (message, _) = changes.save_message(&before, queued, beside);
            match self.ports.commit_in(turn, changes).await {
                Ok(_) => return Ok(message),
                Err(error) => attempts.again(error)?,
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
        let (_, seen) = self.with_conversation(actor, id).await?;
        let mut attempts = self.ports.writers.attempts_at(seen);
        loop {
            let mut turn = attempts.turn(&self.ports).await;
            let (before, conversation) = self.in_turn(&mut turn, actor, id).await?;
            let capabilities = match before.direction {
                Direction::Out => Some(self.capabilities(&conversation).await?),
                _ => None,
            };
            let Some((mut message, job)) = plan(&before, capabilities.as_ref())? else {
                return Ok(before);
            };
            message.revisions += 1;
            let mut changes = Changes::by(actor);
            changes.put(Row::Revision(Revision {
                tenant: actor.tenant,
                message: id,
                number: message.revisions,
                content: before.content.clone(),
                replaced_at: self.ports.now(),
                replaced_by: Author::of(actor).unwrap_or(Author::System),
                deleted: message.deleted_at.is_some(),
            }));
            if let Some(kind) = job {
                changes.job(kinds::outgoing(&*self.ports.clock, kind, &message));
            }
            let beside = Some((&conversation, conversation.clone()));
            let (message, _) = changes.save_message(&before, message, beside);
            match self.ports.commit_in(turn, changes).await {
                Ok(_) => return Ok(message),
                Err(error) => attempts.again(error)?,
            }
        }
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
    if !message.author.is(actor) {
        return Err(Error::forbidden("only one's own messages can be edited"));
    }
    if message.deleted_at.is_some() {
        return Err(Error::new(
            ErrorKind::Rejected,
            "a deleted message cannot be edited",
        ));
    }
    Ok(())
}
