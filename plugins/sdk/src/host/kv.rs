//! A small store of one's own, apart for each tenant and account, with a quota.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::imports::host_kv;
use crate::types::{PluginError, Result, document};

pub use crate::bindings::channel::omnichat::plugin::host_kv::KeyPage;

/// The value of a key.
///
/// # Errors
/// `denied` in calls that have no store.
pub fn get(key: &str) -> Result<Option<Vec<u8>>> {
    host_kv::get(key)
}

/// Sets a key; it is forgotten after `ttl_ms`, if given.
///
/// # Errors
/// `too-large` over the quota; `denied` in calls that have no store.
pub fn set(key: &str, value: &[u8], ttl_ms: Option<u64>) -> Result<()> {
    host_kv::set(key, value, ttl_ms)
}

/// Writes only if the value is still the expected one (none: not there); says whether it did.
///
/// # Errors
/// As [`set`].
pub fn compare_and_set(key: &str, expected: Option<&[u8]>, value: &[u8]) -> Result<bool> {
    host_kv::compare_and_set(key, expected, value)
}

/// Forgets a key.
///
/// # Errors
/// As [`get`].
pub fn delete(key: &str) -> Result<()> {
    host_kv::delete(key)
}

/// Keys that begin with a text, sorted, a hundred to a page.
///
/// # Errors
/// As [`get`].
pub fn list_keys(prefix: &str, cursor: Option<&str>) -> Result<KeyPage> {
    host_kv::list_keys(prefix, cursor)
}

/// The value of a key as JSON; none also where it cannot be read, as after an upgrade.
///
/// # Errors
/// As [`get`].
pub fn get_json<T: DeserializeOwned>(key: &str) -> Result<Option<T>> {
    let value = get(key)?;
    Ok(value.and_then(|bytes| document(&bytes).ok()))
}

/// Sets a key to JSON.
///
/// # Errors
/// As [`set`]; `invalid` if the value cannot be written as JSON.
pub fn set_json(key: &str, value: &impl Serialize, ttl_ms: Option<u64>) -> Result<()> {
    let bytes = serde_json::to_vec(value)
        .map_err(|error| PluginError::invalid(format!("cannot be written as JSON: {error}")))?;
    set(key, &bytes, ttl_ms)
}
