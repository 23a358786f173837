//! A living example for `--demo`.

use crate::app::AppState;

/// Fills an empty host, once. What to tell the person who started it.
///
/// # Errors
/// If the store cannot be written.
pub async fn fill(_: &AppState) -> anyhow::Result<Vec<String>> {
    Ok(Vec::new())
}
