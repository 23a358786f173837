//! One span and one line for each call: which kind, which inbox, which call, what came of it, how long it took. Never
//! what was said or to whom.

use std::future::Future;
use std::sync::Arc;
use std::time::Instant;

use async_trait::async_trait;
use omnichat_core::channel::{
    AccountInfo, Action, Capabilities, Channel, Inbound, Outbound, PollBatch, Receipt, Verdict,
    WebhookRequest,
};
use omnichat_core::error::{ErrorKind, Result};
use omnichat_core::id::InboxId;
use omnichat_core::store::blob::ByteStream;
use tracing::Instrument;

/// An account whose calls are logged.
pub(super) struct Traced {
    inner: Arc<dyn Channel>,
    kind: String,
    inbox: InboxId,
}

impl Traced {
    pub(super) fn new(inner: Arc<dyn Channel>, kind: String, inbox: InboxId) -> Self {
        Self { inner, kind, inbox }
    }

    async fn observe<T>(
        &self,
        call: &'static str,
        future: impl Future<Output = Result<T>> + Send,
    ) -> Result<T> {
        let span = tracing::info_span!("channel", channel.kind = %self.kind, inbox.id = %self.inbox, call);
        let begun = Instant::now();
        async {
            let outcome = future.await;
            report(call, begun, &outcome);
            outcome
        }
        .instrument(span)
        .await
    }
}

fn report<T>(call: &'static str, begun: Instant, outcome: &Result<T>) {
    let elapsed_us = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
    match outcome {
        Ok(_) => tracing::debug!(call, outcome = "ok", elapsed_us, "channel call done"),
        Err(error) => {
            let outcome = error.kind().code();
            // Refusals and limits are everyday life and are shown where they belong; the rest is worth a look.
            if matches!(
                error.kind(),
                ErrorKind::RateLimited | ErrorKind::Rejected | ErrorKind::Unreachable
            ) {
                tracing::info!(
                    call,
                    outcome,
                    elapsed_us,
                    error = error.message(),
                    "channel call refused"
                );
            } else {
                // The context is left out: it may quote what could not be understood.
                let cause = std::error::Error::source(error)
                    .map(ToString::to_string)
                    .unwrap_or_default();
                tracing::warn!(
                    call,
                    outcome,
                    elapsed_us,
                    error = error.message(),
                    cause,
                    "channel call failed"
                );
            }
        }
    }
}

const fn name_of(action: &Action) -> &'static str {
    match action {
        Action::Edit { .. } => "edit",
        Action::Delete { .. } => "delete",
        Action::Typing { .. } => "typing",
        Action::MarkRead { .. } => "mark_read",
        Action::AcknowledgeButton { .. } => "acknowledge_button",
        Action::RegisterWebhook { .. } => "register_webhook",
        Action::RemoveWebhook => "remove_webhook",
        _ => "action",
    }
}

#[async_trait]
impl Channel for Traced {
    fn capabilities(&self) -> &Capabilities {
        self.inner.capabilities()
    }

    async fn accept(&self, request: &WebhookRequest) -> Result<Verdict> {
        self.observe("accept", self.inner.accept(request)).await
    }

    async fn parse(&self, request: &WebhookRequest) -> Result<Vec<Inbound>> {
        self.observe("parse", self.inner.parse(request)).await
    }

    async fn poll(&self, cursor: Option<&str>) -> Result<PollBatch> {
        self.observe("poll", self.inner.poll(cursor)).await
    }

    async fn check(&self) -> Result<AccountInfo> {
        self.observe("check", self.inner.check()).await
    }

    async fn send(&self, message: &Outbound) -> Result<Receipt> {
        self.observe("send", self.inner.send(message)).await
    }

    async fn perform(&self, action: &Action) -> Result<()> {
        self.observe(name_of(action), self.inner.perform(action)).await
    }

    async fn fetch(&self, remote: &str) -> Result<ByteStream> {
        self.observe("fetch", self.inner.fetch(remote)).await
    }
}
