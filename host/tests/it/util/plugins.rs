//! The plugins that come with the project, and one in many versions.

use std::path::Path;

use omnichat_plugin_runtime::digest;
use omnichat_plugin_runtime::testing::{Guest, RESULT};
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

/// A version of a channel that does nothing, well: its id is `x1`, and it brings the settings of earlier versions along.
pub(crate) struct Version {
    pub(crate) number: &'static str,
    /// What it asks for: lines of its manifest.
    pub(crate) asks: String,
    /// What it says when it is to bring settings along: it cannot.
    pub(crate) refuses: Option<&'static str>,
}

impl Version {
    /// One that calls these hosts.
    pub(crate) fn calling(number: &'static str, hosts: &[&str]) -> Self {
        Self {
            number,
            asks: format!("[requests]\nhosts = {hosts:?}\n"),
            refuses: None,
        }
    }

    pub(crate) fn refusing(self, words: &'static str) -> Self {
        Self {
            refuses: Some(words),
            ..self
        }
    }

    /// The component.
    pub(crate) fn build(&self) -> Vec<u8> {
        let mut guest = Guest::channel();
        guest.version = self.number;
        guest.manifest = guest.manifest.replace("1.0.0", self.number);
        let migrate = match self.refuses {
            Some(words) => {
                let (code, words) = (guest.text("invalid"), guest.text(words));
                migration(1, &[&code, &words])
            }
            None => migration(0, &["(local.get 2) (local.get 3)"]),
        };
        guest.asking(&self.asks).does("migrate-config", &migrate).build()
    }

    pub(crate) fn digest(&self) -> String {
        digest(&self.build())
    }
}

/// Leaves a `result` of this case with these texts, each a place and a length.
fn migration(case: u32, texts: &[&str]) -> String {
    let mut body = format!("(i32.store8 (i32.const {RESULT}) (i32.const {case}))");
    for (at, text) in texts.iter().enumerate() {
        let at = RESULT + 8 + at * 8;
        let (place, length) = text.split_once(") (").unwrap();
        body.push_str(&format!(
            "(i32.store (i32.const {at}) {place})) (i32.store (i32.const {}) ({length})",
            at + 4
        ));
    }
    format!("{body} (i32.const {RESULT})")
}
