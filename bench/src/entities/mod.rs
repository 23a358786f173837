//! Entities by the million, each with eight index entries as an order has them: pages of every index, unique finds, and writes
//! against the same rows inserted raw.

mod orders;
mod raw;

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use omnichat_core::change::{Changes, Row};
use omnichat_core::entities::{Direction, EntityQuery, KeyRange};
use omnichat_core::event::Origin;
use omnichat_core::store::{Store, TenantStore};
use omnichat_store::{Durability, StoreOptions, open_store};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::report::{Report, percentile};
use crate::stores::{self, Fresh};
use orders::{KIND, Orders, UNIQUE};

/// Entities in a commit while the store is filled.
const BATCH: u64 = 200;
/// Commits on their way at once, each of one entity, while writes are measured.
const WRITERS: u64 = 64;
/// Rows of a page.
const PAGE: u32 = 50;

pub(crate) async fn run(quick: bool) -> Result<Report> {
    let (entities, written, rounds) = match quick {
        true => (20_000, 2_000, 50),
        false => (1_000_000, 10_000, 500),
    };
    let mut report = Report::new("entities");
    for fresh in stores::all().await? {
        let orders = Orders::default();
        fill(&fresh, &orders, entities).await?;
        let store = open(&fresh.url, Durability::Full).await?;
        read(&fresh, &*store, &orders, entities, rounds, &mut report).await?;
        let rate = write(store.clone(), &orders, entities, written).await?;
        store.close().await.context("the store does not close")?;
        let raw = match fresh.name {
            "sqlite" => raw::sqlite(fresh.data.path(), entities)?,
            _ => raw::postgres(&fresh.url, entities).await?,
        };
        let name = fresh.name;
        report.tell(&format!("{name} entities written"), rate, "a second");
        report.tell(&format!("{name} the same rows raw"), raw, "a second");
        report.at_least(&format!("{name} share of raw"), rate / raw * 100.0, "%", 40.0);
    }
    Ok(report)
}

async fn open(url: &str, durability: Durability) -> Result<std::sync::Arc<dyn Store>> {
    let options = StoreOptions {
        durability,
        ..StoreOptions::default()
    };
    Ok(open_store(url, options).await?)
}

async fn fill(fresh: &Fresh, orders: &Orders, entities: u64) -> Result<()> {
    let begun = Instant::now();
    let store = open(&fresh.url, Durability::Process).await?;
    let mut changes = Changes::new(orders.tenant, Origin::system("bench"));
    changes.put(Row::Tenant(orders.tenant_row()));
    store.commit(changes).await?;
    for first in (0..entities).step_by(BATCH as usize) {
        let mut changes = Changes::new(orders.tenant, Origin::system("bench"));
        for number in first..(first + BATCH).min(entities) {
            changes.put(Row::Entity(orders.row(number)?));
        }
        store.commit(changes).await?;
    }
    store.close().await.context("the store does not close")?;
    let took = begun.elapsed().as_secs_f64();
    eprintln!("{}: {entities} entities in {took:.0} s", fresh.name);
    stores::settle(&fresh.url).await
}

/// First and next pages of each index and finds by the unique one.
async fn read(
    fresh: &Fresh,
    store: &dyn Store,
    orders: &Orders,
    entities: u64,
    rounds: u32,
    report: &mut Report,
) -> Result<()> {
    let name = fresh.name;
    let reads = store.tenant(orders.tenant);
    let mut rng = StdRng::seed_from_u64(7);
    let mut worst = (String::new(), 0.0_f64);
    let mut all = Vec::new();
    for index in orders::INDEXES {
        let mut took = Vec::new();
        for round in 0..=rounds {
            let range = orders.stretch(index, rng.random_range(0..entities))?;
            let direction = match round % 2 {
                0 => Direction::Rising,
                _ => Direction::Falling,
            };
            let pages = pages(&*reads, index, range, direction).await?;
            // The first finds the pages of the database on the disk.
            if round > 0 {
                took.extend(pages);
            }
        }
        let p99 = percentile(&mut took, 0.99);
        println!("{name:<9} {index:<12} p99 {p99:>7.2} ms of {} pages", took.len());
        if p99 > worst.1 {
            worst = (index.to_owned(), p99);
        }
        all.extend(took);
    }
    let mut finds = Vec::new();
    for _ in 0..rounds * 10 {
        let number = rng.random_range(0..entities);
        let key = orders.key(UNIQUE, number)?;
        let at = Instant::now();
        let found = reads.find_unique_entity(KIND, UNIQUE, &key).await?;
        finds.push(millis(at.elapsed()));
        anyhow::ensure!(found.is_some(), "order {number} is not found");
    }
    report.tell(&format!("{name} entities"), entities as f64, "");
    report.tell(&format!("{name} page p50"), percentile(&mut all, 0.5), "ms");
    report.at_most(
        &format!("{name} page p99"),
        percentile(&mut all, 0.99),
        "ms",
        10.0,
    );
    report.at_most(
        &format!("{name} slowest index ({})", worst.0),
        worst.1,
        "ms",
        10.0,
    );
    report.at_most(
        &format!("{name} unique find p99"),
        percentile(&mut finds, 0.99),
        "ms",
        10.0,
    );
    Ok(())
}

/// How long a page and the two after it take.
async fn pages(
    reads: &dyn TenantStore,
    index: &str,
    range: KeyRange,
    direction: Direction,
) -> Result<Vec<f64>> {
    let mut query = EntityQuery {
        range,
        direction,
        ..EntityQuery::first(KIND, index, PAGE)
    };
    let mut took = Vec::new();
    for _ in 0..3 {
        let at = Instant::now();
        let page = reads.page_entities(&query).await?;
        took.push(millis(at.elapsed()));
        match page.next {
            Some(next) => query.after = Some(next),
            None => break,
        }
    }
    Ok(took)
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

/// Commits of one entity each, with the event that tells of it, as they come from many at once. How many a second.
async fn write(store: std::sync::Arc<dyn Store>, orders: &Orders, from: u64, count: u64) -> Result<f64> {
    let mut writers = tokio::task::JoinSet::new();
    let begun = Instant::now();
    for writer in 0..WRITERS {
        let (store, orders) = (store.clone(), *orders);
        writers.spawn(async move {
            for number in (from + writer..from + count).step_by(WRITERS as usize) {
                let row = orders.row(number)?;
                let mut changes = Changes::new(orders.tenant, Origin::system("bench"));
                changes.event(orders::told(&row));
                changes.put(Row::Entity(row));
                store.commit(changes).await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(writer) = writers.join_next().await {
        writer??;
    }
    Ok(count as f64 / begun.elapsed().as_secs_f64())
}
