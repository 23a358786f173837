//! Files that customers sent are fetched from the platform into the blob store, so that they stay when the platform's links
//! have run out.

use std::sync::Arc;

use crate::change::{Changes, Row};
use crate::error::{Error, ErrorKind, Result, Retry};
use crate::event::Event;
use crate::files::keeping::keep;
use crate::files::{File, describe};
use crate::id::FileId;
use crate::job::{JobChange, Lease, kinds};
use crate::messages::{Attachment, AttachmentState, Message};
use crate::ports::Ports;

/// Tries before a file counts as lost.
const TRIES: u32 = 8;

/// Works off a [`kinds::FETCH`] job.
pub(crate) async fn run_fetch(ports: &Arc<Ports>, max_bytes: u64, lease: &Lease) -> Result<()> {
    let about: kinds::AboutAttachment = kinds::payload(&lease.job)?;
    let store = ports.tenant(lease.job.tenant);
    let Some(message) = store.find_message(about.message).await? else {
        return super::outbound::finish(ports, lease).await;
    };
    let pending = message
        .content
        .attachments
        .iter()
        .find(|a| a.id == about.attachment)
        .cloned();
    let Some(attachment) = pending else {
        return super::outbound::finish(ports, lease).await;
    };
    let AttachmentState::Pending { remote } = attachment.state.clone() else {
        return super::outbound::finish(ports, lease).await;
    };
    match fetch(ports, &message, &attachment, &remote, max_bytes).await {
        Ok(file) => settle(ports, lease, &about, Ok(file)).await,
        Err(error) if error.retry() == Retry::Never || lease.attempts >= TRIES => {
            settle(ports, lease, &about, Err(error)).await
        }
        Err(error) => {
            let wait = match error.retry() {
                Retry::After(wait) => wait,
                _ => super::outbound::back_off(lease.attempts, lease.job.id.uuid().as_u128()),
            };
            let due_at = ports.now().after(wait);
            let mut changes = Changes::new(lease.job.tenant);
            changes.job(JobChange::Retry {
                lease: lease.key(),
                due_at,
                error: error.message().to_owned(),
            });
            ports.commit(changes).await.map(|_| ())
        }
    }
}

async fn fetch(
    ports: &Ports,
    message: &Message,
    attachment: &Attachment,
    remote: &str,
    max_bytes: u64,
) -> Result<File> {
    if attachment.size.is_some_and(|size| size > max_bytes) {
        return Err(Error::new(
            ErrorKind::TooLarge,
            "the file is larger than this installation keeps",
        ));
    }
    let account = ports.account(message.inbox).await?;
    let bytes = account.channel.fetch(remote).await?;
    let incoming = ports.blobs.receive(message.tenant, bytes, max_bytes).await?;
    let blob = incoming.info().clone();
    let described = describe(&blob.head, &attachment.content_type, &attachment.name);
    let file = File {
        id: FileId::generate(&*ports.clock),
        tenant: message.tenant,
        conversation: None,
        uploaded_by: "channel".to_owned(),
        name: attachment.name.clone(),
        content_type: described.content_type,
        size: blob.size,
        kind: attachment.kind,
        width: described.width.or(attachment.width),
        height: described.height.or(attachment.height),
        duration_ms: attachment.duration_ms,
        blob: blob.digest,
        created_at: ports.now(),
        version: 1,
    };
    keep(ports, &file, incoming).await?;
    // Bound to its conversation together with the message; broken off before that, it is collected and fetched again.
    Ok(File {
        conversation: Some(message.conversation),
        version: 2,
        ..file
    })
}

async fn settle(
    ports: &Ports,
    lease: &Lease,
    about: &kinds::AboutAttachment,
    outcome: Result<File>,
) -> Result<()> {
    loop {
        let found = ports.tenant(lease.job.tenant).find_message(about.message).await?;
        let Some(mut message) = found else {
            return super::outbound::finish(ports, lease).await;
        };
        let mut changes = Changes::new(lease.job.tenant);
        changes.job(JobChange::Finish(lease.key()));
        if let Some(attachment) = message
            .content
            .attachments
            .iter_mut()
            .find(|a| a.id == about.attachment)
        {
            match &outcome {
                Ok(file) => {
                    attachment.state = AttachmentState::Ready { file: file.id };
                    attachment.content_type.clone_from(&file.content_type);
                    attachment.size = Some(file.size);
                    attachment.width = file.width;
                    attachment.height = file.height;
                    changes.put(Row::File(file.clone()));
                }
                Err(error) => {
                    attachment.state = AttachmentState::Failed {
                        reason: error.message().to_owned(),
                    }
                }
            }
            message.version += 1;
            changes.put(Row::Message(message.clone()));
            changes.event(Event::MessageUpdated {
                message,
                conversation: None,
            });
        }
        match ports.commit(changes).await {
            Err(error)
                if error.kind() == ErrorKind::Conflict
                    && ports.store.extend_lease(lease.key(), lease.until).await.is_ok() => {}
            done => return done.map(|_| ()),
        }
    }
}
