//! `omnichat openapi`.

/// Prints the document.
pub(super) fn run() -> anyhow::Result<()> {
    say!("{}", serde_json::to_string_pretty(&crate::router::document())?);
    Ok(())
}
