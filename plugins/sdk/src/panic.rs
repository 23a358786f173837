//! The last words of a plugin that panics.

use std::sync::Once;

use crate::host::env::{Level, log};

/// How such a line of the log begins; the host tells it with the fault.
const BEGINNING: &str = "panicked at ";

/// Has a panic say in the plugin's log what it was and where, before the host sees nothing but a trap.
pub(crate) fn is_told() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        std::panic::set_hook(Box::new(|info| {
            let place = info.location().map(ToString::to_string).unwrap_or_default();
            let words = info.payload_as_str().unwrap_or("something that is no text");
            log(
                Level::Error,
                &format!("{BEGINNING}{place}: {words}"),
                &serde_json::json!({}),
            );
        }));
    });
}
