//! The jobs that the core itself queues, and how each is put together, on one page: what they are called, which lane they
//! take and what they carry. Services queue them; [`crate::flow`] works them off.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Job;
use crate::channel::Inbound;
use crate::clock::{Clock, Timestamp};
use crate::error::{Error, Result};
use crate::id::{AttachmentId, ConversationId, InboxId, MessageId, TenantId};

/// Sends a queued message.
pub const SEND: &str = "send";
/// Gives a sent message its newest text at the customer's.
pub const EDIT: &str = "edit";
/// Deletes a sent message at the customer's.
pub const DELETE: &str = "delete";
/// Fetches a file that a customer sent.
pub const FETCH: &str = "fetch";
/// Gives waiting conversations to operators.
pub const ROUTE: &str = "route";
/// Asks a platform for news.
pub const POLL: &str = "poll";
/// Opens a snoozed conversation again.
pub const WAKE: &str = "wake";
/// Tells a platform that a button press was dealt with.
pub const ACKNOWLEDGE: &str = "acknowledge";
/// Applies an event that came before the message it speaks of.
pub const INBOUND: &str = "inbound";

/// A job about a message.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct AboutMessage {
    /// Which.
    pub message: MessageId,
}

/// A job about a file of a message.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct AboutAttachment {
    /// Of which message.
    pub message: MessageId,
    /// Which file.
    pub attachment: AttachmentId,
}

/// A job about a conversation.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct AboutConversation {
    /// Which.
    pub conversation: ConversationId,
}

/// A job about an inbox.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct AboutInbox {
    /// Which.
    pub inbox: InboxId,
}

/// A job about a button press.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AboutPress {
    /// On which inbox.
    pub inbox: InboxId,
    /// The platform's id of the press.
    pub external_id: String,
}

/// An event that is to be applied later.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Deferred {
    /// On which inbox.
    pub inbox: InboxId,
    /// What happened.
    pub event: Inbound,
}

/// Reads a job's payload.
pub fn payload<T: serde::de::DeserializeOwned>(job: &Job) -> Result<T> {
    serde_json::from_value(job.payload.clone()).map_err(|e| {
        Error::internal("a job's payload cannot be read")
            .with("job", job.id)
            .with("kind", &job.kind)
            .caused_by(e)
    })
}

/// A job about a message that goes out in the order of its conversation: [`SEND`], [`EDIT`] or [`DELETE`].
pub fn outgoing(
    clock: &dyn Clock,
    tenant: TenantId,
    kind: &str,
    conversation: ConversationId,
    message: MessageId,
) -> Job {
    Job::new(
        clock,
        tenant,
        kind,
        conversation.to_string(),
        json!({ "message": message }),
    )
}

/// A [`FETCH`] job. Files of all messages are fetched side by side.
pub fn fetch(clock: &dyn Clock, tenant: TenantId, message: MessageId, attachment: AttachmentId) -> Job {
    let payload = json!({ "message": message, "attachment": attachment });
    Job::new(clock, tenant, FETCH, attachment.to_string(), payload)
}

/// A [`ROUTE`] job. One lane for the tenant, so that two decisions never see the same free place; one job for many waiting
/// conversations.
pub fn route(clock: &dyn Clock, tenant: TenantId) -> Job {
    Job::new(clock, tenant, ROUTE, "routing", json!({})).unique("route")
}

/// A [`POLL`] job: one per inbox at a time.
pub fn poll(clock: &dyn Clock, tenant: TenantId, inbox: InboxId) -> Job {
    Job::new(
        clock,
        tenant,
        POLL,
        format!("poll/{inbox}"),
        json!({ "inbox": inbox }),
    )
    .unique(format!("poll/{inbox}"))
}

/// A [`WAKE`] job.
pub fn wake(clock: &dyn Clock, tenant: TenantId, conversation: ConversationId, at: Timestamp) -> Job {
    Job::new(
        clock,
        tenant,
        WAKE,
        format!("wake/{conversation}"),
        json!({ "conversation": conversation }),
    )
    .due(at)
}

/// An [`ACKNOWLEDGE`] job.
pub fn acknowledge(clock: &dyn Clock, tenant: TenantId, inbox: InboxId, external_id: &str) -> Job {
    let payload = json!({ "inbox": inbox, "external_id": external_id });
    Job::new(
        clock,
        tenant,
        ACKNOWLEDGE,
        format!("acknowledge/{inbox}/{external_id}"),
        payload,
    )
}

/// An [`INBOUND`] job.
pub fn deferred(clock: &dyn Clock, tenant: TenantId, inbox: InboxId, event: &Inbound, at: Timestamp) -> Job {
    let payload = json!({ "inbox": inbox, "event": event });
    Job::new(
        clock,
        tenant,
        INBOUND,
        format!("inbound/{inbox}/{}", event.peer),
        payload,
    )
    .due(at)
}
