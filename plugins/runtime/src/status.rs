//! What an administrator sees of a running plugin: counters, the last faults, the tail of its log.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use omnichat_core::clock::Timestamp;
use serde::Serialize;

use crate::export::Export;
use crate::outcome::Outcome;

/// How many faults are kept, and how many errors in the plugin's own words.
const FAULTS: usize = 50;
const ERRORS: usize = 20;
/// How many lines of the log are kept.
const LINES: usize = 200;
/// How many counters of its own a plugin may have.
const METRICS: usize = 64;

/// A fault of a plugin, or an error in its own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// When.
    pub at: Timestamp,
    /// In which export.
    pub export: &'static str,
    /// For which account.
    pub account: String,
    /// What it was: [`Outcome::name`].
    pub outcome: &'static str,
    /// A sentence; for traps with the functions that were active.
    pub message: String,
}

/// A line of a plugin's log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LogLine {
    /// When.
    pub at: Timestamp,
    /// `error`, `warn`, `info` or `debug`.
    pub level: &'static str,
    /// In which export.
    pub export: &'static str,
    /// For which account.
    pub account: String,
    /// What was said; secrets are blotted out.
    pub message: String,
    /// Further fields, JSON; empty if there are none.
    pub fields: String,
}

/// The health of a plugin.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PluginStatus {
    /// Calls by [`Outcome::name`].
    pub calls: BTreeMap<&'static str, u64>,
    /// Accounts with the state of their breakers, see [`crate::BreakerState::name`].
    pub breakers: BTreeMap<String, &'static str>,
    /// Accounts of which some calls do not pass, and until when: their breakers are not closed.
    pub paused: BTreeMap<String, Timestamp>,
    /// The last faults, newest last.
    pub faults: Vec<Fault>,
    /// The last errors in the plugin's own words, newest last.
    pub errors: Vec<Fault>,
    /// The end of the log, newest last.
    pub log: Vec<LogLine>,
    /// Lines that were dropped because a call logged too many.
    pub log_dropped: u64,
    /// The plugin's own counters.
    pub metrics: BTreeMap<String, u64>,
    /// The most memory that one instance held, in bytes.
    pub peak_memory: u64,
    /// HTTP requests.
    pub http_requests: u64,
    /// Processor time of all calls, in microseconds.
    pub cpu_us: u64,
}

/// What one call adds to the health of its plugin.
#[derive(Debug)]
pub(crate) struct Report<'a> {
    pub(crate) at: Timestamp,
    pub(crate) export: Export,
    pub(crate) account: &'a str,
    pub(crate) outcome: &'a Outcome,
    pub(crate) message: &'a str,
    pub(crate) log: Vec<LogLine>,
    pub(crate) log_dropped: u64,
    pub(crate) metrics: BTreeMap<String, u64>,
    pub(crate) memory: u64,
    pub(crate) http_requests: u64,
    pub(crate) cpu: Duration,
}

/// Gathers reports.
#[derive(Debug, Default)]
pub(crate) struct Health {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    status: PluginStatus,
    faults: VecDeque<Fault>,
    errors: VecDeque<Fault>,
    log: VecDeque<LogLine>,
}

fn push<T>(queue: &mut VecDeque<T>, item: T, most: usize) {
    if queue.len() >= most {
        queue.pop_front();
    }
    queue.push_back(item);
}

fn prepend<T>(queue: &mut VecDeque<T>, earlier: Vec<T>, most: usize) {
    let since = std::mem::replace(queue, earlier.into());
    since.into_iter().for_each(|item| push(queue, item, most));
}

impl Health {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is known, without the breakers.
    pub(crate) fn status(&self) -> PluginStatus {
        let inner = self.lock();
        PluginStatus {
            faults: inner.faults.iter().cloned().collect(),
            errors: inner.errors.iter().cloned().collect(),
            log: inner.log.iter().cloned().collect(),
            ..inner.status.clone()
        }
    }

    /// Goes on with the faults, errors and lines of another; counters begin anew.
    pub(crate) fn go_on_from(&self, earlier: PluginStatus) {
        let mut inner = self.lock();
        prepend(&mut inner.faults, earlier.faults, FAULTS);
        prepend(&mut inner.errors, earlier.errors, ERRORS);
        prepend(&mut inner.log, earlier.log, LINES);
    }

    pub(crate) fn add(&self, report: Report<'_>) {
        let mut inner = self.lock();
        let failure = || Fault {
            at: report.at,
            export: report.export.name(),
            account: report.account.to_owned(),
            outcome: report.outcome.name(),
            message: report.message.to_owned(),
        };
        match report.outcome {
            Outcome::Ok => {}
            Outcome::PluginError(code) => {
                let mut said = failure();
                said.message = format!("{code}: {}", said.message);
                push(&mut inner.errors, said, ERRORS);
            }
            _ => push(&mut inner.faults, failure(), FAULTS),
        }
        for line in report.log {
            push(&mut inner.log, line, LINES);
        }
        let status = &mut inner.status;
        *status.calls.entry(report.outcome.name()).or_default() += 1;
        status.log_dropped += report.log_dropped;
        for (name, by) in report.metrics {
            if status.metrics.len() < METRICS || status.metrics.contains_key(&name) {
                let sum = status.metrics.entry(name).or_default();
                *sum = sum.saturating_add(by);
            }
        }
        status.peak_memory = status.peak_memory.max(report.memory);
        status.http_requests += report.http_requests;
        status.cpu_us += u64::try_from(report.cpu.as_micros()).unwrap_or(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_keeps_the_last_of_everything() {
        let health = Health::default();
        for n in 0..300_u64 {
            let line = LogLine {
                at: Timestamp::default(),
                level: "info",
                export: "send",
                account: String::new(),
                message: n.to_string(),
                fields: String::new(),
            };
            health.add(Report {
                at: Timestamp::default(),
                export: Export::Send,
                account: "a",
                outcome: &Outcome::Trap,
                message: &n.to_string(),
                log: vec![line],
                log_dropped: 1,
                metrics: BTreeMap::from([(format!("m{n}"), 2)]),
                memory: n,
                http_requests: 1,
                cpu: Duration::from_micros(3),
            });
        }
        let refused = |n: u64| {
            let code = Outcome::PluginError("unauthenticated".to_owned());
            health.add(Report {
                at: Timestamp::default(),
                export: Export::AcceptWebhook,
                account: "a",
                outcome: &code,
                message: &format!("the signature is wrong {n}"),
                log: Vec::new(),
                log_dropped: 0,
                metrics: BTreeMap::new(),
                memory: 0,
                http_requests: 0,
                cpu: Duration::ZERO,
            });
        };
        (0..30).for_each(refused);
        let status = health.status();
        let next = Health::default();
        next.go_on_from(status.clone());
        let carried = next.status();
        assert_eq!(
            (carried.faults, carried.log),
            (status.faults.clone(), status.log.clone())
        );
        assert!(carried.calls.is_empty(), "it counts its own calls");
        assert_eq!(status.errors.len(), 20);
        assert_eq!(
            status.errors[19].message,
            "unauthenticated: the signature is wrong 29"
        );
        assert_eq!(status.calls["trap"], 300);
        assert_eq!((status.faults.len(), status.log.len()), (50, 200));
        assert_eq!(status.faults[49].message, "299");
        assert_eq!(status.log[0].message, "100");
        assert_eq!((status.metrics.len(), status.peak_memory), (64, 299));
        assert_eq!((status.http_requests, status.cpu_us), (300, 900));
    }
}
