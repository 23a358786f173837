//! How much one address may ask, see [`crate::config::RateLimitConfig`]. Generous: it is there against a loop, not against a
//! busy office behind one address.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use omnichat_core::error::{Error, ErrorKind, Retry};

use crate::app::AppState;
use crate::config::RateLimitConfig;
use crate::error::Problem;
use crate::extract::{ClientAddress, LimitKey};

/// Addresses that are remembered before those that were quiet are forgotten.
const MANY: usize = 10_000;

/// Counts requests by address.
#[derive(Debug)]
pub struct RateLimit(Option<DefaultKeyedRateLimiter<LimitKey>>);

impl RateLimit {
    /// With the numbers of a configuration.
    pub fn new(config: RateLimitConfig) -> Arc<Self> {
        let quota = config
            .enabled
            .then(|| {
                Some(
                    Quota::per_second(NonZeroU32::new(config.per_second)?)
                        .allow_burst(NonZeroU32::new(config.burst)?),
                )
            })
            .flatten();
        Arc::new(Self(quota.map(RateLimiter::keyed)))
    }

    /// Counts a request, or says how long to wait.
    fn check(&self, address: LimitKey) -> Result<(), Duration> {
        let Some(limiter) = &self.0 else { return Ok(()) };
        if limiter.len() > MANY {
            limiter.retain_recent();
        }
        limiter
            .check_key(&address)
            .map_err(|not_yet| not_yet.wait_time_from(DefaultClock::default().now()))
    }
}

/// Refuses requests over the limit with 429.
pub async fn layer(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let from = ClientAddress::of(request.extensions(), request.headers(), &state.config.server);
    match state.rate_limit.check(from.limit_key()) {
        Ok(()) => next.run(request).await,
        Err(wait) => {
            let error = Error::new(ErrorKind::RateLimited, "too many requests from this address");
            Problem::from(error.with_retry(Retry::After(wait))).into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    #[test]
    fn changing_the_address_within_a_64_is_no_way_around() {
        let limit = RateLimit::new(RateLimitConfig {
            burst: 3,
            per_second: 1,
            ..RateLimitConfig::default()
        });
        let from = |ip: &str| limit.check(ip.parse::<IpAddr>().unwrap().into());
        for host in 1..=3 {
            assert!(from(&format!("2001:db8::{host}")).is_ok());
        }
        assert!(from("2001:db8::ffff:4").is_err());
        assert!(from("2001:db8:0:1::1").is_ok(), "another /64");
    }
}
