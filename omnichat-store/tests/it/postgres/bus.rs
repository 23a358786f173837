//! The bus between nodes.

use std::sync::Arc;
use std::time::Duration;

use omnichat_core::change::Changes;
use omnichat_core::clock::{Clock, ManualClock};
use omnichat_core::error::ErrorKind;
use omnichat_core::event::bus::{EventBus, Signal};
use omnichat_core::event::{Ephemeral, Event, Origin};
use omnichat_core::id::{ConversationId, InboxId, TenantId};
use omnichat_core::messages::Author;
use omnichat_core::store::Store;
use omnichat_core::tenants::Tenant;
use omnichat_core::testing::bus_suite::BusFixture;
use omnichat_store::bus::postgres::PostgresBus;
use omnichat_store::postgres::PostgresStore;
use tokio::sync::broadcast::Receiver;
use uuid::Uuid;

use super::fixture::{Database, options};

async fn three_nodes() -> BusFixture {
    let database = Database::new().await;
    let mut nodes = Vec::new();
    for _ in 0..3 {
        let bus = PostgresBus::connect(&database.url())
            .await
            .expect("the bus connects");
        nodes.push(Arc::new(bus) as Arc<dyn EventBus>);
    }
    let bus = nodes.remove(0);
    BusFixture::new(bus).with_nodes(nodes).holding(database)
}

omnichat_core::bus_suite!(suite, three_nodes);

/// The next signal, or a failure after a while.
async fn hear(listener: &mut Receiver<Signal>) -> Signal {
    let heard = tokio::time::timeout(Duration::from_secs(20), listener.recv()).await;
    heard.expect("nothing was heard").expect("the bus lives")
}

fn tenant(n: u128) -> TenantId {
    TenantId::from_uuid(Uuid::from_u128(n))
}

#[tokio::test]
async fn a_node_does_not_hear_itself_twice() {
    let fixture = three_nodes().await;
    let (mut own, mut other) = (fixture.bus.subscribe(), fixture.others[0].subscribe());
    fixture.bus.publish(Signal::Jobs).await.unwrap();
    assert!(matches!(hear(&mut own).await, Signal::Jobs));
    assert!(matches!(hear(&mut other).await, Signal::Jobs));
    // The other's answer comes after anything that the first could have heard of itself.
    fixture.others[0]
        .publish(Signal::Head {
            tenant: tenant(1),
            seq: 1,
        })
        .await
        .unwrap();
    assert!(matches!(hear(&mut own).await, Signal::Head { .. }));
}

#[tokio::test]
async fn what_is_too_long_for_others_is_still_said_here() {
    let fixture = three_nodes().await;
    let mut own = fixture.bus.subscribe();
    let conversation = ConversationId::from_uuid(Uuid::from_u128(1));
    let ephemeral = Ephemeral::Typing {
        conversation,
        author: Author::Bot {
            name: "x".repeat(9_000),
        },
        on: true,
    };
    let error = fixture
        .bus
        .publish(Signal::Ephemeral {
            tenant: tenant(1),
            ephemeral,
        })
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert!(matches!(hear(&mut own).await, Signal::Ephemeral { .. }));
}

#[tokio::test]
async fn after_a_lost_connection_every_head_is_said() {
    let database = Database::new().await;
    let clock = Arc::new(ManualClock::default());
    let store = PostgresStore::open(&database.url(), options(clock.clone()))
        .await
        .unwrap();
    let id = TenantId::generate(&*clock);
    let mut changes = Changes::new(id, Origin::system("test"));
    changes.put(Tenant {
        id,
        name: "Example".to_owned(),
        created_at: clock.now(),
        version: 1,
    });
    changes.event(Event::InboxDeleted {
        inbox: InboxId::generate(&*clock),
    });
    store.commit(changes).await.unwrap();

    let bus = PostgresBus::connect(&database.url()).await.unwrap();
    let mut listener = bus.subscribe();
    database.disconnect().await;
    loop {
        if let Signal::Head { tenant, seq } = hear(&mut listener).await {
            assert_eq!((tenant, seq), (id, 1));
            break;
        }
    }
    // And it goes on as before.
    let other = PostgresBus::connect(&database.url()).await.unwrap();
    other.publish(Signal::Head { tenant: id, seq: 2 }).await.unwrap();
    loop {
        if matches!(hear(&mut listener).await, Signal::Head { seq: 2, .. }) {
            return;
        }
    }
}
