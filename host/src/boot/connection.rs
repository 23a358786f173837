//! One connection, whose other end is waited for with patience and which is closed so that the last word arrives.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use metrics::gauge;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep};

use crate::extract::LimitKey;
use crate::patience::Patience;
use crate::places::Place;

/// How long is waited at the end for the other side to take what was said and hang up, and how much of what it still sends is
/// thrown away meanwhile, in bytes. A socket that is closed with unread bytes resets the connection, and the other side loses
/// what it has not read: why it was refused.
const FAREWELL: Duration = Duration::from_secs(2);
const FAREWELL_BYTES: usize = 16 * 1_024 * 1_024;

/// What a connection holds as long as it is open.
#[derive(Debug)]
pub(super) struct Held {
    /// One of all places.
    pub(super) _of_all: Counted,
    /// One of its address's places; a trusted proxy needs none.
    pub(super) _of_address: Option<Place<LimitKey>>,
}

/// A place that shows in the metrics.
#[derive(Debug)]
pub(super) struct Counted(#[expect(dead_code, reason = "held, not read")] Place<()>);

impl Counted {
    pub(super) fn new(place: Place<()>) -> Self {
        gauge!("omnichat_connections").increment(1);
        Self(place)
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        gauge!("omnichat_connections").decrement(1);
    }
}

/// One connection.
#[derive(Debug)]
pub(super) struct Connection {
    /// Taken at the end.
    stream: Option<TcpStream>,
    patience: Patience,
    /// Since when the other end takes nothing, and until when that is borne.
    waits: Option<(Instant, Pin<Box<Sleep>>)>,
    held: Option<Held>,
}

impl Connection {
    pub(super) fn new(stream: TcpStream, patience: Patience, held: Held) -> Self {
        Self {
            stream: Some(stream),
            patience,
            waits: None,
            held: Some(held),
        }
    }

    fn stream(&mut self) -> io::Result<Pin<&mut TcpStream>> {
        let gone = || io::Error::from(io::ErrorKind::NotConnected);
        self.stream.as_mut().map(Pin::new).ok_or_else(gone)
    }

    /// What became of a write: waits with patience, and counts what moved.
    fn written(&mut self, cx: &mut Context<'_>, wrote: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if let Poll::Ready(wrote) = wrote {
            if let Some((since, _)) = self.waits.take() {
                self.patience
                    .moved(*wrote.as_ref().unwrap_or(&0), since.elapsed());
            }
            return Poll::Ready(wrote);
        }
        let left = self.patience.left();
        let (_, until) = self
            .waits
            .get_or_insert_with(|| (Instant::now(), Box::pin(sleep(left))));
        ready!(until.as_mut().poll(cx));
        tracing::debug!("a connection is closed: its other end does not take what it is sent");
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Connection {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.stream()?.poll_read(cx, buf)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let wrote = self.stream()?.poll_write(cx, buf);
        self.written(cx, wrote)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let wrote = self.stream()?.poll_write_vectored(cx, bufs);
        self.written(cx, wrote)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.stream()?.poll_shutdown(cx)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        let Some(stream) = self.stream.take() else { return };
        // Most have hung up by now.
        if matches!(stream.try_read(&mut [0; 1]), Ok(0)) {
            return;
        }
        let held = self.held.take();
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                let _ = tokio::time::timeout(FAREWELL, part(stream)).await;
                drop(held);
            });
        }
    }
}

/// Says that nothing more comes, and throws away what still does.
async fn part(mut stream: TcpStream) -> io::Result<()> {
    stream.shutdown().await?;
    let mut rest = vec![0; 16 * 1_024];
    let mut thrown_away = 0;
    while thrown_away < FAREWELL_BYTES {
        match stream.read(&mut rest).await? {
            0 => break,
            bytes => thrown_away += bytes,
        }
    }
    Ok(())
}
