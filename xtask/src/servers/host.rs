//! The host itself, as it was built, with two organisations and an administrator of each.

use std::io::Write;
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use super::guard::{Guarded, Server};
use super::{folder, free_port, wait_until};
use crate::process;

/// Who may sign in.
pub(crate) const EMAIL: &str = "anna@example.org";
/// Who may sign in to the other organisation.
pub(crate) const STRANGER: &str = "oleg@example.org";
/// With which password, both.
pub(crate) const PASSWORD: &str = "of no example in the document";

const ORGANISATION: &str = "Example Ltd";
const OTHER_ORGANISATION: &str = "Other Ltd";

/// A running host, private to this run.
pub(crate) struct Host {
    port: u16,
    server: Guarded,
}

impl Host {
    /// Starts a host with an empty store, on SQLite unless the further settings say otherwise.
    pub(crate) fn start(binary: &Path, further: &[(&str, &str)]) -> Result<Self> {
        let port = free_port()?;
        let data = folder("host")?;
        let listen = format!("127.0.0.1:{port}");
        let mut settings = vec![
            ("OMNICHAT_SERVER__LISTEN", listen.as_str()),
            (
                "OMNICHAT_STORAGE__DATA",
                data.path().to_str().context("a folder in UTF-8")?,
            ),
            ("OMNICHAT_STORE__DURABILITY", "process"),
        ];
        settings.extend(further);
        let settings: Vec<(String, String)> = settings
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        found(binary, &settings)?;
        let server = Server {
            name: "the host",
            folder: data,
            signal: "KILL",
            user: None,
        };
        let mut arguments: Vec<String> = settings
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        arguments.push(binary.to_str().context("a path in UTF-8")?.to_owned());
        arguments.push("serve".to_owned());
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let env = process::find("env").context("there is no `env`")?;
        let server = server.start(&env, &arguments)?;
        wait_until(|| TcpStream::connect(("127.0.0.1", port)).is_ok(), &server)?;
        Ok(Self { port, server })
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The last lines of its log.
    pub(crate) fn log_end(&self) -> String {
        self.server.log_end()
    }
}

/// Two organisations, each with somebody who may do everything in it.
fn found(binary: &Path, settings: &[(String, String)]) -> Result<()> {
    administrator(binary, settings, EMAIL, ORGANISATION)?;
    let mut other = Command::new(binary);
    other
        .args(["tenant", "create", "--name", OTHER_ORGANISATION])
        .args(["--owner", "owner@example.org"])
        .envs(settings.iter().cloned());
    process::succeed_quietly(&mut other)?;
    administrator(binary, settings, STRANGER, OTHER_ORGANISATION)
}

fn administrator(
    binary: &Path,
    settings: &[(String, String)],
    email: &str,
    organisation: &str,
) -> Result<()> {
    let mut command = Command::new(binary);
    command
        .args(["admin", "create", "--name", "Anna", "--email", email])
        .args(["--organisation", organisation])
        .envs(settings.iter().cloned())
        .stdin(Stdio::piped())
        .stdout(Stdio::null());
    let mut child = command.spawn().context("cannot start the host")?;
    let mut input = child.stdin.take().context("the host's input is not a pipe")?;
    writeln!(input, "{PASSWORD}")?;
    drop(input);
    let status = child.wait()?;
    ensure!(
        status.success(),
        "no administrator could be made for {organisation}: {status}"
    );
    Ok(())
}
