//! What OmniChat does in a second, and what it survives.
//!
//! Run by `cargo xtask bench NAME [--quick]`, which builds everything for release and starts PostgreSQL. Each bench starts
//! the real host as a process of its own, sends load to loopback only and for a bounded time, prints what it measured as a
//! table, and last one line of JSON. It fails where something that must show does not.

mod abuse;
mod consumers;
mod contention;
mod crash;
mod entities;
mod fanout;
mod footprint;
mod host;
mod http;
mod inbox;
mod ingest;
mod latency;
mod ledger;
mod load;
mod peers;
mod platform;
mod plugins;
mod raw;
mod report;
mod socket;
mod stores;

use std::process::ExitCode;

use clap::{Parser, ValueEnum};

/// One bench of OmniChat.
#[derive(Parser)]
struct Cli {
    /// Which bench.
    name: Name,
    /// Smaller amounts, within a minute.
    #[arg(long)]
    quick: bool,
    /// Only this part of it, where a bench has parts.
    #[arg(long)]
    part: Option<plugins::Part>,
}

#[derive(Clone, Copy, ValueEnum)]
enum Name {
    /// Durable inbound messages per second, against raw inserts.
    Ingest,
    /// From a webhook to the operator's WebSocket frame.
    Latency,
    /// Memory of idle WebSockets, one event to a thousand of them.
    Fanout,
    /// Pages of every filter over a million conversations.
    Inbox,
    /// Pages of every index over a million entities, and writes against the same rows raw.
    Entities,
    /// Idle memory, start to ready, size of the binary.
    Footprint,
    /// Plugins: what a call costs, what faults cost others, throughput, swaps.
    Plugins,
    /// What strangers do to everybody else: silence, floods, drips, made-up methods.
    Abuse,
    /// Many who write to one conversation at once.
    Contention,
    /// What durable consumers cost, how late they are, and kills of a process that reacts.
    Consumers,
    /// A chat back end as it is usually built, and OmniChat beside it.
    Peers,
    /// Nothing acknowledged is lost or doubled when the process is killed.
    Crash,
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Err(error) = consumers::react_if_told().await {
        eprintln!("error: {error:#}");
        return ExitCode::FAILURE;
    }
    let outcome = match cli.name {
        Name::Ingest => ingest::run(cli.quick).await,
        Name::Latency => latency::run(cli.quick).await,
        Name::Fanout => fanout::run(cli.quick).await,
        Name::Inbox => inbox::run(cli.quick).await,
        Name::Entities => entities::run(cli.quick).await,
        Name::Footprint => footprint::run(cli.quick).await,
        Name::Plugins => plugins::run(cli.quick, cli.part).await,
        Name::Abuse => abuse::run(cli.quick).await,
        Name::Consumers => consumers::run(cli.quick).await,
        Name::Contention => contention::run(cli.quick).await,
        Name::Peers => peers::run(cli.quick).await,
        Name::Crash => crash::run(cli.quick).await,
    };
    match outcome {
        Ok(report) if report.print() => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
