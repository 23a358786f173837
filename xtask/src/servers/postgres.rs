//! A private PostgreSQL cluster.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::guard::{Guarded, Server, User, secret};
use super::{folder, free_port, wait_until};
use crate::{debian, process};

/// What outlives a fall of the whole machine. The end of a process alone loses nothing either way.
#[derive(Clone, Copy)]
pub(crate) enum Durability {
    /// Every commit is on the disk before it is answered: what is measured.
    Machine,
    /// The operating system writes when it likes: enough for tests, which make hundreds of databases.
    Process,
}

/// A running cluster, private to this run.
pub(crate) struct Postgres {
    bin: PathBuf,
    port: String,
    password: String,
    url: String,
    _server: Guarded,
}

impl Postgres {
    /// Makes a cluster and starts it. PostgreSQL refuses to run as root, so root gives it to an unprivileged user.
    pub(crate) fn start(durability: Durability) -> Result<Self> {
        let bin = debian::postgres_bin().context("PostgreSQL is not installed")?;
        let user = if debian::is_root() {
            Some(unprivileged()?)
        } else {
            None
        };
        let folder = folder("postgres")?;
        let (port, password) = (free_port()?.to_string(), secret()?);
        let data = folder.path().join("data");
        make_cluster(&bin, folder.path(), &data, &password, user)?;

        let sockets = folder.path().display().to_string();
        let data = data.display().to_string();
        let server = Server {
            name: "PostgreSQL",
            folder,
            signal: "QUIT",
            user,
        };
        let flush = match durability {
            Durability::Machine => "on",
            Durability::Process => "off",
        };
        let settings = [
            format!("port={port}"),
            format!("unix_socket_directories={sockets}"),
            "listen_addresses=127.0.0.1".to_owned(),
            format!("fsync={flush}"),
            "synchronous_commit=on".to_owned(),
            format!("full_page_writes={flush}"),
            // Test processes run side by side and each opens pools.
            "max_connections=300".to_owned(),
            "shared_buffers=256MB".to_owned(),
        ];
        let mut arguments = vec!["-D", &data];
        for setting in &settings {
            arguments.extend(["-c", setting]);
        }
        let server = server.start(&bin.join("postgres"), &arguments)?;
        let ready = || {
            let mut ask = Command::new(bin.join("pg_isready"));
            ask.args(["--quiet", "--host=127.0.0.1", &format!("--port={port}")]);
            process::answer(&mut ask).is_some()
        };
        wait_until(ready, &server)?;
        Ok(Self {
            bin,
            url: address(&password, &port, "postgres"),
            port,
            password,
            _server: server,
        })
    }

    /// The superuser's address, to the database `postgres`; whoever needs a database makes one of their own.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Makes an empty database; the superuser's address of it.
    pub(crate) fn database(&self, name: &str) -> Result<String> {
        let mut create = Command::new(self.bin.join("createdb"));
        create
            .env("PGPASSWORD", &self.password)
            .args(["--host=127.0.0.1", "--username=postgres"])
            .arg(format!("--port={}", self.port))
            .arg(name);
        process::succeed_quietly(&mut create)?;
        Ok(address(&self.password, &self.port, name))
    }
}

fn address(password: &str, port: &str, database: &str) -> String {
    format!("postgres://postgres:{password}@127.0.0.1:{port}/{database}")
}

fn make_cluster(bin: &Path, folder: &Path, data: &Path, password: &str, user: Option<User>) -> Result<()> {
    let password_file = folder.join("password");
    fs::write(&password_file, password)?;
    let mut initdb = Command::new(bin.join("initdb"));
    initdb.args([
        "--username=postgres",
        "--auth=scram-sha-256",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
    ]);
    initdb
        .arg("--pgdata")
        .arg(data)
        .arg("--pwfile")
        .arg(&password_file)
        .current_dir(folder);
    if let Some(user) = user {
        for path in [folder, &password_file] {
            std::os::unix::fs::chown(path, Some(user.uid), Some(user.gid))?;
        }
        user.apply(&mut initdb);
    }
    process::succeed_quietly(&mut initdb)?;
    fs::remove_file(password_file)?;
    Ok(())
}

/// The user that Debian's package makes for PostgreSQL, else the one that owns nothing.
fn unprivileged() -> Result<User> {
    let accounts = fs::read_to_string("/etc/passwd").context("cannot read the list of users")?;
    let user = account(&accounts, "postgres").or_else(|| account(&accounts, "nobody"));
    user.context("neither a user 'postgres' nor 'nobody' to run PostgreSQL as")
}

fn account(accounts: &str, name: &str) -> Option<User> {
    let mut fields = accounts
        .lines()
        .map(|line| line.split(':'))
        .find(|line| line.clone().next() == Some(name))?;
    let (uid, gid) = (fields.nth(2)?.parse().ok()?, fields.next()?.parse().ok()?);
    Some(User { uid, gid })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_found_by_its_whole_name() {
        let accounts =
            "root:x:0:0:root:/root:/bin/bash\npostgres2:x:7:8::/:\npostgres:x:104:110:,,,:/var:/bin/bash\n";
        assert_eq!(account(accounts, "postgres"), Some(User { uid: 104, gid: 110 }));
        assert_eq!(account(accounts, "nobody"), None);
        assert_eq!(account("postgres:x:broken", "postgres"), None);
    }
}
