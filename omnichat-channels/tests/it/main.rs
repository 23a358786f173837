//! The channels against servers that play the platforms.

mod api;
mod conformance;
mod emulator;
mod http;
mod layers;
mod logs;
mod support;
mod telegram_actions;
mod telegram_errors;
mod telegram_files;
mod telegram_poll;
mod telegram_send;
