//! For authors of OmniChat's plugins: implement [`Channel`], [`Scenario`] or [`Toolbox`] in plain Rust, export it with one
//! macro, and build for `wasm32-unknown-unknown`. The same code runs natively against the [`fixture`] twin of the host, so
//! `cargo test` and a debugger work without WebAssembly.
//!
//! ```
//! use omnichat_plugin_sdk::prelude::*;
//!
//! /// The settings; their schema becomes the form that an administrator fills in.
//! #[derive(serde::Deserialize, schemars::JsonSchema)]
//! struct Settings {
//!     /// From the platform's cabinet.
//!     #[schemars(title = "Token", extend("x-secret" = true))]
//!     token: String,
//! }
//!
//! struct Pager {
//!     settings: Settings,
//! }
//!
//! impl Channel for Pager {
//!     type Config = Settings;
//!
//!     fn describe() -> Descriptor {
//!         Descriptor::new("pager", "0.1.0", "Pager")
//!             .summary("Short messages to pagers.")
//!             .config::<Settings>()
//!             .limit("text", 240)
//!     }
//!
//!     fn open(settings: Settings) -> Self {
//!         Self { settings }
//!     }
//!
//!     fn check(&self) -> Result<AccountInfo> {
//!         Ok(AccountInfo { id: "1".into(), name: "Pager".into(), url: None })
//!     }
//!
//!     fn send(&self, message: Outbound) -> Result<Receipt> {
//!         // A secret appears as `{{secret:token}}`: the host fills it in when it sends the request.
//!         let request = HttpRequest::post("https://pager.example.org/send")
//!             .header("authorization", &self.settings.token)
//!             .json(&serde_json::json!({ "to": message.chat, "text": message.text }))?;
//!         let answer = host::http::send(&request)?;
//!         match answer.status {
//!             200 => Ok(Receipt::of(["17"])),
//!             429 => Err(PluginError::rate_limited("the pager is busy").not_sent()),
//!             _ => Err(PluginError::rejected("the pager refused")),
//!         }
//!     }
//! }
//!
//! omnichat_plugin_sdk::export_channel!(Pager);
//!
//! // A native test with a scripted platform:
//! use omnichat_plugin_sdk::fixture::Fixture;
//! let sent = Fixture::new()
//!     .secret("token", "s3cret")
//!     .exchange(
//!         HttpRequest::post("https://pager.example.org/send")
//!             .header("authorization", "s3cret")
//!             .json(&serde_json::json!({ "to": "42", "text": "hello" }))?,
//!         HttpResponse::of(200, "{}"),
//!     )
//!     .run(|| Pager::opened()?.send(Outbound { chat: "42".into(), text: "hello".into(), ..Outbound::default() }))
//!     .clean()?;
//! assert_eq!(sent.external_ids, ["17"]);
//! # Ok::<(), PluginError>(())
//! ```
//!
//! Reading order: [`channel`], [`scenario`] and [`tool`] are what a plugin is; [`host`] is what it may call; [`types`] are
//! the words between them; [`config`] turns settings into a form; [`fixture`] and [`cassette`] test it all.

// The macros name this crate by its full path, and so do its own tests.
extern crate self as omnichat_plugin_sdk;

#[cfg(all(target_arch = "wasm32", feature = "arena"))]
mod arena;
#[doc(hidden)]
pub mod bindings;
#[cfg(not(target_arch = "wasm32"))]
pub mod cassette;
pub mod channel;
pub mod config;
#[cfg(not(target_arch = "wasm32"))]
pub mod fixture;
pub mod host;
#[cfg(not(target_arch = "wasm32"))]
mod json;
#[cfg(target_arch = "wasm32")]
mod panic;
mod phase;
pub mod scenario;
pub mod tool;
pub mod types;

pub use channel::Channel;
pub use scenario::Scenario;
pub use tool::Toolbox;
pub use types::{PluginError, Result};

pub use {schemars, serde, serde_json};

/// Everything that a plugin usually names.
pub mod prelude {
    pub use crate::channel::*;
    pub use crate::types::*;
    pub use crate::{Channel, Scenario, Toolbox, config, host};
    pub use {schemars, serde, serde_json};
}

/// What the macros need to name.
#[doc(hidden)]
pub mod __private {
    pub use wit_bindgen;
}
