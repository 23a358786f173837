//! How much of the bodies of requests is held in memory at once, by everybody together and by one address.
//!
//! A body that must be whole before it is looked at grows piece by piece, as slowly as its sender likes. So each piece takes room
//! from one budget, and a request for which there is none is asked to come back. What streams through takes none.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::http::{HeaderMap, header};
use bytes::{Bytes, BytesMut};
use futures::StreamExt;
use metrics::counter;
use omnichat_core::error::ErrorKind;

use crate::error::Problem;
use crate::extract::LimitKey;

/// When it is worth coming back if there is no room.
const AGAIN: Duration = Duration::from_secs(1);
/// One address gets this part of the room.
const SHARE: usize = 4;

/// The room that bodies have. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Bodies {
    most: usize,
    held: Arc<Mutex<Held>>,
}

/// What is held, in bytes.
#[derive(Debug, Default)]
struct Held {
    all: usize,
    by: HashMap<LimitKey, usize>,
}

/// A body that is whole. It takes its room until it is dropped.
#[derive(Debug)]
pub(crate) struct Whole {
    pub(crate) bytes: Bytes,
    _room: Room,
}

/// Room that one body takes. Dropping it gives it back.
#[derive(Debug)]
struct Room {
    bodies: Bodies,
    from: LimitKey,
    bytes: usize,
}

impl Bodies {
    /// Room for so many bytes.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            most,
            held: Arc::default(),
        }
    }

    /// The whole body of a request, of at most so many bytes.
    ///
    /// # Errors
    /// 413 for a longer one, 503 without room, 400 if it breaks off.
    pub(crate) async fn read(
        &self,
        headers: &HeaderMap,
        body: Body,
        most: usize,
        from: LimitKey,
    ) -> Result<Whole, Problem> {
        let announced = headers
            .get(header::CONTENT_LENGTH)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.parse::<usize>().ok());
        if announced.is_some_and(|length| length > most) {
            return Err(too_large(most));
        }
        let mut room = Room {
            bodies: self.clone(),
            from,
            bytes: 0,
        };
        let mut pieces = body.into_data_stream();
        let mut whole = BytesMut::new();
        while let Some(piece) = pieces.next().await {
            let piece =
                piece.map_err(|_| Problem::new(ErrorKind::Malformed, "the body did not arrive whole"))?;
            if whole.len() + piece.len() > most {
                return Err(too_large(most));
            }
            if !room.grow(piece.len()) {
                return Err(no_room());
            }
            whole.extend_from_slice(&piece);
        }
        Ok(Whole {
            bytes: whole.freeze(),
            _room: room,
        })
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Room {
    /// Takes more room; false if there is none.
    fn grow(&mut self, bytes: usize) -> bool {
        let mut held = self.bodies.held();
        let of_address = held.by.get(&self.from).copied().unwrap_or_default() + bytes;
        if held.all + bytes > self.bodies.most || of_address > self.bodies.most / SHARE {
            return false;
        }
        held.all += bytes;
        held.by.insert(self.from, of_address);
        self.bytes += bytes;
        true
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let mut held = self.bodies.held();
        held.all -= self.bytes;
        if let Some(of_address) = held.by.get_mut(&self.from) {
            *of_address -= self.bytes;
            if *of_address == 0 {
                held.by.remove(&self.from);
            }
        }
    }
}

fn too_large(most: usize) -> Problem {
    let message = format!("the body is larger than allowed: it may have {most} bytes");
    Problem::new(ErrorKind::TooLarge, message)
}

fn no_room() -> Problem {
    counter!("omnichat_bodies_refused_total").increment(1);
    let message = "too much is being received at the moment; come back in a second";
    let mut problem = Problem::new(ErrorKind::Unavailable, message);
    problem.retry_after_ms = u64::try_from(AGAIN.as_millis()).ok();
    problem
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::net::{IpAddr, Ipv4Addr};

    use futures::{FutureExt, stream};

    use super::*;

    fn address(n: u32) -> LimitKey {
        IpAddr::V4(Ipv4Addr::from_bits(0xC000_0200 + n)).into()
    }

    /// So many bytes, and then nothing more.
    fn stuck(bytes: usize) -> Body {
        let piece = stream::once(async move { Ok::<_, Infallible>(Bytes::from(vec![b'x'; bytes])) });
        Body::from_stream(piece.chain(stream::pending()))
    }

    #[tokio::test]
    async fn room_is_taken_piece_by_piece_and_given_back() {
        let (bodies, headers) = (Bodies::new(400), HeaderMap::new());
        let read = |body, from| bodies.read(&headers, body, 1_000, address(from));
        let mut waiting = Vec::new();
        for from in 1..=3 {
            let mut read = Box::pin(read(stuck(90), from));
            assert!(read.as_mut().now_or_never().is_none());
            waiting.push(read);
        }
        let of_address = read(Body::from(vec![b'x'; 20]), 1).await.unwrap_err();
        assert_eq!((of_address.status, of_address.retry_after_ms), (503, Some(1_000)));
        let whole = read(Body::from(vec![b'x'; 100]), 4).await.unwrap();
        let of_all = read(Body::from(vec![b'x'; 50]), 5).await.unwrap_err();
        assert_eq!(of_all.status, 503);
        // Whoever goes away leaves room.
        drop((waiting, whole));
        assert_eq!(bodies.held().all, 0);
        assert!(bodies.held().by.is_empty());
        assert_eq!(
            read(Body::from(vec![b'x'; 100]), 5).await.unwrap().bytes.len(),
            100
        );
    }

    #[tokio::test]
    async fn a_body_over_the_limit_is_refused() {
        let bodies = Bodies::new(1_000);
        let mut headers = HeaderMap::new();
        let long = bodies
            .read(&headers, Body::from(vec![b'x'; 11]), 10, address(1))
            .await;
        assert_eq!(long.unwrap_err().status, 413);
        headers.insert(header::CONTENT_LENGTH, 11.into());
        let announced = bodies.read(&headers, stuck(1), 10, address(1)).now_or_never();
        assert_eq!(announced.unwrap().unwrap_err().status, 413);
    }
}
