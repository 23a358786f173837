//! How connections are opened: one that writes, some that read.

use std::str::FromStr;
use std::time::Duration;

use omnichat_core::error::Result;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};

use super::error::error;
use crate::config::Durability;

/// How long a caller waits for a free connection, and for an unreachable database.
const PATIENCE: Duration = Duration::from_secs(5);

/// Connections for reads, opened when they are needed.
pub(super) fn readers(url: &str, count: u32) -> Result<PgPool> {
    // Every list has an index that is read in order. An estimate must not lead to reading whole tables, nor a large one to
    // compiling the statement first.
    let options = common(url)?.options([
        ("enable_seqscan", "off"),
        ("jit", "off"),
        // Planning a list among so many indexes costs more than reading it, and the plan is always the same.
        ("plan_cache_mode", "force_generic_plan"),
    ]);
    Ok(pool(count.max(2)).connect_lazy_with(options))
}

/// The connection of the writer, and one more for claims, which do not wait for groups of commits.
pub(super) async fn writer(url: &str, durability: Durability) -> Result<PgPool> {
    let synchronous = match durability {
        Durability::Full => "on",
        Durability::Process => "off",
    };
    let options = common(url)?.options([
        ("synchronous_commit", synchronous),
        ("jit", "off"),
        // Joins with arrays of a few hundred keys: the index is right however large the estimate.
        ("enable_hashjoin", "off"),
        ("enable_mergejoin", "off"),
        ("enable_seqscan", "off"),
    ]);
    pool(3).connect_with(options).await.map_err(error)
}

/// Connections that hold what keeps other nodes waiting, opened when nodes meet.
pub(super) fn turns(url: &str) -> Result<PgPool> {
    let options = common(url)?.options([
        ("lock_timeout", "15s"),
        // A node that hangs must not keep the others waiting.
        ("idle_in_transaction_session_timeout", "15s"),
    ]);
    Ok(pool(8).connect_lazy_with(options))
}

fn common(url: &str) -> Result<PgConnectOptions> {
    let options = PgConnectOptions::from_str(url).map_err(error)?;
    Ok(options.application_name("omnichat").statement_cache_capacity(256))
}

fn pool(connections: u32) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        .idle_timeout(Duration::from_secs(120))
        .test_before_acquire(false)
}
