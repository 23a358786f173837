//! Rows with sane values: a test changes only the fields that it is about.
//!
//! ```
//! use std::sync::Arc;
//!
//! use omnichat_core::clock::ManualClock;
//! use omnichat_core::conversations::{Conversation, Status};
//! use omnichat_core::testing::Builder;
//!
//! let make = Builder::new(Arc::new(ManualClock::default()));
//! let inbox = make.inbox();
//! let conversation = Conversation { status: Status::Open, ..make.conversation(inbox.id, "chat-1") };
//! assert_eq!(conversation.tenant, make.tenant);
//! ```

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::actor::{Role, Who};
use crate::audit::AuditEntry;
use crate::change::Changes;
use crate::channel::WebhookRequest;
use crate::chats::{Chat, ChatKind, Context};
use crate::clock::{Clock, Timestamp};
use crate::contacts::{Contact, Scope};
use crate::conversations::{ActiveScenario, Conversation, Priority, Status};
use crate::customers::Customer;
use crate::entities::{EntityRow, Stored};
use crate::event::Origin;
use crate::files::File;
use crate::id::{
    AuditId, AutomationId, ChatId, ContactId, ConversationId, CustomerId, FileId, InboxId, MessageId,
    OperatorId, TenantId,
};
use crate::inboxes::{Health, Inbox, RoutingStrategy};
use crate::job::Job;
use crate::messages::{AttachmentKind, Author, Content, DeliveryState, Direction, Message, Revision};
use crate::operators::{Operator, OperatorStatus};
use crate::quarantine::{QuarantineState, Quarantined};
use crate::records::Record;
use crate::settings::Settings;
use crate::tenants::Tenant;

/// Makes rows of one tenant, in their first version, with fresh ids and times from a clock.
#[derive(Clone)]
pub struct Builder {
    /// The tenant of every row.
    pub tenant: TenantId,
    clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for Builder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Builder")
            .field("tenant", &self.tenant)
            .finish_non_exhaustive()
    }
}

impl Builder {
    /// Rows of a new tenant.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            tenant: TenantId::generate(&*clock),
            clock,
        }
    }

    /// Rows of a tenant that exists.
    pub fn of(tenant: TenantId, clock: Arc<dyn Clock>) -> Self {
        Self { tenant, clock }
    }

    /// The clock's time.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The clock.
    pub fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    /// Changes of the tenant, empty.
    pub fn changes(&self) -> Changes {
        Changes::new(self.tenant, Origin::system("test"))
    }

    /// The tenant's own row.
    pub fn tenant(&self) -> Tenant {
        Tenant {
            id: self.tenant,
            name: "Example".to_owned(),
            created_at: self.now(),
            version: 1,
        }
    }

    /// An operator who is online, with an address that nobody else has.
    pub fn operator(&self) -> Operator {
        let id = OperatorId::generate(&*self.clock);
        Operator {
            id,
            tenant: self.tenant,
            name: "Operator".to_owned(),
            email: format!("{id}@example.org"),
            role: Role::Operator.into(),
            status: OperatorStatus::Online,
            status_since: self.now(),
            capacity: 10,
            locale: None,
            avatar: None,
            disabled: false,
            password_hash: None,
            invitation: None,
            session_generation: 0,
            created_at: self.now(),
            version: 1,
        }
    }

    /// An inbox that is enabled, of the fake channel ([`crate::testing::FakeChannel::KIND`]).
    pub fn inbox(&self) -> Inbox {
        Inbox {
            id: InboxId::generate(&*self.clock),
            tenant: self.tenant,
            kind: super::FakeChannel::KIND.to_owned(),
            title: "Inbox".to_owned(),
            enabled: true,
            settings: Settings::default(),
            app: None,
            scenario: None,
            routing: RoutingStrategy::LeastLoaded,
            proxy: None,
            proxy_label: None,
            health: Health::default(),
            webhook_url: None,
            generation: 0,
            created_at: self.now(),
            version: 1,
        }
    }

    /// A scenario that has begun to answer.
    pub fn active_scenario(&self) -> ActiveScenario {
        ActiveScenario {
            automation: AutomationId::generate(&*self.clock),
            name: "Bot".to_owned(),
            since: self.now(),
        }
    }

    /// A customer with nothing but a name.
    pub fn customer(&self) -> Customer {
        Customer {
            id: CustomerId::generate(&*self.clock),
            tenant: self.tenant,
            name: "Customer".to_owned(),
            name_fixed: false,
            email: None,
            phone: None,
            locale: None,
            avatar: None,
            note: String::new(),
            tags: Vec::new(),
            attributes: Default::default(),
            blocked: false,
            created_at: self.now(),
            last_seen_at: self.now(),
            version: 1,
        }
    }

    /// A contact that is known on an inbox.
    pub fn contact(&self, customer: CustomerId, inbox: InboxId, external_id: &str) -> Contact {
        Contact {
            id: ContactId::generate(&*self.clock),
            tenant: self.tenant,
            customer,
            scope: Scope::Inbox,
            inbox: Some(inbox),
            external_id: external_id.to_owned(),
            claimed: false,
            username: None,
            name: "Customer".to_owned(),
            locale: None,
            created_at: self.now(),
            version: 1,
        }
    }

    /// A private chat of a customer.
    pub fn chat(&self, customer: CustomerId, inbox: InboxId, external_id: &str) -> Chat {
        Chat {
            id: ChatId::generate(&*self.clock),
            tenant: self.tenant,
            inbox,
            external_id: external_id.to_owned(),
            kind: ChatKind::Private,
            customer,
            contact: None,
            title: None,
            context: Context::default(),
            route: Default::default(),
            unreachable: false,
            created_at: self.now(),
            version: 1,
        }
    }

    /// A new conversation, nobody's, without messages, with a customer of its own.
    pub fn conversation(&self, inbox: InboxId, chat: &str) -> Conversation {
        Conversation {
            id: ConversationId::generate(&*self.clock),
            tenant: self.tenant,
            inbox,
            channel: super::FakeChannel::KIND.to_owned(),
            customer: CustomerId::generate(&*self.clock),
            customer_name: "Customer".to_owned(),
            chat: chat.to_owned(),
            chat_kind: ChatKind::Private,
            status: Status::New,
            priority: Priority::Normal,
            assignee: None,
            participants: Vec::new(),
            scenario: None,
            tags: Vec::new(),
            subject: None,
            context: Context::default(),
            attributes: Default::default(),
            unread_count: 0,
            waiting_since: None,
            last_message: None,
            last_inbound_at: None,
            customer_read_at: None,
            routing: None,
            unreachable: false,
            created_at: self.now(),
            last_activity_at: self.now(),
            first_response_at: None,
            resolved_at: None,
            snoozed_until: None,
            version: 1,
        }
    }

    /// A message from the customer of a conversation.
    pub fn message(&self, conversation: &Conversation, text: &str) -> Message {
        Message {
            id: MessageId::generate(&*self.clock),
            tenant: self.tenant,
            conversation: conversation.id,
            inbox: conversation.inbox,
            chat: conversation.chat.clone(),
            direction: Direction::In,
            author: Author::Customer {
                id: conversation.customer,
                name: conversation.customer_name.clone(),
                contact: None,
            },
            content: Content::text(text),
            reply_to: None,
            forwarded_from: None,
            group: None,
            external_id: None,
            more_external_ids: Vec::new(),
            client_key: None,
            client_digest: None,
            state: None,
            failure: None,
            reactions: Vec::new(),
            position: self.now().micros(),
            created_at: self.now(),
            platform_at: None,
            edited_at: None,
            deleted_at: None,
            revisions: 0,
            version: 1,
        }
    }

    /// An answer that waits for the channel.
    pub fn answer(&self, conversation: &Conversation, text: &str) -> Message {
        Message {
            direction: Direction::Out,
            author: Author::Operator {
                id: OperatorId::generate(&*self.clock),
                name: "Operator".to_owned(),
            },
            state: Some(DeliveryState::Queued),
            ..self.message(conversation, text)
        }
    }

    /// An earlier text of a message.
    pub fn revision(&self, message: MessageId, number: u32) -> Revision {
        Revision {
            tenant: self.tenant,
            message,
            number,
            content: Content::text(format!("text {number}")),
            replaced_at: self.now(),
            replaced_by: Author::System,
            deleted: false,
        }
    }

    /// A small text file that no conversation has yet.
    pub fn file(&self) -> File {
        File {
            id: FileId::generate(&*self.clock),
            tenant: self.tenant,
            conversation: None,
            uploaded_by: "channel".to_owned(),
            name: "notes.txt".to_owned(),
            content_type: "text/plain".to_owned(),
            size: 5,
            kind: AttachmentKind::Document,
            width: None,
            height: None,
            duration_ms: None,
            // SHA-256 of "hello".
            blob: "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824".to_owned(),
            created_at: self.now(),
            version: 1,
        }
    }

    /// A webhook that could not be understood.
    pub fn quarantined(&self, inbox: InboxId) -> Stored<Quarantined> {
        let held = Quarantined {
            inbox,
            reason: "not JSON".to_owned(),
            what: crate::quarantine::Held::Request,
            request: WebhookRequest::post(Bytes::from_static(b"{")),
            attempts: 1,
            state: QuarantineState::Held,
        };
        Stored::new(&*self.clock, held)
    }

    /// A record that does not expire.
    pub fn record(&self, kind: &str, key: &str, body: Value) -> Record {
        Record {
            tenant: self.tenant,
            kind: kind.to_owned(),
            key: key.to_owned(),
            body,
            updated_at: self.now(),
            expires_at: None,
            version: 1,
        }
    }

    /// An entity of a kind, in no index.
    pub fn entity(&self, kind: &str) -> EntityRow {
        EntityRow {
            tenant: self.tenant,
            kind: kind.to_owned(),
            id: self.clock().uuid(),
            body: "{}".to_owned(),
            entries: BTreeSet::new(),
            layout: 1,
            created_at: self.now(),
            updated_at: self.now(),
            version: 1,
        }
    }

    /// A line of the audit log.
    pub fn audit(&self, action: &str) -> AuditEntry {
        AuditEntry {
            id: AuditId::generate(&*self.clock),
            tenant: self.tenant,
            at: self.now(),
            actor: Who::System {
                name: "test".to_owned(),
            },
            action: action.to_owned(),
            target: self.tenant.to_string(),
            details: json!({}),
        }
    }

    /// A job of kind `test` that is due now.
    pub fn job(&self, lane: &str) -> Job {
        Job::new(&*self.clock, self.tenant, "test", lane, json!({}))
    }
}
