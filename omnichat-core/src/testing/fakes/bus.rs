//! A bus that remembers what was said on it.

use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use tokio::sync::broadcast;

use crate::error::Result;
use crate::event::bus::{EventBus, LocalBus, Signal};

/// A bus within one process that remembers every signal.
#[derive(Debug, Default)]
pub struct RecordingBus {
    bus: LocalBus,
    said: Mutex<Vec<Signal>>,
}

impl RecordingBus {
    /// A bus on which nothing was said yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Everything that was said, in order.
    pub fn said(&self) -> Vec<Signal> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl EventBus for RecordingBus {
    async fn publish(&self, signal: Signal) -> Result<()> {
        self.said
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(signal.clone());
        self.bus.publish(signal).await
    }

    fn subscribe(&self) -> broadcast::Receiver<Signal> {
        self.bus.subscribe()
    }
}
