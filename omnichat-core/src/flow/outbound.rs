//! What is queued goes out through a channel, and what came of it is written down in the commit that ends the job.
//!
//! A send that surely did not reach the platform is tried again; so is any send to a platform that knows repeated ones. A
//! send that may have arrived (a time-out, a worker that died in the middle) is otherwise marked uncertain and shown to the
//! operator: it is never silently sent twice. Once a send was attempted its job is never given back before what came of it is
//! written ([`super::settling`]). Jobs of a conversation share a lane, so its order holds.
//!
//! A message on an inbox whose kind is switched off or not there (a plugin that is disabled, or being upgraded) waits, for
//! however many days that takes, and the tries begin when it can be sent again.

mod render;

use std::sync::Arc;
use std::time::Duration;

use self::render::{render, route};
use super::health;
use super::inbound::bounds::kept_id;
use super::settling::{Settled, Settling};
use crate::change::{Changes, Row, unique};
use crate::channel::{Action, Receipt};
use crate::clock::Timestamp;
use crate::conversations::Conversation;
use crate::error::{Error, ErrorKind, Result, Retry};
use crate::inboxes::HealthState;
use crate::inboxes::accounts::is_switched_off;
use crate::job::{JobChange, Lease, kinds};
use crate::messages::{DeliveryState, Failure, Message};
use crate::ports::Ports;

/// How long a message is tried before it counts as failed. The time in which its channel was switched off does not count.
const GIVE_UP_AFTER: Duration = Duration::from_secs(6 * 3_600);
/// How soon, and how late, it is looked again whether a channel that is switched off is back: soon after it went, so that an upgrade
/// is hardly noticed, and then at a tenth of the time that the message has waited, so that thousands that wait for days cost nothing.
const LOOK_AGAIN: (Duration, Duration) = (Duration::from_secs(30), Duration::from_secs(600));

/// The pause before the next try: doubling from one second to two minutes, with a spread so that many messages do not come
/// back at once.
pub(crate) fn back_off(attempts: u32, seed: u128) -> Duration {
    let whole = Duration::from_secs(1 << attempts.min(7))
        .min(Duration::from_secs(120))
        .as_millis();
    let spread = seed % (whole / 2).max(1);
    Duration::from_millis(u64::try_from(whole / 2 + spread).unwrap_or(1_000))
}

/// In how long to try again, if at all.
fn next_try(error: &Error, lease: &Lease, now: Timestamp) -> Option<Duration> {
    let wait = match error.retry() {
        Retry::Never => return None,
        Retry::After(wait) => wait,
        Retry::Later => back_off(lease.attempts, lease.job.id.uuid().as_u128()),
    };
    (now.after(wait).since(lease.job.created_at) < GIVE_UP_AFTER).then_some(wait)
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
    // Somebody may have died right after it went out. Tries since then that did not get as far as a send change nothing of that.
    let is_doubtful = lease.losses > 0;
    let account = match ports.account(message.inbox).await {
        Ok(account) if account.inbox.enabled => account,
        Ok(_) => return settle(ports, lease, &message, Outcome::failed(disabled(), is_doubtful)).await,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            return settle(ports, lease, &message, Outcome::failed(error, is_doubtful)).await;
        }
        Err(error) if is_switched_off(&error) && is_doubtful => {
            return settle(ports, lease, &message, Outcome::Uncertain).await;
        }
        Err(error) if is_switched_off(&error) => {
            let waited = ports.now().since(message.created_at);
            return end(ports, lease, wait(lease, waited, &error)).await;
        }
        Err(error) => return Err(error),
    };
    let idempotent = account.channel.capabilities().idempotent_send;
    if is_doubtful && !idempotent {
        return settle(ports, lease, &message, Outcome::Uncertain).await;
    }
    let outbound = match render(ports, &message).await {
        Ok(outbound) => outbound,
        // What has gone does not come back, and what is damaged stays so.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Damaged) => {
            return settle(ports, lease, &message, Outcome::failed(error, is_doubtful)).await;
        }
        Err(error) => return Err(error),
    };
    let outcome = match account.channel.send(&outbound).await {
        Ok(receipt) => Outcome::Sent(receipt),
        Err(error) => {
            tracing::info!(message = %message.id, inbox = %message.inbox, %error, "a message was not sent");
            let may_have_arrived = !error.is_surely_not_sent() && !is_refusal(error.kind());
            match next_try(&error, lease, ports.now()) {
                _ if may_have_arrived && !idempotent => Outcome::Uncertain,
                // Nothing came of it, so nothing is to be written down but the job.
                Some(after) => return end(ports, lease, retry(lease, after, &error)).await,
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

/// What came of a send for good.
enum Outcome {
    Sent(Receipt),
    Failed(Error),
    Uncertain,
}

impl Outcome {
    /// It will not be sent; whether it was before, in doubt, nobody knows.
    fn failed(error: Error, is_doubtful: bool) -> Self {
        match is_doubtful {
            true => Self::Uncertain,
            false => Self::Failed(error),
        }
    }
}

/// Writes down what came of a send and ends the job, in one commit; as long as it takes, since a job that was given back
/// would send again.
async fn settle(ports: &Arc<Ports>, lease: &Lease, sent: &Message, outcome: Outcome) -> Result<()> {
    let mut settled = write(ports, lease, sent, &outcome, true).await;
    if settled == Settled::Taken && matches!(outcome, Outcome::Sent(_)) {
        // Who holds the job now can only say that it is uncertain, and does not know under which ids it has arrived.
        settled = write(ports, lease, sent, &outcome, false).await;
    }
    if matches!(settled, Settled::Written | Settled::Probably) {
        note_health(ports, sent, &outcome).await;
    }
    Ok(())
}

/// Writes down what came of a send, with the end of the job if the lease is held.
async fn write(
    ports: &Arc<Ports>,
    lease: &Lease,
    sent: &Message,
    outcome: &Outcome,
    is_held: bool,
) -> Settled {
    let store = ports.tenant(lease.job.tenant);
    let mut settling = Settling::new(ports, lease);
    let mut attempts = ports.writers.attempts(lease.job.tenant, sent.inbox, &sent.chat);
    loop {
        // The platform's echo of this message may have come first and hold its id.
        let keep_ids = !settling.broke(unique::MESSAGE_EXTERNAL);
        let mut turn = attempts.turn(ports).await;
        let mut planned = match turn.conversation(&*store, sent.conversation).await {
            Ok(conversation) => plan(ports, lease, sent, conversation, outcome, keep_ids).await,
            Err(error) => Err(error),
        };
        if let Ok(changes) = &mut planned
            && !is_held
        {
            changes.jobs.retain(|job| job.lease().is_none());
            // It is written already: also by this, where the store took it and did not say so.
            if changes.is_empty() {
                return Settled::Taken;
            }
        }
        if let Some(settled) = settling.write_in(turn, planned).await {
            return settled;
        }
    }
}

/// The changes that write it down.
async fn plan(
    ports: &Arc<Ports>,
    lease: &Lease,
    sent: &Message,
    conversation: Option<Conversation>,
    outcome: &Outcome,
    keep_ids: bool,
) -> Result<Changes> {
    let tenant = lease.job.tenant;
    let store = ports.tenant(tenant);
    let mut changes = Changes::in_job(&lease.job);
    changes.job(JobChange::Finish(lease.key()));
    let (Some(before), Some(conversation_before)) = (store.find_message(sent.id).await?, conversation) else {
        return Ok(changes);
    };
    let (mut message, mut conversation) = (before.clone(), conversation_before.clone());
    // Another worker, whose lease had ended, may have written meanwhile that it was sent.
    if !matches!(outcome, Outcome::Sent(_)) && message.state != Some(DeliveryState::Queued) {
        return Ok(changes);
    }
    match outcome {
        Outcome::Sent(receipt) => {
            let told: &[String] = if keep_ids { &receipt.external_ids } else { &[] };
            if !arrived(&mut message, told.iter().map(|id| kept_id(id))) {
                return Ok(changes);
            }
            message.platform_at = receipt.at.and_then(|at| at.believed(ports.now()));
            if let Some(new_chat) = &receipt.new_chat {
                migrate(ports, &mut message, &mut conversation, new_chat, &mut changes).await?;
            }
            // Edited or deleted while it was on its way: the customer got the earlier text.
            if message.deleted_at.is_some() {
                changes.job(kinds::outgoing(&*ports.clock, kinds::DELETE, &message));
            } else if message.content != sent.content {
                changes.job(kinds::outgoing(&*ports.clock, kinds::EDIT, &message));
            }
        }
        Outcome::Failed(error) => {
            fail(&mut message, error);
            if error.kind() == ErrorKind::Unreachable {
                conversation.unreachable = true;
            }
        }
        Outcome::Uncertain => doubt(&mut message),
    }
    changes.save_message(&before, message, Some((&conversation_before, conversation)));
    Ok(changes)
}

/// A send that is given up: the message has failed and can be sent again, or is uncertain where a worker may have sent it.
pub(crate) async fn give_up_send(ports: &Arc<Ports>, lease: &Lease, why: &Error) -> Result<Changes> {
    let about: kinds::AboutMessage = kinds::payload(&lease.job)?;
    let store = ports.tenant(lease.job.tenant);
    let found = store.find_message(about.message).await?;
    let is_open = |message: &Message| message.state == Some(DeliveryState::Queued);
    let mut changes = match found.filter(is_open) {
        Some(message) => {
            let outcome = Outcome::failed(Error::internal(why.message()), lease.losses > 0);
            match store.find_conversation(message.conversation).await {
                Ok(Some(conversation)) => {
                    plan(ports, lease, &message, Some(conversation), &outcome, true).await?
                }
                Err(error) if error.kind() != ErrorKind::Damaged => return Err(error),
                // Of the conversation nothing can be written; the message must not wait for ever.
                Ok(None) | Err(_) => plan_alone(lease, message, &outcome),
            }
        }
        None => Changes::in_job(&lease.job),
    };
    // Who gives up ends the job.
    changes.jobs.clear();
    Ok(changes)
}

/// A message that was not sent, or in doubt, by itself.
fn plan_alone(lease: &Lease, before: Message, outcome: &Outcome) -> Changes {
    let mut message = before.clone();
    match outcome {
        Outcome::Failed(error) => fail(&mut message, error),
        Outcome::Sent(_) | Outcome::Uncertain => doubt(&mut message),
    }
    let mut changes = Changes::in_job(&lease.job);
    changes.save_message(&before, message, None);
    changes
}

/// The job again, in so long, for this reason.
pub(crate) fn retry(lease: &Lease, after: Duration, error: &Error) -> JobChange {
    JobChange::Retry {
        lease: lease.key(),
        after,
        error: error.message().to_owned(),
    }
}

/// The job when something outside of it has changed, for which it has waited so long.
pub(super) fn wait(lease: &Lease, waited: Duration, reason: &Error) -> JobChange {
    JobChange::Wait {
        lease: lease.key(),
        after: (waited / 10).clamp(LOOK_AGAIN.0, LOOK_AGAIN.1),
        reason: reason.message().to_owned(),
    }
}

/// Notes that the platform took a message, and under which ids; whether that is news. One that has arrived before has arrived
/// twice, and keeps the ids of both.
fn arrived(message: &mut Message, mut ids: impl Iterator<Item = String>) -> bool {
    if message
        .state
        .is_some_and(|before| before.may_become(DeliveryState::Sent))
    {
        message.state = Some(DeliveryState::Sent);
        message.failure = None;
        if let Some(first) = ids.next() {
            message.external_id = Some(first);
            message.more_external_ids = ids.collect();
        }
        return true;
    }
    let mut is_news = false;
    for id in ids {
        if message.external_id.as_ref() == Some(&id) || message.more_external_ids.contains(&id) {
            continue;
        }
        is_news = true;
        match message.external_id {
            Some(_) => message.more_external_ids.push(id),
            None => message.external_id = Some(id),
        }
    }
    is_news
}

fn doubt(message: &mut Message) {
    message.state = Some(DeliveryState::Uncertain);
    message.failure = Some(Failure {
        code: "uncertain".to_owned(),
        message: "it is not known whether the customer got this".to_owned(),
        retryable: true,
    });
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
    new_chat: &str,
    changes: &mut Changes,
) -> Result<()> {
    let store = ports.tenant(message.tenant);
    let taken = store.find_chat(message.inbox, new_chat).await?.is_some();
    if let Some(mut chat) = store.find_chat(message.inbox, &conversation.chat).await?
        && !taken
    {
        new_chat.clone_into(&mut chat.external_id);
        chat.version += 1;
        changes.put(Row::Chat(chat));
        new_chat.clone_into(&mut conversation.chat);
    }
    new_chat.clone_into(&mut message.chat);
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

/// Works off a [`kinds::EDIT`] or [`kinds::DELETE`] job. Both may be repeated without harm. What cannot be done is told: the
/// operator sees the message as changed.
pub(crate) async fn run_change(ports: &Arc<Ports>, lease: &Lease) -> Result<()> {
    let about: kinds::AboutMessage = kinds::payload(&lease.job)?;
    let store = ports.tenant(lease.job.tenant);
    let Some(message) = store.find_message(about.message).await? else {
        return finish(ports, lease).await;
    };
    if matches!(message.state, Some(DeliveryState::Queued | DeliveryState::Failed)) {
        // It is sent again as it is now, or not at all.
        return finish(ports, lease).await;
    }
    let Some(external_id) = message.external_id.clone() else {
        return fail_change(ports, lease, &unnamed(&message)).await;
    };
    let account = match ports.account(message.inbox).await {
        Ok(account) if account.inbox.enabled => account,
        Ok(_) => return fail_change(ports, lease, &disabled()).await,
        Err(error) if error.kind() == ErrorKind::NotFound => return fail_change(ports, lease, &error).await,
        Err(error) if is_switched_off(&error) => {
            let waited = ports.now().since(message.created_at);
            return end(ports, lease, wait(lease, waited, &error)).await;
        }
        Err(error) => return Err(error),
    };
    let route = route(ports, &message).await?;
    let action = if lease.job.kind == kinds::DELETE {
        let mut external_ids = vec![external_id];
        external_ids.extend(message.more_external_ids.clone());
        Action::Delete {
            chat: message.chat.clone(),
            route,
            external_ids,
        }
    } else {
        Action::Edit {
            chat: message.chat.clone(),
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
    match next_try(&error, lease, ports.now()) {
        Some(after) => end(ports, lease, retry(lease, after, &error)).await,
        None => fail_change(ports, lease, &error).await,
    }
}

/// Why a message that the platform gave no id of cannot be changed there.
fn unnamed(message: &Message) -> Error {
    Error::new(
        ErrorKind::Rejected,
        match message.state {
            Some(DeliveryState::Uncertain) => {
                "it is not known whether the customer got this message; what they may have got is unchanged"
            }
            _ => "the platform gave no id of this message, so the customer's copy cannot be changed",
        },
    )
}

/// Ends the job of a change that cannot be made, and tells the operator.
async fn fail_change(ports: &Arc<Ports>, lease: &Lease, why: &Error) -> Result<()> {
    let mut settling = Settling::new(ports, lease);
    loop {
        let mut planned = give_up_change(ports, lease, why).await;
        if let Ok(changes) = &mut planned {
            changes.job(JobChange::Finish(lease.key()));
        }
        if settling.write(planned).await.is_some() {
            return Ok(());
        }
    }
}

/// A change that is given up: the message itself arrived, and the operator is told that the change did not.
pub(crate) async fn give_up_change(ports: &Arc<Ports>, lease: &Lease, why: &Error) -> Result<Changes> {
    let about: kinds::AboutMessage = kinds::payload(&lease.job)?;
    let mut changes = Changes::in_job(&lease.job);
    let found = ports.tenant(lease.job.tenant).find_message(about.message).await?;
    if let Some(before) = found {
        let mut message = before.clone();
        message.failure = Some(Failure {
            code: format!("{}_failed", lease.job.kind),
            message: why.message().to_owned(),
            // The message itself, where it is in doubt whether that has arrived.
            retryable: message.state == Some(DeliveryState::Uncertain) && message.deleted_at.is_none(),
        });
        changes.save_message(&before, message, None);
    }
    Ok(changes)
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
    end(ports, lease, JobChange::Finish(lease.key())).await
}

/// Ends a job or gives it back, whether or not the store is there at the moment: what it was for is not done again for that.
pub(crate) async fn end(ports: &Ports, lease: &Lease, change: JobChange) -> Result<()> {
    let mut settling = Settling::new(ports, lease);
    let mut changes = Changes::in_job(&lease.job);
    changes.job(change);
    while settling.write(Ok(changes.clone())).await.is_none() {}
    Ok(())
}
