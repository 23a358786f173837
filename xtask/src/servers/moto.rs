//! An S3 server: moto, which keeps buckets in memory and takes any credentials.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Result, bail};

use super::guard::{Guarded, Server};
use super::{folder, free_port, wait_until};
use crate::python::Environment;

/// The bucket that exists from the start.
pub(crate) const BUCKET: &str = "omnichat-test";

/// A running S3 server, private to this run.
pub(crate) struct Moto {
    port: u16,
    _server: Guarded,
}

impl Moto {
    /// Starts the server and makes the bucket.
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
        wait_until(
            || request(port, "GET", "/moto-api/data.json").is_ok_and(|status| status == 200),
            &server,
        )?;
        let status = request(port, "PUT", &format!("/{BUCKET}"))?;
        if status != 200 {
            bail!("moto answered {status} when asked for the bucket {BUCKET}");
        }
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

/// One request without a body; the status of the answer.
fn request(port: u16, method: &str, path: &str) -> Result<u16> {
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let host = format!("127.0.0.1:{port}");
    write!(
        stream,
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    match answer.split(' ').nth(1).and_then(|status| status.parse().ok()) {
        Some(status) => Ok(status),
        None => bail!("not an HTTP answer: {answer:?}"),
    }
}
