//! The engine: the one handle that an embedder holds.
//!
//! It is built from a store, channels and whatever else differs from the defaults, and gives the services, the flows and
//! the workers. The reference host is one embedder among others.
//!
//! ```
//! use std::sync::Arc;
//! use omnichat_core::Engine;
//! use omnichat_core::clock::SystemClock;
//! use omnichat_core::store::memory::MemoryStore;
//!
//! let engine = Engine::builder(Arc::new(MemoryStore::new(Arc::new(SystemClock)))).build();
//! assert_eq!(engine.ports().store.name(), "memory");
//! ```

mod agenda;
mod builder;
mod consumers;
mod hosting;
mod jobs;
mod own_jobs;
mod running;
mod seeing;
mod worker;

use std::sync::Arc;

pub use builder::{EngineBuilder, EngineOptions};
pub use consumers::{ConsumerHealth, ConsumerTotals};
pub use jobs::{JobKind, Pool};
pub use seeing::Stretch;

use self::consumers::Consumers;
use self::jobs::JobKinds;
use crate::actor::{Actor, Permission, Rights};
use crate::api_keys::ApiKeyService;
use crate::audit::AuditService;
use crate::automations::AutomationService;
use crate::channel::{Action, Inbound, WebhookReply, WebhookRequest};
use crate::conversations::ConversationService;
use crate::customers::CustomerService;
use crate::entities::{Entities, Entity, Stored};
use crate::error::{Error, ErrorKind, Result};
use crate::event::feed::{EventFeed, Follower};
use crate::files::FileService;
use crate::flow::inbound::{Applied, InboundFlow};
use crate::flow::resealing::{self, Resealed};
use crate::id::{ConversationId, InboxId, QuarantineId, TenantId};
use crate::inboxes::InboxService;
use crate::messages::MessageService;
use crate::operators::OperatorService;
use crate::ports::Ports;
use crate::presence::PresenceService;
use crate::quarantine::{QuarantineService, Quarantined};
use crate::routing::RouterSet;
use crate::sessions::SessionService;
use crate::store::Store;
use crate::tenants::TenantService;
use crate::vault::Vault;
use crate::visitors::VisitorService;

/// A contact centre. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

struct Inner {
    ports: Arc<Ports>,
    inbound: InboundFlow,
    routers: RouterSet,
    feed: EventFeed,
    jobs: JobKinds,
    consumers: Consumers,
    options: EngineOptions,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine")
            .field("ports", &self.inner.ports)
            .finish_non_exhaustive()
    }
}

impl Engine {
    /// An engine over a store; everything else has a default.
    pub fn builder(store: Arc<dyn Store>) -> EngineBuilder {
        EngineBuilder::new(store)
    }

    /// The traits that it was built from, for jobs, consumers and tests. Whoever answers somebody asks a service, which knows what they
    /// may see.
    pub fn ports(&self) -> &Arc<Ports> {
        &self.inner.ports
    }

    /// What it was told when it was built.
    pub fn options(&self) -> &EngineOptions {
        &self.inner.options
    }

    /// Founding tenants. Crosses tenants.
    pub fn tenants(&self) -> TenantService {
        TenantService::new(self.inner.ports.clone())
    }

    /// Colleagues.
    pub fn operators(&self) -> OperatorService {
        OperatorService::new(self.inner.ports.clone())
    }

    /// Who is signed in where.
    pub fn sessions(&self) -> SessionService {
        SessionService::new(self.inner.ports.clone())
    }

    /// The keys of programs.
    pub fn api_keys(&self) -> ApiKeyService {
        ApiKeyService::new(self.inner.ports.clone())
    }

    /// What the people at the other end of a site's chat are shown.
    pub fn visitors(&self) -> VisitorService {
        VisitorService::new(self.inner.ports.clone())
    }

    /// Which operators are connected to which node. For the host's own work.
    pub fn presence(&self) -> PresenceService {
        PresenceService::new(self.inner.ports.clone())
    }

    /// Channel accounts.
    pub fn inboxes(&self) -> InboxService {
        InboxService::new(self.inner.ports.clone())
    }

    /// Scenarios that answer customers, and tools.
    pub fn automations(&self) -> AutomationService {
        AutomationService::new(self.inner.ports.clone())
    }

    /// The people who ask.
    pub fn customers(&self) -> CustomerService {
        CustomerService::new(self.inner.ports.clone())
    }

    /// Conversations.
    pub fn conversations(&self) -> ConversationService {
        ConversationService::new(self.inner.ports.clone())
    }

    /// Messages.
    pub fn messages(&self) -> MessageService {
        MessageService::new(self.inner.ports.clone())
    }

    /// Files.
    pub fn files(&self) -> FileService {
        FileService::new(self.inner.ports.clone())
    }

    /// What could not be understood.
    pub fn quarantine(&self) -> QuarantineService {
        QuarantineService::new(self.inner.ports.clone())
    }

    /// Every right that there is: the engine's own, and those of an embedder.
    pub fn rights(&self) -> &Rights {
        self.inner.ports.entities.rights()
    }

    /// The entities of a kind.
    pub fn entities<E: Entity>(&self) -> Entities<E> {
        Entities::new(self.inner.ports.clone())
    }

    /// Who changed what.
    pub fn audit(&self) -> AuditService {
        AuditService::new(self.inner.ports.clone())
    }

    /// Takes a webhook for an inbox; see [`InboundFlow::webhook`].
    pub async fn receive_webhook(&self, inbox: InboxId, request: WebhookRequest) -> Result<WebhookReply> {
        let account = self.inboxes().account(inbox).await?;
        self.inner.inbound.webhook(&account, request).await
    }

    /// Takes a webhook for the inboxes of an app; see [`InboundFlow::app_webhook`].
    pub async fn receive_app_webhook(
        &self,
        kind: &str,
        app: &str,
        request: WebhookRequest,
    ) -> Result<WebhookReply> {
        self.inner.inbound.app_webhook(kind, app, request).await
    }

    /// Whether an app has an enabled inbox; what it sends need not be read if it has none.
    pub async fn has_app(&self, kind: &str, app: &str) -> Result<bool> {
        self.inner.inbound.has_app(kind, app).await
    }

    /// Takes one event for an inbox: from the host's own widget, or from an embedder's own source.
    pub async fn receive(&self, inbox: InboxId, event: Inbound) -> Result<Applied> {
        let account = self.inboxes().account(inbox).await?;
        if !account.inbox.enabled {
            return Err(Error::not_found("inbox"));
        }
        self.inner.inbound.apply(&account, &event).await
    }

    /// Plays a customer on an inbox whose channel allows it.
    pub async fn simulate(&self, actor: &Actor, inbox: InboxId, event: Inbound) -> Result<Applied> {
        actor.require(Permission::MESSAGES_SEND)?;
        let inbox = self.inboxes().get(actor, inbox).await?;
        let account = self.inboxes().account(inbox.id).await?;
        if !account.channel.capabilities().simulate {
            return Err(Error::new(
                ErrorKind::Rejected,
                "customers of this channel are real",
            ));
        }
        self.inner.inbound.check(&event)?;
        self.receive(inbox.id, event).await
    }

    /// Tries again to understand a webhook in quarantine.
    pub async fn replay(&self, actor: &Actor, id: QuarantineId) -> Result<Stored<Quarantined>> {
        let held = self.quarantine().get(actor, id).await?;
        let account = self.inboxes().account(held.value.inbox).await?;
        self.inner.inbound.replay(&account, held).await
    }

    /// Shows colleagues, and the customer where the channel can, that an operator is writing.
    pub async fn typing(&self, actor: &Actor, id: ConversationId, on: bool) -> Result<()> {
        let conversation = self.conversations().typing(actor, id, on).await?;
        let account = self.inboxes().account(conversation.inbox).await?;
        let can = account.channel.capabilities();
        if on && can.typing_out && !can.local && !conversation.unreachable {
            let store = self.inner.ports.tenant(actor.tenant);
            let chat = store.find_chat(conversation.inbox, &conversation.chat).await?;
            let route = chat.map(|chat| chat.route).unwrap_or_default();
            // Nobody waits for it, and nothing depends on it.
            tokio::spawn(async move {
                let action = Action::Typing {
                    chat: conversation.chat,
                    route,
                };
                if let Err(error) = account.channel.perform(&action).await {
                    tracing::debug!(inbox = %conversation.inbox, %error, "the customer was not shown that somebody writes");
                }
            });
        }
        Ok(())
    }

    /// Seals every stored secret under the newest key of a vault, see [`resealing::reseal`]. Crosses tenants: only the host's
    /// own work may do so.
    pub async fn reseal(&self, vault: &Vault) -> Result<Resealed> {
        resealing::reseal(&self.inner.ports, vault).await
    }

    /// Follows a tenant's log after a number; from now on if none is given. It says nothing of who may see what it tells.
    pub async fn follow(&self, tenant: TenantId, after: Option<u64>) -> Result<Follower> {
        self.inner.feed.follow(tenant, after).await
    }
}
