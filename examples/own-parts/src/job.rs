//! A kind of job of one's own: it does what goes out of the house.
//!
//! A job may run more than once: its worker may die between the deed and the end of the job. So whoever is told gets the job's id along,
//! and takes the same one once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use omnichat_core::Engine;
use omnichat_core::change::Changes;
use omnichat_core::engine::JobKind;
use omnichat_core::error::{Error, Result};
use omnichat_core::job::{JobChange, Lease};

/// The name under which such jobs are queued.
pub(crate) const TELL: &str = "example.tell";

/// Tells listeners of a word; here the listener is a list.
#[derive(Clone, Debug, Default)]
pub(crate) struct Telling {
    told: Arc<Mutex<BTreeMap<String, String>>>,
}

impl Telling {
    /// What was told so far.
    pub(crate) fn told(&self) -> Vec<String> {
        let told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.values().cloned().collect()
    }
}

#[async_trait]
impl JobKind for Telling {
    fn name(&self) -> &str {
        TELL
    }

    async fn run(&self, engine: &Engine, lease: &Lease) -> Result<()> {
        let text = |name: &str| lease.job.payload[name].as_str().unwrap_or_default().to_owned();
        let line = format!("{} was told of «{}»", text("listener"), text("word"));
        let told = |mut told: MutexGuard<'_, BTreeMap<_, _>>| told.insert(lease.job.id.to_string(), line);
        told(self.told.lock().unwrap_or_else(PoisonError::into_inner));
        let mut changes = Changes::in_job(&lease.job);
        changes.job(JobChange::Finish(lease.key()));
        engine.ports().commit(changes).await.map(|_| ())
    }

    async fn given_up(&self, _: &Engine, lease: &Lease, why: &Error) -> Result<Changes> {
        eprintln!("nobody could be told: {why}");
        Ok(Changes::in_job(&lease.job))
    }
}
