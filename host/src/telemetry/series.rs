//! How many series there may be. Labels come from closed sets; should one not, it costs figures and not all of the memory.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock};

use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};

/// Series that are counted.
const MOST: usize = 10_000;
/// Longest value of a label, in bytes.
const LABEL: usize = 128;
/// Counts what was not counted.
const REFUSED: &str = "omnichat_series_refused_total";

/// A recorder that takes no further series when it has many.
pub(super) struct Bounded<R> {
    recorder: R,
    known: RwLock<HashSet<Key>>,
    told: AtomicBool,
}

impl<R: Recorder> Bounded<R> {
    pub(super) fn new(recorder: R) -> Self {
        Self {
            recorder,
            known: RwLock::default(),
            told: AtomicBool::new(false),
        }
    }

    fn takes(&self, key: &Key, metadata: &Metadata<'_>) -> bool {
        if self.is_known(key) {
            return true;
        }
        let fits = key.labels().all(|label| label.value().len() <= LABEL);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if fits && known.len() < MOST {
            known.insert(key.clone());
            return true;
        }
        drop(known);
        if !self.told.swap(true, Ordering::Relaxed) {
            tracing::error!(
                metric = key.name(),
                "a metric has too many series or too long a label; some are not counted"
            );
        }
        let refused = Key::from_static_name(REFUSED);
        self.recorder.register_counter(&refused, metadata).increment(1);
        false
    }

    fn is_known(&self, key: &Key) -> bool {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        known.contains(key)
    }
}

impl<R: Recorder> Recorder for Bounded<R> {
    fn describe_counter(&self, key: KeyName, unit: Option<Unit>, description: SharedString) {
        self.recorder.describe_counter(key, unit, description);
    }

    fn describe_gauge(&self, key: KeyName, unit: Option<Unit>, description: SharedString) {
        self.recorder.describe_gauge(key, unit, description);
    }

    fn describe_histogram(&self, key: KeyName, unit: Option<Unit>, description: SharedString) {
        self.recorder.describe_histogram(key, unit, description);
    }

    fn register_counter(&self, key: &Key, metadata: &Metadata<'_>) -> Counter {
        match self.takes(key, metadata) {
            true => self.recorder.register_counter(key, metadata),
            false => Counter::noop(),
        }
    }

    fn register_gauge(&self, key: &Key, metadata: &Metadata<'_>) -> Gauge {
        match self.takes(key, metadata) {
            true => self.recorder.register_gauge(key, metadata),
            false => Gauge::noop(),
        }
    }

    fn register_histogram(&self, key: &Key, metadata: &Metadata<'_>) -> Histogram {
        match self.takes(key, metadata) {
            true => self.recorder.register_histogram(key, metadata),
            false => Histogram::noop(),
        }
    }
}

#[cfg(test)]
mod tests {
    use metrics::{counter, with_local_recorder};
    use metrics_exporter_prometheus::PrometheusBuilder;

    use super::*;

    #[test]
    fn there_are_never_more_series_than_so_many() {
        let recorder = PrometheusBuilder::new().build_recorder();
        let handle = recorder.handle();
        let bounded = Bounded::new(recorder);
        with_local_recorder(&bounded, || {
            for n in 0..MOST + 50 {
                counter!("wild", "n" => n.to_string()).increment(1);
            }
            counter!("wild", "n" => "0").increment(1);
            counter!("long", "n" => "x".repeat(LABEL + 1)).increment(1);
        });
        let text = handle.render();
        assert_eq!(
            text.lines().filter(|line| line.starts_with("wild{")).count(),
            MOST
        );
        assert!(text.contains("wild{n=\"0\"} 2"), "a known one is counted on");
        assert!(text.contains(&format!("{REFUSED} 51")) && !text.contains("long"));
    }
}
