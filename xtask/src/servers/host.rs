//! The host itself, as it was built, with an administrator.

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
/// With which password.
pub(crate) const PASSWORD: &str = "of no example in the document";

/// A running host, private to this run.
pub(crate) struct Host {
    port: u16,
    _server: Guarded,
}

impl Host {
    /// Starts a host with an empty store.
    pub(crate) fn start(binary: &Path) -> Result<Self> {
        let port = free_port()?;
        let data = folder("host")?;
        let listen = format!("127.0.0.1:{port}");
        let settings = vec![
            ("OMNICHAT_SERVER__LISTEN", listen.as_str()),
            (
                "OMNICHAT_STORAGE__DATA",
                data.path().to_str().context("a folder in UTF-8")?,
            ),
            ("OMNICHAT_STORE__DURABILITY", "process"),
        ];
        let settings: Vec<(String, String)> = settings
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        create_administrator(binary, &settings)?;
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
        Ok(Self {
            port,
            _server: server,
        })
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

fn create_administrator(binary: &Path, settings: &[(String, String)]) -> Result<()> {
    let mut command = Command::new(binary);
    command
        .args([
            "admin",
            "create",
            "--email",
            EMAIL,
            "--name",
            "Anna",
            "--organisation",
            "Example Ltd",
        ])
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
        "the first administrator could not be made: {status}"
    );
    Ok(())
}
