//! What the document promises, asked of a host by schemathesis: every operation, right requests and wrong ones, alone and one
//! after another. What it asks is said in `host/tests/contract/fuzzing`.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::Servers;
use crate::servers::host::{EMAIL, Host, PASSWORD, STRANGER};
use crate::steps::Steps;
use crate::workspace;

/// Nothing is to be refused for its number: thousands of requests come from one address, some with wrong passwords on purpose.
const SETTINGS: [(&str, &str); 13] = [
    ("OMNICHAT_SERVER__RATE_LIMIT__ENABLED", "false"),
    ("OMNICHAT_WIDGET__SESSIONS_PER_MINUTE", MANY),
    ("OMNICHAT_WIDGET__MESSAGES_PER_MINUTE", MANY),
    ("OMNICHAT_WIDGET__MESSAGES_PER_ADDRESS", MANY),
    ("OMNICHAT_WIDGET__UPLOADS_PER_MINUTE", MANY),
    ("OMNICHAT_WIDGET__UPLOADS_PER_ADDRESS", MANY),
    ("OMNICHAT_AUTH__ATTEMPTS", MANY),
    ("OMNICHAT_AUTH__ATTEMPTS_PER_ACCOUNT", MANY),
    ("OMNICHAT_AUTH__ATTEMPTS_PER_ADDRESS", MANY),
    // The token of the beginning lasts to the end, also on a slow machine.
    ("OMNICHAT_AUTH__ACCESS_MINUTES", "1440"),
    // Passwords are hashed often here, and none is a secret.
    ("OMNICHAT_AUTH__HASH_MEMORY_KIB", "8"),
    ("OMNICHAT_AUTH__HASH_PASSES", "1"),
    // Of thousands of refusals only faults are worth a line.
    ("OMNICHAT_LOG__LEVEL", "error"),
];
const MANY: &str = "1000000";

#[derive(Clone, Copy)]
enum Store {
    Sqlite,
    Postgres,
}

impl Store {
    fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// Asks a host on each store, side by side: who asks waits for its host half of the time. `options` are passed on.
pub(super) fn test(steps: &mut Steps, servers: &Servers, options: &[String]) {
    let step = |store| move || ask(servers, store, options);
    steps.run_together(vec![
        ("schemathesis, SQLite", step(Store::Sqlite)),
        ("schemathesis, PostgreSQL", step(Store::Postgres)),
    ]);
}

fn ask(servers: &Servers, store: Store, options: &[String]) -> Result<()> {
    let name = store.name();
    let folder = workspace::target().join(format!("contract/schemathesis-{name}"));
    let folder = fresh(&folder)?;
    let url = match store {
        Store::Sqlite => None,
        Store::Postgres => Some(servers.postgres.database("schemathesis")?),
    };
    let further = url.as_deref().map(|url| ("OMNICHAT_STORE__URL", url));
    let settings: Vec<(&str, &str)> = SETTINGS.into_iter().chain(further).collect();
    let host = Host::start(&workspace::host_binary(), &settings)?;
    let mut run = Command::new(servers.python.program("python"));
    run.current_dir(folder)
        .arg(workspace::root().join("host/tests/contract/fuzzing/run.py"))
        .args([&host.url(), EMAIL, STRANGER, PASSWORD])
        .args(options)
        // The scripts stand among the sources.
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::null());
    // What both print would be mixed otherwise.
    let output = run.output().context("cannot start schemathesis")?;
    let printed = String::from_utf8_lossy(&output.stdout);
    let complaints = String::from_utf8_lossy(&output.stderr);
    println!("\n== schemathesis, {name}\n{printed}{complaints}");
    if !output.status.success() {
        bail!(
            "schemathesis on {name} ended with {}; the host's log ends:\n{}",
            output.status,
            host.log_end()
        );
    }
    Ok(())
}

/// An empty folder in the place of the one of the last run.
fn fresh(folder: &Path) -> Result<&Path> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    Ok(folder)
}
