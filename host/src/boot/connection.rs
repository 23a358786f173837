//! One connection, whose other end is waited for with patience and which is closed so that the last word arrives.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use metrics::gauge;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep};

use crate::extract::LimitKey;
use crate::patience::Patience;
use crate::places::Place;
use crate::throttle::{Throttle, Throttled};

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

/// A place that is counted, and shows in the metrics.
#[derive(Debug)]
pub(super) struct Counted(Arc<AtomicUsize>);

impl Counted {
    pub(super) fn new(all: &Arc<AtomicUsize>) -> Self {
        all.fetch_add(1, Ordering::Relaxed);
        gauge!("omnichat_connections").increment(1);
        Self(all.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
        gauge!("omnichat_connections").decrement(1);
    }
}

/// How long the system keeps what the other end does not acknowledge, also once the connection has been left.
#[cfg(any(target_os = "linux", target_os = "android"))]
const UNACKNOWLEDGED: Duration = Duration::from_secs(60);

/// Bytes that the system keeps of an answer beyond what is on its way. It says that there is room again when half of them are
/// gone: with the megabytes that it would keep by itself nothing would seem to move for a minute, however steadily a slow other
/// end reads. At the slowest speed that is put up with half of these take sixteen seconds, less than the patience.
const KEPT_BACK: u32 = 32 * 1_024;

/// Sets up a connection that was taken: small answers and frames go out at once instead of waiting for more, how fast the other
/// end reads shows at once, and what it never takes is not kept for ever.
pub(super) fn set_up(stream: &TcpStream) {
    let set_up = stream
        .set_nodelay(true)
        .and_then(|()| keep_little_back(stream))
        .and_then(|()| keep_not_for_ever(stream));
    if let Err(error) = set_up {
        tracing::debug!(%error, "a connection keeps the system's settings");
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn keep_not_for_ever(stream: &TcpStream) -> io::Result<()> {
    socket2::SockRef::from(stream).set_tcp_user_timeout(Some(UNACKNOWLEDGED))
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn keep_not_for_ever(_: &TcpStream) -> io::Result<()> {
    Ok(())
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
fn keep_little_back(stream: &TcpStream) -> io::Result<()> {
    socket2::SockRef::from(stream).set_tcp_notsent_lowat(KEPT_BACK)
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn keep_little_back(stream: &TcpStream) -> io::Result<()> {
    socket2::SockRef::from(stream).set_send_buffer_size(4 * KEPT_BACK as usize)
}

/// One connection.
#[derive(Debug)]
pub(super) struct Connection {
    /// Taken at the end.
    stream: Option<TcpStream>,
    patience: Patience,
    /// Since when the other end takes nothing, and until when that is borne.
    waits: Option<(Instant, Pin<Box<Sleep>>)>,
    /// The other end has not taken what it was sent.
    given_up: bool,
    throttled: Throttled,
    held: Option<Held>,
}

impl Connection {
    pub(super) fn new(stream: TcpStream, patience: Patience, throttle: Throttle, held: Held) -> Self {
        Self {
            stream: Some(stream),
            patience,
            waits: None,
            given_up: false,
            throttled: Throttled::new(throttle),
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
        self.given_up = true;
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
        ready!(self.throttled.poll_pause(cx));
        let before = buf.filled().len();
        ready!(self.stream()?.poll_read(cx, buf))?;
        self.throttled.has_read(buf.filled().len() - before);
        Poll::Ready(Ok(()))
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
        if self.given_up {
            // What it has not taken would stay with the system, for as long as it goes on to take a byte now and then.
            let _ = socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO));
            return;
        }
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

#[cfg(test)]
mod tests {
    use tokio::net::{TcpListener, TcpSocket};

    use super::*;

    /// What does not happen within this time never will.
    const PATIENCE: Duration = Duration::from_secs(20);

    #[tokio::test]
    async fn a_slow_reader_is_seen_to_read() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let reader = TcpSocket::new_v4().unwrap();
        reader.set_recv_buffer_size(KEPT_BACK).unwrap();
        let reader = reader.connect(listener.local_addr().unwrap());
        let (reader, accepted) = tokio::join!(reader, listener.accept());
        let (mut reader, (stream, _)) = (reader.unwrap(), accepted.unwrap());
        set_up(&stream);
        let piece = vec![7; 64 * 1_024];
        let mut sent = 0;
        // Nobody reads yet: in the end the system takes nothing more.
        while tokio::time::timeout(Duration::from_millis(200), stream.writable())
            .await
            .is_ok()
        {
            match stream.try_write(&piece) {
                Ok(bytes) => sent += bytes,
                Err(error) => assert_eq!(error.kind(), io::ErrorKind::WouldBlock),
            }
        }
        assert!(
            sent < 1_000_000,
            "{sent} bytes are kept for somebody who reads nothing"
        );
        let mut read = vec![0; sent.min(2 * KEPT_BACK as usize)];
        let read = tokio::time::timeout(PATIENCE, reader.read_exact(&mut read)).await;
        read.unwrap().unwrap();
        let takes_more = async {
            loop {
                stream.writable().await.unwrap();
                if stream.try_write(&piece).is_ok() {
                    return;
                }
            }
        };
        tokio::time::timeout(PATIENCE, takes_more)
            .await
            .expect("that somebody reads is seen");
    }
}
