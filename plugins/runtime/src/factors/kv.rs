//! A plugin's own store, with the limits of one call.

use std::sync::Arc;
use std::time::Duration;

use omnichat_core::clock::Clock;

use super::{CallScope, Services, reaches_all};
use crate::kv::{KeyValue, Quota, Space, Write};
use crate::outcome::PluginError;

/// Longest key, in bytes.
const KEY: usize = 256;
/// Keys of a page.
const PAGE: usize = 100;

/// A page of keys and where the next one begins.
pub(crate) type KeyPage = (Vec<String>, Option<String>);

pub(crate) struct KvFactor {
    kv: Arc<dyn KeyValue>,
    clock: Arc<dyn Clock>,
    /// Whose store; none if the call may not use any.
    space: Option<Space>,
    quota: Quota,
}

impl KvFactor {
    pub(crate) fn new(services: &Services, scope: &CallScope) -> Self {
        Self {
            kv: services.kv.clone(),
            clock: services.clock.clone(),
            space: scope.account.space.clone().filter(|_| reaches_all(scope.export)),
            quota: Quota {
                bytes: services.limits.kv_bytes,
                keys: services.limits.kv_keys,
            },
        }
    }

    fn space(&self) -> Result<&Space, PluginError> {
        self.space
            .as_ref()
            .ok_or_else(|| PluginError::denied("this call may not use the store"))
    }

    #[tracing::instrument(name = "plugin.kv", level = "debug", skip_all, fields(op = "get"))]
    pub(crate) async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, PluginError> {
        let space = self.space()?;
        check(key)?;
        self.kv.get(space, key).await.map_err(said)
    }

    #[tracing::instrument(name = "plugin.kv", level = "debug", skip_all, fields(op = "set"))]
    pub(crate) async fn set(&self, key: &str, value: &[u8], ttl_ms: Option<u64>) -> Result<(), PluginError> {
        let space = self.space()?;
        let expires_at = ttl_ms.map(|ms| self.clock.now().after(Duration::from_millis(ms)));
        self.kv
            .set(space, self.write(key, value, expires_at)?)
            .await
            .map_err(said)
    }

    #[tracing::instrument(name = "plugin.kv", level = "debug", skip_all, fields(op = "compare-and-set"))]
    pub(crate) async fn compare_and_set(
        &self,
        key: &str,
        expected: Option<&[u8]>,
        value: &[u8],
    ) -> Result<bool, PluginError> {
        let space = self.space()?;
        let write = self.write(key, value, None)?;
        self.kv
            .compare_and_set(space, expected, write)
            .await
            .map_err(said)
    }

    #[tracing::instrument(name = "plugin.kv", level = "debug", skip_all, fields(op = "delete"))]
    pub(crate) async fn delete(&self, key: &str) -> Result<(), PluginError> {
        let space = self.space()?;
        check(key)?;
        self.kv.delete(space, key).await.map_err(said)
    }

    #[tracing::instrument(name = "plugin.kv", level = "debug", skip_all, fields(op = "list-keys"))]
    pub(crate) async fn list_keys(&self, prefix: &str, cursor: Option<&str>) -> Result<KeyPage, PluginError> {
        let space = self.space()?;
        let mut keys = self
            .kv
            .list(space, prefix, cursor, PAGE + 1)
            .await
            .map_err(said)?;
        let more = keys.len() > PAGE;
        keys.truncate(PAGE);
        let next = if more { keys.last().cloned() } else { None };
        Ok((keys, next))
    }

    fn write<'a>(
        &self,
        key: &'a str,
        value: &'a [u8],
        expires_at: Option<omnichat_core::clock::Timestamp>,
    ) -> Result<Write<'a>, PluginError> {
        check(key)?;
        Ok(Write {
            key,
            value,
            expires_at,
            quota: self.quota,
        })
    }
}

fn said(error: omnichat_core::error::Error) -> PluginError {
    if error.kind() == omnichat_core::error::ErrorKind::Internal {
        tracing::error!(%error, "a plugin's store failed");
    }
    // Whatever became of the write, nothing was sent to a platform.
    PluginError {
        not_sent: true,
        ..PluginError::from_core(&error)
    }
}

fn check(key: &str) -> Result<(), PluginError> {
    if key.is_empty() || key.len() > KEY || key.contains('\0') {
        return Err(PluginError::new(
            "invalid",
            format!("a key has 1 to {KEY} bytes and no U+0000"),
        ));
    }
    Ok(())
}
