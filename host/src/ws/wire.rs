//! Writing to a socket whose other end may be slow or gone, and closing it with a reason.

use std::future::Future;
use std::time::Duration;

use axum::extract::WebSocketUpgrade;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use futures::{SinkExt, StreamExt};
use omnichat_core::error::{Error, ErrorKind};
use tokio::sync::Semaphore;
use tokio_tungstenite::tungstenite;

use super::protocol::{
    GOING_AWAY, NO_HELLO, NOT_TEXT, POLICY, ServerFrame, TAKEN_OVER, TOO_LONG, TOO_SLOW, UNAUTHENTICATED,
};
use crate::error::Problem;
use crate::extract::Upgrade;

/// A write that the other end does not take within this time is given up.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long is waited for the other end to take the last word and hang up.
const FAREWELL: Duration = Duration::from_secs(5);
/// Longest frame that a client may send, in bytes: the longest is a hello with a token.
const FRAME_MAX: usize = 32 * 1_024;
/// Both buffers, in bytes. Thousands of sockets are idle most of the time and should cost next to nothing.
const BUFFER: usize = 2 * 1_024;

/// From so many bytes on a text is long.
const LONG: usize = 64 * 1_024;
/// How much of long texts is on its way to all sockets at once, in KiB.
const ROOM_KIB: u32 = 64 * 1_024;
static ROOM: Semaphore = Semaphore::const_new(ROOM_KIB as usize);

/// Why a connection ends.
#[derive(Debug)]
pub(crate) enum End {
    /// The client has gone, or its connection broke.
    Gone,
    /// The host is going down.
    Closing,
    /// The token is wrong or over, or the operator may not be here any more.
    Unauthenticated(Box<Problem>),
    /// No hello came in time.
    NoHello,
    /// The client does not read as fast as things happen.
    TooSlow,
    /// The client broke the protocol.
    Broken(&'static str),
    /// The client comes back too often.
    TooOften(Box<Problem>),
    /// A text frame is not UTF-8.
    NotText,
    /// A frame is too long.
    TooLong,
    /// A newer connection has taken this one's place.
    TakenOver,
    /// A fault of ours, or of the store.
    Failed(Error),
}

impl From<Error> for End {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl From<axum::Error> for End {
    /// What is wrong with what came.
    fn from(error: axum::Error) -> Self {
        use tungstenite::error::{CapacityError, Error, ProtocolError};

        match error.into_inner().downcast_ref::<Error>() {
            Some(Error::Capacity(CapacityError::MessageTooLong { .. })) => Self::TooLong,
            Some(Error::Utf8(_)) => Self::NotText,
            Some(Error::Protocol(ProtocolError::ResetWithoutClosingHandshake)) => Self::Gone,
            Some(Error::Protocol(_)) => Self::Broken("this is no frame of a WebSocket"),
            _ => Self::Gone,
        }
    }
}

impl End {
    /// The token is wrong or over, for this reason.
    pub(crate) fn unauthenticated(error: Error) -> Self {
        Self::Unauthenticated(Box::new(error.into()))
    }

    /// The close code, and the problem that is sent before it.
    fn last_word(self) -> Option<(u16, Option<Problem>)> {
        Some(match self {
            Self::Gone => return None,
            Self::Closing => (GOING_AWAY, None),
            Self::Unauthenticated(problem) => (UNAUTHENTICATED, Some(*problem)),
            Self::NoHello => (
                NO_HELLO,
                Some(Problem::new(
                    ErrorKind::Timeout,
                    "no hello came within five seconds",
                )),
            ),
            Self::TooSlow => (
                TOO_SLOW,
                Some(Problem::new(
                    ErrorKind::RateLimited,
                    "this connection is too slow; connect again",
                )),
            ),
            Self::NotText => (
                NOT_TEXT,
                Some(Problem::new(ErrorKind::Malformed, "a text frame must be UTF-8")),
            ),
            Self::TooLong => (
                TOO_LONG,
                Some(Problem::new(
                    ErrorKind::TooLarge,
                    format!("a frame has at most {FRAME_MAX} bytes"),
                )),
            ),
            Self::TakenOver => (
                TAKEN_OVER,
                Some(Problem::new(
                    ErrorKind::RateLimited,
                    "a newer connection has taken this one's place",
                )),
            ),
            Self::Broken(what) => (POLICY, Some(Problem::new(ErrorKind::Malformed, what))),
            Self::TooOften(problem) => (POLICY, Some(*problem)),
            Self::Failed(error) => (GOING_AWAY, Some(error.into())),
        })
    }
}

/// An upgrade with small buffers and limits.
pub(crate) fn small(upgrade: Upgrade) -> WebSocketUpgrade {
    upgrade
        .begin()
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER)
        .max_message_size(FRAME_MAX)
        .max_frame_size(FRAME_MAX)
}

/// Puts a text into the socket's buffer; it goes out with the next flush at the latest. `too_slow` ends when the other end has
/// fallen too far behind.
///
/// A socket's buffer is a copy of what is being sent. So a long text waits for a share of the room that all sockets have for
/// such copies together, and goes out at once: many slow readers of a long text cannot fill the memory.
pub(crate) async fn feed(
    socket: &mut WebSocket,
    text: Utf8Bytes,
    too_slow: impl Future<Output = ()>,
) -> Result<(), End> {
    if text.len() <= LONG {
        return patiently(socket.feed(Message::Text(text)), too_slow).await;
    }
    let share = u32::try_from(text.len() / 1_024)
        .unwrap_or(ROOM_KIB)
        .min(ROOM_KIB);
    let long = async {
        let _share = ROOM.acquire_many(share).await.map_err(axum::Error::new)?;
        socket.send(Message::Text(text)).await
    };
    patiently(long, too_slow).await
}

/// Sends what is in the buffer.
pub(crate) async fn flush(socket: &mut WebSocket, too_slow: impl Future<Output = ()>) -> Result<(), End> {
    patiently(socket.flush(), too_slow).await
}

/// Sends one text at once.
pub(crate) async fn send(socket: &mut WebSocket, text: Utf8Bytes) -> Result<(), End> {
    feed(socket, text, std::future::pending()).await?;
    flush(socket, std::future::pending()).await
}

/// Asks the other end for a sign of life.
pub(crate) async fn ping(socket: &mut WebSocket) -> Result<(), End> {
    patiently(
        socket.send(Message::Ping(bytes::Bytes::new())),
        std::future::pending(),
    )
    .await
}

async fn patiently(
    write: impl Future<Output = Result<(), axum::Error>>,
    too_slow: impl Future<Output = ()>,
) -> Result<(), End> {
    tokio::select! {
        biased;
        written = write => written.map_err(|_| End::Gone),
        () = too_slow => Err(End::TooSlow),
        () = tokio::time::sleep(PATIENCE) => Err(End::TooSlow),
    }
}

/// Says why, and waits a moment for the other end to hear it: a socket that is dropped with unread bytes loses what was said
/// last.
pub(crate) async fn close(mut socket: WebSocket, end: End) {
    let Some((code, problem)) = end.last_word() else {
        return;
    };
    let farewell = async {
        if let Some(problem) = &problem {
            socket
                .feed(Message::Text(ServerFrame::Error { problem }.text()))
                .await?;
        }
        let reason = problem
            .as_ref()
            .map(|problem| problem.code.clone())
            .unwrap_or_default();
        socket
            .send(Message::Close(Some(CloseFrame {
                code,
                reason: reason.into(),
            })))
            .await?;
        while let Some(Ok(_)) = socket.next().await {}
        Ok::<(), axum::Error>(())
    };
    // Who does not listen even now is left to find out.
    let _ = tokio::time::timeout(FAREWELL, farewell).await;
}
