//! The plugins that come with the project.

use std::path::Path;

use serde_json::Value;

use super::Client;

/// The component of a plugin in the tree.
pub(crate) fn component(id: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../plugins/dist");
    std::fs::read(folder.join(format!("{id}.wasm"))).unwrap()
}

/// Installs one of them with all that it asks for.
pub(crate) async fn install(client: &Client, id: &str) -> Value {
    let path = "/plugins?approve=true";
    client
        .post_bytes(path, "application/wasm", component(id))
        .await
        .with_status(201)
}
