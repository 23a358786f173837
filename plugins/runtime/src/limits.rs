//! How much of everything a call may use, and the two meters that the engine itself asks: memory and processor time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use wasmtime::ResourceLimiter;

use crate::export::Export;

/// How much one call may use. A plugin's manifest may ask for other figures where [`crate::manifest::LimitRequests`] says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Processor time of most calls.
    pub cpu: Duration,
    /// Processor time of `accept-webhook`.
    pub cpu_accept: Duration,
    /// Processor time of the calls that an administrator makes: `describe`, `list-tools`, `validate-config`,
    /// `migrate-config`.
    pub cpu_describe: Duration,
    /// Whole time of most calls, waiting included.
    pub wall: Duration,
    /// Whole time of `accept-webhook`.
    pub wall_accept: Duration,
    /// Whole time of `poll`, which the platform may hold.
    pub wall_poll: Duration,
    /// Bytes of all memories of an instance together.
    pub memory: usize,
    /// Elements of all tables of an instance together.
    pub table_elements: usize,
    /// Bytes that the guest may pass to the host in one import or result.
    pub hostcall_bytes: usize,
    /// HTTP requests in one call. They follow each other: a guest has one thread.
    pub http_requests: u32,
    /// Time of one HTTP request.
    pub http_time: Duration,
    /// Time of one HTTP request of `poll`.
    pub http_time_poll: Duration,
    /// Bytes of one HTTP answer.
    pub http_response: usize,
    /// Bytes of all HTTP answers of a call.
    pub http_total: usize,
    /// Bytes of a file that is fetched for a customer's message.
    pub file_bytes: u64,
    /// Lines that a call may log; more are counted and dropped.
    pub log_lines: usize,
    /// Bytes of one line; longer ones are cut.
    pub log_bytes: usize,
    /// Bytes of keys and values in an account's store.
    pub kv_bytes: u64,
    /// Keys in an account's store.
    pub kv_keys: u64,
    /// Bytes of a scenario's state.
    pub state_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        const MIB: usize = 1024 * 1024;
        Self {
            cpu: Duration::from_millis(250),
            cpu_accept: Duration::from_millis(50),
            cpu_describe: Duration::from_secs(1),
            wall: Duration::from_secs(30),
            wall_accept: Duration::from_secs(5),
            wall_poll: Duration::from_secs(60),
            memory: 64 * MIB,
            table_elements: 20_000,
            hostcall_bytes: 8 * MIB,
            http_requests: 20,
            http_time: Duration::from_secs(10),
            http_time_poll: Duration::from_secs(50),
            http_response: 8 * MIB,
            http_total: 16 * MIB,
            file_bytes: 256 * MIB as u64,
            log_lines: 100,
            log_bytes: 8 * 1024,
            kv_bytes: MIB as u64,
            kv_keys: 1_000,
            state_bytes: 64 * 1024,
        }
    }
}

impl Limits {
    /// Processor time of a call.
    pub const fn cpu_of(&self, export: Export) -> Duration {
        match export {
            Export::AcceptWebhook | Export::Addressed => self.cpu_accept,
            Export::Describe | Export::ListTools | Export::ValidateConfig | Export::MigrateConfig => {
                self.cpu_describe
            }
            _ => self.cpu,
        }
    }

    /// Whole time of a call.
    pub const fn wall_of(&self, export: Export) -> Duration {
        match export {
            Export::AcceptWebhook | Export::Addressed => self.wall_accept,
            Export::Poll => self.wall_poll,
            _ => self.wall,
        }
    }

    /// Time of one HTTP request in a call.
    pub const fn http_time_of(&self, export: Export) -> Duration {
        match export {
            Export::Poll => self.http_time_poll,
            _ => self.http_time,
        }
    }
}

/// What is seen of a call from the outside, even if its store is gone.
#[derive(Debug, Default)]
pub(crate) struct Gauges {
    /// Bytes of all memories.
    pub(crate) memory: AtomicUsize,
    /// Memory or tables were refused.
    pub(crate) refused: AtomicBool,
    /// Of a call of two parts the first is over.
    pub(crate) second_part: AtomicBool,
}

/// Adds up the memories and tables of an instance, where the engine's own limiter looks at each alone.
#[derive(Debug)]
pub(crate) struct Limiter {
    memory: usize,
    memory_max: usize,
    elements: usize,
    elements_max: usize,
    pub(crate) gauges: Arc<Gauges>,
}

impl Limiter {
    pub(crate) fn new(limits: &Limits, gauges: Arc<Gauges>) -> Self {
        Self {
            memory: 0,
            memory_max: limits.memory,
            elements: 0,
            elements_max: limits.table_elements,
            gauges,
        }
    }

    /// Counts for another call from now on; what the instance holds stays counted.
    pub(crate) fn report_to(&mut self, gauges: Arc<Gauges>) {
        gauges.memory.store(self.memory, Ordering::Relaxed);
        self.gauges = gauges;
    }
}

impl ResourceLimiter for Limiter {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let sum = self.memory.saturating_add(desired.saturating_sub(current));
        if sum > self.memory_max || maximum.is_some_and(|max| desired > max) {
            self.gauges.refused.store(true, Ordering::Relaxed);
            return Ok(false);
        }
        self.memory = sum;
        self.gauges.memory.store(sum, Ordering::Relaxed);
        Ok(true)
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let sum = self.elements.saturating_add(desired.saturating_sub(current));
        if sum > self.elements_max || maximum.is_some_and(|max| desired > max) {
            self.gauges.refused.store(true, Ordering::Relaxed);
            return Ok(false);
        }
        self.elements = sum;
        Ok(true)
    }
}

/// The processor time of a call: what its thread spent while its future was being polled. Neither what it waits for is counted
/// nor the time during which the machine was busy with something else: a host under load must not take it out on plugins.
#[derive(Debug)]
pub(crate) struct CpuMeter {
    /// Nanoseconds.
    budget: AtomicU64,
    /// Nanoseconds of polls that have ended.
    spent: AtomicU64,
    /// Nanoseconds of the thread at the beginning of the current poll. A poll begins and ends on one thread.
    since: AtomicU64,
}

impl CpuMeter {
    pub(crate) fn new(budget: Duration) -> Self {
        Self {
            budget: AtomicU64::new(nanos(budget)),
            spent: AtomicU64::new(0),
            since: AtomicU64::new(0),
        }
    }

    /// Adds to the budget: the call has come to its next part.
    pub(crate) fn allow(&self, more: Duration) {
        self.budget.fetch_add(nanos(more), Ordering::Relaxed);
    }

    pub(crate) fn begin_poll(&self) {
        self.since.store(thread_nanos(), Ordering::Relaxed);
    }

    pub(crate) fn end_poll(&self) {
        let poll = thread_nanos().saturating_sub(self.since.load(Ordering::Relaxed));
        self.spent.fetch_add(poll, Ordering::Relaxed);
    }

    /// What polls that have ended took.
    pub(crate) fn spent(&self) -> Duration {
        Duration::from_nanos(self.spent.load(Ordering::Relaxed))
    }

    /// Asked from within a poll: what the call took so far.
    pub(crate) fn spent_by_now(&self) -> Duration {
        let poll = thread_nanos().saturating_sub(self.since.load(Ordering::Relaxed));
        Duration::from_nanos(self.spent.load(Ordering::Relaxed).saturating_add(poll))
    }

    /// Whether so much is all that it may take.
    pub(crate) fn is_used_up(&self, spent: Duration) -> bool {
        nanos(spent) >= self.budget.load(Ordering::Relaxed)
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

/// Nanoseconds of processor time that this thread has had.
#[cfg(unix)]
fn thread_nanos() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    let secs = u64::try_from(time.tv_sec).unwrap_or(0);
    secs.saturating_mul(1_000_000_000)
        .saturating_add(u64::try_from(time.tv_nsec).unwrap_or(0))
}

/// Nanoseconds since the first call, where a thread's own time cannot be had.
#[cfg(not(unix))]
fn thread_nanos() -> u64 {
    static BASE: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
    let base = BASE.get_or_init(std::time::Instant::now);
    u64::try_from(base.elapsed().as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memories_are_added_up_and_a_refusal_is_remembered() {
        let limits = Limits {
            memory: 100,
            ..Limits::default()
        };
        let gauges = Arc::new(Gauges::default());
        let mut limiter = Limiter::new(&limits, gauges.clone());
        assert!(limiter.memory_growing(0, 60, None).unwrap());
        assert!(limiter.memory_growing(0, 40, None).unwrap());
        assert!(!gauges.refused.load(Ordering::Relaxed));
        assert!(!limiter.memory_growing(40, 41, None).unwrap());
        assert!(gauges.refused.load(Ordering::Relaxed));
        assert_eq!(gauges.memory.load(Ordering::Relaxed), 100);
    }

    #[test]
    #[cfg(unix)]
    fn time_that_others_had_is_not_counted() {
        let meter = CpuMeter::new(Duration::from_millis(40));
        let wall = std::time::Instant::now();
        meter.begin_poll();
        // The thread has nothing to do, as one that the machine has no time for.
        let (_sender, nothing) = std::sync::mpsc::channel::<()>();
        nothing.recv_timeout(Duration::from_millis(80)).unwrap_err();
        assert!(wall.elapsed() >= Duration::from_millis(80) && !meter.is_used_up(meter.spent_by_now()));
        // What it computes is.
        while !meter.is_used_up(meter.spent_by_now()) {
            std::hint::black_box(wall.elapsed());
        }
        meter.end_poll();
        assert!(meter.spent() >= Duration::from_millis(40));
        // The next part of the call has time of its own.
        meter.allow(Duration::from_secs(600));
        meter.begin_poll();
        assert!(!meter.is_used_up(meter.spent_by_now()));
    }

    #[test]
    fn tables_are_added_up_too() {
        let mut limiter = Limiter::new(&Limits::default(), Arc::new(Gauges::default()));
        assert!(limiter.table_growing(0, 20_000, None).unwrap());
        assert!(!limiter.table_growing(0, 1, None).unwrap());
    }
}
