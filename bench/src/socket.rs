//! An operator's WebSocket.

use anyhow::{Context, Result, bail};
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

/// A connected and greeted WebSocket.
pub(crate) struct Socket {
    stream: WebSocketStream<TcpStream>,
}

impl Socket {
    /// Connects as an operator who wants everything from now on.
    pub(crate) async fn connect(address: &str, token: &str) -> Result<Self> {
        let tcp = TcpStream::connect(address).await?;
        tcp.set_nodelay(true)?;
        let (stream, _) = tokio_tungstenite::client_async(format!("ws://{address}/api/v1/ws"), tcp).await?;
        let mut socket = Self { stream };
        let hello = json!({ "type": "hello", "token": token, "after": null });
        socket.stream.send(Message::text(hello.to_string())).await?;
        loop {
            let frame: Value = serde_json::from_str(&socket.text().await?)?;
            match frame["type"].as_str() {
                Some("hello") => return Ok(socket),
                Some("error") => bail!("the host refused the socket: {frame}"),
                _ => {}
            }
        }
    }

    /// The next text frame.
    pub(crate) async fn text(&mut self) -> Result<String> {
        loop {
            match self.stream.next().await.context("the socket was closed")?? {
                Message::Text(text) => return Ok(text.to_string()),
                Message::Close(frame) => bail!("the host closed the socket: {frame:?}"),
                _ => {}
            }
        }
    }
}
