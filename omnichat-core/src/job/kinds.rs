//! The jobs that the core itself queues, and how each is put together, on one page: what they are called, which lane they
//! take and what they carry. Services queue them; [`crate::flow`] works them off.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Job;
use crate::automations::scenario::ToolFailure;
use crate::channel::Inbound;
use crate::clock::{Clock, Timestamp};
use crate::conversations::Conversation;
use crate::error::{Error, Result};
use crate::id::{AttachmentId, ConversationId, InboxId, MessageId, TenantId};
use crate::messages::Message;

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
/// Asks a platform whether the webhook is still registered there.
pub const WATCH: &str = "watch";
/// How often that is asked.
pub const WATCH_EVERY: Duration = Duration::from_secs(3_600);
/// Opens a snoozed conversation again.
pub const WAKE: &str = "wake";
/// Tells a platform that a button press was dealt with.
pub const ACKNOWLEDGE: &str = "acknowledge";
/// Tries again to understand what an inbox has in quarantine.
pub const REPLAY: &str = "replay";
/// Applies an event that came before the message it speaks of.
pub const INBOUND: &str = "inbound";

/// Gives the conversations that carry a tag its new name.
pub const RENAME_TAG: &str = "rename_tag";

/// Has a scenario take a turn.
pub const TURN: &str = "turn";
/// Has a scenario take a turn because the time has come that it asked for.
pub const TIMER: &str = "timer";
/// Calls a tool for a scenario.
pub const TOOL: &str = "tool";

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
    /// How often the platform has refused it.
    #[serde(default)]
    pub refusals: u32,
}

/// A look at the waiting conversations.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub struct AboutRouting {
    /// Only those behind this one, by the time since which it waits: a look at very many goes on where the one before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<(Timestamp, ConversationId)>,
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

/// A tag has another name: those that carry the old one are to carry the new one.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RenamedTag {
    /// What it was called.
    pub from: String,
    /// What it is called now.
    pub to: String,
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

/// Why a scenario takes a turn.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "cause", rename_all = "snake_case")]
pub enum TurnCause {
    /// The customer wrote.
    Message {
        /// What.
        message: MessageId,
    },
    /// The time has come that the scenario asked for.
    Timer {
        /// Which.
        at: Timestamp,
    },
    /// A tool has answered, or could not.
    Tool {
        /// Its name, as it was called.
        name: String,
        /// What it answered.
        result: std::result::Result<Value, ToolFailure>,
    },
}

/// A turn of a scenario, or a call of a tool or a timer for it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ForScenario<T> {
    /// In which conversation.
    pub conversation: ConversationId,
    /// When the scenario began there: what is for an earlier run is dropped.
    pub since: Timestamp,
    /// The turn, timer or call.
    #[serde(flatten)]
    pub what: T,
}

/// A time that a scenario asked for.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Timer {
    /// Which.
    pub at: Timestamp,
}

/// A call of a tool.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CallOfTool {
    /// The toolbox's kind, a slash, the tool's name.
    pub name: String,
    /// The arguments.
    pub args: Value,
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
pub fn outgoing(clock: &dyn Clock, kind: &str, message: &Message) -> Job {
    let lane = message.conversation.to_string();
    Job::new(
        clock,
        message.tenant,
        kind,
        lane,
        json!({ "message": message.id }),
    )
    .of(message.inbox)
}

/// A [`TURN`] job. Turns of a conversation are taken one at a time, in the order of what happened, beside what is being sent.
pub fn turn(clock: &dyn Clock, conversation: &Conversation, since: Timestamp, cause: TurnCause) -> Job {
    let lane = format!("turn/{}", conversation.id);
    for_scenario(clock, TURN, lane, conversation, since, cause)
}

/// A [`TIMER`] job. Each has a lane of its own, so that a later one which is due earlier does not wait.
pub fn timer(clock: &dyn Clock, conversation: &Conversation, since: Timestamp, at: Timestamp) -> Job {
    let lane = format!("timer/{}/{}", conversation.id, at.micros());
    for_scenario(clock, TIMER, lane, conversation, since, Timer { at }).due(at)
}

/// A [`TOOL`] job. Tools of a conversation are called side by side.
pub fn tool(clock: &dyn Clock, conversation: &Conversation, since: Timestamp, call: CallOfTool) -> Job {
    let mut job = for_scenario(clock, TOOL, String::new(), conversation, since, call);
    job.lane = format!("tool/{}", job.id);
    job
}

fn for_scenario(
    clock: &dyn Clock,
    kind: &str,
    lane: String,
    conversation: &Conversation,
    since: Timestamp,
    what: impl Serialize,
) -> Job {
    let payload = ForScenario {
        conversation: conversation.id,
        since,
        what,
    };
    // Plain data with string keys: it can always be written.
    let payload = serde_json::to_value(payload).unwrap_or_default();
    Job::new(clock, conversation.tenant, kind, lane, payload).of(conversation.inbox)
}

/// A [`FETCH`] job. Files of all messages are fetched side by side.
pub fn fetch(clock: &dyn Clock, message: &Message, attachment: AttachmentId) -> Job {
    let payload = json!({ "message": message.id, "attachment": attachment });
    Job::new(clock, message.tenant, FETCH, attachment.to_string(), payload).of(message.inbox)
}

/// A [`ROUTE`] job. One lane for the tenant, so that two decisions never see the same free place; one job for many waiting
/// conversations.
pub fn route(clock: &dyn Clock, tenant: TenantId) -> Job {
    Job::new(clock, tenant, ROUTE, "routing", json!({})).unique("route")
}

/// A [`ROUTE`] job that goes on behind a conversation.
pub fn route_on(clock: &dyn Clock, tenant: TenantId, after: (Timestamp, ConversationId)) -> Job {
    let about = AboutRouting { after: Some(after) };
    Job::new(clock, tenant, ROUTE, "routing", json!(about)).unique("route/on")
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
    .of(inbox)
    .unique(format!("poll/{inbox}"))
}

/// A [`WATCH`] job: one per inbox at a time.
pub fn watch(clock: &dyn Clock, tenant: TenantId, inbox: InboxId) -> Job {
    let lane = format!("watch/{inbox}");
    Job::new(clock, tenant, WATCH, lane.clone(), json!({ "inbox": inbox }))
        .of(inbox)
        .unique(lane)
        .due(clock.now().after(WATCH_EVERY))
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

/// A [`RENAME_TAG`] job. One lane for the tenant: a tag that is renamed twice comes to its last name.
pub fn rename_tag(clock: &dyn Clock, tenant: TenantId, from: &str, to: &str) -> Job {
    let payload = json!({ "from": from, "to": to });
    Job::new(clock, tenant, RENAME_TAG, RENAME_TAG, payload)
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
    .of(inbox)
}

/// A [`REPLAY`] job: one per inbox at a time.
pub fn replay(clock: &dyn Clock, tenant: TenantId, inbox: InboxId, at: Timestamp) -> Job {
    let lane = format!("replay/{inbox}");
    Job::new(clock, tenant, REPLAY, lane.clone(), json!({ "inbox": inbox }))
        .of(inbox)
        .unique(lane)
        .due(at)
}

/// An [`INBOUND`] job.
pub fn deferred(clock: &dyn Clock, tenant: TenantId, inbox: InboxId, event: &Inbound, at: Timestamp) -> Job {
    let payload = json!({ "inbox": inbox, "event": event });
    Job::new(
        clock,
        tenant,
        INBOUND,
        format!("inbound/{inbox}/{}", event.chat.id),
        payload,
    )
    .of(inbox)
    .due(at)
}
