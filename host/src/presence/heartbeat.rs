//! Each node writes down from time to time who is connected to it, so that the operators of a node that died are noticed.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use omnichat_core::error::Result;
use omnichat_core::event::Ephemeral;
use omnichat_core::id::TenantId;
use tokio_util::sync::CancellationToken;

use super::{News, Presence};

/// How often a node writes down who is there.
const BEAT: Duration = Duration::from_secs(30);

impl Presence {
    /// Writes down who is there and sweeps up after dead nodes, until the host is going down. What was written last stays:
    /// whoever connects to the next process in time has not been away.
    pub async fn run(self: Arc<Self>, closing: CancellationToken) {
        let mut beats = tokio::time::interval(BEAT);
        beats.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = closing.cancelled() => return,
                _ = beats.tick() => {}
            }
            if let Err(error) = self.beat().await {
                tracing::warn!(%error, "who is connected could not be written down; trying again in half a minute");
            }
        }
    }

    /// Writes down who is there and sweeps up after dead nodes, once.
    pub async fn beat(&self) -> Result<()> {
        for (tenant, conversation) in self.screens().watched() {
            let _ = self.news.send(News::Viewers(tenant, conversation));
        }
        let here: BTreeSet<TenantId> = self.screens().tenants().into_iter().collect();
        for tenant in self.engine.tenants().list().await? {
            let tenant = tenant.id;
            let connected = || here.contains(&tenant).then(|| self.here(tenant));
            self.engine.presence().write(tenant, self.node, connected).await?;
            self.sweep(tenant).await?;
        }
        Ok(())
    }

    /// Operators of dead nodes go offline, unless they are connected elsewhere by now.
    async fn sweep(&self, tenant: TenantId) -> Result<()> {
        let kept = self.engine.presence();
        for node in kept.dead(tenant, || self.here(tenant)).await? {
            for operator in &node.gone {
                self.signal(
                    tenant,
                    Ephemeral::Presence {
                        operator: *operator,
                        connected: false,
                    },
                )
                .await;
                self.take_offline(tenant, *operator).await?;
            }
            kept.forget(tenant, node).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use omnichat_core::Engine;
    use omnichat_core::change::Row;
    use omnichat_core::clock::ManualClock;
    use omnichat_core::operators::{Operator, OperatorStatus};
    use omnichat_core::presence::{Connected, PresenceService};
    use omnichat_core::records::RecordType as _;
    use omnichat_core::store::memory::MemoryStore;
    use omnichat_core::testing::Builder;

    use super::*;

    const DEAD: Duration = PresenceService::DEAD;
    const GRACE: Duration = Duration::from_secs(30);

    struct Scene {
        engine: Engine,
        clock: Arc<ManualClock>,
        operator: Operator,
    }

    impl Scene {
        async fn new() -> Self {
            let clock = Arc::new(ManualClock::default());
            let engine = Engine::builder(Arc::new(MemoryStore::new(clock.clone())))
                .clock(clock.clone())
                .build();
            let make = Builder::new(clock.clone());
            let operator = make.operator();
            let mut changes = make.changes();
            changes
                .put(Row::Tenant(make.tenant()))
                .put(Row::Operator(operator.clone()));
            engine.ports().commit(changes).await.unwrap();
            Self {
                engine,
                clock,
                operator,
            }
        }

        async fn status(&self) -> OperatorStatus {
            let store = self.engine.ports().tenant(self.operator.tenant);
            store
                .find_operator(self.operator.id)
                .await
                .unwrap()
                .unwrap()
                .status
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_operator_is_offline_some_time_after_the_last_screen_went() {
        let scene = Scene::new().await;
        let presence = Presence::new(scene.engine.clone(), GRACE);
        let mut events = scene.engine.follow(scene.operator.tenant, None).await.unwrap();
        let first = presence.join(scene.operator.tenant, scene.operator.id);
        let second = presence.join(scene.operator.tenant, scene.operator.id);
        drop(first);
        drop(second);
        let back = presence.join(scene.operator.tenant, scene.operator.id);
        tokio::time::advance(GRACE * 2).await;
        tokio::task::yield_now().await;
        assert_eq!(scene.status().await, OperatorStatus::Online);
        drop(back);
        loop {
            // Time is paused and moves on its own: this ends when the grace does.
            if let omnichat_core::event::feed::Followed::Events(_) = events.next().await.unwrap() {
                break;
            }
        }
        assert_eq!(scene.status().await, OperatorStatus::Offline);
        assert_eq!(presence.connections(), 0);
    }

    #[tokio::test]
    async fn operators_of_a_dead_node_are_swept_and_those_of_a_living_one_are_not() {
        let scene = Scene::new().await;
        let (dead, alive) = (
            Presence::new(scene.engine.clone(), GRACE),
            Presence::new(scene.engine.clone(), GRACE),
        );
        let screen = dead.join(scene.operator.tenant, scene.operator.id);
        dead.beat().await.unwrap();
        scene.clock.advance(DEAD);
        alive.beat().await.unwrap();
        assert_eq!(scene.status().await, OperatorStatus::Online, "not dead yet");
        scene.clock.advance(Duration::from_secs(1));
        let elsewhere = alive.join(scene.operator.tenant, scene.operator.id);
        alive.beat().await.unwrap();
        assert_eq!(
            scene.status().await,
            OperatorStatus::Online,
            "they are connected to the living node"
        );
        // The swept node writes itself down anew and dies for good.
        dead.beat().await.unwrap();
        std::mem::forget(screen);
        let node = Presence::new(scene.engine.clone(), GRACE);
        std::mem::forget(elsewhere);
        scene.clock.advance(DEAD * 2);
        node.beat().await.unwrap();
        assert_eq!(scene.status().await, OperatorStatus::Offline);
        let left = scene.engine.ports().tenant(scene.operator.tenant);
        assert_eq!(left.list_records(Connected::KIND, "", 10).await.unwrap(), []);
    }
}
