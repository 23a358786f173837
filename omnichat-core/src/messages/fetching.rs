//! Asking again for a customer's file that could not be fetched.

use super::content::AttachmentState;
use super::model::Message;
use super::service::MessageService;
use crate::actor::{Actor, Permission};
use crate::change::Changes;
use crate::error::{Error, ErrorKind, Result};
use crate::id::{AttachmentId, MessageId};
use crate::job::kinds;

/// How often it is planned anew when others write to the same message.
const TRIES: u32 = 12;

impl MessageService {
    /// Has a file fetched again that could not be. A file that is here or on its way stays as it is.
    ///
    /// # Errors
    /// `NotFound` for a message that the actor may not see or that has no such file; `Rejected` for a file that the channel gave no
    /// handle of, so that it cannot be asked for.
    pub async fn fetch_again(
        &self,
        actor: &Actor,
        id: MessageId,
        attachment: AttachmentId,
    ) -> Result<Message> {
        actor.require(Permission::MESSAGES_SEND)?;
        let mut tries = 0;
        loop {
            tries += 1;
            let (before, _) = self.with_conversation(actor, id).await?;
            let mut message = before.clone();
            let mut files = message.content.attachments.iter_mut();
            let Some(file) = files.find(|file| file.id == attachment) else {
                return Err(Error::not_found("attachment"));
            };
            let remote = match &file.state {
                AttachmentState::Pending { .. } | AttachmentState::Ready { .. } => return Ok(message),
                AttachmentState::Failed { remote, .. } => remote.clone(),
            };
            let Some(remote) = remote else {
                return Err(Error::new(
                    ErrorKind::Rejected,
                    "the channel never offered this file: there is nothing to ask for",
                ));
            };
            file.state = AttachmentState::Pending { remote };
            let mut changes = Changes::by(actor);
            changes.job(kinds::fetch(&*self.ports.clock, &message, attachment));
            let (message, _) = changes.save_message(&before, message, None);
            match self.ports.commit(changes).await {
                Ok(_) => return Ok(message),
                Err(error) if error.kind() == ErrorKind::Conflict && tries < TRIES => {}
                Err(error) => return Err(error),
            }
        }
    }
}
