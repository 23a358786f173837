//! Ends calls that take too long, so that a platform that never answers holds up nothing but itself.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use omnichat_core::channel::{
    AccountInfo, Action, Capabilities, Channel, Inbound, Outbound, PollBatch, Receipt, Verdict,
    WebhookRequest,
};
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::store::blob::ByteStream;

/// How long calls may take. These are the outermost bounds; a channel sets closer ones for single requests.
#[derive(Clone, Copy, Debug)]
pub struct Deadlines {
    /// For sending a message without its files.
    pub send: Duration,
    /// What the slowest link is taken to carry, in bytes per second: files get time by their size.
    pub upload_rate: u64,
    /// For a check and for any action.
    pub call: Duration,
    /// For a poll, the time for which the platform may hold it included.
    pub poll: Duration,
    /// Until a file begins to come. How fast it then must come is the core's rule for all channels.
    pub fetch: Duration,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self {
            send: Duration::from_secs(120),
            upload_rate: 32 * 1024,
            call: Duration::from_secs(60),
            poll: Duration::from_secs(100),
            fetch: Duration::from_secs(90),
        }
    }
}

/// An account whose calls end.
pub(super) struct Timed {
    inner: Arc<dyn Channel>,
    deadlines: Deadlines,
}

impl Timed {
    pub(super) fn new(inner: Arc<dyn Channel>, deadlines: Deadlines) -> Self {
        Self { inner, deadlines }
    }
}

async fn within<T>(limit: Duration, call: impl Future<Output = Result<T>> + Send) -> Result<T> {
    tokio::time::timeout(limit, call).await.unwrap_or_else(|_| {
        Err(
            Error::new(ErrorKind::Timeout, "the platform did not answer in time")
                .with("limit_s", limit.as_secs()),
        )
    })
}

#[async_trait]
impl Channel for Timed {
    fn capabilities(&self) -> &Capabilities {
        self.inner.capabilities()
    }

    async fn accept(&self, request: &WebhookRequest) -> Result<Verdict> {
        self.inner.accept(request).await
    }

    async fn parse(&self, request: &WebhookRequest) -> Result<Vec<Inbound>> {
        self.inner.parse(request).await
    }

    async fn poll(&self, cursor: Option<&str>) -> Result<PollBatch> {
        within(self.deadlines.poll, self.inner.poll(cursor)).await
    }

    async fn check(&self) -> Result<AccountInfo> {
        within(self.deadlines.call, self.inner.check()).await
    }

    async fn send(&self, message: &Outbound) -> Result<Receipt> {
        let bytes = message
            .files
            .iter()
            .fold(0_u64, |sum, file| sum.saturating_add(file.size));
        let uploads = Duration::from_secs(bytes / self.deadlines.upload_rate.max(1));
        within(
            self.deadlines.send.saturating_add(uploads),
            self.inner.send(message),
        )
        .await
    }

    async fn perform(&self, action: &Action) -> Result<()> {
        within(self.deadlines.call, self.inner.perform(action)).await
    }

    async fn fetch(&self, remote: &str) -> Result<ByteStream> {
        within(self.deadlines.fetch, self.inner.fetch(remote)).await
    }
}
