//! Real servers for tests and benches: private, on free ports, gone afterwards.
//!
//! Each server is held by a [`guard`](mod@guard): it ends when its value is dropped and also when this process is
//! interrupted or killed, so no run leaves a server or a folder behind.

pub(crate) mod guard;
pub(crate) mod host;
pub(crate) mod moto;
pub(crate) mod postgres;

use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

/// How long a server may take to answer for the first time.
const START: Duration = Duration::from_secs(60);

/// A port of the loopback address that nobody listened on a moment ago.
fn free_port() -> Result<u16> {
    let listener =
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no free port on the loopback address")?;
    Ok(listener.local_addr()?.port())
}

/// An empty folder for a server's data. On a disk where possible: `/tmp` may live in memory, where `fsync` costs and
/// promises nothing.
fn folder(server: &str) -> Result<TempDir> {
    let on_disk = PathBuf::from("/var/tmp");
    let parent = if on_disk.is_dir() {
        on_disk
    } else {
        std::env::temp_dir()
    };
    let prefix = format!("omnichat-{server}-");
    let made = tempfile::Builder::new().prefix(&prefix).tempdir_in(&parent);
    made.with_context(|| format!("cannot make a folder in {}", parent.display()))
}

/// Asks until the server answers; an error with the end of its log if it does not in time.
fn wait_until(ready: impl Fn() -> bool, server: &guard::Guarded) -> Result<()> {
    let started = Instant::now();
    while !ready() {
        if started.elapsed() > START {
            bail!(
                "{} did not answer within {} s; its log ends:\n{}",
                server.name(),
                START.as_secs(),
                server.log_end()
            );
        }
        thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}
