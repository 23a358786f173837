//! An operator who answers and a platform that delivers, each so many times a second, whatever happens beside them.

use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::json;

use crate::host::Host;
use crate::http::Http;
use crate::load::{self, Platform};

/// Between two of each.
const EVERY: Duration = Duration::from_millis(25);

/// Who is measured.
pub(super) struct Probe {
    address: String,
    bearer: String,
    conversation: String,
    inbox: String,
    /// Numbers what is sent over all stretches.
    number: AtomicU64,
}

/// How long each took, in milliseconds.
pub(super) struct Seen {
    pub(super) sends: Vec<f64>,
    pub(super) webhooks: Vec<f64>,
}

impl Probe {
    pub(super) async fn new(host: &Host, token: &str) -> Result<Self> {
        let body = json!({ "kind": "sandbox", "title": "Calm", "config": {}, "routing": "manual" });
        let sandbox = host
            .call("POST", "/api/v1/inboxes", Some(token), Some(&body))
            .await?;
        let sandbox = sandbox["id"].as_str().context("no inbox id")?;
        let hello = json!({ "chat": "Vera", "name": "Vera", "action": "message", "text": "Hello" });
        let path = format!("/api/v1/inboxes/{sandbox}/simulate");
        let heard = host.call("POST", &path, Some(token), Some(&hello)).await?;
        Ok(Self {
            address: host.address.clone(),
            bearer: format!("Bearer {token}"),
            conversation: heard["conversation_id"]
                .as_str()
                .context("no conversation")?
                .to_owned(),
            inbox: host.add_telegram(token).await?,
            number: AtomicU64::new(1),
        })
    }

    /// Measures for so long beside something else, which is dropped at the end.
    pub(super) async fn beside(
        &self,
        time: Duration,
        other: impl Future<Output = Result<()>>,
    ) -> Result<Seen> {
        let until = Instant::now() + time;
        let measured = async {
            let (sends, webhooks) = tokio::try_join!(self.sends(until), self.webhooks(until))?;
            Ok(Seen { sends, webhooks })
        };
        tokio::select! {
            biased;
            seen = measured => seen,
            ended = other => {
                ended?;
                bail!("what was to go on beside has ended")
            }
        }
    }

    async fn sends(&self, until: Instant) -> Result<Vec<f64>> {
        let path = format!("/api/v1/conversations/{}/messages", self.conversation);
        let headers = [("authorization", self.bearer.as_str())];
        let mut http = Http::connect(&self.address).await?;
        self.every(until, async |number| {
            let body =
                json!({ "client_key": format!("probe-{number:08}"), "kind": "reply", "text": "On its way." });
            let (status, answer) = http
                .call("POST", &path, &headers, body.to_string().as_bytes())
                .await?;
            if status != 202 {
                bail!(
                    "a send was answered {status}: {}",
                    String::from_utf8_lossy(&answer)
                );
            }
            Ok(())
        })
        .await
    }

    async fn webhooks(&self, until: Instant) -> Result<Vec<f64>> {
        let path = format!("/webhooks/{}", self.inbox);
        let mut http = Http::connect(&self.address).await?;
        self.every(until, async |number| {
            let body =
                Platform::Telegram.message(1 + number % 50, number, load::now_secs(), "Where is my order?");
            load::send(&mut http, &path, Platform::Telegram, &body).await
        })
        .await
    }

    async fn every(&self, until: Instant, mut call: impl AsyncFnMut(u64) -> Result<()>) -> Result<Vec<f64>> {
        let mut took = Vec::new();
        let mut due = Instant::now();
        while due < until {
            tokio::time::sleep_until(due.into()).await;
            call(self.number.fetch_add(1, Ordering::Relaxed)).await?;
            // Counted from when it was due: who waits for the one before waits too.
            took.push(due.elapsed().as_secs_f64() * 1_000.0);
            due += EVERY;
        }
        Ok(took)
    }
}
