//! The thinnest HTTP client that keeps its connection: the load must not cost more than what it loads.

use anyhow::{Context, Result, bail};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One connection to the host.
pub(crate) struct Http {
    stream: TcpStream,
    buffer: Vec<u8>,
    request: Vec<u8>,
}

/// How the body of an answer ends.
enum Size {
    /// After so many bytes.
    Known(usize),
    /// After a chunk of none.
    Chunked,
}

impl Http {
    pub(crate) async fn connect(address: &str) -> Result<Self> {
        let stream = TcpStream::connect(address)
            .await
            .with_context(|| format!("no connection to {address}"))?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(4_096),
            request: Vec::with_capacity(2_048),
        })
    }

    /// Sends a request and reads the whole answer.
    pub(crate) async fn call(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<(u16, Vec<u8>)> {
        self.ask(method, path, headers, body).await?;
        let (status, size) = self.head().await?;
        let body = match size {
            Size::Known(length) => self.exactly(length).await?,
            Size::Chunked => self.chunks().await?,
        };
        Ok((status, body))
    }

    /// The same, with only the length in bytes kept of the answer's body.
    pub(crate) async fn weigh(
        &mut self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<(u16, usize)> {
        self.ask(method, path, headers, body).await?;
        let (status, size) = self.head().await?;
        let length = match size {
            Size::Known(length) => {
                self.at_least(length).await?;
                self.buffer.drain(..length);
                length
            }
            Size::Chunked => self.chunks().await?.len(),
        };
        Ok((status, length))
    }

    async fn ask(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<()> {
        use std::io::Write;
        self.request.clear();
        write!(
            self.request,
            "{method} {path} HTTP/1.1\r\nhost: bench\r\ncontent-length: {}\r\n",
            body.len()
        )?;
        if !body.is_empty() {
            self.request
                .extend_from_slice(b"content-type: application/json\r\n");
        }
        for (name, value) in headers {
            write!(self.request, "{name}: {value}\r\n")?;
        }
        self.request.extend_from_slice(b"\r\n");
        self.request.extend_from_slice(body);
        self.stream.write_all(&self.request).await?;
        Ok(())
    }

    /// Reads an answer's status and how its body ends.
    async fn head(&mut self) -> Result<(u16, Size)> {
        let end = loop {
            if let Some(at) = find(&self.buffer, b"\r\n\r\n") {
                break at + 4;
            }
            self.more().await?;
        };
        let head = std::str::from_utf8(&self.buffer[..end]).context("an answer without a readable head")?;
        let status = head
            .get(9..12)
            .and_then(|s| s.parse().ok())
            .context("an answer without a status")?;
        let field = |name: &str| {
            head.lines()
                .filter_map(|line| line.split_once(':'))
                .find(|(n, _)| n.eq_ignore_ascii_case(name))
                .map(|(_, value)| value.trim().to_owned())
        };
        let length: Option<usize> = field("content-length").map(|v| v.parse()).transpose()?;
        let chunked = field("transfer-encoding").is_some_and(|v| v.contains("chunked"));
        self.buffer.drain(..end);
        let size = match (length, chunked) {
            (Some(length), _) => Size::Known(length),
            (None, true) => Size::Chunked,
            (None, false) => Size::Known(0),
        };
        Ok((status, size))
    }

    async fn at_least(&mut self, length: usize) -> Result<()> {
        while self.buffer.len() < length {
            self.more().await?;
        }
        Ok(())
    }

    async fn exactly(&mut self, length: usize) -> Result<Vec<u8>> {
        self.at_least(length).await?;
        Ok(self.buffer.drain(..length).collect())
    }

    async fn chunks(&mut self) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let at = loop {
                if let Some(at) = find(&self.buffer, b"\r\n") {
                    break at;
                }
                self.more().await?;
            };
            let size = usize::from_str_radix(std::str::from_utf8(&self.buffer[..at])?.trim(), 16)?;
            self.buffer.drain(..at + 2);
            let chunk = self.exactly(size + 2).await?;
            if size == 0 {
                return Ok(body);
            }
            body.extend_from_slice(&chunk[..size]);
        }
    }

    async fn more(&mut self) -> Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            bail!("the host closed the connection");
        }
        Ok(())
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

/// A JSON call that must succeed.
pub(crate) async fn json(
    address: &str,
    token: Option<&str>,
    method: &str,
    path: &str,
    body: Option<&Value>,
) -> Result<Value> {
    let mut http = Http::connect(address).await?;
    let bearer = token.map(|token| format!("Bearer {token}"));
    let headers: Vec<(&str, &str)> = bearer
        .iter()
        .map(|bearer| ("authorization", bearer.as_str()))
        .collect();
    let body = body.map(Value::to_string).unwrap_or_default();
    let (status, answer) = http.call(method, path, &headers, body.as_bytes()).await?;
    if !(200..300).contains(&status) {
        bail!(
            "{method} {path} answered {status}: {}",
            String::from_utf8_lossy(&answer)
        );
    }
    if answer.is_empty() {
        Ok(Value::Null)
    } else {
        Ok(serde_json::from_slice(&answer)?)
    }
}
