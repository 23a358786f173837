//! The process is killed at random moments under load, with webhooks that come twice and out of order, as a platform sends
//! them again. Afterwards everything that was acknowledged must be there, once, and in order.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use rand::RngExt;
use serde_json::Value;

use crate::host::Host;
use crate::http::Http;
use crate::report::Report;
use crate::{load, stores};

const CONNECTIONS: u64 = 16;
/// Chats of each connection.
const CHATS: u64 = 4;
/// Messages of a chat that may be on their way at once, and so overtake each other.
const WINDOW: u64 = 4;

/// The newest number that was begun and the numbers that were acknowledged, by chat.
type Acknowledged = Arc<Mutex<HashMap<u64, Vec<u64>>>>;

pub(crate) async fn run(quick: bool) -> Result<Report> {
    let kills = if quick { 15 } else { 200 };
    let mut report = Report::new("crash");
    for fresh in stores::all().await? {
        let outcome = torment(fresh.data.path(), &fresh.url, kills).await?;
        let name = fresh.name;
        report.at_least(&format!("{name} kills"), f64::from(kills), "", f64::from(kills));
        report.tell(&format!("{name} acknowledged"), outcome.acknowledged as f64, "");
        report.at_most(&format!("{name} lost"), outcome.lost as f64, "", 0.0);
        report.at_most(&format!("{name} doubled"), outcome.doubled as f64, "", 0.0);
        report.at_most(
            &format!("{name} out of order"),
            outcome.disordered as f64,
            "",
            0.0,
        );
    }
    Ok(report)
}

struct Outcome {
    acknowledged: usize,
    lost: usize,
    doubled: usize,
    disordered: usize,
}

async fn torment(data: &Path, store: &str, kills: u32) -> Result<Outcome> {
    let mut host = Host::start(data, store).await?;
    let token = host.set_up().await?;
    let inbox = host.add_telegram(&token).await?;
    let path = format!("/webhooks/{inbox}");
    let acknowledged: Acknowledged = Arc::default();
    let mut chats: Vec<Chat> = (1..=CONNECTIONS * CHATS).map(Chat::new).collect();
    for kill in 1..=kills {
        let mut senders = tokio::task::JoinSet::new();
        for mine in split(&mut chats) {
            let (address, path, acknowledged) = (host.address.clone(), path.clone(), acknowledged.clone());
            senders.spawn(async move { send_until_dead(&address, &path, mine, &acknowledged).await });
        }
        let life = Duration::from_millis(rand::rng().random_range(30..400));
        tokio::time::sleep(life).await;
        host.kill()?;
        while let Some(mine) = senders.join_next().await {
            chats.extend(mine?);
        }
        host = Host::start(data, store)
            .await
            .with_context(|| format!("after kill {kill}"))?;
        if kill % 25 == 0 {
            eprintln!("{kill} kills");
        }
    }
    // What was not acknowledged is sent once more, as platforms do.
    let mut http = Http::connect(&host.address).await?;
    for chat in &mut chats {
        for (number, body) in std::mem::take(&mut chat.open) {
            load::send(&mut http, &path, &body).await?;
            note(&acknowledged, chat.id, number);
        }
    }
    let token = host.sign_in().await?;
    let outcome = verify(&host, &token, &acknowledged).await?;
    host.stop().await?;
    Ok(outcome)
}

/// A chat of the platform: what it sent and what was not acknowledged yet.
struct Chat {
    id: u64,
    next: u64,
    open: BTreeMap<u64, String>,
}

impl Chat {
    fn new(id: u64) -> Self {
        Self {
            id,
            next: 1,
            open: BTreeMap::new(),
        }
    }
}

fn split(chats: &mut Vec<Chat>) -> Vec<Vec<Chat>> {
    let mut parts: Vec<Vec<Chat>> = (0..CONNECTIONS).map(|_| Vec::new()).collect();
    for (n, chat) in chats.drain(..).enumerate() {
        parts[n % CONNECTIONS as usize].push(chat);
    }
    parts
}

/// Sends until the connection breaks: out of order within a window, and some twice.
async fn send_until_dead(
    address: &str,
    path: &str,
    mut chats: Vec<Chat>,
    acknowledged: &Acknowledged,
) -> Vec<Chat> {
    let Ok(mut http) = Http::connect(address).await else {
        return chats;
    };
    loop {
        let chat = rand::rng().random_range(0..chats.len());
        let chat = &mut chats[chat];
        while (chat.open.len() as u64) < WINDOW {
            let body = load::update(chat.id, chat.next, load::now_secs(), &format!("n{}", chat.next));
            chat.open.insert(chat.next, body);
            chat.next += 1;
        }
        let chosen = rand::rng().random_range(0..chat.open.len());
        let Some((number, body)) = chat.open.iter().nth(chosen).map(|(n, b)| (*n, b.clone())) else {
            continue;
        };
        let twice = rand::rng().random_bool(0.2);
        for _ in 0..=u32::from(twice) {
            if load::send(&mut http, path, &body).await.is_err() {
                return chats;
            }
        }
        chat.open.remove(&number);
        note(acknowledged, chat.id, number);
    }
}

fn note(acknowledged: &Acknowledged, chat: u64, number: u64) {
    acknowledged
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .entry(chat)
        .or_default()
        .push(number);
}

async fn verify(host: &Host, token: &str, acknowledged: &Acknowledged) -> Result<Outcome> {
    let acknowledged = acknowledged
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    let mut outcome = Outcome {
        acknowledged: 0,
        lost: 0,
        doubled: 0,
        disordered: 0,
    };
    let mut seen: HashMap<u64, Vec<u64>> = HashMap::new();
    for conversation in pages(host, token, "/api/v1/conversations?limit=100", "cursor", "next").await? {
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
