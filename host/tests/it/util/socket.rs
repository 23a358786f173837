//! The client's end of a WebSocket.

use std::time::Duration;

use futures::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

/// A frame that does not come within this time never will.
const PATIENCE: Duration = Duration::from_secs(30);

/// The client's end of a WebSocket that speaks JSON.
pub(crate) struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    pub(crate) async fn open(url: &str) -> Self {
        Self(connect_async(url).await.unwrap().0)
    }

    pub(crate) async fn say(&mut self, frame: Value) {
        self.0.send(Message::text(frame.to_string())).await.unwrap();
    }

    /// Sends whatever it is.
    pub(crate) async fn send(&mut self, message: Message) {
        self.0.send(message).await.unwrap();
    }

    /// The next frame.
    pub(crate) async fn frame(&mut self) -> Value {
        loop {
            match self.next().await {
                Message::Text(text) => return serde_json::from_str(&text).unwrap(),
                Message::Ping(_) | Message::Pong(_) => {}
                other => panic!("a frame was expected, and this came: {other:?}"),
            }
        }
    }

    /// The next frame of a type.
    pub(crate) async fn of(&mut self, kind: &str) -> Value {
        self.until(|frame| frame["type"] == kind).await
    }

    /// The next frame that is wanted.
    pub(crate) async fn until(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let frame = self.frame().await;
            if wanted(&frame) {
                return frame;
            }
        }
    }

    /// With which code the other end closes.
    pub(crate) async fn closed(&mut self) -> u16 {
        loop {
            if let Message::Close(frame) = self.next().await {
                return frame.expect("a reason to close").code.into();
            }
        }
    }

    /// The next frame, or the code with which the other end closes.
    pub(crate) async fn frame_or_close(&mut self) -> Result<Value, u16> {
        loop {
            match self.next().await {
                Message::Text(text) => return Ok(serde_json::from_str(&text).unwrap()),
                Message::Close(frame) => return Err(frame.expect("a reason to close").code.into()),
                _ => {}
            }
        }
    }

    /// As [`Self::closed`], however long it takes: for tests in which time is paused.
    pub(crate) async fn closed_at_last(&mut self) -> u16 {
        loop {
            let message = self.0.next().await.expect("an open socket");
            if let Message::Close(frame) = message.expect("a whole frame") {
                return frame.expect("a reason to close").code.into();
            }
        }
    }

    async fn next(&mut self) -> Message {
        let next = tokio::time::timeout(PATIENCE, self.0.next()).await;
        next.expect("a frame in time")
            .expect("an open socket")
            .expect("a whole frame")
    }
}
