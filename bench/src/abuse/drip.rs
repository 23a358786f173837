//! A messenger platform whose files come a byte at a time and never end.

use std::time::Duration;

use anyhow::Result;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// How often a byte comes.
const EVERY: Duration = Duration::from_millis(500);

/// The platform; it ends with this value.
pub(super) struct Drip {
    url: String,
    task: JoinHandle<()>,
}

impl Drip {
    pub(super) async fn start() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // Whoever hangs up has had enough.
                tokio::spawn(async move { drop(serve(stream).await) });
            }
        });
        Ok(Self { url, task })
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Drip {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut stream: TcpStream) -> std::io::Result<()> {
    let mut request = Vec::new();
    while !request.windows(4).any(|bytes| bytes == b"\r\n\r\n") {
        if stream.read_buf(&mut request).await? == 0 {
            return Ok(());
        }
    }
    let head = String::from_utf8_lossy(&request).into_owned();
    let path = head.split(' ').nth(1).unwrap_or_default();
    if path.contains("/file/") {
        stream
            .write_all(
                b"HTTP/1.1 200 OK\r\ncontent-type: image/jpeg\r\ncontent-length: 1000000\r\n\r\n\xff\xd8\xff",
            )
            .await?;
        loop {
            stream.write_all(b"x").await?;
            tokio::time::sleep(EVERY).await;
        }
    }
    let result = if path.contains("getFile") {
        r#"{"ok":true,"result":{"file_id":"f","file_unique_id":"f","file_size":1000000,"file_path":"photos/f.jpg"}}"#
    } else if path.contains("getMe") {
        r#"{"ok":true,"result":{"id":2,"is_bot":true,"first_name":"Drips","username":"drips_bot"}}"#
    } else {
        r#"{"ok":true,"result":true}"#
    };
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{result}",
        result.len()
    );
    stream.write_all(answer.as_bytes()).await?;
    stream.shutdown().await
}
