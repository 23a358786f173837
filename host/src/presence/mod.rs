//! Who is connected and looks at what.
//!
//! An operator is there as long as any screen of theirs is connected to any node. When the last one has been gone for some
//! time (a reload, a lift), the operator goes offline, so that routing gives them nothing. Each node writes down who is
//! connected to it; what a node wrote that has died is swept by whichever runs, itself after a restart or another.
//!
//! [`Presence::join`] makes a [`Screen`] for each WebSocket; dropping it is leaving.

mod heartbeat;
mod screens;

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use omnichat_core::Engine;
use omnichat_core::actor::Actor;
use omnichat_core::error::ErrorKind;
use omnichat_core::event::Ephemeral;
use omnichat_core::id::{ConversationId, OperatorId, TenantId};
use omnichat_core::operators::OperatorStatus;
use tokio::sync::mpsc;
use uuid::Uuid;

use screens::Screens;

/// Changes of who looks at what are told at most this often.
const PACE: Duration = Duration::from_millis(100);

/// Who is connected to this node and looks at what.
#[derive(Debug)]
pub struct Presence {
    engine: Engine,
    node: Uuid,
    grace: Duration,
    screens: Mutex<Screens>,
    news: mpsc::UnboundedSender<News>,
}

/// Something to tell everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum News {
    Viewers(TenantId, ConversationId),
    Here(TenantId, OperatorId),
}

impl Presence {
    /// Nobody is connected yet. `grace` is how long an operator may be without a screen. Needs a runtime to run in.
    pub fn new(engine: Engine, grace: Duration) -> Arc<Self> {
        let (news, heard) = mpsc::unbounded_channel();
        let node = Uuid::now_v7();
        let presence = Arc::new(Self {
            engine,
            node,
            grace,
            screens: Mutex::default(),
            news,
        });
        tokio::spawn(tell(Arc::downgrade(&presence), heard));
        presence
    }

    /// A screen of an operator connects.
    pub fn join(self: &Arc<Self>, tenant: TenantId, operator: OperatorId) -> Screen {
        let (id, first) = self.screens().join(tenant, operator);
        if first {
            let _ = self.news.send(News::Here(tenant, operator));
        }
        Screen {
            presence: self.clone(),
            id,
            tenant,
            operator,
            watching: None,
        }
    }

    /// How many screens are connected to this node.
    pub fn connections(&self) -> usize {
        self.screens().count()
    }

    /// Operators of a tenant who are connected to this node, by id.
    pub fn connected(&self, tenant: TenantId) -> Vec<OperatorId> {
        self.screens().operators(tenant)
    }

    /// As [`Presence::connected`], as core keeps it.
    fn here(&self, tenant: TenantId) -> BTreeSet<OperatorId> {
        self.connected(tenant).into_iter().collect()
    }

    fn screens(&self) -> MutexGuard<'_, Screens> {
        self.screens.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The last screen went: if none comes back in time, the operator has gone.
    async fn await_return(self: Arc<Self>, tenant: TenantId, operator: OperatorId, left: u64) {
        tokio::time::sleep(self.grace).await;
        if !self.screens().forget(tenant, operator, left) {
            return;
        }
        if let Err(error) = self.gone(tenant, operator).await {
            tracing::warn!(%operator, %error, "an operator without a screen is still shown as there");
        }
    }

    /// An operator has no screen here any more: unless another node has one, they are offline.
    async fn gone(&self, tenant: TenantId, operator: OperatorId) -> omnichat_core::Result<()> {
        // Written down before others are asked: of two nodes that an operator leaves at once, the later one sees it.
        let kept = self.engine.presence();
        let here = || Some(self.here(tenant)).filter(|here| !here.is_empty());
        kept.write(tenant, self.node, here).await?;
        if kept.is_elsewhere(tenant, self.node, operator).await? {
            return Ok(());
        }
        self.signal(
            tenant,
            Ephemeral::Presence {
                operator,
                connected: false,
            },
        )
        .await;
        self.take_offline(tenant, operator).await
    }

    /// Sets an operator's status to offline, if it is not and they may work at all.
    async fn take_offline(&self, tenant: TenantId, operator: OperatorId) -> omnichat_core::Result<()> {
        let operators = self.engine.operators();
        let actor = Actor::system(tenant, "presence");
        let found = match operators.get(&actor, operator).await {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            found => found?,
        };
        if found.status != OperatorStatus::Offline && !found.disabled {
            operators
                .set_status(&actor, operator, OperatorStatus::Offline)
                .await?;
        }
        Ok(())
    }

    async fn signal(&self, tenant: TenantId, ephemeral: Ephemeral) {
        self.engine.tell(tenant, ephemeral).await;
    }
}

/// Tells everybody what changed, each change as it is by then: a conversation that changes ten times in a moment is told once.
async fn tell(presence: Weak<Presence>, mut heard: mpsc::UnboundedReceiver<News>) {
    while let Some(first) = heard.recv().await {
        let Some(presence) = presence.upgrade() else {
            return;
        };
        let mut news = vec![first];
        while let Ok(more) = heard.try_recv() {
            if !news.contains(&more) {
                news.push(more);
            }
        }
        for news in news {
            match news {
                News::Here(tenant, operator) => {
                    presence
                        .signal(
                            tenant,
                            Ephemeral::Presence {
                                operator,
                                connected: true,
                            },
                        )
                        .await;
                }
                News::Viewers(tenant, conversation) => {
                    let viewers = presence.screens().viewers(tenant, conversation);
                    let node = presence.node;
                    presence
                        .signal(
                            tenant,
                            Ephemeral::Viewers {
                                conversation,
                                node,
                                viewers,
                            },
                        )
                        .await;
                }
            }
        }
        drop(presence);
        tokio::time::sleep(PACE).await;
    }
}

/// A connected screen. Dropping it is leaving.
#[derive(Debug)]
pub struct Screen {
    presence: Arc<Presence>,
    id: u64,
    tenant: TenantId,
    operator: OperatorId,
    watching: Option<(ConversationId, bool)>,
}

impl Screen {
    /// Which conversation is on the screen, and whether an answer is being written there. The caller has checked that the
    /// operator may see it.
    pub fn watch(&mut self, now: Option<(ConversationId, bool)>) {
        if self.watching == now {
            return;
        }
        let before = std::mem::replace(&mut self.watching, now).map(|(conversation, _)| conversation);
        self.presence
            .screens()
            .watch(self.tenant, self.operator, self.id, before, now);
        let mut changed = [before, now.map(|(conversation, _)| conversation)];
        if changed[0] == changed[1] {
            changed[0] = None;
        }
        for conversation in changed.into_iter().flatten() {
            let _ = self.presence.news.send(News::Viewers(self.tenant, conversation));
        }
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.watch(None);
        let last = self.presence.screens().leave(self.tenant, self.operator);
        if let Some(left) = last
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            runtime.spawn(
                self.presence
                    .clone()
                    .await_return(self.tenant, self.operator, left),
            );
        }
    }
}
