//! What a turn wants done, as changes.

use std::time::Duration;

use super::{Scene, Verdict};
use crate::automations::{ScenarioAction, Turn};
use crate::change::Changes;
use crate::channel::Capabilities;
use crate::clock::Timestamp;
use crate::conversations::{Conversation, Status};
use crate::customers::Customer;
use crate::error::{Error, ErrorKind, Result};
use crate::event::Origin;
use crate::job::kinds;
use crate::limits;
use crate::messages::{
    Author, Button, Content, DeliveryState, Direction, Message, SystemEntry, check_content, check_window,
    fitted, system_entry, written,
};
use crate::ports::Ports;

/// A scenario is not woken sooner than this.
const SOONEST: Duration = Duration::from_secs(1);
/// Longest note, in characters; the rest is cut off.
const NOTE_MAX: usize = 10_000;

/// What a scenario does; nothing yet.
pub(super) fn changes(scene: &Scene) -> Changes {
    let origin = Origin::scenario(scene.active.automation);
    Changes::new(scene.conversation.tenant, origin)
}

/// Everything that a turn writes, but for the end of its job. A turn that the conversation does not allow (its channel's
/// reply window has passed, its inbox was removed) hands over instead.
pub(super) async fn plan(
    ports: &Ports,
    scene: Scene,
    name: &str,
    verdict: &Verdict,
    idle: u32,
) -> Result<Changes> {
    let writer = Writer {
        ports,
        name,
        now: ports.now(),
        since: scene.active.since,
        customer: scene.customer.clone(),
        messages: Vec::new(),
        changes: changes(&scene),
        conversation: scene.conversation.clone(),
        has_said: false,
    };
    let turn = match verdict {
        Verdict::Taken(turn) => turn,
        Verdict::HandOver(reason) => return Ok(writer.broken(scene, reason.as_deref())),
    };
    let fresh = writer.clone();
    match writer.taken(turn).await {
        Ok(writer) => writer.end(scene, turn, idle),
        Err(error) if is_about_the_turn(&error) => Ok(fresh.broken(scene, Some(error.message()))),
        Err(error) => Err(error),
    }
}

/// Whether trying again would fail again.
fn is_about_the_turn(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Invalid | ErrorKind::Rejected | ErrorKind::NotFound
    )
}

/// A turn being written.
#[derive(Clone)]
struct Writer<'a> {
    ports: &'a Ports,
    /// The scenario's name.
    name: &'a str,
    now: Timestamp,
    since: Timestamp,
    conversation: Conversation,
    customer: Customer,
    /// New messages, in order; their events carry the conversation as it is at the end.
    messages: Vec<Message>,
    changes: Changes,
    has_said: bool,
}

impl Writer<'_> {
    async fn taken(mut self, turn: &Turn) -> Result<Self> {
        for action in &turn.actions {
            match action {
                ScenarioAction::Send { text, buttons } => self.send(text, buttons).await?,
                ScenarioAction::Note { text } => self.note(text),
                ScenarioAction::Tag { name } => {
                    if !self.conversation.add_tag(name) {
                        tracing::warn!(conversation = %self.conversation.id, tag = name, "a scenario's tag does not fit");
                    }
                }
                ScenarioAction::Untag { name } => self.conversation.tags.retain(|tag| tag != name.trim()),
                ScenarioAction::SetAttribute { name, value } => self.set_attribute(name, value),
                ScenarioAction::CallTool { name, args } => self.call_tool(name, args),
                ScenarioAction::HandOver { note } => {
                    self.hand_over(None);
                    self.note(note);
                }
                ScenarioAction::Resolve => self.resolve(),
            }
        }
        Ok(self)
    }

    /// The end of a turn: its state, or the end of the scenario.
    fn end(mut self, scene: Scene, turn: &Turn, idle: u32) -> Result<Changes> {
        match &turn.state {
            Some(state) if self.conversation.scenario.is_some() => {
                let wake_at = turn.wake_at.map(|at| at.max(self.now.after(SOONEST)));
                if let Some(at) = wake_at {
                    let clock = &*self.ports.clock;
                    self.changes
                        .job(kinds::timer(clock, &self.conversation, self.since, at));
                }
                if let Some(active) = &mut self.conversation.scenario {
                    self.name.clone_into(&mut active.name);
                }
                scene
                    .memory
                    .keep(&mut self.changes, state, wake_at, idle, self.now)?;
            }
            _ => {
                // It ended without a word: somebody else has to answer.
                if self.conversation.scenario.is_some() && !self.has_said {
                    self.hand_over(None);
                }
                self.conversation.scenario = None;
                scene.memory.forget(&mut self.changes);
            }
        }
        Ok(self.written(&scene.conversation, &scene.customer))
    }

    /// The end of a scenario that cannot go on.
    fn broken(mut self, scene: Scene, reason: Option<&str>) -> Changes {
        self.hand_over(reason);
        scene.memory.forget(&mut self.changes);
        self.written(&scene.conversation, &scene.customer)
    }

    /// The rows and events.
    fn written(self, before: &Conversation, customer_before: &Customer) -> Changes {
        let Self {
            mut conversation,
            customer,
            messages,
            mut changes,
            ..
        } = self;
        if customer != *customer_before {
            changes.save(Some(customer_before), customer);
        }
        let mut messages = messages.into_iter();
        if conversation != *before {
            // A message's event brings the conversation with it.
            conversation = match messages.next() {
                Some(first) => changes.save_with(Some(before), conversation, first),
                None => changes.save(Some(before), conversation),
            };
        }
        for message in messages {
            changes.add_message(&conversation, message);
        }
        changes
    }

    async fn send(&mut self, text: &str, buttons: &[Vec<Button>]) -> Result<()> {
        let account = self.ports.account(self.conversation.inbox).await?;
        if !account.inbox.enabled {
            return Err(Error::new(ErrorKind::Rejected, "the inbox is switched off"));
        }
        let can: &Capabilities = account.channel.capabilities();
        check_window(&self.conversation, can, self.now)?;
        for content in fitted(text, buttons, can)? {
            check_content(&content)?;
            let mut message = self.message(Direction::Out, content);
            message.state = Some(match can.local {
                true => DeliveryState::Sent,
                false => DeliveryState::Queued,
            });
            if !can.local {
                let job = kinds::outgoing(&*self.ports.clock, kinds::SEND, &message);
                self.changes.job(job);
            }
            self.add(message);
            self.has_said = true;
        }
        Ok(())
    }

    fn note(&mut self, text: &str) {
        let text = text.replace('\0', "");
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        let content = Content::text(text.chars().take(NOTE_MAX).collect::<String>());
        let note = self.message(Direction::Note, content);
        self.add(note);
    }

    fn message(&self, direction: Direction, content: Content) -> Message {
        let author = Author::Bot {
            name: self.name.to_owned(),
        };
        let clock = &*self.ports.clock;
        written(clock, &self.conversation, direction, author, content, self.now)
    }

    /// Notes a message. What a scenario says answers nobody's waiting: a customer who was handed over goes on waiting.
    fn add(&mut self, message: Message) {
        let waiting_since = self.conversation.waiting_since;
        let first_response_at = self.conversation.first_response_at;
        self.conversation.note_message(&message, self.now);
        self.conversation.waiting_since = waiting_since;
        self.conversation.first_response_at = first_response_at;
        self.messages.push(message);
    }

    fn entry(&mut self, entry: SystemEntry, comment: Option<&str>) {
        let content = Content::system(entry, Some(self.name), None, comment);
        let entry = system_entry(&*self.ports.clock, &self.conversation, content, self.now);
        self.messages.push(entry);
    }

    fn hand_over(&mut self, reason: Option<&str>) {
        if self.conversation.scenario.is_none() {
            return;
        }
        self.conversation.hand_over(self.now);
        self.entry(SystemEntry::HandedOver, reason);
    }

    fn resolve(&mut self) {
        if self.conversation.status != Status::Resolved {
            self.conversation.move_to(Status::Resolved, self.now);
            self.entry(SystemEntry::Resolved, None);
        }
    }

    fn set_attribute(&mut self, name: &str, value: &str) {
        let (name, value) = (name.replace('\0', ""), value.replace('\0', ""));
        let name = name.trim();
        if value.is_empty() {
            self.customer.attributes.remove(name);
            return;
        }
        let fits = !name.is_empty()
            && name.chars().count() <= limits::ATTRIBUTE_NAME
            && value.chars().count() <= limits::ATTRIBUTE_VALUE;
        if !fits || !self.customer.set_attribute(name, &value) {
            tracing::warn!(customer = %self.customer.id, name, "a scenario's attribute does not fit");
        }
    }

    fn call_tool(&mut self, name: &str, args: &serde_json::Value) {
        let call = kinds::CallOfTool {
            name: name.to_owned(),
            args: args.clone(),
        };
        let clock = &*self.ports.clock;
        self.changes
            .job(kinds::tool(clock, &self.conversation, self.since, call));
    }
}
