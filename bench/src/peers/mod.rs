//! A chat back end as it is usually built, and OmniChat beside it: how many times as much it sends and lists in the same run on
//! the same machine.
//!
//! The usual stack is `bench/peers/server.js`. Both hold as many conversations and are asked by the same client in the same way,
//! in turns, one after the other.

mod side;
mod stack;
mod turn;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Result, anyhow};
use tokio::signal::unix::{SignalKind, signal};

use self::stack::Stack;
use self::turn::{Shape, Turn};
use crate::host::Host;
use crate::report::{Report, percentile};
use crate::stores::{self, Fresh};

/// Conversations of each side.
const CONVERSATIONS: usize = 1_000;
/// Connections to a side at once; each asks again as soon as it is answered.
const CONNECTIONS: usize = 32;
/// What an operator writes, every time.
const TEXT: &str = "Здравствуйте, где мой заказ?";
/// How long each side is asked before anything counts.
const WARM: Duration = Duration::from_secs(1);
/// Between two turns, so that what one leaves to be done is not charged to the next.
const REST: Duration = Duration::from_secs(1);
/// How many times as much as the usual stack OmniChat is to do one day.
const AIM: f64 = 10.0;

/// How often each side has its turn, and for how long.
struct Plan {
    turns: u32,
    time: Duration,
}

pub(crate) async fn run(quick: bool) -> Result<Report> {
    let plan = match quick {
        true => Plan {
            turns: 1,
            time: Duration::from_secs(3),
        },
        false => Plan {
            turns: 3,
            time: Duration::from_secs(8),
        },
    };
    let server = stores::server()?;
    let program = stack::install().await?;
    let fresh = [
        stores::postgres(&server).await?,
        stores::sqlite()?,
        stores::postgres(&server).await?,
    ];
    let measured = tokio::select! {
        measured = measure(&program, &fresh, &plan) => measured,
        reason = interrupted() => Err(reason),
    };
    let removed = futures::future::join_all(fresh.map(Fresh::remove)).await;
    let report = measured?;
    removed.into_iter().collect::<Result<()>>()?;
    Ok(report)
}

/// Waits until somebody wants the run to end; why it does.
async fn interrupted() -> anyhow::Error {
    let mut terminate = match signal(SignalKind::terminate()) {
        Ok(terminate) => terminate,
        Err(error) => return error.into(),
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
    anyhow!("interrupted")
}

/// Starts all sides and gives them their turns. The stores are those of the usual stack, OmniChat on SQLite, OmniChat on
/// PostgreSQL.
async fn measure(program: &Path, fresh: &[Fresh; 3], plan: &Plan) -> Result<Report> {
    let [usual, sqlite, postgres] = fresh;
    let stack = Stack::start(program, usual).await?;
    let on_sqlite = Host::start(sqlite.data.path(), &sqlite.url).await?;
    let on_postgres = Host::start(postgres.data.path(), &postgres.url).await?;
    let sides = [
        Arc::new(stack.side()),
        Arc::new(side::omnichat(sqlite.name, &on_sqlite).await?),
        Arc::new(side::omnichat(postgres.name, &on_postgres).await?),
    ];
    let mut report = Report::new("peers");
    let mut busiest = 0.0_f64;
    for shape in Shape::ALL {
        for store in fresh {
            stores::settle(&store.url).await?;
        }
        for side in &sides {
            turn::turn(side, shape, WARM).await?;
        }
        let mut seen: [Vec<Turn>; 3] = Default::default();
        for number in 1..=plan.turns {
            for (side, seen) in sides.iter().zip(&mut seen) {
                tokio::time::sleep(REST).await;
                let turn = turn::turn(side, shape, plan.time).await?;
                let (name, what) = (side.name, shape.name());
                eprintln!(
                    "{what} {number}: {name:<9} {:>6.0}/s, p99 {:>5.1} ms, load {:>3.0} % of the cores",
                    turn.rate, turn.p99, turn.load
                );
                busiest = busiest.max(turn.load);
                seen.push(turn);
            }
        }
        tell(&mut report, shape, sides.each_ref().map(|side| side.name), &seen);
    }
    report.tell("largest share of the load in the cores", busiest, "%");
    on_sqlite.stop().await?;
    on_postgres.stop().await?;
    stack.stop().await?;
    Ok(report)
}

/// The medians of each side's turns, and those of OmniChat to those of the usual stack.
fn tell(report: &mut Report, shape: Shape, names: [&'static str; 3], seen: &[Vec<Turn>; 3]) {
    let what = shape.name();
    for (name, turns) in names.iter().zip(seen) {
        report.tell(&format!("{name} {what}"), median(turns, |turn| turn.rate), "/s");
        report.tell(
            &format!("{name} {what} p99"),
            median(turns, |turn| turn.p99),
            "ms",
        );
        report.tell(
            &format!("{name} {what}, an answer"),
            median(turns, |turn| turn.answer),
            "bytes",
        );
    }
    let usual = median(&seen[0], |turn| turn.rate);
    for (name, turns) in names.iter().zip(seen).skip(1) {
        report.at_least(
            &format!("{name} {what} to the stack's (aim {AIM})"),
            median(turns, |turn| turn.rate) / usual,
            "times",
            limit(shape, name),
        );
    }
}

/// How many times as much as the usual stack OmniChat must do on this store.
fn limit(shape: Shape, store: &str) -> f64 {
    match (shape, store) {
        (Shape::Send, "sqlite") => 8.0,
        (Shape::Send, _) => 5.0,
        (Shape::List, _) => 4.0,
    }
}

fn median(turns: &[Turn], figure: fn(&Turn) -> f64) -> f64 {
    let mut figures: Vec<f64> = turns.iter().map(figure).collect();
    percentile(&mut figures, 0.5)
}
