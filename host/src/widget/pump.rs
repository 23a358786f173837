//! Carries a tenant's log to its visitors: each event becomes frames for the one visitor whom it concerns, if they are here.

use std::sync::{OnceLock, Weak};
use std::time::Duration;

use omnichat_core::error::{ErrorKind, Result};
use omnichat_core::event::feed::{Followed, Follower};
use omnichat_core::event::{Envelope, Event};
use omnichat_core::id::{CustomerId, InboxId, TenantId};
use omnichat_core::visitors::{Told, Writing};
use uuid::Uuid;

use super::cursor;
use super::hub::Hub;
use super::protocol::{ServerFrame, VisitorEvent};
use super::site::Site;
use super::view::{ConversationView, Drawing, MessageView};
use crate::app::AppState;

/// How long is waited when the log cannot be read.
const RETRY: Duration = Duration::from_secs(1);

/// Carries a tenant's log to its visitors.
pub(super) struct Pump {
    state: AppState,
    tenant: TenantId,
    hub: Weak<Hub>,
    /// Of the log that is followed.
    epoch: OnceLock<Uuid>,
}

impl Pump {
    pub(super) fn new(state: AppState, tenant: TenantId, hub: Weak<Hub>) -> Self {
        Self {
            state,
            tenant,
            hub,
            epoch: OnceLock::new(),
        }
    }

    async fn epoch(&self) -> Result<Uuid> {
        if let Some(epoch) = self.epoch.get() {
            return Ok(*epoch);
        }
        let epoch = self.state.engine.tenants().epoch(self.tenant).await?;
        Ok(*self.epoch.get_or_init(|| epoch))
    }

    /// Runs until nobody holds the hub any more.
    pub(super) async fn run(mut self, mut follower: Follower) {
        loop {
            let followed = follower.next().await;
            let Some(hub) = self.hub.upgrade() else { return };
            match followed {
                Ok(Followed::Events(events)) => {
                    for envelope in events {
                        self.event(&hub, &envelope).await;
                    }
                }
                Ok(Followed::Ephemeral(moment)) => {
                    if let Some(Writing {
                        conversation,
                        name,
                        on,
                    }) = Writing::by(&moment)
                    {
                        let word = ServerFrame::Typing { on, name }.text();
                        let mut visitors = hub.visitors();
                        if let Some(who) = visitors.of(conversation) {
                            visitors.say(&who, &[word]);
                        }
                    }
                }
                Ok(Followed::Resync(head)) => {
                    // Perhaps since the database was restored.
                    self.epoch = OnceLock::new();
                    resync(&hub, head);
                }
                Err(error) => {
                    tracing::warn!(tenant = %self.tenant, %error, "visitors do not get events; trying again in a second");
                    drop(hub);
                    tokio::time::sleep(RETRY).await;
                }
            }
        }
    }

    async fn event(&self, hub: &Hub, envelope: &Envelope) {
        let done = match Told::by(&envelope.event) {
            Some(told) => self.tell(hub, envelope.seq, told).await,
            None => self.heed(hub, envelope).await,
        };
        match done {
            Ok(()) => hub.visitors().done(envelope.seq),
            Err(error) => {
                tracing::warn!(seq = envelope.seq, %error, "visitors were not told of an event; their tabs start anew");
                resync(hub, envelope.seq);
            }
        }
    }

    /// Does what follows from an event that is told to nobody.
    async fn heed(&self, hub: &Hub, envelope: &Envelope) -> Result<()> {
        match &envelope.event {
            Event::OperatorUpdated { .. } => self.look_who_is_there(hub).await,
            Event::InboxUpdated { inbox } => self.look_at(hub, inbox.id).await,
            Event::InboxDeleted { inbox } => {
                hub.visitors().end(*inbox, None);
                Ok(())
            }
            Event::CustomerUpdated { customer } if customer.blocked => self.shut_out(hub, customer.id).await,
            // It may have been a message for any of them.
            Event::Damaged => {
                resync(hub, envelope.seq);
                Ok(())
            }
            Event::ConversationCreated { .. }
            | Event::ConversationUpdated { .. }
            | Event::MessageCreated { .. }
            | Event::MessageUpdated { .. }
            | Event::CustomerUpdated { .. }
            | Event::AutomationUpdated { .. }
            | Event::AutomationDeleted { .. }
            | Event::ApiKeyUpdated { .. }
            | Event::EntityChanged { .. }
            | Event::QuarantineAdded { .. } => Ok(()),
        }
    }

    /// Ends what an inbox has open that it would not let in as it is now.
    async fn look_at(&self, hub: &Hub, inbox: InboxId) -> Result<()> {
        // Whoever connects again at once must not be let in by what was known a moment ago.
        self.state.engine.inboxes().refresh(inbox);
        match Site::open(&self.state.engine, inbox).await {
            Ok(site) => hub
                .visitors()
                .end(inbox, Some((site.generation(), &site.secret_trace()))),
            Err(error) if error.kind() == ErrorKind::NotFound => hub.visitors().end(inbox, None),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Ends what a blocked customer has open.
    async fn shut_out(&self, hub: &Hub, customer: CustomerId) -> Result<()> {
        let visitors = self.state.engine.visitors();
        for who in visitors.of_customer(self.tenant, customer).await? {
            hub.visitors().end_visitor(&who);
        }
        Ok(())
    }

    async fn look_who_is_there(&self, hub: &Hub) -> Result<()> {
        let online = self.state.engine.visitors().anybody_online(self.tenant).await?;
        hub.online
            .send_if_modified(|before| std::mem::replace(before, online) != online);
        Ok(())
    }

    /// Tells the visitor whom it concerns, if they are here.
    async fn tell(&self, hub: &Hub, seq: u64, told: Told<'_>) -> Result<()> {
        let Some(who) = told.visitor() else { return Ok(()) };
        if !hub.visitors().concerned(&who, seq) {
            return Ok(());
        }
        let engine = &self.state.engine;
        let (shown, drawing) = (engine.visitors(), Drawing::of(&self.state, who.inbox()));
        let whose = cursor::Whose {
            tenant: self.tenant,
            inbox: who.inbox(),
            chat: who.chat(),
            epoch: self.epoch().await?,
        };
        let cursor = cursor::at(engine.vault(), whose, seq)?;
        let mut words = Vec::new();
        if let Some((message, new)) = told.message
            && let Some(message) = shown.message(&who, message, told.conversation, new).await?
        {
            let view = MessageView::of(message, drawing);
            words.push(VisitorEvent::message(&view, new).text(&cursor));
        }
        if let Some(conversation) = told.conversation {
            let read = hub.visitors().note(&who, conversation);
            let read = usize::try_from(read).unwrap_or(usize::MAX);
            for message in shown.read_by_now(&who, conversation, read).await? {
                let view = MessageView::of(message, drawing);
                words.push(VisitorEvent::message(&view, false).text(&cursor));
            }
            let view = ConversationView::of(shown.standing(&who, conversation).await?, drawing);
            if hub.visitors().is_news(&who, &view) {
                words.push(VisitorEvent::ConversationUpdated { conversation: &view }.text(&cursor));
            }
        }
        let mut visitors = hub.visitors();
        visitors.say(&who, &words);
        visitors.done(seq);
        Ok(())
    }
}

/// Everybody fetches their conversation anew.
fn resync(hub: &Hub, seq: u64) {
    let mut visitors = hub.visitors();
    visitors.say_to_all(&ServerFrame::Resync.text());
    visitors.done(seq);
}
