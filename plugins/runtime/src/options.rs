//! What a runtime is made with.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use omnichat_core::clock::{Clock, SystemClock};
use omnichat_net::Http;

use crate::kv::KeyValue;
use crate::limits::Limits;
use crate::rehearsal::Stage;

/// What a runtime is made with.
#[derive(Clone)]
pub struct RuntimeOptions {
    /// Where compiled code is kept: a directory of the host's own, made with mode 0700.
    pub cache: PathBuf,
    /// Authenticates compiled code. The same on each start, or everything is compiled anew.
    pub cache_key: [u8; 32],
    /// The way out.
    pub http: Http,
    /// Where plugins' own stores are.
    pub kv: Arc<dyn KeyValue>,
    /// Time.
    pub clock: Arc<dyn Clock>,
    /// What a call may use.
    pub limits: Limits,
    /// How many calls run at once; more wait.
    pub pool: usize,
    /// How many of them may belong to one plugin.
    pub per_plugin: usize,
    /// How many calls that take long, by all plugins, compute at once; quick calls are not counted.
    pub slow_lane: usize,
    /// How many instances are kept warm altogether, beside those of the pool.
    pub warm: usize,
    /// How long compiling one plugin may take.
    pub compile_time: Duration,
    /// What calls find in place of the network and of chance: for authors' tools. None in a host.
    pub stage: Option<Arc<dyn Stage>>,
}

impl RuntimeOptions {
    /// With the defaults for everything else.
    pub fn new(cache: impl Into<PathBuf>, cache_key: [u8; 32], http: Http, kv: Arc<dyn KeyValue>) -> Self {
        Self {
            cache: cache.into(),
            cache_key,
            http,
            kv,
            clock: Arc::new(SystemClock),
            limits: Limits::default(),
            pool: 256,
            per_plugin: 64,
            slow_lane: half_of_the_cores(),
            warm: 16,
            compile_time: Duration::from_secs(60),
            stage: None,
        }
    }
}

fn half_of_the_cores() -> usize {
    std::thread::available_parallelism().map_or(1, |cores| (cores.get() / 2).max(1))
}

impl fmt::Debug for RuntimeOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RuntimeOptions")
            .field("cache", &self.cache)
            .field("limits", &self.limits)
            .field("pool", &self.pool)
            .field("per_plugin", &self.per_plugin)
            .field("slow_lane", &self.slow_lane)
            .field("warm", &self.warm)
            .finish_non_exhaustive()
    }
}
