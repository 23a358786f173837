//! A turn of one side: asked by many connections at once for a while.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use futures::future::try_join_all;
use tokio::task::JoinSet;

use super::CONNECTIONS;
use super::side::Side;
use crate::http::Http;
use crate::report::percentile;

/// What a side is asked for.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    /// To store a message, over all conversations in turn.
    Send,
    /// For the latest fifty conversations.
    List,
}

impl Shape {
    pub(super) const ALL: [Self; 2] = [Self::Send, Self::List];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Send => "send",
            Self::List => "list",
        }
    }
}

/// What a turn showed.
pub(super) struct Turn {
    /// Requests answered in a second.
    pub(super) rate: f64,
    /// How long all but the slowest hundredth took at most, in milliseconds.
    pub(super) p99: f64,
    /// Bytes of a body, on average.
    pub(super) answer: f64,
    /// What the load itself took of the machine's cores, in percent.
    pub(super) load: f64,
}

/// Asks a side for so long; an error where it refuses anything.
pub(super) async fn turn(side: &Arc<Side>, shape: Shape, time: Duration) -> Result<Turn> {
    let connections = try_join_all((0..CONNECTIONS).map(|_| Http::connect(&side.address))).await?;
    let (begun, processor) = (Instant::now(), processor_seconds()?);
    let mut asking = JoinSet::new();
    for http in connections {
        asking.spawn(ask(http, side.clone(), shape, begun + time));
    }
    let (mut took, mut bytes) = (Vec::new(), 0);
    while let Some(asked) = asking.join_next().await {
        let (mine, length) = asked??;
        took.extend(mine);
        bytes += length;
    }
    let seconds = begun.elapsed().as_secs_f64();
    let cores = std::thread::available_parallelism()?.get();
    Ok(Turn {
        rate: took.len() as f64 / seconds,
        answer: bytes as f64 / took.len() as f64,
        load: (processor_seconds()? - processor) / (seconds * cores as f64) * 100.0,
        p99: percentile(&mut took, 0.99),
    })
}

/// Asks on one connection, again as soon as it is answered. How long each answer took, in milliseconds, and the bytes of all.
async fn ask(mut http: Http, side: Arc<Side>, shape: Shape, until: Instant) -> Result<(Vec<f64>, usize)> {
    let headers = [("authorization", side.bearer.as_str())];
    let (mut took, mut bytes) = (Vec::new(), 0);
    while Instant::now() < until {
        let at = Instant::now();
        let (right, (status, length)) = match shape {
            Shape::Send => {
                let number = side.sent.fetch_add(1, Ordering::Relaxed);
                let path = &side.sends[number as usize % side.sends.len()];
                let body = (side.body)(number);
                let answer = http.weigh("POST", path, &headers, body.as_bytes()).await?;
                (side.stored, answer)
            }
            Shape::List => (200, http.weigh("GET", side.list, &headers, b"").await?),
        };
        ensure!(
            status == right,
            "a {} was answered {status} by {}",
            shape.name(),
            side.name
        );
        took.push(at.elapsed().as_secs_f64() * 1_000.0);
        bytes += length;
    }
    Ok((took, bytes))
}

/// What this process has taken of all cores so far. Linux counts in hundredths of a second.
fn processor_seconds() -> Result<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    // The command's name is in brackets and may hold spaces; time in the program and in the system are the twelfth and the
    // thirteenth after it.
    let (_, after_name) = stat.rsplit_once(')').context("no name in /proc/self/stat")?;
    let ticks: Result<u64, _> = after_name
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(str::parse::<u64>)
        .sum();
    Ok(ticks? as f64 / 100.0)
}
