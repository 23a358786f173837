//! What the host tells about itself: the log, and numbers for Prometheus.

pub mod logs;
pub mod metrics;
pub mod observe;
