//! Which bytes are kept, and which are not: what was refused, what was never sent, what two files share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use futures::StreamExt;
use futures::stream::BoxStream;
use omnichat_core::Engine;
use omnichat_core::actor::{Actor, Role};
use omnichat_core::change::{Changes, Row};
use omnichat_core::clock::{Clock, ManualClock, Timestamp};
use omnichat_core::error::{ErrorKind, Result};
use omnichat_core::event::Origin;
use omnichat_core::files::{File, Quota, Upload};
use omnichat_core::id::{ConversationId, TenantId};
use omnichat_core::operators::NewOperator;
use omnichat_core::store::blob::{BlobInfo, BlobStore, ByteRange, ByteStream, Incoming, StoredBlob};
use omnichat_core::store::memory::{MemoryBlobs, MemoryStore};
use omnichat_core::testing::Acting as _;
use tokio::sync::Notify;

const DAY: Duration = Duration::from_secs(24 * 3_600);

/// Blobs in memory that stop where a test wants them to.
#[derive(Default)]
struct Slow {
    blobs: MemoryBlobs,
    stops_keeping: AtomicBool,
    stops_deleting: AtomicBool,
    /// Told when it has stopped.
    stopped: Notify,
    go_on: Notify,
}

impl Slow {
    async fn stop_if(&self, stops: &AtomicBool) {
        if stops.swap(false, Ordering::SeqCst) {
            self.stopped.notify_one();
            self.go_on.notified().await;
        }
    }
}

#[derive(Clone, Default)]
struct Blobs(Arc<Slow>);

struct SlowIncoming {
    incoming: Box<dyn Incoming>,
    slow: Arc<Slow>,
}

#[async_trait]
impl Incoming for SlowIncoming {
    fn info(&self) -> &BlobInfo {
        self.incoming.info()
    }

    async fn keep(self: Box<Self>) -> Result<()> {
        self.slow.stop_if(&self.slow.stops_keeping).await;
        self.incoming.keep().await
    }
}

#[async_trait]
impl BlobStore for Blobs {
    async fn receive(&self, tenant: TenantId, bytes: ByteStream, max: u64) -> Result<Box<dyn Incoming>> {
        let incoming = self.0.blobs.receive(tenant, bytes, max).await?;
        Ok(Box::new(SlowIncoming {
            incoming,
            slow: self.0.clone(),
        }))
    }

    async fn get(&self, tenant: TenantId, digest: &str, range: Option<ByteRange>) -> Result<ByteStream> {
        self.0.blobs.get(tenant, digest, range).await
    }

    async fn size(&self, tenant: TenantId, digest: &str) -> Result<u64> {
        self.0.blobs.size(tenant, digest).await
    }

    async fn delete(&self, tenant: TenantId, digest: &str) -> Result<()> {
        self.0.stop_if(&self.0.stops_deleting).await;
        self.0.blobs.delete(tenant, digest).await
    }

    fn list(&self, tenant: TenantId) -> BoxStream<'static, Result<StoredBlob>> {
        self.0.blobs.list(tenant)
    }

    async fn clear_abandoned(&self) -> Result<u64> {
        self.0.blobs.clear_abandoned().await
    }

    async fn room(&self) -> Result<Option<u64>> {
        self.0.blobs.room().await
    }
}

struct Shelf {
    engine: Engine,
    blobs: Blobs,
    clock: Arc<ManualClock>,
    actor: Actor,
}

impl Shelf {
    async fn new() -> Self {
        // Memory blobs are dated by the machine's clock, and so is the beginning here.
        let clock = Arc::new(ManualClock::at(Timestamp::from_micros(
            i64::try_from(std::time::UNIX_EPOCH.elapsed().unwrap().as_micros()).unwrap(),
        )));
        let blobs = Blobs::default();
        let engine = Engine::builder(Arc::new(MemoryStore::new(clock.clone())))
            .clock(clock.clone())
            .blobs(Arc::new(blobs.clone()))
            .build();
        let owner = NewOperator {
            name: "Anna".to_owned(),
            email: "anna@example.org".to_owned(),
            role: Role::Owner.into(),
            capacity: 5,
            locale: None,
            password_hash: None,
        };
        let (_, owner) = engine.tenants().create("Shop", owner).await.unwrap();
        Self {
            engine,
            blobs,
            clock,
            actor: owner.actor(),
        }
    }

    fn tenant(&self) -> TenantId {
        self.actor.tenant
    }

    async fn upload(&self, content: &'static [u8]) -> Result<File> {
        self.engine.files().upload(&self.actor, text(content)).await
    }

    async fn send(&self, file: &File) {
        let sent = File {
            conversation: Some(ConversationId::generate(&*self.clock)),
            version: file.version + 1,
            ..file.clone()
        };
        let mut changes = Changes::new(self.tenant(), Origin::system("test"));
        changes.put(Row::File(sent));
        self.engine.ports().commit(changes).await.unwrap();
    }

    async fn collect(&self) -> u64 {
        self.engine
            .files()
            .collect_unsent(self.tenant(), DAY)
            .await
            .unwrap()
    }

    async fn sweep(&self) -> u64 {
        let files = self.engine.files();
        files
            .sweep_blobs(self.tenant(), Duration::from_secs(3_600))
            .await
            .unwrap()
    }

    async fn kept(&self) -> usize {
        self.blobs.list(self.tenant()).count().await
    }

    async fn reads(&self, file: &File) -> Vec<u8> {
        let pieces: Vec<_> = self
            .engine
            .files()
            .read(file, None)
            .await
            .unwrap()
            .collect()
            .await;
        pieces
            .into_iter()
            .flat_map(|piece| piece.unwrap().to_vec())
            .collect()
    }
}

fn text(content: &'static [u8]) -> Upload {
    Upload {
        name: "a.txt".to_owned(),
        content_type: "text/plain".to_owned(),
        bytes: Box::pin(futures::stream::iter([Ok(Bytes::from_static(content))])),
        max_bytes: 1_000,
        uploader_quota: None,
        shared_quota: None,
    }
}

#[tokio::test]
async fn what_was_refused_leaves_no_bytes() {
    let shelf = Shelf::new().await;
    let lie = Upload {
        content_type: "image/png".to_owned(),
        ..text(b"no picture")
    };
    let refused = shelf.engine.files().upload(&shelf.actor, lie).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::UnsupportedMedia);
    assert_eq!(shelf.upload(b"").await.unwrap_err().kind(), ErrorKind::Invalid);
    let long = Upload {
        max_bytes: 3,
        ..text(b"long")
    };
    let refused = shelf.engine.files().upload(&shelf.actor, long).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::TooLarge);
    assert_eq!(shelf.kept().await, 0);
}

#[tokio::test]
async fn what_was_never_sent_goes_after_a_day_and_what_was_sent_stays() {
    let shelf = Shelf::new().await;
    let (sent, unsent) = (
        shelf.upload(b"sent").await.unwrap(),
        shelf.upload(b"unsent").await.unwrap(),
    );
    shelf.send(&sent).await;
    shelf.clock.advance(DAY - Duration::from_secs(1));
    assert_eq!(shelf.collect().await, 0);
    shelf.clock.advance(Duration::from_secs(2));
    assert_eq!(shelf.collect().await, 1);
    assert_eq!(shelf.reads(&sent).await, b"sent");
    assert_eq!(shelf.kept().await, 1);
    let gone = shelf
        .engine
        .files()
        .get(&shelf.actor, unsent.id)
        .await
        .unwrap_err();
    assert_eq!(gone.kind(), ErrorKind::NotFound);
    shelf.clock.advance(DAY * 365);
    assert_eq!((shelf.collect().await, shelf.sweep().await), (0, 0));
}

#[tokio::test]
async fn bytes_that_another_file_has_stay() {
    let shelf = Shelf::new().await;
    let (unsent, sent) = (
        shelf.upload(b"same").await.unwrap(),
        shelf.upload(b"same").await.unwrap(),
    );
    shelf.send(&sent).await;
    shelf.clock.advance(DAY * 2);
    assert_eq!(shelf.collect().await, 1);
    assert_eq!(unsent.blob, sent.blob);
    assert_eq!(shelf.reads(&sent).await, b"same");
}

#[tokio::test]
async fn a_file_that_is_sent_while_it_is_collected_stays_whole() {
    let shelf = Shelf::new().await;
    shelf.upload(b"first").await.unwrap();
    let file = shelf.upload(b"late").await.unwrap();
    shelf.clock.advance(DAY * 2);
    // The collector has seen both unsent, and stops at the bytes of the first.
    shelf.blobs.0.stops_deleting.store(true, Ordering::SeqCst);
    let sending = async {
        shelf.blobs.0.stopped.notified().await;
        shelf.send(&file).await;
        shelf.blobs.0.go_on.notify_one();
    };
    let (collected, ()) = tokio::join!(shelf.collect(), sending);
    assert_eq!(collected, 1);
    assert_eq!(shelf.reads(&file).await, b"late");
    let files = shelf.engine.files();
    let stored = files.get_unchecked(shelf.tenant(), file.id).await.unwrap();
    assert!(stored.conversation.is_some());
}

#[tokio::test]
async fn hosts_whose_clocks_differ_agree_on_what_is_being_removed() {
    let shelf = Shelf::new().await;
    shelf.upload(b"again").await.unwrap();
    shelf.clock.advance(DAY * 2);
    let ahead = shelf.clock.now().after(Duration::from_secs(3_600));
    let other = Engine::builder(shelf.engine.ports().store.clone())
        .clock(Arc::new(ManualClock::at(ahead)))
        .blobs(Arc::new(shelf.blobs.clone()))
        .build();
    shelf.blobs.0.stops_deleting.store(true, Ordering::SeqCst);
    let uploading = async {
        shelf.blobs.0.stopped.notified().await;
        let files = other.files();
        let upload = files.upload(&shelf.actor, text(b"again"));
        tokio::pin!(upload);
        let early = tokio::time::timeout(Duration::from_millis(200), upload.as_mut()).await;
        assert!(early.is_err(), "it waits for the removal");
        shelf.blobs.0.go_on.notify_one();
        upload.await.unwrap()
    };
    let (collected, file) = tokio::join!(shelf.collect(), uploading);
    assert_eq!(collected, 1);
    assert_eq!(shelf.reads(&file).await, b"again");
}

#[tokio::test]
async fn bytes_that_come_again_while_they_are_removed_are_there_afterwards() {
    let shelf = Shelf::new().await;
    shelf.upload(b"again").await.unwrap();
    shelf.clock.advance(DAY * 2);
    shelf.blobs.0.stops_deleting.store(true, Ordering::SeqCst);
    let collecting = async {
        assert_eq!(shelf.collect().await, 1);
    };
    let uploading = async {
        // The row has gone, the bytes are marked and about to go.
        shelf.blobs.0.stopped.notified().await;
        let upload = shelf.upload(b"again");
        tokio::pin!(upload);
        let early = tokio::time::timeout(Duration::from_millis(200), upload.as_mut()).await;
        assert!(early.is_err(), "it waits for the removal");
        shelf.blobs.0.go_on.notify_one();
        upload.await.unwrap()
    };
    let ((), file) = tokio::join!(collecting, uploading);
    assert_eq!(shelf.reads(&file).await, b"again");
    shelf.clock.advance(Duration::from_secs(3_700));
    assert_eq!(shelf.sweep().await, 0, "a row refers to them");
}

#[tokio::test]
async fn bytes_whose_row_is_written_first_are_not_removed() {
    let shelf = Shelf::new().await;
    shelf.upload(b"first").await.unwrap();
    shelf.clock.advance(DAY * 2);
    // An upload of the same has written its row, and its bytes have no name yet.
    shelf.blobs.0.stops_keeping.store(true, Ordering::SeqCst);
    let upload = shelf.upload(b"first");
    let collecting = async {
        shelf.blobs.0.stopped.notified().await;
        assert_eq!(shelf.collect().await, 1);
        assert_eq!(shelf.kept().await, 1, "the old bytes serve the new row");
        shelf.blobs.0.go_on.notify_one();
    };
    let (file, ()) = tokio::join!(upload, collecting);
    assert_eq!(shelf.reads(&file.unwrap()).await, b"first");
}

#[tokio::test]
async fn what_a_host_that_died_left_is_collected() {
    let shelf = Shelf::new().await;
    // Between the row and the bytes.
    shelf.blobs.0.stops_keeping.store(true, Ordering::SeqCst);
    tokio::select! {
        _ = shelf.upload(b"row") => panic!("it stops"),
        () = shelf.blobs.0.stopped.notified() => {}
    }
    // Bytes without a row.
    let orphan = Box::pin(futures::stream::iter([Ok(Bytes::from_static(b"orphan"))]));
    shelf.blobs.put(shelf.tenant(), orphan, 100).await.unwrap();
    assert_eq!(
        (shelf.collect().await, shelf.sweep().await),
        (0, 0),
        "it may be of a moment ago"
    );
    // Between the mark and the removal.
    shelf.clock.advance(DAY * 2);
    shelf.blobs.0.stops_deleting.store(true, Ordering::SeqCst);
    tokio::select! {
        _ = shelf.sweep() => panic!("it stops"),
        () = shelf.blobs.0.stopped.notified() => {}
    }
    assert_eq!(shelf.sweep().await, 0, "marked by another host");
    shelf.clock.advance(Duration::from_secs(6 * 60));
    assert_eq!((shelf.collect().await, shelf.sweep().await), (1, 1));
    assert_eq!(shelf.kept().await, 0);
    shelf.upload(b"orphan").await.unwrap();
    assert_eq!(shelf.kept().await, 1);
}

#[tokio::test]
async fn a_quota_counts_files_and_bytes_of_a_day() {
    let shelf = Shelf::new().await;
    let files = shelf.engine.files();
    let upload = async |by: &str, content, quota: (u64, u64), tenant: Option<Quota>| {
        let upload = Upload {
            uploader_quota: Some(Quota {
                files: quota.0,
                bytes: quota.1,
            }),
            shared_quota: tenant,
            ..text(content)
        };
        let stored = files.upload_for_customer(shelf.tenant(), by, upload).await;
        stored.map(|_| ()).map_err(|error| error.kind())
    };
    assert_eq!(upload("a", b"12345", (2, 8), None).await, Ok(()));
    assert_eq!(upload("a", b"1234", (2, 8), None).await, Err(ErrorKind::TooLarge));
    assert_eq!(upload("a", b"123", (2, 8), None).await, Ok(()));
    assert_eq!(upload("a", b"1", (9, 8), None).await, Err(ErrorKind::RateLimited));
    assert_eq!(
        upload("a", b"1", (2, 99), None).await,
        Err(ErrorKind::RateLimited)
    );
    assert_eq!(upload("b", b"1", (2, 8), None).await, Ok(()));
    let everybody = Some(Quota { files: 3, bytes: 99 });
    assert_eq!(
        upload("c", b"1", (2, 8), everybody).await,
        Err(ErrorKind::RateLimited)
    );
    assert_eq!(shelf.kept().await, 3);
    shelf.clock.advance(DAY + Duration::from_secs(1));
    assert_eq!(upload("a", b"12", (2, 8), everybody).await, Ok(()));
}

#[tokio::test]
async fn customers_use_up_nothing_of_what_operators_have() {
    let shelf = Shelf::new().await;
    let files = shelf.engine.files();
    let one = |content| Upload {
        shared_quota: Some(Quota { files: 1, bytes: 99 }),
        ..text(content)
    };
    let customer = async |who| {
        files
            .upload_for_customer(shelf.tenant(), who, one(b"theirs"))
            .await
    };
    customer("a").await.unwrap();
    assert_eq!(customer("b").await.unwrap_err().kind(), ErrorKind::RateLimited);
    files.upload(&shelf.actor, one(b"ours")).await.unwrap();
    let second = files.upload(&shelf.actor, one(b"ours")).await.unwrap_err();
    assert_eq!(second.kind(), ErrorKind::RateLimited);
}

#[tokio::test]
async fn many_at_once_do_not_slip_through_a_quota() {
    let shelf = Shelf::new().await;
    let all_came = Arc::new(tokio::sync::Barrier::new(8));
    let files = shelf.engine.files();
    let uploads = (0..8).map(|_| {
        let all_came = all_came.clone();
        let last = futures::stream::once(async move {
            all_came.wait().await;
            Ok(Bytes::from_static(b"!"))
        });
        let upload = Upload {
            shared_quota: Some(Quota { files: 2, bytes: 99 }),
            bytes: text(b"same").bytes.chain(last).boxed(),
            ..text(b"")
        };
        files.upload(&shelf.actor, upload)
    });
    let outcomes = futures::future::join_all(uploads).await;
    let stored = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert!(stored <= 2, "{stored}");
    let now = shelf.engine.ports().now();
    let rows = shelf.engine.ports().tenant(shelf.tenant());
    let left = rows.unsent_files(now.after(DAY), 100).await.unwrap();
    assert_eq!(left.len(), stored, "nothing of those that were refused");
}
