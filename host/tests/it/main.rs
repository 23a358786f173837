//! The host from outside: a real server on a free port with the memory store, and requests as clients send them.

mod util;
mod visitors;

mod abuse;
mod api_keys;
mod auth;
mod automations;
mod bad_input;
mod cli;
mod conversations;
mod customers;
mod damaged;
mod demo;
mod events;
mod files;
mod http;
mod inboxes;
mod isolation;
mod limits;
mod me;
mod messages;
mod openapi;
mod operators;
mod platforms;
mod plugin_cli;
mod plugin_files;
mod plugin_versions;
mod plugins;
mod quarantine;
mod security;
mod setup;
mod status;
mod tenants;
mod webhooks;
mod widget;
mod ws;
