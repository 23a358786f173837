//! One tenant of a store, with what a case needs to write and read.

use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use super::fixture::StoreFixture;
use crate::change::{Changes, Row};
use crate::clock::Timestamp;
use crate::conversations::{Conversation, ConversationFilter, Facets};
use crate::error::{Error, ErrorKind, Result};
use crate::event::{Envelope, Event};
use crate::id::{InboxId, JobId};
use crate::job::{ClaimRequest, Claimed, Job, JobChange, Lease, LeaseKey};
use crate::page::{Page, PageRequest};
use crate::store::{Committed, Store, TenantStore};
use crate::testing::Builder;

/// One tenant of a store: makes rows (through [`Builder`]), writes and reads them.
pub struct Scene {
    make: Builder,
    /// The store.
    pub store: Arc<dyn Store>,
    /// Reads of the tenant.
    pub reads: Arc<dyn TenantStore>,
}

impl Deref for Scene {
    type Target = Builder;

    fn deref(&self) -> &Builder {
        &self.make
    }
}

impl std::fmt::Debug for Scene {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scene")
            .field("tenant", &self.make.tenant)
            .finish_non_exhaustive()
    }
}

impl Scene {
    /// A new tenant, written.
    pub async fn new(fixture: &StoreFixture) -> Self {
        let make = Builder::new(fixture.clock.clone());
        let scene = Self::of(&make, fixture.store.clone());
        scene.write([make.tenant()]).await;
        scene
    }

    /// A tenant that exists, in a store.
    pub fn of(make: &Builder, store: Arc<dyn Store>) -> Self {
        Self {
            make: make.clone(),
            reads: store.tenant(make.tenant),
            store,
        }
    }

    /// Writes rows of one kind. Panics if they are refused.
    pub async fn write<R: Into<Row>>(&self, rows: impl IntoIterator<Item = R>) {
        self.try_write(rows).await.expect("the rows are written");
    }

    /// Writes rows of one kind.
    pub async fn try_write<R: Into<Row>>(&self, rows: impl IntoIterator<Item = R>) -> Result<Committed> {
        let rows = rows.into_iter().map(Into::into).collect();
        self.store
            .commit(Changes {
                rows,
                ..self.changes()
            })
            .await
    }

    /// Commits changes. Panics if they are refused.
    pub async fn commit(&self, changes: Changes) -> Committed {
        self.store
            .commit(changes)
            .await
            .expect("the changes are committed")
    }

    /// Changes the queue.
    pub async fn try_jobs<J: Into<JobChange>>(&self, jobs: impl IntoIterator<Item = J>) -> Result<Committed> {
        let jobs = jobs.into_iter().map(Into::into).collect();
        self.store
            .commit(Changes {
                jobs,
                ..self.changes()
            })
            .await
    }

    /// Queues jobs, in order.
    pub async fn queue(&self, jobs: impl IntoIterator<Item = Job>) {
        self.try_jobs(jobs).await.expect("the jobs are queued");
    }

    /// Finishes a job. Panics if the lease is not held.
    pub async fn finish(&self, lease: LeaseKey) {
        self.try_jobs([JobChange::Finish(lease)])
            .await
            .expect("the job is finished");
    }

    /// Claims up to `limit` jobs of any kind, for a minute.
    pub async fn claim(&self, limit: u32) -> Vec<Lease> {
        let request = ClaimRequest {
            lease: Duration::from_secs(60),
            limit,
            ..ClaimRequest::default()
        };
        self.claim_as(request).await.leases
    }

    /// Claims as a request says.
    pub async fn claim_as(&self, request: ClaimRequest) -> Claimed {
        self.store.claim_jobs(request).await.expect("jobs can be claimed")
    }

    /// How long until time alone makes another job claimable.
    pub async fn next(&self) -> Option<Duration> {
        self.claim_as(ClaimRequest::default()).await.next
    }

    /// Claims as [`Scene::claim`]; answers with the ids alone.
    pub async fn claim_ids(&self, limit: u32) -> Vec<JobId> {
        self.claim(limit)
            .await
            .into_iter()
            .map(|lease| lease.job.id)
            .collect()
    }

    /// So many seconds from now.
    pub fn in_secs(&self, secs: i64) -> Timestamp {
        Timestamp::from_micros(self.now().micros() + secs * 1_000_000)
    }

    /// Commits an event that tells of a conversation, and nothing else.
    pub async fn tell(&self, text: &str) -> Arc<Envelope> {
        let mut changes = self.changes();
        changes.event(self.event(text));
        let committed = self.commit(changes).await;
        committed
            .events
            .into_iter()
            .next()
            .expect("one event was committed")
    }

    /// An event with a text in it, to be told from others.
    pub fn event(&self, text: &str) -> Event {
        let inbox = InboxId::generate(self.clock());
        let id = crate::id::QuarantineId::generate(self.clock());
        Event::QuarantineAdded {
            inbox,
            id,
            reason: text.to_owned(),
        }
    }

    /// Every event of the log.
    pub async fn events(&self) -> Vec<Envelope> {
        self.reads
            .events_after(0, 100_000)
            .await
            .expect("the log can be read")
    }

    /// A written conversation on a new inbox.
    pub async fn a_conversation(&self) -> Conversation {
        let conversation = self.conversation(InboxId::generate(self.clock()), "chat");
        self.write([conversation.clone()]).await;
        conversation
    }

    /// Every conversation that a filter lets through, page by page. Panics if a page is larger than asked for, or empty
    /// without being the last.
    pub async fn walk(&self, filter: &Facets, limit: u32) -> Vec<Conversation> {
        let reads = &self.reads;
        let filter = &ConversationFilter::from(filter.clone());
        walk(limit, async |request| {
            reads.list_conversations(filter, &request).await
        })
        .await
    }
}

/// Every row of a list, page by page.
pub async fn walk<T>(limit: u32, list: impl AsyncFn(PageRequest) -> Result<Page<T>>) -> Vec<T> {
    let mut rows = Vec::new();
    let mut request = PageRequest::first(limit);
    loop {
        let page = list(request).await.expect("a page can be read");
        assert!(
            page.items.len() <= limit as usize,
            "a page holds more rows than asked for"
        );
        assert!(
            page.next.is_none() || page.items.len() == limit as usize,
            "a page with a next one is not full"
        );
        rows.extend(page.items);
        match page.next {
            Some(cursor) => request = PageRequest::after(limit, cursor),
            None => return rows,
        }
    }
}

/// The kind of the error that was answered.
///
/// # Panics
/// If there was none.
pub fn fault<T: std::fmt::Debug>(answer: Result<T>) -> ErrorKind {
    answer.expect_err("this is refused").kind()
}

/// Fails unless the answer is a `Duplicate` that names the rule.
pub fn assert_duplicate<T: std::fmt::Debug>(answer: Result<T>, rule: &str) {
    let error: Error = answer.expect_err("a broken rule is refused");
    assert_eq!(error.kind(), ErrorKind::Duplicate, "{error:?}");
    assert_eq!(error.context_value("unique"), Some(rule), "{error:?}");
}
