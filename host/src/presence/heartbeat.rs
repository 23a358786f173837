//! Each node writes down from time to time who is connected to it, so that the operators of a node that died are noticed.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use omnichat_core::change::{Changes, Removal, Row};
use omnichat_core::error::{ErrorKind, Result};
use omnichat_core::event::{Ephemeral, Origin};
use omnichat_core::id::{OperatorId, TenantId};
use omnichat_core::records::{Record, RecordType};
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use super::{News, Presence};

/// How often a node writes down who is there.
const BEAT: Duration = Duration::from_secs(30);
/// A node that has not written for this long is dead.
const DEAD: Duration = Duration::from_secs(90);
/// When the note of a dead node that nobody swept is thrown away.
const KEPT: Duration = Duration::from_secs(7 * 24 * 3_600);
/// Nodes that are looked at.
const NODES: u32 = 1_000;

/// Who is connected to a node. Its key is the node's id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Connected {
    operators: BTreeSet<OperatorId>,
}

impl RecordType for Connected {
    const KIND: &'static str = "presence";
}

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
        for tenant in self.engine.ports().store.tenants().await? {
            self.write(tenant.id, here.contains(&tenant.id)).await?;
            self.sweep(tenant.id).await?;
        }
        Ok(())
    }

    pub(super) async fn write(&self, tenant: TenantId, anybody: bool) -> Result<()> {
        let ports = self.engine.ports();
        let key = self.node.simple().to_string();
        let known = ports.tenant(tenant).find_record(Connected::KIND, &key).await?;
        let mut changes = Changes::new(tenant, Origin::system("presence"));
        match (known, anybody) {
            (None, false) => return Ok(()),
            (Some(_), false) => {
                changes.remove(Removal::Record {
                    kind: Connected::KIND.to_owned(),
                    key,
                });
            }
            (known, true) => {
                let connected = Connected {
                    operators: self.connected(tenant).into_iter().collect(),
                };
                let now = ports.now();
                let record = match known {
                    Some(record) => record.next(&connected, now)?,
                    None => Record::new(tenant, key, &connected, now)?,
                };
                changes.put(Row::Record(record.expiring(now.after(KEPT))));
            }
        }
        match ports.commit(changes).await {
            // Another node took this one for dead; the next beat puts it right.
            Err(error) if error.kind() == ErrorKind::Conflict => Ok(()),
            done => done.map(|_| ()),
        }
    }

    /// Operators of dead nodes go offline, unless they are connected elsewhere by now.
    async fn sweep(&self, tenant: TenantId) -> Result<()> {
        let ports = self.engine.ports();
        let records = ports
            .tenant(tenant)
            .list_records(Connected::KIND, "", NODES)
            .await?;
        let now = ports.now();
        let (dead, alive): (Vec<_>, Vec<_>) =
            records.into_iter().partition(|r| now.since(r.updated_at) > DEAD);
        if dead.is_empty() {
            return Ok(());
        }
        let mut there: BTreeSet<OperatorId> = self.connected(tenant).into_iter().collect();
        for record in &alive {
            there.extend(record.read::<Connected>()?.operators);
        }
        for record in dead {
            for operator in record.read::<Connected>()?.operators.difference(&there) {
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
            let mut changes = Changes::new(tenant, Origin::system("presence"));
            changes.remove(Removal::Record {
                kind: Connected::KIND.to_owned(),
                key: record.key,
            });
            ports.commit(changes).await?;
        }
        Ok(())
    }

    /// Whether another living node says that an operator is connected to it.
    pub(super) async fn is_elsewhere(&self, tenant: TenantId, operator: OperatorId) -> Result<bool> {
        let ports = self.engine.ports();
        let now = ports.now();
        let me = self.node.simple().to_string();
        for record in ports
            .tenant(tenant)
            .list_records(Connected::KIND, "", NODES)
            .await?
        {
            let counts = record.key != me && now.since(record.updated_at) <= DEAD;
            if counts && record.read::<Connected>()?.operators.contains(&operator) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use omnichat_core::Engine;
    use omnichat_core::clock::ManualClock;
    use omnichat_core::operators::{Operator, OperatorStatus};
    use omnichat_core::store::memory::MemoryStore;
    use omnichat_core::testing::Builder;

    use super::*;

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
