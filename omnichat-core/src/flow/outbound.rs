//! What is queued goes out through a channel, and what came of it is written down in the commit that ends the job.
//!
//! A send that surely did not reach the platform is tried again; so is any send to a platform that knows repeated ones. A
//! send that may have arrived (a time-out, a worker that died in the middle) is otherwise marked uncertain and shown to the
//! operator: it is never silently sent twice. Jobs of a conversation share a lane, so its order holds.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::health;
use super::inbound::bounds::kept_id;
use crate::change::{Changes, Row, unique};
use crate::channel::{Action, FileSource, Outbound, OutboundFile, Receipt};
use crate::clock::Timestamp;
use crate::conversations::Conversation;
use crate::error::{Error, ErrorKind, Result, Retry};
use crate::event::Event;
use crate::id::TenantId;
use crate::inboxes::HealthState;
use crate::job::{JobChange, Lease, kinds};
use crate::messages::{AttachmentState, DeliveryState, Failure, Message};
use crate::ports::Ports;
use crate::store::blob::{BlobStore, ByteStream};

/// How long a message is tried before it counts as failed.
const GIVE_UP_AFTER: Duration = Duration::from_secs(6 * 3_600);
/// Tries at writing down what came of a send, when others write to the same message.
const TRIES: u32 = 12;

/// The pause before the next try: doubling from one second to two minutes, with a spread so that many messages do not come
/// back at once.
pub(crate) fn back_off(attempts: u32, seed: u128) -> Duration {
    let whole = Duration::from_secs(1 << attempts.min(7))
        .min(Duration::from_secs(120))
        .as_millis();
    let spread = seed % (whole / 2).max(1);
    Duration::from_millis(u64::try_from(whole / 2 + spread).unwrap_or(1_000))
}

/// When to try again, if at all.
fn next_try(error: &Error, lease: &Lease, now: Timestamp) -> Option<Timestamp> {
    let wait = match error.retry() {
        Retry::Never => return None,
        Retry::After(wait) => wait,
        Retry::Later => back_off(lease.attempts, lease.job.id.uuid().as_u128()),
    };
    let at = now.after(wait);
    (at.since(lease.job.created_at) < GIVE_UP_AFTER).then_some(at)
}

/// Works off a [`kinds::SEND`] job.
pub(crate) async fn run_send(ports: &Arc<Ports>, lease: &Lease) -> Result<()> {
    let tenant = lease.job.tenant;
    let about: kinds::AboutMessage = kinds::payload(&lease.job)?;
    let store = ports.tenant(tenant);
    let Some(message) = store.find_message(about.message).await? else {
        return finish(ports, lease).await;
    };
    if message.state != Some(DeliveryState::Queued) || message.deleted_at.is_some() {
        return finish(ports, lease).await;
    }
    let account = match ports.account(message.inbox).await {
        Ok(account) if account.inbox.enabled => account,
        Ok(_) => return settle(ports, lease, &message, Outcome::Failed(disabled())).await,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return settle(ports, lease, &message, Outcome::Failed(error)).await;
        }
        Err(error) => return Err(error),
    };
    let idempotent = account.channel.capabilities().idempotent_send;
    if lease.lost && !idempotent {
        return settle(ports, lease, &message, Outcome::Uncertain).await;
    }
    let outbound = render(ports, &message).await?;
    let outcome = match account.channel.send(&outbound).await {
        Ok(receipt) => Outcome::Sent(receipt),
        Err(error) => {
            tracing::info!(message = %message.id, inbox = %message.inbox, %error, "a message was not sent");
            let may_have_arrived = !error.is_surely_not_sent() && !is_refusal(error.kind());
            match next_try(&error, lease, ports.now()) {
                Some(_) if may_have_arrived && !idempotent => Outcome::Uncertain,
                Some(due_at) => Outcome::Later(due_at, error),
                None if may_have_arrived && !idempotent => Outcome::Uncertain,
                None => Outcome::Failed(error),
            }
        }
    };
    settle(ports, lease, &message, outcome).await
}

/// The platform answered, and the answer was no.
const fn is_refusal(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::Rejected
            | ErrorKind::Unreachable
            | ErrorKind::AccountBroken
            | ErrorKind::RateLimited
            | ErrorKind::TooLarge
            | ErrorKind::Invalid
            | ErrorKind::NotFound
            | ErrorKind::UnsupportedMedia
    )
}

fn disabled() -> Error {
    Error::new(ErrorKind::Rejected, "the inbox is switched off")
}

enum Outcome {
    Sent(Receipt),
    Later(Timestamp, Error),
    Failed(Error),
    Uncertain,
}

/// Writes down what came of a send and ends or repeats the job, in one commit.
async fn settle(ports: &Arc<Ports>, lease: &Lease, sent: &Message, outcome: Outcome) -> Result<()> {
    let tenant = lease.job.tenant;
    let store = ports.tenant(tenant);
    let mut keep_ids = true;
    for _ in 0..TRIES {
        let Some(mut message) = store.find_message(sent.id).await? else {
            return finish(ports, lease).await;
        };
        let Some(mut conversation) = store.find_conversation(message.conversation).await? else {
            return finish(ports, lease).await;
        };
        let mut changes = Changes::new(tenant);
        match &outcome {
            Outcome::Sent(receipt) => {
                if message
                    .state
                    .is_some_and(|before| before.may_become(DeliveryState::Sent))
                {
                    message.state = Some(DeliveryState::Sent);
                    message.failure = None;
                }
                if keep_ids {
                    let mut ids = receipt.external_ids.iter().map(|id| kept_id(id));
                    message.external_id = ids.next();
                    message.more_external_ids = ids.collect();
                }
                message.platform_at = receipt.at.and_then(|at| at.believed(ports.now()));
                if let Some(new_peer) = &receipt.new_peer {
                    migrate(ports, &mut message, &mut conversation, new_peer, &mut changes).await?;
                }
                // Edited or deleted while it was on its way: the customer got the earlier text.
                if message.deleted_at.is_some() {
                    let delete = kinds::outgoing(
                        &*ports.clock,
                        tenant,
                        kinds::DELETE,
                        message.conversation,
                        message.id,
                    );
                    changes.job(delete);
                } else if message.content != sent.content {
                    let edit = kinds::outgoing(
                        &*ports.clock,
                        tenant,
                        kinds::EDIT,
                        message.conversation,
                        message.id,
                    );
                    changes.job(edit);
                }
                changes.job(JobChange::Finish(lease.key()));
            }
            Outcome::Later(due_at, error) => {
                let retry = JobChange::Retry {
                    lease: lease.key(),
                    due_at: *due_at,
                    error: error.message().to_owned(),
                };
                changes.job(retry);
                return ports.commit(changes).await.map(|_| ());
            }
            Outcome::Failed(error) => {
                fail(&mut message, error);
                if error.kind() == ErrorKind::Unreachable {
                    conversation.unreachable = true;
                }
                changes.job(JobChange::Finish(lease.key()));
            }
            Outcome::Uncertain => {
                message.state = Some(DeliveryState::Uncertain);
                message.failure = Some(Failure {
                    code: "uncertain".to_owned(),
                    message: "it is not known whether the customer got this".to_owned(),
                    retryable: true,
                });
                changes.job(JobChange::Finish(lease.key()));
            }
        }
        message.version += 1;
        let shown = conversation.shows(&message) || conversation.unreachable || !changes.rows.is_empty();
        if shown {
            conversation.note_preview(&message);
            conversation.bump();
            changes.put(Row::Conversation(conversation.clone()));
        }
        changes.put(Row::Message(message.clone()));
        changes.event(Event::MessageUpdated {
            message,
            conversation: shown.then_some(conversation),
        });
        match ports.commit(changes).await {
            Ok(_) => {
                note_health(ports, sent, &outcome).await;
                return Ok(());
            }
            // The platform's echo of this message came first and holds its id.
            Err(error) if error.context_value("unique") == Some(unique::MESSAGE_EXTERNAL) => keep_ids = false,
            Err(error) if error.kind() == ErrorKind::Conflict && still_held(ports, lease).await => {}
            Err(error) => return Err(error),
        }
    }
    Err(Error::conflict("message").with("message", sent.id))
}

/// A conflict may come from the message or from the lease; prolonging the lease tells which.
async fn still_held(ports: &Ports, lease: &Lease) -> bool {
    ports.store.extend_lease(lease.key(), lease.until).await.is_ok()
}

fn fail(message: &mut Message, error: &Error) {
    message.state = Some(DeliveryState::Failed);
    message.failure = Some(Failure {
        code: error.kind().code().to_owned(),
        message: error.message().to_owned(),
        retryable: !matches!(error.kind(), ErrorKind::Invalid | ErrorKind::TooLarge),
    });
}

async fn migrate(
    ports: &Ports,
    message: &mut Message,
    conversation: &mut Conversation,
    new_peer: &str,
    changes: &mut Changes,
) -> Result<()> {
    let store = ports.tenant(message.tenant);
    let taken = store.find_identity(message.inbox, new_peer).await?.is_some();
    if let Some(mut identity) = store.find_identity(message.inbox, &conversation.peer).await?
        && !taken
    {
        new_peer.clone_into(&mut identity.peer);
        identity.version += 1;
        changes.put(Row::Identity(identity));
        new_peer.clone_into(&mut conversation.peer);
    }
    new_peer.clone_into(&mut message.peer);
    Ok(())
}

/// What a send says of the account: broken, so that its administrator sees why nothing goes out, or in order again.
async fn note_health(ports: &Ports, message: &Message, outcome: &Outcome) {
    let Ok(account) = ports.account(message.inbox).await else {
        return;
    };
    match outcome {
        Outcome::Failed(error) if error.kind() == ErrorKind::AccountBroken => {
            health::note(ports, &account, HealthState::Failed, Some(error.message())).await;
        }
        Outcome::Sent(_) if account.inbox.health.state == HealthState::Failed => {
            health::note(ports, &account, HealthState::Ok, None).await;
        }
        _ => {}
    }
}

/// Works off a [`kinds::EDIT`] or [`kinds::DELETE`] job. Both may be repeated without harm.
pub(crate) async fn run_change(ports: &Arc<Ports>, lease: &Lease) -> Result<()> {
    let about: kinds::AboutMessage = kinds::payload(&lease.job)?;
    let store = ports.tenant(lease.job.tenant);
    let Some(message) = store.find_message(about.message).await? else {
        return finish(ports, lease).await;
    };
    let Some(external_id) = message.external_id.clone() else {
        return finish(ports, lease).await;
    };
    let account = match ports.account(message.inbox).await {
        Ok(account) if account.inbox.enabled => account,
        Ok(_) => return finish(ports, lease).await,
        Err(error) if error.kind() == ErrorKind::NotFound => return finish(ports, lease).await,
        Err(error) => return Err(error),
    };
    let route = route(ports, &message).await?;
    let action = if lease.job.kind == kinds::DELETE {
        let mut external_ids = vec![external_id];
        external_ids.extend(message.more_external_ids.clone());
        Action::Delete {
            peer: message.peer.clone(),
            route,
            external_ids,
        }
    } else {
        Action::Edit {
            peer: message.peer.clone(),
            route,
            external_id,
            text: message.content.text.clone(),
            spans: message.content.spans.clone(),
            buttons: message.content.buttons.clone(),
            is_caption: !message.content.attachments.is_empty(),
        }
    };
    let Err(error) = account.channel.perform(&action).await else {
        return finish(ports, lease).await;
    };
    if let Some(due_at) = next_try(&error, lease, ports.now()) {
        let mut changes = Changes::new(lease.job.tenant);
        changes.job(JobChange::Retry {
            lease: lease.key(),
            due_at,
            error: error.message().to_owned(),
        });
        return ports.commit(changes).await.map(|_| ());
    }
    // The message itself arrived; what failed is the change, and the operator is told so.
    for _ in 0..TRIES {
        let Some(mut message) = store.find_message(about.message).await? else {
            return finish(ports, lease).await;
        };
        message.failure = Some(Failure {
            code: format!("{}_failed", lease.job.kind),
            message: error.message().to_owned(),
            retryable: false,
        });
        message.version += 1;
        let mut changes = Changes::new(lease.job.tenant);
        changes.job(JobChange::Finish(lease.key()));
        changes
            .put(Row::Message(message.clone()))
            .event(Event::MessageUpdated {
                message,
                conversation: None,
            });
        match ports.commit(changes).await {
            Err(error) if error.kind() == ErrorKind::Conflict && still_held(ports, lease).await => {}
            outcome => return outcome.map(|_| ()),
        }
    }
    Err(Error::conflict("message").with("message", message.id))
}

/// Works off an [`kinds::ACKNOWLEDGE`] job: one try, since a customer's spinner ends by itself.
pub(crate) async fn run_acknowledge(ports: &Arc<Ports>, lease: &Lease) -> Result<()> {
    let about: kinds::AboutPress = kinds::payload(&lease.job)?;
    if let Ok(account) = ports.account(about.inbox).await
        && let Err(error) = account
            .channel
            .perform(&Action::AcknowledgeButton {
                external_id: about.external_id,
            })
            .await
    {
        tracing::debug!(inbox = %about.inbox, %error, "a button press was not acknowledged");
    }
    finish(ports, lease).await
}

/// Ends a job that has nothing (more) to do.
pub(crate) async fn finish(ports: &Ports, lease: &Lease) -> Result<()> {
    let mut changes = Changes::new(lease.job.tenant);
    changes.job(JobChange::Finish(lease.key()));
    ports.commit(changes).await.map(|_| ())
}

/// Addressing data kept with the peer.
async fn route(ports: &Ports, message: &Message) -> Result<std::collections::BTreeMap<String, String>> {
    let identity = ports
        .tenant(message.tenant)
        .find_identity(message.inbox, &message.peer)
        .await?;
    Ok(identity.map(|i| i.route).unwrap_or_default())
}

async fn render(ports: &Arc<Ports>, message: &Message) -> Result<Outbound> {
    let mut files = Vec::new();
    for attachment in &message.content.attachments {
        let AttachmentState::Ready { file } = &attachment.state else {
            continue;
        };
        let Some(file) = ports.tenant(message.tenant).find_file(*file).await? else {
            return Err(Error::not_found("file").with("message", message.id));
        };
        let link = ports.links.as_ref().map(|links| links.link(&file, ports.now()));
        files.push(OutboundFile {
            kind: attachment.kind,
            name: file.name,
            content_type: file.content_type,
            size: file.size,
            digest: file.blob.clone(),
            source: Arc::new(Blob {
                blobs: ports.blobs.clone(),
                tenant: message.tenant,
                digest: file.blob,
                link,
            }),
        });
    }
    Ok(Outbound {
        id: message.id,
        peer: message.peer.clone(),
        route: route(ports, message).await?,
        author_name: message.author.name().to_owned(),
        text: message.content.text.clone(),
        spans: message.content.spans.clone(),
        files,
        buttons: message.content.buttons.clone(),
        part: message.content.part.clone(),
        reply_to: message.reply_to.as_ref().and_then(|r| r.external_id.clone()),
    })
}

struct Blob {
    blobs: Arc<dyn BlobStore>,
    tenant: TenantId,
    digest: String,
    link: Option<String>,
}

#[async_trait]
impl FileSource for Blob {
    async fn open(&self) -> Result<ByteStream> {
        self.blobs.get(self.tenant, &self.digest, None).await
    }

    fn public_url(&self) -> Option<String> {
        self.link.clone()
    }
}
