//! The real host, started as a process of its own.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::http;

/// The secret of the benches' Telegram account.
pub(crate) const SECRET: &str = "bench-secret";

/// A running host.
pub(crate) struct Host {
    child: Child,
    pub(crate) address: String,
    log: PathBuf,
    /// From the start of the process to the first answer that it is ready.
    pub(crate) ready_after: Duration,
}

impl Host {
    /// The host's binary, built beside this one.
    pub(crate) fn binary() -> Result<PathBuf> {
        let path = std::env::current_exe()?.with_file_name("omnichat");
        if !path.exists() {
            bail!(
                "{} is not built; run `cargo build --release -p omnichat-host`",
                path.display()
            );
        }
        Ok(path)
    }

    /// Starts a host on a folder and a store, and waits until it is ready.
    pub(crate) async fn start(data: &Path, store: &str) -> Result<Self> {
        // The load comes from one address and one sign-in.
        let unlimited = [
            ("OMNICHAT_SERVER__CONNECTIONS", "100000"),
            ("OMNICHAT_SERVER__CONNECTIONS_PER_ADDRESS", "0"),
            ("OMNICHAT_REALTIME__SOCKETS_PER_ADDRESS", "0"),
            ("OMNICHAT_REALTIME__SOCKETS_PER_SESSION", "100000"),
        ];
        Self::start_with(data, store, &unlimited).await
    }

    /// As [`Host::start`], with the usual limits and some settings of its own.
    pub(crate) async fn start_with(data: &Path, store: &str, settings: &[(&str, &str)]) -> Result<Self> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let address = format!("127.0.0.1:{port}");
        let log = data.join("host.log");
        let output = std::fs::OpenOptions::new().create(true).append(true).open(&log)?;
        let started = Instant::now();
        let child = Command::new(Self::binary()?)
            .arg("serve")
            .env("OMNICHAT_SERVER__LISTEN", &address)
            .env("OMNICHAT_SERVER__RATE_LIMIT__ENABLED", "false")
            .env("OMNICHAT_STORAGE__DATA", data)
            .env("OMNICHAT_STORE__URL", store)
            .env("OMNICHAT_EGRESS__ALLOW", "127.0.0.0/8")
            .env("OMNICHAT_LOG__LEVEL", "warn")
            .envs(settings.iter().copied())
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()
            .context("the host could not be started")?;
        let mut host = Self {
            child,
            address,
            log,
            ready_after: Duration::ZERO,
        };
        while host.call("GET", "/health/ready", None, None).await.is_err() {
            if let Some(status) = host.child.try_wait()? {
                bail!("the host ended with {status}: {}", host.output());
            }
            if started.elapsed() > Duration::from_secs(60) {
                bail!("the host is not ready after a minute: {}", host.output());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        host.ready_after = started.elapsed();
        Ok(host)
    }

    fn output(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// A JSON call that must succeed.
    pub(crate) async fn call(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        body: Option<&Value>,
    ) -> Result<Value> {
        http::json(&self.address, token, method, path, body).await
    }

    /// Creates the first administrator by the link that the host printed, and signs in.
    pub(crate) async fn set_up(&self) -> Result<String> {
        let output = self.output();
        let token = output
            .split("/setup#")
            .nth(1)
            .and_then(|rest| rest.split_whitespace().next())
            .with_context(|| format!("the host printed no link: {output}"))?;
        let body = json!({
            "token": token, "organisation": "Bench", "name": "Bench", "email": "bench@example.org",
            "password": "a long enough password", "locale": "en",
        });
        self.call("POST", "/api/v1/setup", None, Some(&body)).await?;
        self.sign_in().await
    }

    /// Signs in as the administrator of [`Host::set_up`].
    pub(crate) async fn sign_in(&self) -> Result<String> {
        let body = json!({ "email": "bench@example.org", "password": "a long enough password", "transport": "body" });
        let session = self
            .call("POST", "/api/v1/auth/sign-in", None, Some(&body))
            .await?;
        Ok(session["access_token"]
            .as_str()
            .context("no access token")?
            .to_owned())
    }

    /// Adds a Telegram account that is brought its messages by webhook.
    pub(crate) async fn add_telegram(&self, token: &str) -> Result<String> {
        // Nobody answers there.
        self.add_telegram_at(token, "http://127.0.0.1:9").await
    }

    /// The same, with what it sends going to this address.
    pub(crate) async fn add_telegram_at(&self, token: &str, api: &str) -> Result<String> {
        let body = json!({
            "kind": "telegram", "title": "Bench", "routing": "manual",
            "config": { "token": "1:bench", "mode": "webhook", "webhook_secret": SECRET, "base_url": api },
        });
        let inbox = self
            .call("POST", "/api/v1/inboxes", Some(token), Some(&body))
            .await?;
        Ok(inbox["id"].as_str().context("no inbox id")?.to_owned())
    }

    /// Resident memory in bytes.
    pub(crate) fn resident(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status
            .lines()
            .find(|line| line.starts_with("VmRSS:"))
            .context("no VmRSS")?;
        let kilobytes: u64 = line.split_whitespace().nth(1).context("no figure")?.parse()?;
        Ok(kilobytes * 1_024)
    }

    /// Ends it as an operating system does when it runs out of patience.
    pub(crate) fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Ends it in peace.
    pub(crate) async fn stop(mut self) -> Result<()> {
        Command::new("kill")
            .arg("-TERM")
            .arg(self.child.id().to_string())
            .status()?;
        let asked = Instant::now();
        while self.child.try_wait()?.is_none() {
            if asked.elapsed() > Duration::from_secs(40) {
                bail!("the host does not end: {}", self.output());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }
}

impl Drop for Host {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
