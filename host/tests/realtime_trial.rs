//! Trial.
#![allow(dead_code, unused_imports)]
#[path = "it/files.rs"]
mod files;
#[path = "it/util/mod.rs"]
mod util;
#[path = "it/webhooks.rs"]
mod webhooks;
#[path = "it/widget.rs"]
mod widget;
#[path = "it/ws.rs"]
mod ws;
