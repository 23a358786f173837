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
    /// The host's key, 64 hex digits; while it is renewed several, the newest first, with commas between them. Default: from the file `host.key` in the data folder, made at the first start.
    pub host_key: Option<Secret>,
    /// How long an access token lasts, in minutes. Default 15.
    pub access_minutes: u64,
    /// Wrong passwords for one account, from one address or one known device, before the next ones get slow. Default 5.
    pub attempts: u32,
    /// Wrong passwords for one account, from all devices that it does not know, before the next ones get slow. Default 20.
    pub attempts_per_account: u32,
    /// Wrong passwords from one address, whatever the account, before the next ones get slow. Default 30.
    pub attempts_per_address: u32,
    /// The longest pause between two attempts at an account, or from an address, in seconds. Default 60.
    pub slowest_seconds: u64,
    /// The longest pause between two attempts of one address at an account that does not know it, in seconds. Default 900.
    pub slowest_of_address_seconds: u64,
    /// An attempt that must wait no longer than this is held until its time comes, in seconds; others are told when to come
    /// back. Default 5.
    pub hold_seconds: u64,
    /// Memory that hashing a password takes, in KiB. Default 19456.
    pub hash_memory_kib: u32,
    /// Passes over that memory. Default 2.
    pub hash_passes: u32,
    /// Passwords that are hashed at once. Default half of the processors, at least 1: each takes one whole, and its caches.
    pub hash_at_once: usize,
}

impl Default for AuthConfig {
    fn default() -> Self {
        Self {
            host_key: None,
            access_minutes: 15,
            attempts: 5,
            attempts_per_account: 20,
            attempts_per_address: 30,
            slowest_seconds: 60,
            slowest_of_address_seconds: 900,
            hold_seconds: 5,
            hash_memory_kib: 19_456,
            hash_passes: 2,
            hash_at_once: half_of_the_processors(),
        }
    }
}

fn half_of_the_processors() -> usize {
    let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    (processors / 2).clamp(1, 64)
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
            self.attempts > 0 && self.attempts_per_account > 0 && self.attempts_per_address > 0,
            "attempts: at least 1"
        );
        ensure!(
            (1..=86_400).contains(&self.slowest_seconds)
                && (1..=86_400).contains(&self.slowest_of_address_seconds),
            "slowest_seconds: 1 to 86400"
        );
        ensure!(self.hold_seconds <= 10, "hold_seconds: at most 10");
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

    /// The longest pause between two attempts at an account, or from an address.
    pub fn slowest(&self) -> Duration {
        Duration::from_secs(self.slowest_seconds)
    }

    /// The longest pause between two attempts of one address at an account that does not know it.
    pub fn slowest_of_address(&self) -> Duration {
        Duration::from_secs(self.slowest_of_address_seconds)
    }

    /// How long an attempt is held at most.
    pub fn hold(&self) -> Duration {
        Duration::from_secs(self.hold_seconds)
    }
}
