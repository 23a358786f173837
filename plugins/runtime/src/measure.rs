//! What is counted for whoever collects numbers, in one place: names, labels and meanings.

use std::time::Duration;

use metrics::{Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram};

use crate::engine::Allocation;
use crate::export::Export;
use crate::outcome::Outcome;
use crate::plugin::Plugin;

/// Tells the recorder of this process what the numbers mean.
pub fn describe_metrics() {
    describe_counter!(
        "omnichat_plugin_calls_total",
        "Calls by plugin, export and how they ended."
    );
    describe_histogram!(
        "omnichat_plugin_call_seconds",
        Unit::Seconds,
        "Calls by plugin and export, waiting included."
    );
    describe_histogram!(
        "omnichat_plugin_call_cpu_seconds",
        Unit::Seconds,
        "Processor time of calls by plugin and export."
    );
    describe_histogram!(
        "omnichat_plugin_permit_wait_seconds",
        Unit::Seconds,
        "How long calls waited for a place, by plugin."
    );
    describe_counter!(
        "omnichat_plugin_calls_refused_total",
        "Calls that a breaker did not let through, by plugin."
    );
    describe_counter!("omnichat_plugin_http_requests_total", "HTTP requests by plugin.");
    describe_counter!(
        "omnichat_plugin_http_received_bytes_total",
        Unit::Bytes,
        "Bytes of answers to HTTP requests by plugin."
    );
    describe_gauge!(
        "omnichat_plugin_breakers_open",
        "Accounts whose breaker is not closed, by plugin."
    );
    describe_gauge!(
        "omnichat_plugin_peak_memory_bytes",
        Unit::Bytes,
        "The most memory that one instance held, by plugin."
    );
    describe_histogram!(
        "omnichat_plugin_compile_seconds",
        Unit::Seconds,
        "Compiling of plugins."
    );
    describe_histogram!(
        "omnichat_plugin_load_cached_seconds",
        Unit::Seconds,
        "Loading of compiled code from the host's cache."
    );
    describe_gauge!(
        "omnichat_plugin_pool_pooled",
        "1 if instances come from a pool that was reserved beforehand, 0 if each is made on demand."
    );
}

pub(crate) fn allocation(allocation: Allocation) {
    gauge!("omnichat_plugin_pool_pooled").set(match allocation {
        Allocation::Pooled => 1.0,
        Allocation::OnDemand => 0.0,
    });
}

pub(crate) fn compiled(took: Duration) {
    histogram!("omnichat_plugin_compile_seconds").record(took.as_secs_f64());
}

pub(crate) fn loaded_from_cache(took: Duration) {
    histogram!("omnichat_plugin_load_cached_seconds").record(took.as_secs_f64());
}

/// One plugin's numbers.
pub(crate) struct Measure<'a>(pub(crate) &'a str);

impl Measure<'_> {
    fn plugin(&self) -> String {
        self.0.to_owned()
    }

    pub(crate) fn refused(&self) {
        counter!("omnichat_plugin_calls_refused_total", "plugin" => self.plugin()).increment(1);
    }

    pub(crate) fn waited(&self, time: Duration) {
        histogram!("omnichat_plugin_permit_wait_seconds", "plugin" => self.plugin())
            .record(time.as_secs_f64());
    }

    pub(crate) fn called(&self, export: Export, outcome: &Outcome, took: Duration, cpu: Duration) {
        let (export, outcome) = (export.name(), outcome.name());
        counter!("omnichat_plugin_calls_total", "plugin" => self.plugin(), "export" => export, "outcome" => outcome)
            .increment(1);
        histogram!("omnichat_plugin_call_seconds", "plugin" => self.plugin(), "export" => export)
            .record(took.as_secs_f64());
        histogram!("omnichat_plugin_call_cpu_seconds", "plugin" => self.plugin(), "export" => export)
            .record(cpu.as_secs_f64());
    }

    pub(crate) fn used_http(&self, requests: u64, received: u64) {
        if requests == 0 {
            return;
        }
        counter!("omnichat_plugin_http_requests_total", "plugin" => self.plugin()).increment(requests);
        counter!("omnichat_plugin_http_received_bytes_total", "plugin" => self.plugin()).increment(received);
    }
}

impl Plugin {
    /// Tells the recorder what can only be looked at: breakers and memory.
    pub fn tell_gauges(&self) {
        let status = self.status();
        let open = status
            .breakers
            .values()
            .filter(|state| **state != "closed")
            .count();
        let id = &self.manifest.id;
        gauge!("omnichat_plugin_breakers_open", "plugin" => id.clone()).set(open as f64);
        gauge!("omnichat_plugin_peak_memory_bytes", "plugin" => id.clone()).set(status.peak_memory as f64);
    }
}
