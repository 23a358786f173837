//! Built-in channels of OmniChat: one folder for each platform, with the same files in each.
//!
//! `mod.rs` says what a channel can do and opens accounts, `config.rs` holds its settings, `client.rs` is the only file
//! that speaks HTTP, `parse.rs` turns bytes into events, `render.rs` turns messages into requests, `error.rs` turns the
//! platform's errors into those of the core, `docs.md` tells an administrator how to set it up. What all have in common
//! stands beside them: [`layers`] (limits, time, logs). The way out is [`omnichat_net`].
//!
//! Channels depend on the core and the way out alone: not on storage, not on one another.

pub mod layers;
mod settings;
mod signature;

pub mod api;
pub mod sandbox;
pub mod telegram;
pub mod widget;

use std::sync::Arc;

use omnichat_core::channel::ChannelRegistry;
use omnichat_core::clock::{Clock, SystemClock};

use layers::{Layered, Policy};
use omnichat_net::{Egress, Http};

/// What the channels need of their host.
#[derive(Clone)]
pub struct Options {
    /// Which addresses may be called on behalf of users.
    pub egress: Egress,
    /// The time, for signatures that expire.
    pub clock: Arc<dyn Clock>,
}

impl Default for Options {
    /// Public addresses only, and the machine's clock.
    fn default() -> Self {
        Self {
            egress: Egress::public_only(),
            clock: Arc::new(SystemClock),
        }
    }
}

/// Registers every built-in kind of channel, wrapped in its layers.
pub fn register_all(registry: &ChannelRegistry, options: &Options) {
    let http = Http::new(options.egress.clone());
    let clock = Arc::clone(&options.clock);
    registry
        .register(Arc::new(Layered::new(
            telegram::TelegramKind::new(http.clone()),
            telegram::policy(),
        )))
        .register(Arc::new(Layered::new(
            api::ApiKind::new(http, clock),
            Policy::default(),
        )))
        .register(Arc::new(Layered::new(
            widget::WidgetKind::new(),
            Policy::default(),
        )))
        .register(Arc::new(Layered::new(
            sandbox::SandboxKind::new(),
            Policy::default(),
        )));
}
