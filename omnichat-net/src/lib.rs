//! The way out of OmniChat: [`http`] is the one set of rules for outgoing requests (time, proxies, redirects, size), and
//! [`egress`] the guard that decides which addresses may be called on behalf of users.
//!
//! Channels, providers and plugins call the outside through this crate and through nothing else.

pub mod egress;
pub mod http;

pub use egress::Egress;
pub use http::Http;
