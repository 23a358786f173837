//! A host to talk to, and clients that talk to it: [`app`] by REST as an owner does, [`running`] by WebSocket and as a visitor.

pub(crate) mod app;
pub(crate) mod browser;
pub(crate) mod client;
pub(crate) mod plugins;
pub(crate) mod program;
pub(crate) mod running;
pub(crate) mod scene;
pub(crate) mod socket;
pub(crate) mod until;

pub(crate) use app::TestApp;
pub(crate) use client::{Answer, Client};
