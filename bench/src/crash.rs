//! The process is killed at random moments under load, with webhooks that come twice and out of order, as a platform sends
//! them again. Afterwards everything that was acknowledged must be there, once, and in order.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use rand::RngExt;

use crate::host::Host;
use crate::http::Http;
use crate::ledger::{Ledger, Outcome};
use crate::load::Platform;
use crate::report::Report;
use crate::{load, stores};

const CONNECTIONS: u64 = 16;
/// Chats of each connection.
const CHATS: u64 = 4;
/// Messages of a chat that may be on their way at once, and so overtake each other.
const WINDOW: u64 = 4;

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

async fn torment(data: &Path, store: &str, kills: u32) -> Result<Outcome> {
    let mut host = Host::start(data, store).await?;
    let token = host.set_up().await?;
    let inbox = host.add_telegram(&token).await?;
    let path = format!("/webhooks/{inbox}");
    let ledger = Arc::new(Ledger::default());
    let mut chats: Vec<Chat> = (1..=CONNECTIONS * CHATS).map(Chat::new).collect();
    for kill in 1..=kills {
        let mut senders = tokio::task::JoinSet::new();
        for mine in split(&mut chats) {
            let (address, path, ledger) = (host.address.clone(), path.clone(), ledger.clone());
            senders.spawn(async move { send_until_dead(&address, &path, mine, &ledger).await });
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
            load::send(&mut http, &path, Platform::Telegram, &body).await?;
            ledger.note(chat.id, number);
        }
    }
    let token = host.sign_in().await?;
    let outcome = ledger.compare(&host, &token, &inbox).await?;
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
async fn send_until_dead(address: &str, path: &str, mut chats: Vec<Chat>, ledger: &Ledger) -> Vec<Chat> {
    let Ok(mut http) = Http::connect(address).await else {
        return chats;
    };
    loop {
        let chat = rand::rng().random_range(0..chats.len());
        let chat = &mut chats[chat];
        while (chat.open.len() as u64) < WINDOW {
            let body =
                Platform::Telegram.message(chat.id, chat.next, load::now_secs(), &format!("n{}", chat.next));
            chat.open.insert(chat.next, body);
            chat.next += 1;
        }
        let chosen = rand::rng().random_range(0..chat.open.len());
        let Some((number, body)) = chat.open.iter().nth(chosen).map(|(n, b)| (*n, b.clone())) else {
            continue;
        };
        let twice = rand::rng().random_bool(0.2);
        for _ in 0..=u32::from(twice) {
            if load::send(&mut http, path, Platform::Telegram, &body)
                .await
                .is_err()
            {
                return chats;
            }
        }
        chat.open.remove(&number);
        ledger.note(chat.id, number);
    }
}
