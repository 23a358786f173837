//! What the host tells about itself: the log, and numbers for Prometheus.

mod fields;
mod json;
pub mod logs;
pub mod metrics;
pub mod observe;
mod series;
