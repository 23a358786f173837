//! The one way to write: a use case returns [`Changes`], and [`crate::store::Store::commit`] makes it durable in one
//! transaction, or not at all.

mod differing;
mod saving;

use crate::actor::Actor;
use crate::audit::AuditEntry;
use crate::chats::Chat;
use crate::contacts::Contact;
use crate::conversations::Conversation;
use crate::customers::Customer;
use crate::entities::{Document, EntityRow, Stored};
use crate::error::Result;
use crate::event::{Event, FieldChange, NewEvent, Origin};
use crate::files::File;
use crate::id::TenantId;
use crate::inboxes::Inbox;
use crate::job::{Job, JobChange};
use crate::messages::{Message, Revision};
use crate::operators::Operator;
use crate::records::Record;
use crate::tenants::Tenant;
pub(crate) use saving::Saved;

/// A row to be written.
///
/// A row with a `version` of 1 must be new; one with version *n* replaces version *n − 1*. Anything else fails the whole
/// commit with [`crate::error::ErrorKind::Conflict`]. Rows without a version (revisions, audit entries) are only ever
/// added; an audit entry with a known id is a `Conflict` too. A unique rule that is broken fails it with
/// [`crate::error::ErrorKind::Duplicate`] and names the rule; see [`unique`]. Rows are checked one by one, in order: a row
/// may build on one before it. A row that has a wrong version and breaks a rule may be answered with either.
///
/// Ids are made to be unique. A row whose id another tenant has is apart from that tenant's row or refused with `Conflict`;
/// an inbox is refused, since its id alone says whose it is.
///
/// No text in a row, event or job may hold U+0000, which PostgreSQL cannot keep: whoever takes text in removes it. A store
/// either keeps it or refuses the commit with `Invalid`.
#[derive(Clone, Debug, PartialEq)]
pub enum Row {
    /// A tenant.
    Tenant(Tenant),
    /// An operator.
    Operator(Operator),
    /// An inbox.
    Inbox(Inbox),
    /// A customer.
    Customer(Customer),
    /// Who somebody is on a platform.
    Contact(Contact),
    /// Where is spoken.
    Chat(Chat),
    /// A conversation.
    Conversation(Conversation),
    /// A message.
    Message(Message),
    /// An earlier text of a message.
    Revision(Revision),
    /// A file.
    File(File),
    /// A record.
    Record(Record),
    /// An entity or another document.
    Entity(EntityRow),
    /// A line of the audit log.
    Audit(AuditEntry),
}

/// A row to be removed. Removing what is not there is no error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Removal {
    /// An inbox. Its conversations stay.
    Inbox(crate::id::InboxId),
    /// A file. Its bytes stay.
    File(crate::id::FileId),
    /// A record, by kind and key.
    Record {
        /// Its kind.
        kind: String,
        /// Its key.
        key: String,
    },
    /// An entity or another document, by kind and id.
    Entity {
        /// Its kind.
        kind: String,
        /// Its id.
        id: uuid::Uuid,
    },
}

/// Names of the unique rules, as found under `unique` in the context of a
/// [`Duplicate`](crate::error::ErrorKind::Duplicate) error. Those of entities are named by their kind and index, see
/// [`EntityRow::rule`].
pub mod unique {
    /// `(tenant, email)` of operators.
    pub const OPERATOR_EMAIL: &str = "operator.email";
    /// `(tenant, scope, inbox, external_id, claimed)` of contacts: their [key](crate::contacts::ContactKey).
    pub const CONTACT_KEY: &str = "contact.key";
    /// `(tenant, inbox, external_id)` of chats.
    pub const CHAT: &str = "chat.external_id";
    /// `(tenant, inbox, chat)` of conversations that are not closed.
    pub const CONVERSATION_CHAT: &str = "conversation.chat";
    /// `(tenant, inbox, chat, external_id)` of messages, where `external_id` is the first or one of the further ids: no two
    /// messages of a chat share any.
    pub const MESSAGE_EXTERNAL: &str = "message.external_id";
    /// `(tenant, conversation, client_key)` of messages.
    pub const MESSAGE_CLIENT_KEY: &str = "message.client_key";
    /// `(tenant, message, number)` of revisions.
    pub const REVISION: &str = "revision.number";
}

/// Everything that one use case wants written, in one transaction.
#[derive(Clone, Debug, PartialEq)]
pub struct Changes {
    /// The tenant to which every row, job and event belongs. A store refuses a row or a new job of another tenant. It must
    /// exist, or be made by one of the rows.
    pub tenant: TenantId,
    /// Who wants it written and why: what its events say of themselves.
    pub origin: Origin,
    /// Rows to write, in order.
    pub rows: Vec<Row>,
    /// Rows to remove, after the writes.
    pub removals: Vec<Removal>,
    /// Changes of the queue. A finished or retried job whose lease is no longer held fails the whole commit with
    /// [`crate::error::ErrorKind::Conflict`]: that is the fence against a worker that was thought dead.
    pub jobs: Vec<JobChange>,
    /// Events for the tenant's log, in order.
    pub events: Vec<NewEvent>,
}

impl Changes {
    /// Nothing yet.
    pub fn new(tenant: TenantId, origin: Origin) -> Self {
        Self {
            tenant,
            origin,
            rows: Vec::new(),
            removals: Vec::new(),
            jobs: Vec::new(),
            events: Vec::new(),
        }
    }

    /// What somebody asked for; nothing yet.
    pub fn by(actor: &Actor) -> Self {
        Self::new(actor.tenant, Origin::request(actor))
    }

    /// What a job does; nothing yet.
    pub fn in_job(job: &Job) -> Self {
        Self::new(job.tenant, Origin::job(job))
    }

    /// Whether there is nothing to write.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.removals.is_empty() && self.jobs.is_empty() && self.events.is_empty()
    }

    /// Adds a row.
    pub fn put(&mut self, row: impl Into<Row>) -> &mut Self {
        self.rows.push(row.into());
        self
    }

    /// Adds the row of a document.
    ///
    /// # Errors
    /// As [`Stored::row`].
    pub fn keep<D: Document>(&mut self, document: &Stored<D>) -> Result<&mut Self> {
        let row = document.row(self.tenant)?;
        Ok(self.put(row))
    }

    /// Removes a document. It is written once more before it goes, so that a change which came in between is noticed.
    pub fn discard(&mut self, row: EntityRow) -> &mut Self {
        let removal = Removal::Entity {
            kind: row.kind.clone(),
            id: row.id,
        };
        self.put(EntityRow {
            version: row.version + 1,
            ..row
        })
        .remove(removal)
    }

    /// Adds a removal.
    pub fn remove(&mut self, removal: Removal) -> &mut Self {
        self.removals.push(removal);
        self
    }

    /// Adds a change of the queue.
    pub fn job(&mut self, change: impl Into<JobChange>) -> &mut Self {
        self.jobs.push(change.into());
        self
    }

    /// Adds an event.
    pub fn event(&mut self, event: impl Into<NewEvent>) -> &mut Self {
        self.events.push(event.into());
        self
    }

    /// Adds an event that says what it touched.
    pub fn tell(&mut self, event: Event, changed: Vec<FieldChange>) -> &mut Self {
        self.event(NewEvent { event, changed })
    }
}

macro_rules! row_from {
    ($($variant:ident($type:ty)),* $(,)?) => {
        $(impl From<$type> for Row {
            fn from(row: $type) -> Self {
                Self::$variant(row)
            }
        })*

        impl Row {
            /// The tenant to which the row belongs.
            pub fn tenant(&self) -> TenantId {
                match self {
                    Self::Tenant(row) => row.id,
                    $(Self::$variant(row) => row.tenant,)*
                }
            }
        }
    };
}

impl From<Tenant> for Row {
    fn from(row: Tenant) -> Self {
        Self::Tenant(row)
    }
}

row_from! {
    Operator(Operator), Inbox(Inbox), Customer(Customer), Contact(Contact), Chat(Chat), Conversation(Conversation),
    Message(Message), Revision(Revision), File(File), Record(Record),
    Entity(EntityRow), Audit(AuditEntry),
}
