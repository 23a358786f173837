//! The usual stack: its packages, its database and its process.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::Value;
use sqlx::{Connection, PgConnection};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

use super::side::Side;
use super::{CONVERSATIONS, TEXT};
use crate::stores::Fresh;

const MANIFEST: &str = include_str!("../../peers/package.json");
const LOCK: &str = include_str!("../../peers/package-lock.json");
const PROGRAM: &str = include_str!("../../peers/server.js");
const SCHEMA: &str = include_str!("../../peers/schema.sql");
/// How long it may take until it listens.
const STARTS: Duration = Duration::from_secs(30);

/// Puts the program into a folder beside this one, and its packages as the lock file names them, where that has not been done;
/// the folder.
pub(super) async fn install() -> Result<PathBuf> {
    let node = Command::new("node").arg("--version").output().await;
    if !node.is_ok_and(|answer| answer.status.success()) {
        bail!(
            "this bench runs a back end in Node: install Node 20.19 or later, so that `node` and `npm` are in PATH"
        );
    }
    let folder = std::env::current_exe()?.with_file_name("usual-stack");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    for (name, text) in [
        ("package.json", MANIFEST),
        ("package-lock.json", LOCK),
        ("server.js", PROGRAM),
    ] {
        fs::write(folder.join(name), text)?;
    }
    // Written last: what was interrupted is begun again.
    let installed = folder.join("node_modules/.installed-from");
    if fs::read_to_string(&installed).is_ok_and(|lock| lock == LOCK) {
        return Ok(folder);
    }
    let answer = Command::new("npm")
        .args(["ci", "--no-audit", "--no-fund"])
        .current_dir(&folder)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .context("`npm` cannot be started: it comes with Node and must be in PATH")?;
    if !answer.status.success() {
        bail!(
            "`npm ci` in {} ended with {}; it needs the network, once:\n{}",
            folder.display(),
            answer.status,
            String::from_utf8_lossy(&answer.stderr).trim_end()
        );
    }
    fs::write(installed, LOCK)?;
    Ok(folder)
}

/// The usual stack at work.
pub(super) struct Stack {
    child: Child,
    address: String,
    token: String,
}

impl Stack {
    /// Fills its database with conversations, starts it there, and waits until it listens.
    pub(super) async fn start(program: &Path, fresh: &Fresh) -> Result<Self> {
        fill(&fresh.url).await?;
        let log = fresh.data.path().join("stack.log");
        let mut child = Command::new("node")
            .arg("server.js")
            .current_dir(program)
            .env("NODE_ENV", "production")
            .env("DATABASE_URL", &fresh.url)
            .env("JWT_SECRET", uuid::Uuid::now_v7().to_string())
            // It ends when this pipe does, however this process ends.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(File::create(&log)?)
            .kill_on_drop(true)
            .spawn()
            .context("`node` cannot be started")?;
        let output = child.stdout.take().context("the output is not a pipe")?;
        let mut line = String::new();
        tokio::time::timeout(STARTS, BufReader::new(output).read_line(&mut line))
            .await
            .context("the usual stack does not say that it listens")??;
        let said: Value = serde_json::from_str(&line).with_context(|| {
            let reason = fs::read_to_string(&log).unwrap_or_default();
            format!("the usual stack does not start: {line}{reason}")
        })?;
        let port = said["port"].as_u64().context("no port")?;
        let token = said["token"].as_str().context("no token")?.to_owned();
        Ok(Self {
            child,
            address: format!("127.0.0.1:{port}"),
            token,
        })
    }

    /// How it is asked.
    pub(super) fn side(&self) -> Side {
        Side {
            name: "stack",
            address: self.address.clone(),
            bearer: format!("Bearer {}", self.token),
            sends: (1..=CONVERSATIONS)
                .map(|id| format!("/api/conversations/{id}/messages"))
                .collect(),
            body: |_| format!(r#"{{"text":"{TEXT}"}}"#),
            stored: 201,
            list: "/api/conversations",
            sent: AtomicU64::new(0),
        }
    }

    /// Ends it; it has nothing to put away.
    pub(super) async fn stop(mut self) -> Result<()> {
        self.child.kill().await.context("the usual stack does not end")
    }
}

/// Makes the tables and the conversations, numbered from 1.
async fn fill(url: &str) -> Result<()> {
    let mut database = PgConnection::connect(url)
        .await
        .context("PostgreSQL cannot be reached")?;
    sqlx::raw_sql(SCHEMA).execute(&mut database).await?;
    sqlx::query("INSERT INTO conversations (channel) SELECT 'website' FROM generate_series(1, $1::int)")
        .bind(i32::try_from(CONVERSATIONS)?)
        .execute(&mut database)
        .await?;
    database.close().await?;
    Ok(())
}
