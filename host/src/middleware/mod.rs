//! What happens around every request. [`crate::router`] says in which order.

pub mod access_log;
pub mod body;
pub mod compression;
pub mod contract;
pub mod cors;
pub mod fallback;
pub mod headers;
pub mod panic;
pub mod rate_limit;
pub mod refusals;
pub mod request_id;
pub mod timeout;
