//! Events on the wire: in the WebSocket and in `GET /events`. Each carries whole current objects.

use omnichat_core::Engine;
use omnichat_core::error::Result;
use omnichat_core::event::{Envelope, Event};
use omnichat_core::id::TenantId;
use omnichat_core::operators::Operator;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Time;
use super::api_key::ApiKeyView;
use super::automation::AutomationView;
use super::conversation::ConversationView;
use super::customer::CustomerView;
use super::entity::AnyEntityView;
use super::inbox::InboxView;
use super::message::MessageView;
use super::operator::OperatorView;

/// An event in its place in the log.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = EventEnvelope)]
pub struct EnvelopeView {
    /// Its number, rising by one from event to event.
    pub seq: u64,
    /// When it happened.
    pub at: Time,
    /// What happened.
    pub event: EventView,
}

/// Something that happened. Clients ignore types that they do not know.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
#[schema(as = Event)]
pub enum EventView {
    /// A conversation began.
    ConversationCreated {
        /// As it is now.
        conversation: ConversationView,
    },
    /// A conversation changed without a message.
    ConversationUpdated {
        /// As it is now.
        conversation: ConversationView,
    },
    /// A message, note or system entry was added.
    MessageCreated {
        /// The conversation as it is now.
        conversation: ConversationView,
        /// The message.
        message: MessageView,
    },
    /// A message changed.
    MessageUpdated {
        /// The message as it is now.
        message: MessageView,
        /// The conversation as it is now, if it changed too.
        conversation: Option<ConversationView>,
    },
    /// A customer was changed.
    CustomerUpdated {
        /// As it is now.
        customer: CustomerView,
    },
    /// An operator was added or changed.
    OperatorUpdated {
        /// As it is now.
        operator: OperatorView,
    },
    /// An inbox was added or changed.
    InboxUpdated {
        /// As it is now.
        inbox: Box<InboxView>,
    },
    /// An inbox was removed.
    InboxDeleted {
        /// Which.
        inbox_id: String,
    },
    /// A scenario or a toolbox was set up or changed.
    AutomationUpdated {
        /// As it is now.
        automation: Box<AutomationView>,
    },
    /// A scenario or a toolbox was removed.
    AutomationDeleted {
        /// Which.
        automation_id: String,
    },
    /// A key of a program was made, changed, renewed or revoked.
    ApiKeyUpdated {
        /// As it is now.
        key: Box<ApiKeyView>,
    },
    /// An entity was made or changed.
    EntityChanged {
        /// Its kind.
        kind: String,
        /// As it is now, as its own address answers it.
        entity: Box<AnyEntityView>,
    },
    /// An entity was deleted, or is no longer for one's eyes.
    EntityDeleted {
        /// Its kind.
        kind: String,
        /// Its id.
        id: String,
    },
    /// A webhook could not be understood.
    QuarantineAdded {
        /// Where it came in.
        inbox_id: String,
        /// Its id in quarantine.
        id: String,
        /// Why.
        reason: String,
    },
    /// The stored event is damaged: what happened is not known any more, and everything is to be fetched anew.
    Damaged,
}

impl EnvelopeView {
    /// An event in its place, see [`EventView::of`].
    pub async fn of(engine: &Engine, envelope: &Envelope) -> Result<Self> {
        let event = EventView::of(engine, envelope.tenant, &envelope.event).await?;
        Ok(Self {
            seq: envelope.seq,
            at: envelope.at.into(),
            event,
        })
    }
}

impl EventView {
    /// An event as it goes out. Events of conversations and messages are turned as they are; for the rarer others what the
    /// row does not hold (an operator's load, a customer's accounts, what an inbox can do) is looked up.
    pub async fn of(engine: &Engine, tenant: TenantId, event: &Event) -> Result<Self> {
        Ok(match event {
            Event::ConversationCreated { conversation } => Self::ConversationCreated {
                conversation: conversation.into(),
            },
            Event::ConversationUpdated { conversation } => Self::ConversationUpdated {
                conversation: conversation.into(),
            },
            Event::MessageCreated {
                conversation,
                message,
            } => Self::MessageCreated {
                conversation: conversation.into(),
                message: message.into(),
            },
            Event::MessageUpdated {
                message,
                conversation,
            } => Self::MessageUpdated {
                message: message.into(),
                conversation: conversation.as_ref().map(ConversationView::from),
            },
            Event::CustomerUpdated { customer } => {
                let details = engine.customers().details(tenant, vec![customer.clone()]).await?;
                let inboxes = engine.inboxes().stored(tenant).await?;
                let view = |details| CustomerView::of(details, &inboxes);
                Self::CustomerUpdated {
                    customer: details
                        .first()
                        .map(view)
                        .ok_or_else(|| omnichat_core::Error::not_found("customer"))?,
                }
            }
            Event::OperatorUpdated { operator } => Self::OperatorUpdated {
                operator: looked_up(engine, operator).await?,
            },
            Event::InboxUpdated { inbox } => Self::InboxUpdated {
                inbox: Box::new(InboxView::of(engine, inbox).await),
            },
            Event::InboxDeleted { inbox } => Self::InboxDeleted {
                inbox_id: inbox.to_string(),
            },
            Event::AutomationUpdated { automation } => {
                let tools = engine.automations().tools(tenant, automation.id).await;
                Self::AutomationUpdated {
                    automation: Box::new(AutomationView::of(automation, tools)),
                }
            }
            Event::AutomationDeleted { automation } => Self::AutomationDeleted {
                automation_id: automation.to_string(),
            },
            Event::ApiKeyUpdated { key } => Self::ApiKeyUpdated {
                key: Box::new(ApiKeyView::from(&engine.api_keys().shown(key).await?)),
            },
            Event::EntityChanged {
                kind, id, body: None, ..
            } => Self::EntityDeleted {
                kind: kind.clone(),
                id: id.clone(),
            },
            Event::EntityChanged {
                kind,
                id,
                version,
                created_at,
                updated_at,
                body: Some(body),
                ..
            } => Self::EntityChanged {
                kind: kind.clone(),
                entity: Box::new(AnyEntityView::of(id, body, *version, *created_at, *updated_at)),
            },
            Event::QuarantineAdded { inbox, id, reason } => Self::QuarantineAdded {
                inbox_id: inbox.to_string(),
                id: id.to_string(),
                reason: reason.clone(),
            },
            Event::Damaged => Self::Damaged,
        })
    }
}

async fn looked_up(engine: &Engine, operator: &Operator) -> Result<OperatorView> {
    let operators = engine.operators();
    let load = operators.load(operator).await?;
    // The log does not say it.
    let invited = operators.is_invited(operator).await?;
    Ok(OperatorView::of(operator, load, invited))
}
