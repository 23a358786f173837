//! The reference host of OmniChat: one embedder of `omnichat-core` among others.
//!
//! Every route is in [`router`], what it does in [`http`]; JSON shapes are in [`views`] alone, and no rule of the domain is
//! in this crate. [`boot`] puts an engine together from the [`config`], [`cli`] is the command line.

// They panic when the reader is gone; `cli` has its own.
#![warn(clippy::print_stdout, clippy::print_stderr)]

pub mod app;
pub mod boot;
pub mod cli;
pub mod config;
pub mod demo;
pub mod router;

pub mod auth;
pub mod bodies;
pub mod error;
pub mod extract;
pub mod http;
pub mod middleware;
pub mod views;

pub mod frontend;
pub mod keys;
pub mod links;
mod patience;
mod places;
pub mod plugins;
pub mod presence;
pub mod room;
mod seal;
pub mod security;
mod throttle;
pub mod vital;
pub mod webhooks;
pub mod widget;
pub mod ws;

pub mod openapi;
pub mod telemetry;
