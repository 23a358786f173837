//! How connections are opened: one that writes, some that read.

use std::net::IpAddr;
use std::str::FromStr;
use std::time::Duration;

use omnichat_core::error::Result;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions, PgSslMode};

use super::error::error;
use crate::config::{Durability, READ_LIMIT};

/// How long a caller waits for a free connection, and for an unreachable database.
const PATIENCE: Duration = Duration::from_secs(5);

/// Has the server break off a statement soon after its connection was closed. Servers before 14 cannot, nor those on a system
/// that does not tell; there a statement goes on to its end or to the limit.
const NOTICE_CLOSED: &str = "DO $$ BEGIN
         PERFORM set_config('client_connection_check_interval', '500ms', false);
     EXCEPTION WHEN others THEN NULL;
     END $$";

/// Connections for reads, opened when they are needed.
pub(super) fn readers(url: &str, count: u32) -> Result<PgPool> {
    // Every list has an index that is read in order. An estimate must not lead to reading whole tables, nor a large one to
    // compiling the statement first.
    let limit = READ_LIMIT.as_millis().to_string();
    let options = common(url)?.options([
        ("enable_seqscan", "off"),
        ("jit", "off"),
        ("statement_timeout", limit.as_str()),
        // Planning a list among so many indexes costs more than reading it, and the plan is always the same.
        ("plan_cache_mode", "force_generic_plan"),
    ]);
    let pool = pool(count.max(2)).after_connect(|connection, _| {
        Box::pin(async move {
            sqlx::query(NOTICE_CLOSED).execute(connection).await?;
            Ok(())
        })
    });
    Ok(pool.connect_lazy_with(options))
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

/// Says so in the log if passwords and messages cross a network in the clear. The server decides: with `sslmode=prefer`, the
/// default, a server without TLS is taken as it is.
pub(super) async fn warn_if_open(url: &str, pool: &PgPool) -> Result<()> {
    let options = PgConnectOptions::from_str(url).map_err(error)?;
    let encrypted: Option<bool> =
        sqlx::query_scalar("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()")
            .fetch_optional(pool)
            .await
            .map_err(error)?;
    if is_open(&options, encrypted) {
        tracing::warn!(
            target: "security",
            host = options.get_host(),
            "PostgreSQL on another machine is reached without TLS: set sslmode=verify-full in store.url"
        );
    }
    Ok(())
}

/// Whether a connection crosses a network without TLS. A pooler in between may know nothing of it; then the mode decides.
fn is_open(options: &PgConnectOptions, encrypted: Option<bool>) -> bool {
    let host = options.get_host().trim_matches(['[', ']']);
    let loopback = host
        .parse::<IpAddr>()
        .is_ok_and(|ip| ip.to_canonical().is_loopback());
    let local = options.get_socket().is_some() || host.starts_with('/') || host == "localhost" || loopback;
    let certain = matches!(
        options.get_ssl_mode(),
        PgSslMode::Require | PgSslMode::VerifyCa | PgSslMode::VerifyFull
    );
    !local && !encrypted.unwrap_or(certain)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn open(url: &str, encrypted: Option<bool>) -> bool {
        is_open(&PgConnectOptions::from_str(url).unwrap(), encrypted)
    }

    #[test]
    fn a_server_on_another_machine_is_to_be_reached_by_tls() {
        let far = "postgres://anna@db.example.org/omnichat";
        assert!(open(far, Some(false)));
        assert!(!open(far, Some(true)));
        assert!(open(far, None), "prefer promises nothing");
        assert!(!open(&format!("{far}?sslmode=verify-full"), None));
        assert!(open(&format!("{far}?sslmode=disable"), None));
        assert!(open("postgres://anna@192.0.2.7/omnichat", Some(false)));
        for near in ["localhost", "127.0.0.1", "[::1]", "%2Fvar%2Frun%2Fpostgresql"] {
            let url = format!("postgres://anna@{near}/omnichat");
            assert!(!open(&url, Some(false)), "{near}");
        }
    }

    #[test]
    fn the_mode_is_that_of_the_url_and_prefer_without_one() {
        let options = common("postgres://anna@db.example.org/omnichat?sslmode=verify-full").unwrap();
        assert!(matches!(options.get_ssl_mode(), PgSslMode::VerifyFull));
        let usual = common("postgres://anna@db.example.org/omnichat").unwrap();
        assert!(matches!(usual.get_ssl_mode(), PgSslMode::Prefer));
    }
}
