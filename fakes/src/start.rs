//! With what a fake starts.

use std::time::Duration;

/// How a fake platform starts. Most tests take [`Start::token`] as it is.
#[derive(Clone, Debug)]
pub struct Start {
    /// The token that the bot must show.
    pub token: String,
    /// The port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
    /// How long one second of the platform lasts. Pauses between repeated deliveries and windows of limits (an hour, a
    /// day) are measured in it, so that tests do not wait. One millisecond unless told.
    pub second: Duration,
    /// How long the bot may take to answer a delivery; none is the platform's own limit (Viber 5 s, MAX 30 s), which is
    /// not scaled, because the bot under test works in real time.
    pub answer_within: Option<Duration>,
}

impl Start {
    /// With this token, on a free port, a thousand times faster than the platform.
    pub fn token(token: impl Into<String>) -> Self {
        Self {
            token: token.into(),
            port: 0,
            second: Duration::from_millis(1),
            answer_within: None,
        }
    }
}
