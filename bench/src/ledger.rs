//! What was acknowledged, and whether it is there: once, and in order.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::host::Host;

/// The numbers of messages that were acknowledged, by chat. The text of number 7 is `n7`.
#[derive(Default)]
pub(crate) struct Ledger {
    acknowledged: Mutex<HashMap<u64, Vec<u64>>>,
}

/// What a comparison found.
pub(crate) struct Outcome {
    pub(crate) acknowledged: usize,
    pub(crate) lost: usize,
    pub(crate) doubled: usize,
    pub(crate) disordered: usize,
}

impl Ledger {
    /// A message was acknowledged.
    pub(crate) fn note(&self, chat: u64, number: u64) {
        self.lock().entry(chat).or_default().push(number);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<u64, Vec<u64>>> {
        self.acknowledged.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads everything that the host has of an inbox, and compares.
    pub(crate) async fn compare(&self, host: &Host, token: &str, inbox: &str) -> Result<Outcome> {
        let acknowledged = self.lock().clone();
        let mut outcome = Outcome {
            acknowledged: 0,
            lost: 0,
            doubled: 0,
            disordered: 0,
        };
        let mut seen: HashMap<u64, Vec<u64>> = HashMap::new();
        for conversation in pages(
            host,
            token,
            &format!("/api/v1/conversations?inbox_id={inbox}&limit=100"),
            "cursor",
            "next",
        )
        .await?
        {
            let name = conversation["customer"]["name"].as_str().context("no name")?;
            let chat: u64 = name
                .rsplit(' ')
                .next()
                .and_then(|n| n.parse().ok())
                .context("no chat in the name")?;
            let path = format!(
                "/api/v1/conversations/{}/messages?limit=100",
                conversation["id"].as_str().unwrap_or_default()
            );
            let mut numbers: Vec<u64> = Vec::new();
            for page in message_pages(host, token, &path).await? {
                let texts = page
                    .iter()
                    .filter_map(|m| m["text"].as_str().and_then(|t| t.strip_prefix('n')?.parse().ok()));
                numbers.splice(0..0, texts);
            }
            // Order: within a second of the platform by its number, and seconds only rise.
            outcome.disordered += numbers.windows(2).filter(|pair| pair[0] > pair[1]).count();
            let all = seen.entry(chat).or_default();
            ensure!(all.is_empty(), "chat {chat} has two conversations");
            all.extend(numbers);
        }
        for (chat, numbers) in acknowledged {
            let stored = seen.get(&chat).cloned().unwrap_or_default();
            outcome.acknowledged += numbers.len();
            outcome.lost += numbers.iter().filter(|n| !stored.contains(n)).count();
            let mut unique = stored.clone();
            unique.sort_unstable();
            unique.dedup();
            outcome.doubled += stored.len() - unique.len();
        }
        Ok(outcome)
    }
}

async fn pages(host: &Host, token: &str, path: &str, parameter: &str, next: &str) -> Result<Vec<Value>> {
    let mut items = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let path = cursor
            .as_ref()
            .map_or_else(|| path.to_owned(), |c| format!("{path}&{parameter}={c}"));
        let page = host.call("GET", &path, Some(token), None).await?;
        items.extend(page["items"].as_array().cloned().unwrap_or_default());
        cursor = page[next].as_str().map(str::to_owned);
        if cursor.is_none() {
            return Ok(items);
        }
    }
}

/// Pages of messages from the newest backwards, each ascending.
async fn message_pages(host: &Host, token: &str, path: &str) -> Result<Vec<Vec<Value>>> {
    let mut all = Vec::new();
    let mut before: Option<String> = None;
    loop {
        let path = before
            .as_ref()
            .map_or_else(|| path.to_owned(), |c| format!("{path}&before={c}"));
        let page = host.call("GET", &path, Some(token), None).await?;
        all.push(page["items"].as_array().cloned().unwrap_or_default());
        before = page["older"].as_str().map(str::to_owned);
        if before.is_none() {
            return Ok(all);
        }
    }
}
