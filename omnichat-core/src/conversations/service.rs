//! What operators do with conversations.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use super::fields;
use super::filter::{ConversationFilter, Facets};
use super::model::{Conversation, ConversationPatch, Counts, Priority, Status};
use super::transitions::TAGS;
use crate::actor::{Actor, Permission};
use crate::attributes;
use crate::clock::Timestamp;
use crate::condition::{Predicate, Value};
use crate::error::{Error, ErrorKind, Result};
use crate::event::Ephemeral;
use crate::event::bus::Signal;
use crate::id::{ConversationId, OperatorId};
use crate::job::kinds;
use crate::limits;
use crate::messages::{Author, SystemEntry};
use crate::operators::Operator;
use crate::page::{Page, PageRequest};
use crate::ports::Ports;
use crate::roles;

/// Reads and changes conversations for an actor.
#[derive(Clone, Debug)]
pub struct ConversationService {
    pub(super) ports: Arc<Ports>,
}

impl ConversationService {
    /// A service over an engine's ports.
    pub fn new(ports: Arc<Ports>) -> Self {
        Self { ports }
    }

    /// A conversation that the actor may see; `NotFound` for any other, so that ids tell nothing.
    pub async fn get(&self, actor: &Actor, id: ConversationId) -> Result<Conversation> {
        let found = self.ports.tenant(actor.tenant).find_conversation(id).await?;
        found
            .filter(|c| c.visible_to(actor))
            .ok_or_else(|| Error::not_found("conversation"))
    }

    /// A page of what the actor may see.
    pub async fn list(
        &self,
        actor: &Actor,
        mut filter: ConversationFilter,
        page: PageRequest,
    ) -> Result<Page<Conversation>> {
        if !actor.permissions.has(Permission::CONVERSATIONS_READ_ALL) {
            actor.require(Permission::CONVERSATIONS_READ_OWN)?;
            filter.visible_to = Some(actor.require_operator()?);
        }
        if !within_reach(actor, &mut filter)? {
            return Ok(Page {
                items: Vec::new(),
                next: None,
                damaged: Vec::new(),
            });
        }
        self.ports
            .tenant(actor.tenant)
            .list_conversations(&filter, &page)
            .await
    }

    /// How many conversations the standard views hold.
    pub async fn counts(&self, actor: &Actor) -> Result<Counts> {
        actor.require_one(Permission::CONVERSATIONS_READ)?;
        let only_visible = !actor.permissions.has(Permission::CONVERSATIONS_READ_ALL);
        self.ports
            .tenant(actor.tenant)
            .count_conversations(actor.require_operator()?, only_visible)
            .await
    }

    /// Takes a conversation that nobody has. `Conflict` if another has it.
    pub async fn take(
        &self,
        actor: &Actor,
        id: ConversationId,
        version: Option<u64>,
    ) -> Result<Conversation> {
        actor.require(Permission::CONVERSATIONS_TAKE)?;
        let me = actor.require_operator()?;
        self.change(actor, id, version, |step| {
            match step.conversation.assignee {
                Some(assignee) if assignee == me => return Ok(()),
                Some(_) => {
                    return Err(Error::new(
                        ErrorKind::Conflict,
                        "another operator has already taken this conversation",
                    ));
                }
                None => {}
            }
            step.conversation
                .assign(Some(me), "taken", "taken from the queue".to_owned(), step.now);
            if step.conversation.status == Status::New {
                step.conversation.status = Status::Open;
            }
            step.entry(SystemEntry::Joined, None, None);
            Ok(())
        })
        .await
    }

    /// Gives a conversation to an operator, or back to the queue.
    pub async fn assign(
        &self,
        actor: &Actor,
        id: ConversationId,
        to: Option<OperatorId>,
        version: Option<u64>,
    ) -> Result<Conversation> {
        actor.require(Permission::CONVERSATIONS_ASSIGN)?;
        let target = match to {
            Some(to) => Some(self.colleague(actor, to).await?),
            None => None,
        };
        self.change(actor, id, version, |step| {
            if step.conversation.assignee == to {
                return Ok(());
            }
            let reason = format!("assigned by {}", step.actor.name());
            step.conversation.assign(to, "operator", reason, step.now);
            match &target {
                Some(target) => step.entry(SystemEntry::Assigned, Some(&target.name), None),
                None => step.entry(SystemEntry::Unassigned, None, None),
            }
            Ok(())
        })
        .await
    }

    /// Hands a conversation over to another operator, with a word for them.
    pub async fn transfer(
        &self,
        actor: &Actor,
        id: ConversationId,
        to: OperatorId,
        comment: Option<&str>,
        version: Option<u64>,
    ) -> Result<Conversation> {
        actor.require(Permission::CONVERSATIONS_ASSIGN)?;
        let target = self.colleague(actor, to).await?;
        let comment = comment.map(str::trim).filter(|c| !c.is_empty());
        if comment.is_some_and(|c| c.chars().count() > 2_000) {
            return Err(Error::invalid_field(
                "comment",
                "too_long",
                "a comment has at most 2,000 characters",
            ));
        }
        self.change(actor, id, version, |step| {
            if step.conversation.assignee == Some(to) {
                return Ok(());
            }
            let reason = format!("transferred by {}", step.actor.name());
            step.conversation.assign(Some(to), "operator", reason, step.now);
            step.entry(SystemEntry::Transferred, Some(&target.name), comment);
            Ok(())
        })
        .await
    }

    /// Invites a second operator.
    pub async fn invite(
        &self,
        actor: &Actor,
        id: ConversationId,
        whom: OperatorId,
        version: Option<u64>,
    ) -> Result<Conversation> {
        actor.require(Permission::CONVERSATIONS_ASSIGN)?;
        let target = self.colleague(actor, whom).await?;
        self.change(actor, id, version, |step| {
            let conversation = &mut step.conversation;
            if conversation.assignee == Some(whom) || conversation.participants.contains(&whom) {
                return Ok(());
            }
            if conversation.participants.len() >= 20 {
                return Err(Error::new(
                    ErrorKind::Rejected,
                    "at most 20 operators can be invited",
                ));
            }
            conversation.participants.push(whom);
            step.entry(SystemEntry::Invited, Some(&target.name), None);
            Ok(())
        })
        .await
    }

    /// Leaves a conversation: as an invited operator, or as its assignee, who gives it back to the queue.
    pub async fn leave(
        &self,
        actor: &Actor,
        id: ConversationId,
        version: Option<u64>,
    ) -> Result<Conversation> {
        let me = actor.require_operator()?;
        self.change(actor, id, version, |step| {
            let conversation = &mut step.conversation;
            if conversation.assignee == Some(me) {
                conversation.assign(None, "operator", String::new(), step.now);
            } else if conversation.participants.contains(&me) {
                conversation.participants.retain(|p| *p != me);
            } else {
                return Ok(());
            }
            step.entry(SystemEntry::Left, None, None);
            Ok(())
        })
        .await
    }

    /// Done; a message from the customer opens it again.
    pub async fn resolve(
        &self,
        actor: &Actor,
        id: ConversationId,
        version: Option<u64>,
    ) -> Result<Conversation> {
        self.move_to(actor, id, Status::Resolved, SystemEntry::Resolved, version)
            .await
    }

    /// Done for good; a message from the customer starts a new conversation.
    pub async fn close(
        &self,
        actor: &Actor,
        id: ConversationId,
        version: Option<u64>,
    ) -> Result<Conversation> {
        self.move_to(actor, id, Status::Closed, SystemEntry::Closed, version)
            .await
    }

    /// Unwanted; what comes is kept without notice.
    pub async fn spam(
        &self,
        actor: &Actor,
        id: ConversationId,
        version: Option<u64>,
    ) -> Result<Conversation> {
        self.move_to(actor, id, Status::Spam, SystemEntry::Spam, version)
            .await
    }

    /// Open again. `Conflict` for a closed conversation whose customer has begun a new one since.
    pub async fn reopen(
        &self,
        actor: &Actor,
        id: ConversationId,
        version: Option<u64>,
    ) -> Result<Conversation> {
        match self
            .move_to(actor, id, Status::Open, SystemEntry::Reopened, version)
            .await
        {
            Err(error) if error.kind() == ErrorKind::Duplicate => Err(Error::new(
                ErrorKind::Conflict,
                "this customer has a newer conversation; go on there",
            )),
            outcome => outcome,
        }
    }

    /// Out of sight until a time, or until the customer writes.
    pub async fn snooze(
        &self,
        actor: &Actor,
        id: ConversationId,
        until: Timestamp,
        version: Option<u64>,
    ) -> Result<Conversation> {
        actor.require(Permission::CONVERSATIONS_MANAGE)?;
        if until <= self.ports.now() {
            return Err(Error::invalid_field(
                "until",
                "past",
                "choose a time in the future",
            ));
        }
        let longest = Duration::from_secs(limits::SNOOZE_DAYS * 86_400);
        if until > self.ports.now().after(longest) {
            let message = format!("choose a time within {} days", limits::SNOOZE_DAYS);
            return Err(Error::invalid_field("until", "range", message));
        }
        let clock = self.ports.clock.clone();
        self.change(actor, id, version, |step| {
            if step.conversation.status == Status::Closed {
                return Err(Error::new(
                    ErrorKind::Rejected,
                    "a closed conversation cannot be snoozed",
                ));
            }
            step.conversation.move_to(Status::Snoozed, step.now);
            step.conversation.snoozed_until = Some(until);
            step.entry(SystemEntry::Snoozed, None, Some(&until.to_string()));
            step.changes
                .job(kinds::wake(&*clock, step.conversation.tenant, id, until));
            Ok(())
        })
        .await
    }

    /// The actor has read it. A program that only reads along does not answer for the people who should: it needs the right
    /// to manage conversations.
    pub async fn mark_read(&self, actor: &Actor, id: ConversationId) -> Result<Conversation> {
        if actor.operator_id().is_none() {
            actor.require(Permission::CONVERSATIONS_MANAGE)?;
        }
        self.change(actor, id, None, |step| {
            step.conversation.unread_count = 0;
            Ok(())
        })
        .await
    }

    /// Changes priority, labels, title or attributes.
    pub async fn update(
        &self,
        actor: &Actor,
        id: ConversationId,
        patch: ConversationPatch,
        version: Option<u64>,
    ) -> Result<Conversation> {
        actor.require(Permission::CONVERSATIONS_MANAGE)?;
        let tags = patch.tags.map(clean_tags).transpose()?;
        let subject = patch
            .subject
            .map(|s| s.map(|s| s.trim().to_owned()).filter(|s| !s.is_empty()));
        if subject.iter().flatten().any(|s| s.chars().count() > 200) {
            return Err(Error::invalid_field(
                "subject",
                "too_long",
                "a title has at most 200 characters",
            ));
        }
        if let Some(told) = &patch.attributes {
            attributes::check(told, limits::CONVERSATION_ATTRIBUTES)?;
        }
        self.change(actor, id, version, |step| {
            if let Some(priority) = patch.priority
                && priority != step.conversation.priority
            {
                step.conversation.priority = priority;
                step.entry(SystemEntry::Priority, None, Some(Priority::name(priority)));
            }
            if let Some(tags) = &tags {
                step.conversation.tags.clone_from(tags);
            }
            if let Some(subject) = &subject {
                step.conversation.subject.clone_from(subject);
            }
            if let Some(attributes) = &patch.attributes {
                step.conversation.attributes.clone_from(attributes);
            }
            Ok(())
        })
        .await
    }

    /// Shows colleagues (and through its channel the customer) that the actor is writing.
    pub async fn typing(&self, actor: &Actor, id: ConversationId, on: bool) -> Result<Conversation> {
        let author = Author::require(actor)?;
        let conversation = self.get(actor, id).await?;
        let ephemeral = Ephemeral::Typing {
            conversation: id,
            author,
            on,
        };
        self.ports
            .signal(Signal::Ephemeral {
                tenant: actor.tenant,
                ephemeral,
            })
            .await;
        Ok(conversation)
    }

    async fn move_to(
        &self,
        actor: &Actor,
        id: ConversationId,
        status: Status,
        entry: SystemEntry,
        version: Option<u64>,
    ) -> Result<Conversation> {
        actor.require(Permission::CONVERSATIONS_MANAGE)?;
        self.change(actor, id, version, |step| {
            let before = step.conversation.status;
            if before == status || (status == Status::Open && before.is_open()) {
                return Ok(());
            }
            step.conversation.move_to(status, step.now);
            step.entry(entry, None, None);
            Ok(())
        })
        .await
    }

    async fn colleague(&self, actor: &Actor, id: OperatorId) -> Result<Operator> {
        let found = self.ports.tenant(actor.tenant).find_operator(id).await?;
        let operator = found
            .ok_or_else(|| Error::invalid_field("operator_id", "unknown", "there is no such operator"))?;
        if operator.disabled {
            return Err(Error::invalid_field(
                "operator_id",
                "disabled",
                "this operator is disabled",
            ));
        }
        let store = self.ports.tenant(actor.tenant);
        let permissions = roles::permissions_of(&*store, operator.role).await?;
        if !permissions.has_one(Permission::CONVERSATIONS_READ) {
            let message = "this operator's role does not show conversations";
            return Err(Error::invalid_field("operator_id", "no_right", message));
        }
        Ok(operator)
    }
}

/// Confines a filter to the inboxes that the actor reaches; whether anything is left.
///
/// # Errors
/// `Invalid` if there are several of them and none is named: a list goes over one or over all.
fn within_reach(actor: &Actor, filter: &mut ConversationFilter) -> Result<bool> {
    let Some(only) = &actor.inboxes else {
        return Ok(true);
    };
    let named = Facets::of(filter).0.inbox;
    match (named, &**only) {
        (Some(inbox), _) => Ok(actor.reaches(inbox)),
        (None, [inbox]) => {
            let condition = std::mem::take(&mut filter.condition);
            let on_it = Predicate::one_of(fields::INBOX, [Value::Id(inbox.uuid())]);
            filter.condition = Predicate::All(vec![on_it, condition]);
            Ok(true)
        }
        (None, _) => Err(Error::invalid_field(
            "inbox_id",
            "required",
            "this key is confined to several inboxes: name one of them",
        )),
    }
}

/// Trims, sorts and removes doubles.
fn clean_tags(tags: Vec<String>) -> Result<Vec<String>> {
    let tags: BTreeSet<String> = tags
        .into_iter()
        .map(|tag| tag.trim().to_owned())
        .filter(|tag| !tag.is_empty())
        .collect();
    if tags.len() > TAGS.0 || tags.iter().any(|tag| tag.chars().count() > TAGS.1) {
        let message = format!("at most {} tags of {} characters each", TAGS.0, TAGS.1);
        return Err(Error::invalid_field("tags", "too_long", message));
    }
    Ok(tags.into_iter().collect())
}
