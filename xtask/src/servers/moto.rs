//! An S3 server: moto, which keeps buckets in memory and takes any credentials.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::Result;

use super::guard::{Guarded, Server};
use super::{folder, free_port, wait_until};
use crate::python::Environment;

/// A running S3 server, private to this run.
pub(crate) struct Moto {
    port: u16,
    _server: Guarded,
}

impl Moto {
    /// Starts the server; tests make buckets of their own.
    pub(crate) fn start(python: &Environment) -> Result<Self> {
        let port = free_port()?;
        let server = Server {
            name: "moto (S3)",
            folder: folder("moto")?,
            signal: "TERM",
            user: None,
        };
        let arguments = ["-H", "127.0.0.1", "-p", &port.to_string()];
        let server = server.start(&python.program("moto_server"), &arguments)?;
        wait_until(|| is_ready(port).unwrap_or(false), &server)?;
        Ok(Self {
            port,
            _server: server,
        })
    }

    /// The endpoint, for path-style requests.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

/// Whether the server answers a request, not only takes connections.
fn is_ready(port: u16) -> Result<bool> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    write!(
        stream,
        "GET /moto-api/data.json HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.starts_with("HTTP/1.1 200"))
}
