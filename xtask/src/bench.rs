//! `cargo xtask bench`: builds for release, starts what a bench needs and runs it.

use anyhow::{Result, bail};
use clap::Args;

use crate::debian::{self, Need};
use crate::servers::postgres::{Durability, Postgres};
use crate::{process, web};

/// One bench, as the package `omnichat-bench` knows it.
struct Bench {
    name: &'static str,
    shows: &'static str,
    postgres: bool,
}

const BENCHES: [Bench; 12] = [
    Bench {
        name: "ingest",
        shows: "durable inbound messages per second, against raw inserts",
        postgres: true,
    },
    Bench {
        name: "latency",
        shows: "from a webhook to the operator's WebSocket frame",
        postgres: false,
    },
    Bench {
        name: "fanout",
        shows: "memory of idle WebSockets, one event to a thousand of them",
        postgres: false,
    },
    Bench {
        name: "inbox",
        shows: "pages of every filter over a million conversations",
        postgres: true,
    },
    Bench {
        name: "entities",
        shows: "pages of every index over a million entities, and writes against the same rows raw",
        postgres: true,
    },
    Bench {
        name: "footprint",
        shows: "idle memory, start to ready, size of the binary",
        postgres: false,
    },
    Bench {
        name: "plugins",
        shows: "what a plugin's call costs, what its faults cost others, throughput, swaps under load",
        postgres: false,
    },
    Bench {
        name: "abuse",
        shows: "what strangers and bad clients do to operators, webhooks and memory",
        postgres: false,
    },
    Bench {
        name: "consumers",
        shows: "durable consumers: what they cost, how late they are, kills: nothing twice and nothing left out",
        postgres: true,
    },
    Bench {
        name: "contention",
        shows: "many who write to one conversation at once: nobody is refused, and they share flushes",
        postgres: true,
    },
    Bench {
        name: "peers",
        shows: "sends and lists, against a chat back end of Express, socket.io, pg and JWT in the same run",
        postgres: true,
    },
    Bench {
        name: "crash",
        shows: "nothing acknowledged is lost or doubled when the process is killed",
        postgres: true,
    },
];

/// What `bench` can be told.
#[derive(Args)]
pub(crate) struct Options {
    /// Which bench; without it, all names are listed.
    name: Option<String>,
    /// Smaller amounts, within a minute.
    #[arg(long)]
    quick: bool,
    /// Only this part, where a bench has parts.
    #[arg(long)]
    part: Option<String>,
}

/// Runs one bench, or lists them.
pub(crate) fn bench(options: Options) -> Result<()> {
    let Some(name) = options.name else {
        print!("{}", list());
        return Ok(());
    };
    let Some(bench) = BENCHES.iter().find(|bench| bench.name == name) else {
        bail!("there is no bench '{name}'; there are:\n{}", list());
    };
    web::build()?;
    process::succeed(process::cargo().args([
        "build",
        "--release",
        "-p",
        "omnichat-host",
        "--bin",
        "omnichat",
    ]))?;
    process::succeed(process::cargo().args(["build", "--release", "-p", "omnichat-bench"]))?;
    let mut cargo = process::cargo();
    cargo.args([
        "run",
        "--release",
        "--quiet",
        "-p",
        "omnichat-bench",
        "--",
        bench.name,
    ]);
    if options.quick {
        cargo.arg("--quick");
    }
    if let Some(part) = &options.part {
        cargo.args(["--part", part]);
    }
    if !bench.postgres {
        return process::succeed(&mut cargo);
    }
    debian::provide(&[Need::Postgres])?;
    let postgres = Postgres::start(Durability::Machine)?;
    process::succeed(cargo.env("OMNICHAT_BENCH_POSTGRES_URL", postgres.url()))
}

fn list() -> String {
    BENCHES
        .iter()
        .map(|bench| format!("  {:<10} {}\n", bench.name, bench.shows))
        .collect()
}
