//! Files that customers sent are fetched from the platform into the blob store, so that they stay when the platform's links
//! have run out.

mod pace;

use std::sync::Arc;
use std::time::Duration;

use super::outbound::{back_off, end, finish, retry, wait};
use super::settling::Settling;
use crate::change::{Changes, Row};
use crate::error::{Error, ErrorKind, Result, Retry};
use crate::files::keeping::keep;
use crate::files::{File, describe};
use crate::id::FileId;
use crate::inboxes::accounts::is_switched_off;
use crate::job::{JobChange, Lease, kinds};
use crate::messages::{Attachment, AttachmentState, Message};
use crate::ports::Ports;

/// For how long a file is tried that fails for reasons which may pass: the platform, the network or the place where files are kept
/// is away. A day covers an outage that nobody notices before the next morning; platforms' own handles seldom live longer. The
/// time in which the inbox's kind is switched off does not count.
const TRY_FOR: Duration = Duration::from_secs(24 * 3_600);
/// How soon a file is asked for again that the platform has refused, each time: a server that is being restored says of what it
/// will have again that there is no such thing. After the last the file counts as lost, until somebody asks for it again.
const AFTER_REFUSAL: [Duration; 2] = [Duration::from_secs(60), Duration::from_secs(600)];
/// How long a platform may take until a file begins to come.
const BEGIN: Duration = Duration::from_secs(120);

/// Works off a [`kinds::FETCH`] job.
pub(crate) async fn run_fetch(ports: &Arc<Ports>, max_bytes: u64, lease: &Lease) -> Result<()> {
    let about: kinds::AboutAttachment = kinds::payload(&lease.job)?;
    let Some((message, attachment)) = pending(ports, lease, &about).await? else {
        return finish(ports, lease).await;
    };
    let AttachmentState::Pending { remote } = &attachment.state else {
        return finish(ports, lease).await;
    };
    let error = match fetch(ports, &message, &attachment, remote, max_bytes).await {
        Ok(file) => return settle(ports, lease, &about, Ok(file)).await,
        Err(error) => error,
    };
    if is_switched_off(&error) {
        let waited = ports.now().since(message.created_at);
        return end(ports, lease, wait(lease, waited, &error)).await;
    }
    let after = match error.retry() {
        Retry::Never if is_final(error.kind()) => None,
        Retry::Never => return refused(ports, lease, about, error).await,
        Retry::After(wait) => Some(wait),
        Retry::Later => Some(back_off(lease.attempts, lease.job.id.uuid().as_u128())),
    };
    let is_in_time = |after: &Duration| ports.now().after(*after).since(lease.job.created_at) < TRY_FOR;
    match after.filter(is_in_time) {
        Some(after) => end(ports, lease, retry(lease, after, &error)).await,
        None => settle(ports, lease, &about, Err(error)).await,
    }
}

/// What no second try can change.
const fn is_final(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::TooLarge | ErrorKind::UnsupportedMedia | ErrorKind::Invalid | ErrorKind::Malformed
    )
}

/// The platform said no, which is counted apart from what may pass.
async fn refused(
    ports: &Arc<Ports>,
    lease: &Lease,
    about: kinds::AboutAttachment,
    error: Error,
) -> Result<()> {
    let Some(after) = AFTER_REFUSAL.get(about.refusals as usize) else {
        return settle(ports, lease, &about, Err(error)).await;
    };
    let next = kinds::AboutAttachment {
        refusals: about.refusals + 1,
        ..about
    };
    let payload = serde_json::to_value(next)
        .map_err(|e| Error::internal("a job's payload cannot be written").caused_by(e))?;
    let again = JobChange::Repeat {
        lease: lease.key(),
        after: *after,
        payload,
    };
    end(ports, lease, again).await
}

/// The file that a job is for, with its message, if it is still to be fetched.
async fn pending(
    ports: &Ports,
    lease: &Lease,
    about: &kinds::AboutAttachment,
) -> Result<Option<(Message, Attachment)>> {
    let found = ports.tenant(lease.job.tenant).find_message(about.message).await?;
    Ok(found.and_then(|message| {
        let mut files = message.content.attachments.iter();
        let attachment = files.find(|a| a.id == about.attachment)?.clone();
        let is_pending = matches!(attachment.state, AttachmentState::Pending { .. });
        is_pending.then_some((message, attachment))
    }))
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
    let begun = tokio::time::timeout(BEGIN, account.channel.fetch(remote)).await;
    let bytes = begun.unwrap_or_else(|_| Err(pace::too_slow("the file did not begin to come in time")))?;
    let incoming = ports
        .blobs
        .receive(message.tenant, pace::keep(bytes), max_bytes)
        .await?;
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

/// Writes down what came of it, as long as it takes: what was fetched is not fetched again because the store was away.
async fn settle(
    ports: &Ports,
    lease: &Lease,
    about: &kinds::AboutAttachment,
    outcome: Result<File>,
) -> Result<()> {
    let mut settling = Settling::new(ports, lease);
    loop {
        let mut planned = plan(ports, lease, about, &outcome).await;
        if let Ok(changes) = &mut planned {
            changes.job(JobChange::Finish(lease.key()));
        }
        if settling.write(planned).await.is_some() {
            return Ok(());
        }
    }
}

async fn plan(
    ports: &Ports,
    lease: &Lease,
    about: &kinds::AboutAttachment,
    outcome: &Result<File>,
) -> Result<Changes> {
    let mut changes = Changes::in_job(&lease.job);
    let Some((before, _)) = pending(ports, lease, about).await? else {
        return Ok(changes);
    };
    let mut message = before.clone();
    let mut files = message.content.attachments.iter_mut();
    let Some(attachment) = files.find(|a| a.id == about.attachment) else {
        return Ok(changes);
    };
    match outcome {
        Ok(file) => {
            attachment.state = AttachmentState::Ready { file: file.id };
            attachment.content_type.clone_from(&file.content_type);
            attachment.size = Some(file.size);
            attachment.width = file.width;
            attachment.height = file.height;
            changes.put(Row::File(file.clone()));
        }
        Err(error) => attachment.fail(error.message()),
    }
    changes.save_message(&before, message, None);
    Ok(changes)
}

/// A file that is given up: it shows as failed, and can be asked for again.
pub(crate) async fn give_up_fetch(ports: &Arc<Ports>, lease: &Lease, why: &Error) -> Result<Changes> {
    let about: kinds::AboutAttachment = kinds::payload(&lease.job)?;
    plan(ports, lease, &about, &Err(Error::internal(why.message()))).await
}
