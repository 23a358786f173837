//! The flows and services, driven through an engine on the memory store with a fake channel and a clock that stands still.

mod api_keys;
mod automations;
mod condition;
mod conformance;
mod consumers;
mod content;
mod desk;
mod entities;
mod feed;
mod fetching;
mod files;
mod inbound;
mod inboxes;
mod jobs;
mod kinds;
mod operators;
mod outbound;
mod people;
mod polling;
mod quarantine;
mod resealing;
mod routing;
mod scenarios;
mod sessions;
mod settling;
mod writers;
