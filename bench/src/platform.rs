//! A messenger's API on loopback that takes every message at once: what a send costs the host, not the platform.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::Result;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Answers as Telegram's API does to `sendMessage`, and counts.
pub(crate) struct FakePlatform {
    pub(crate) url: String,
    taken: Arc<AtomicU64>,
    server: JoinHandle<()>,
}

impl FakePlatform {
    pub(crate) async fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let taken = Arc::new(AtomicU64::new(0));
        let counted = taken.clone();
        let server = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let counted = counted.clone();
                // A connection that breaks is the host's affair.
                tokio::spawn(async move { drop(serve(stream, &counted).await) });
            }
        });
        Ok(Self { url, taken, server })
    }

    /// How many messages it has taken.
    pub(crate) fn taken(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }
}

impl Drop for FakePlatform {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn serve(mut stream: TcpStream, taken: &AtomicU64) -> Result<()> {
    let mut read = Vec::new();
    loop {
        let end = loop {
            if let Some(at) = read.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
            if stream.read_buf(&mut read).await? == 0 {
                return Ok(());
            }
        };
        let head = String::from_utf8_lossy(&read[..end]).to_ascii_lowercase();
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length:"))
            .and_then(|value| value.trim().parse::<usize>().ok())
            .unwrap_or(0);
        while read.len() < end + length {
            if stream.read_buf(&mut read).await? == 0 {
                return Ok(());
            }
        }
        read.drain(..end + length);
        let body = if head.contains("sendmessage") {
            let id = taken.fetch_add(1, Ordering::Relaxed) + 1_000_000;
            format!(
                r#"{{"ok":true,"result":{{"message_id":{id},"date":1790000000,"chat":{{"id":1,"type":"private"}}}}}}"#
            )
        } else {
            r#"{"ok":true,"result":true}"#.to_owned()
        };
        let answer = format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(answer.as_bytes()).await?;
    }
}
