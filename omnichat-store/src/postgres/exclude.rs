//! Nodes take turns: an advisory lock that lasts as long as a transaction of its own.

use omnichat_core::error::Result;
use omnichat_core::id::TenantId;
use omnichat_core::store::Exclusive;
use sqlx::postgres::PgPool;

use super::error::error;

/// The first number keeps these locks apart from those of other purposes. Two keys with the same hash only wait for each other
/// without need.
const LOCK: &str = "SELECT pg_advisory_xact_lock(7061, hashtext($1))";

/// Waits for the lock of a key. The server takes it back when this node dies or loses the connection.
pub(super) async fn exclude(pool: &PgPool, tenant: TenantId, key: &str) -> Result<Exclusive> {
    let mut transaction = pool.begin().await.map_err(error)?;
    sqlx::query(LOCK)
        .bind(format!("{tenant}/{key}"))
        .execute(&mut *transaction)
        .await
        .map_err(error)?;
    // A transaction that is dropped is rolled back.
    Ok(Exclusive::new(transaction))
}
