//! The surroundings: settings, time, chance, log and counters.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use omnichat_core::clock::Clock;
use rand::Rng;

use super::{CallScope, Services};
use crate::account::Account;
use crate::export::{Export, Reach};
use crate::limits::Limits;
use crate::rehearsal::Stage;
use crate::status::LogLine;

/// Most random bytes at once.
const RANDOM: u32 = 4_096;
/// Most bytes of output streams that a call keeps.
const OUTPUT: usize = 32 * 1024;
/// Most counters in one call, and their longest name.
const COUNTERS: usize = 32;
const COUNTER_NAME: usize = 64;

/// What a call logged and counted. Kept beside the store, so that it is there when the store is gone.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    entries: Mutex<Entries>,
}

#[derive(Debug, Default)]
pub(crate) struct Entries {
    pub(crate) lines: Vec<LogLine>,
    pub(crate) dropped: u64,
    pub(crate) counters: BTreeMap<String, u64>,
    /// What was written to output streams, for languages that have some.
    pub(crate) output: Vec<u8>,
}

impl Journal {
    fn lock(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn print(&self, bytes: &[u8]) {
        let mut entries = self.lock();
        let room = OUTPUT.saturating_sub(entries.output.len());
        entries.output.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    /// What a plugin that panicked said of it at last: the SDK writes such a line.
    pub(crate) fn last_words(&self) -> Option<String> {
        let entries = self.lock();
        let last = entries.lines.last()?;
        let panicked = last.level == "error" && last.message.starts_with("panicked at ");
        panicked.then(|| last.message.clone())
    }

    /// Everything so far; it is empty afterwards.
    pub(crate) fn take(&self) -> Entries {
        std::mem::take(&mut self.lock())
    }
}

pub(crate) struct EnvFactor {
    account: Arc<Account>,
    export: Export,
    limits: Arc<Limits>,
    clock: Arc<dyn Clock>,
    journal: Arc<Journal>,
    /// Takes the place of chance.
    stage: Option<Arc<dyn Stage>>,
}

impl EnvFactor {
    pub(crate) fn new(services: &Services, scope: &CallScope) -> Self {
        Self {
            account: scope.account.clone(),
            export: scope.export,
            limits: services.limits.clone(),
            clock: services.clock.clone(),
            journal: scope.journal.clone(),
            stage: services.stage.clone(),
        }
    }

    fn allowed(&self) -> bool {
        self.export.reach() >= Reach::Surroundings
    }

    /// Settings with placeholders for secrets.
    pub(crate) fn config(&self) -> String {
        if self.allowed() {
            self.account.shown.clone()
        } else {
            "{}".to_owned()
        }
    }

    pub(crate) fn now_ms(&self) -> u64 {
        if self.allowed() {
            u64::try_from(self.clock.now().micros() / 1_000).unwrap_or(0)
        } else {
            0
        }
    }

    /// Random bytes; zeros where a call must always say the same.
    pub(crate) fn random(&self, count: u32) -> Vec<u8> {
        let mut bytes = vec![0; count.min(RANDOM) as usize];
        match &self.stage {
            _ if !self.allowed() => {}
            Some(stage) => stage.random(&mut bytes),
            None => rand::rng().fill_bytes(&mut bytes),
        }
        bytes
    }

    pub(crate) fn log(&self, level: &str, message: String, fields: String) {
        if self.allowed() {
            let line = LogLine {
                at: self.clock.now(),
                level: match level {
                    "error" => "error",
                    "warn" => "warn",
                    "debug" => "debug",
                    _ => "info",
                },
                export: self.export.name(),
                account: self.account.name.clone(),
                message: String::new(),
                fields: String::new(),
            };
            let mut entries = self.journal.lock();
            if entries.lines.len() >= self.limits.log_lines {
                entries.dropped += 1;
                return;
            }
            let most = self.limits.log_bytes;
            let message = self.account.secrets.hide_text(cut(message, most));
            let rest = most.saturating_sub(message.len());
            entries.lines.push(LogLine {
                fields: self.account.secrets.hide_text(cut(fields, rest)),
                message,
                ..line
            });
        }
    }

    pub(crate) fn count(&self, metric: String, by: u64) {
        if self.allowed() && !metric.is_empty() && metric.len() <= COUNTER_NAME {
            let mut entries = self.journal.lock();
            if entries.counters.len() < COUNTERS || entries.counters.contains_key(&metric) {
                let sum = entries.counters.entry(metric).or_default();
                *sum = sum.saturating_add(by);
            }
        }
    }
}

/// At most so many bytes of a text, whole characters.
fn cut(mut text: String, most: usize) -> String {
    if text.len() > most {
        let end = (0..=most)
            .rev()
            .find(|at| text.is_char_boundary(*at))
            .unwrap_or(0);
        text.truncate(end);
    }
    text
}
