//! Inboxes: configured channel accounts, with their settings, secrets and health.

pub mod accounts;
mod model;
mod service;
mod store;

pub use model::{AppAccount, Health, HealthState, Inbox, InboxPatch, NewInbox, RoutingStrategy};
pub use service::InboxService;
pub use store::InboxReads;
