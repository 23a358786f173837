//! Passwords, tokens, throttling.

use std::time::Duration;

use anyhow::{Context, ensure};
use serde::{Deserialize, Serialize};

use super::Secret;
use crate::keys::HostKey;

/// The table `[auth]`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct AuthConfig {
    /// The host's key, 64 hex digits. Default: from the file `host.key` in the data folder, made at the first start.
    pub host_key: Option<Secret>,
    /// How long an access token lasts, in minutes. Default 15.
    pub access_minutes: u64,
    /// Wrong passwords for one e-mail address from one address within the window. Default 5.
    pub attempts: u32,
    /// Wrong passwords from one address within the window, whatever the e-mail address. Default 30.
    pub attempts_per_address: u32,
    /// Wrong passwords in all within the window. Default 1000.
    pub attempts_in_all: u32,
    /// The window, in minutes. Default 15.
    pub window_minutes: u64,
    /// Memory that hashing a password takes, in KiB. Default 19456.
    pub hash_memory_kib: u32,
    /// Passes over that memory. Default 2.
    pub hash_passes: u32,
    /// Passwords that are hashed at once. Default 2.
    pub hash_at_once: usize,
}

impl Default for AuthConfig {
    fn default() -> Self {
        Self {
            host_key: None,
            access_minutes: 15,
            attempts: 5,
            attempts_per_address: 30,
            attempts_in_all: 1_000,
            window_minutes: 15,
            hash_memory_kib: 19_456,
            hash_passes: 2,
            hash_at_once: 2,
        }
    }
}

impl AuthConfig {
    pub(super) fn check(&self) -> anyhow::Result<()> {
        if let Some(key) = &self.host_key {
            HostKey::from_hex(key.expose()).context("host_key")?;
        }
        ensure!(
            (1..=1_440).contains(&self.access_minutes),
            "access_minutes: 1 to 1440"
        );
        ensure!(
            self.attempts > 0 && self.attempts_per_address > 0 && self.attempts_in_all > 0,
            "attempts: at least 1"
        );
        ensure!(self.window_minutes > 0, "window_minutes: at least 1");
        ensure!(
            self.hash_memory_kib >= 8 && self.hash_passes >= 1,
            "hash_memory_kib: at least 8, hash_passes: at least 1"
        );
        ensure!((1..=64).contains(&self.hash_at_once), "hash_at_once: 1 to 64");
        Ok(())
    }

    /// How long an access token lasts.
    pub fn access_time(&self) -> Duration {
        Duration::from_secs(self.access_minutes * 60)
    }

    /// For how long a wrong password counts.
    pub fn window(&self) -> Duration {
        Duration::from_secs(self.window_minutes * 60)
    }
}
