//! What versions leave behind that are not kept any more: compiled code, and what was learnt of them.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::PoisonError;

use omnichat_core::error::{Error, Result};
use omnichat_plugin_library::Lock;

use super::Plugins;

/// The versions that were kept when it was last swept.
pub(super) type Swept = Mutex<Option<BTreeSet<String>>>;

impl Plugins {
    /// Throws away what belongs to no version of the library, if that is not done yet.
    pub(super) async fn sweep(&self, lock: &Lock) -> Result<()> {
        let releases = lock.plugins.values().flat_map(|entry| &entry.releases);
        let kept: BTreeSet<String> = releases.map(|release| release.digest.clone()).collect();
        {
            let mut swept = self.inner.swept.lock().unwrap_or_else(PoisonError::into_inner);
            if swept.as_ref() == Some(&kept) {
                return Ok(());
            }
            *swept = Some(kept.clone());
        }
        self.inner.looks.retain(|digest| kept.contains(digest));
        let this = self.clone();
        let work = move || {
            let digests: Vec<&str> = kept.iter().map(String::as_str).collect();
            match this.inner.runtime.get() {
                Some(runtime) => runtime.forget_all_but(&digests),
                // Without a plugin there is no engine that knows which code is whose: it is nobody's.
                None if kept.is_empty() => drop(std::fs::remove_dir_all(this.inner.library.cache())),
                None => {}
            }
        };
        tokio::task::spawn_blocking(work)
            .await
            .map_err(|error| Error::internal("tidying up after plugins broke off").caused_by(error))
    }
}
