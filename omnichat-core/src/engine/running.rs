//! What a pool of this process has in hand.

use std::collections::HashMap;
use std::future::Future;

use tokio::task::{Id, JoinError, JoinSet};

use crate::id::{InboxId, TenantId};
use crate::job::share::Held;

/// Jobs that run, and whose they are.
#[derive(Default)]
pub(super) struct Running {
    tasks: JoinSet<()>,
    held: HashMap<Id, Held>,
}

impl Running {
    pub(super) fn len(&self) -> usize {
        self.tasks.len()
    }

    /// What each of them takes of its tenant's and its inbox's share.
    pub(super) fn held(&self) -> Vec<Held> {
        self.held.values().copied().collect()
    }

    pub(super) fn spawn(
        &mut self,
        tenant: TenantId,
        inbox: Option<InboxId>,
        task: impl Future<Output = ()> + Send + 'static,
    ) {
        let id = self.tasks.spawn(task).id();
        let count = 1;
        self.held.insert(id, Held { tenant, inbox, count });
    }

    /// Waits until one has ended, and forgets it and whatever else has. May be broken off.
    pub(super) async fn one_has_ended(&mut self) {
        let mut ended = self.tasks.join_next_with_id().await;
        while let Some(one) = ended {
            self.held
                .remove(&one.map_or_else(|error: JoinError| error.id(), |(id, ())| id));
            ended = self.tasks.try_join_next_with_id();
        }
    }
}
