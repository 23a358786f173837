//! A scenario answers a customer, turn by turn, until it ends, hands over, or a person steps in.
//!
//! What happens in the conversation queues a turn ([`kinds::TURN`]); turns of a conversation are taken one at a time, in
//! order. A turn asks the scenario once and then writes its next state and everything that it wants done in the commit that
//! ends the job: a crash leaves all of it or nothing, and a turn that is taken again is told the same. Where the scenario
//! cannot go on, people do: nobody waits for a bot that is broken.

mod memory;
mod plan;
mod tools;

use std::sync::Arc;
use std::time::Duration;

use memory::Memory;
pub(crate) use tools::{give_up_tool, run_tool};

use super::outbound::{back_off, end, finish, retry};
use super::settling::Settling;
use crate::automations::opened::Ready;
use crate::automations::scenario::{ACTIONS_MAX, Person, STATE_MAX};
use crate::automations::{Opened, ScenarioAction, Turn, TurnContext, TurnEvent};
use crate::change::Changes;
use crate::conversations::{ActiveScenario, Conversation};
use crate::customers::Customer;
use crate::error::{Error, ErrorKind, Result, Retry};
use crate::job::{JobChange, Lease, kinds};
use crate::limits;
use crate::messages::{Message, Part};
use crate::ports::Ports;
use crate::text::is_deeper;

/// How often a scenario that says to try again later is tried; it is told by its lease.
const SCENARIO_TRIES: u32 = 3;
/// How often a scenario is looked for whose plugin is not there (yet): about half a minute.
const PLUGIN_TRIES: u32 = 5;
/// Turns in a row without a word from the customer, after which a scenario is taken to go round in circles.
const IDLE_MAX: u32 = 100;

/// A conversation in the middle of a scenario.
#[derive(Clone)]
struct Scene {
    conversation: Conversation,
    active: ActiveScenario,
    customer: Customer,
    memory: Memory,
}

/// What a turn comes to.
enum Verdict {
    /// It was taken.
    Taken(Turn),
    /// People go on; why, if that is to be said.
    HandOver(Option<String>),
}

/// A turn is tried again.
struct Later {
    after: Duration,
    error: Error,
}

/// Works off a [`kinds::TURN`] job.
pub(crate) async fn run_turn(ports: &Arc<Ports>, lease: &Lease) -> Result<()> {
    let job: kinds::ForScenario<kinds::TurnCause> = kinds::payload(&lease.job)?;
    let store = ports.tenant(lease.job.tenant);
    let Some(scene) = read(ports, lease, &job).await? else {
        return finish(ports, lease).await;
    };
    let Some(event) = event(ports, lease, &scene, job.what.clone()).await? else {
        return finish(ports, lease).await;
    };
    let is_idle = !matches!(event, TurnEvent::Message { .. });
    let idle = if is_idle { scene.memory.idle() + 1 } else { 0 };
    // From before the scenario is asked, so that what others write meanwhile is seen.
    let mut attempts = ports.writers.attempts_at(scene.conversation.clone());
    let (verdict, name) = match take(ports, lease, &scene, event, idle).await {
        Ok(taken) => taken,
        Err(Later { after, error }) => {
            tracing::info!(conversation = %job.conversation, %error, "a scenario is asked again later");
            return end(ports, lease, retry(lease, after, &error)).await;
        }
    };
    // What the scenario said is written down as long as it takes: it may have cost money to ask.
    let mut settling = Settling::new(ports, lease);
    loop {
        let mut turn = attempts.turn(ports).await;
        let scene = match turn.conversation(&*store, job.conversation).await {
            Ok(conversation) => scene_of(ports, &job, conversation).await,
            Err(error) => Err(error),
        };
        let planned = match scene {
            // Others may have written meanwhile. If a person stepped in, the turn comes too late.
            Ok(None) => {
                drop(turn);
                return finish(ports, lease).await;
            }
            Ok(Some(scene)) => plan::plan(ports, scene, &name, &verdict, idle).await,
            Err(error) => Err(error),
        };
        let planned = planned.map(|mut changes| {
            changes.job(JobChange::Finish(lease.key()));
            changes
        });
        if settling.write_in(turn, planned).await.is_some() {
            return Ok(());
        }
    }
}

/// The conversation, if the scenario that the job is for still answers there.
async fn read<T>(ports: &Ports, lease: &Lease, job: &kinds::ForScenario<T>) -> Result<Option<Scene>> {
    let store = ports.tenant(lease.job.tenant);
    let conversation = store.find_conversation(job.conversation).await?;
    scene_of(ports, job, conversation).await
}

async fn scene_of<T>(
    ports: &Ports,
    job: &kinds::ForScenario<T>,
    conversation: Option<Conversation>,
) -> Result<Option<Scene>> {
    let Some(conversation) = conversation else {
        return Ok(None);
    };
    let store = ports.tenant(conversation.tenant);
    let active = conversation.scenario.clone();
    let Some(active) = active.filter(|active| active.since == job.since) else {
        return Ok(None);
    };
    let Some(customer) = store.find_customer(conversation.customer).await? else {
        return Ok(None);
    };
    let memory = Memory::read(&*store, &conversation, active.since).await?;
    Ok(Some(Scene {
        conversation,
        active,
        customer,
        memory,
    }))
}

/// What happened, in the words of scenarios; none if it no longer matters.
async fn event(
    ports: &Ports,
    lease: &Lease,
    scene: &Scene,
    cause: kinds::TurnCause,
) -> Result<Option<TurnEvent>> {
    Ok(match cause {
        kinds::TurnCause::Message { message } => {
            let found = ports.tenant(lease.job.tenant).find_message(message).await?;
            found.filter(|message| message.deleted_at.is_none()).map(heard)
        }
        kinds::TurnCause::Timer { at } => (scene.memory.wake_at() == Some(at)).then_some(TurnEvent::Timer),
        kinds::TurnCause::Tool { name, result } => Some(TurnEvent::ToolResult { name, result }),
    })
}

fn heard(message: Message) -> TurnEvent {
    let value = match message.content.part {
        Some(Part::ButtonPress { data, .. }) => Some(data),
        _ => None,
    };
    TurnEvent::Message {
        text: message.content.text,
        value,
    }
}

/// Asks the scenario; also tells its name.
async fn take(
    ports: &Ports,
    lease: &Lease,
    scene: &Scene,
    event: TurnEvent,
    idle: u32,
) -> std::result::Result<(Verdict, String), Later> {
    let ready = match ports.automation(lease.job.tenant, scene.active.automation).await {
        Ok(ready) => ready,
        Err(error) => return Ok((without(lease, error)?, scene.active.name.clone())),
    };
    let name = ready.automation.value.title.clone();
    if idle > IDLE_MAX {
        let reason = format!("it took {IDLE_MAX} turns without a word from the customer");
        return Ok((Verdict::HandOver(Some(reason)), name));
    }
    let verdict = match ask(lease, scene, event, &ready).await {
        Ok(turn) => Verdict::Taken(turn),
        Err(error) if error.retry() != Retry::Never && lease.attempts + 1 < SCENARIO_TRIES => {
            let after = later(lease, &error);
            return Err(Later { after, error });
        }
        Err(error) => {
            tracing::warn!(conversation = %scene.conversation.id, automation = %ready.automation.id, %error,
                "a scenario broke off; people go on");
            Verdict::HandOver(Some(error.message().to_owned()))
        }
    };
    Ok((verdict, name))
}

async fn ask(lease: &Lease, scene: &Scene, event: TurnEvent, ready: &Ready) -> Result<Turn> {
    let Opened::Scenario(scenario) = &ready.opened else {
        return Err(Error::new(ErrorKind::Rejected, "this is no scenario"));
    };
    let customer = &scene.customer;
    let context = TurnContext {
        conversation: scene.conversation.id,
        channel: scene.conversation.channel.clone(),
        customer: Person {
            id: customer.id,
            name: customer.name.clone(),
            locale: customer.locale.clone(),
            attributes: customer.attributes.clone().into_iter().collect(),
        },
        event,
        // Of the job, so that they are the same when it is done again.
        now: lease.job.created_at,
        seed: lease.job.id.uuid().as_u64_pair().1,
    };
    let turn = scenario.turn(&context, scene.memory.state()?.as_deref()).await?;
    let too_much = |text: String| Err(Error::new(ErrorKind::Rejected, text));
    if turn.state.as_ref().is_some_and(|state| state.len() > STATE_MAX) {
        return too_much(format!("its state is larger than {STATE_MAX} bytes"));
    }
    if turn.actions.len() > ACTIONS_MAX {
        return too_much(format!("it wants more than {ACTIONS_MAX} things done at once"));
    }
    let is_too_deep = |action: &ScenarioAction| match action {
        ScenarioAction::CallTool { args, .. } => is_deeper(args, limits::DEPTH),
        _ => false,
    };
    if turn.actions.iter().any(is_too_deep) {
        return too_much(format!(
            "it calls a tool with arguments that are nested more than {} deep",
            limits::DEPTH
        ));
    }
    Ok(turn)
}

/// What to do about a scenario that cannot be opened.
fn without(lease: &Lease, error: Error) -> std::result::Result<Verdict, Later> {
    match error.kind() {
        // Switched off or removed by somebody who knew: nothing to explain.
        ErrorKind::NotFound => Ok(Verdict::HandOver(None)),
        // A plugin that is being started or upgraded, or a store that is away.
        _ if error.retry() != Retry::Never && lease.attempts + 1 < PLUGIN_TRIES => {
            let after = later(lease, &error);
            Err(Later { after, error })
        }
        _ => Ok(Verdict::HandOver(Some(error.message().to_owned()))),
    }
}

/// In how long to try again after an error.
fn later(lease: &Lease, error: &Error) -> Duration {
    match error.retry() {
        Retry::After(wait) => wait,
        Retry::Later | Retry::Never => back_off(lease.attempts, lease.job.id.uuid().as_u128()),
    }
}

/// A turn or a timer that is given up: people go on.
pub(crate) async fn give_up(ports: &Arc<Ports>, lease: &Lease, why: &Error) -> Result<Changes> {
    let job: kinds::ForScenario<serde::de::IgnoredAny> = kinds::payload(&lease.job)?;
    let Some(scene) = read(ports, lease, &job).await? else {
        return Ok(Changes::in_job(&lease.job));
    };
    let name = scene.active.name.clone();
    let verdict = Verdict::HandOver(Some(why.message().to_owned()));
    plan::plan(ports, scene, &name, &verdict, 0).await
}

/// Works off a [`kinds::TIMER`] job: queues a turn, which sees whether anything else has happened since.
pub(crate) async fn run_timer(ports: &Arc<Ports>, lease: &Lease) -> Result<()> {
    let job: kinds::ForScenario<kinds::Timer> = kinds::payload(&lease.job)?;
    let mut changes = Changes::in_job(&lease.job);
    if let Some(scene) = read(ports, lease, &job).await? {
        let cause = kinds::TurnCause::Timer { at: job.what.at };
        changes.job(kinds::turn(&*ports.clock, &scene.conversation, job.since, cause));
    }
    changes.job(JobChange::Finish(lease.key()));
    ports.commit(changes).await.map(|_| ())
}
