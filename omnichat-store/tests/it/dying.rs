//! A clock that panics once it is told to, in the writer that asks it for the time of each group: that writer is dead then.

use std::sync::atomic::{AtomicBool, Ordering};

use omnichat_core::change::Changes;
use omnichat_core::clock::{Clock, ManualClock, Timestamp};
use omnichat_core::error::ErrorKind;
use omnichat_core::event::Origin;
use omnichat_core::id::TenantId;
use omnichat_core::store::Store;
use omnichat_core::tenants::Tenant;
use uuid::Uuid;

#[derive(Debug, Default)]
pub(crate) struct DyingClock {
    clock: ManualClock,
    dies: AtomicBool,
}

impl Clock for DyingClock {
    fn now(&self) -> Timestamp {
        assert!(!self.dies.load(Ordering::SeqCst), "a clock that breaks");
        self.clock.now()
    }

    fn uuid(&self) -> Uuid {
        self.clock.uuid()
    }
}

/// A store whose writer has died says so for good, and not that it may be tried again.
pub(crate) async fn tells_of_its_dead_writer(store: &dyn Store, clock: &DyingClock) {
    let id = TenantId::generate(clock);
    let mut changes = Changes::new(id, Origin::system("test"));
    changes.put(Tenant {
        id,
        name: "Example".to_owned(),
        created_at: clock.now(),
        version: 1,
    });
    store.ping().await.unwrap();
    clock.dies.store(true, Ordering::SeqCst);
    let lost = store.commit(changes.clone()).await.unwrap_err();
    assert_eq!(lost.kind(), ErrorKind::Internal, "{lost}");
    clock.dies.store(false, Ordering::SeqCst);
    for _ in 0..2 {
        assert_eq!(store.ping().await.unwrap_err().kind(), ErrorKind::Internal);
    }
    assert_eq!(
        store.commit(changes).await.unwrap_err().kind(),
        ErrorKind::Internal
    );
}
