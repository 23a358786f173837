//! The listener: one loop that takes connections, counts them and serves HTTP/1.1 on them.
//!
//! HTTP/2 is left to the proxy in front: between it and the host a kept connection does as well, and each connection then
//! carries one request at a time, which the limits here count on.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use metrics::counter;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::Service;

use super::connection::{Connection, Counted, Held, set_up};
use super::descriptors;
use crate::config::ServerConfig;
use crate::extract::LimitKey;
use crate::patience::Patience;
use crate::places::Places;
use crate::throttle::Throttle;

/// How much of a request's head is taken, in bytes: a visitor's token is only a part of it.
const HEAD: usize = 64 * 1_024;
const _: () = assert!(HEAD > 2 * crate::widget::LONGEST_TOKEN);
/// How long is waited when the system can open nothing more.
const BREATH: Duration = Duration::from_secs(1);

/// Serves until it is told to close, then finishes what runs.
pub(super) async fn serve(
    listener: TcpListener,
    router: Router,
    config: Arc<ServerConfig>,
    closing: CancellationToken,
) {
    let door = Door::new(config);
    let running = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            biased;
            () = closing.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            // Of that one connection; the next is another matter.
            Err(error) if is_of_connection(&error) => continue,
            Err(error) => {
                tracing::warn!(%error, "no connection can be taken; trying again in a second");
                tokio::time::sleep(BREATH).await;
                continue;
            }
        };
        let Some(held) = door.let_in(peer.ip()) else {
            continue;
        };
        set_up(&stream);
        let throttle = Throttle::default();
        running.spawn(talk(
            door.open(stream, throttle.clone(), held),
            throttle,
            router.clone(),
            peer,
            door.header_time(),
            closing.clone(),
        ));
    }
    drop(listener);
    running.close();
    running.wait().await;
}

/// Who may come in.
struct Door {
    config: Arc<ServerConfig>,
    most: usize,
    all: Arc<AtomicUsize>,
    by_address: Places<LimitKey>,
}

impl Door {
    fn new(config: Arc<ServerConfig>) -> Self {
        let most = match descriptors::room() {
            Some(room) if room < config.connections => {
                tracing::warn!(
                    wanted = config.connections,
                    room,
                    "the limit of open files leaves room for fewer connections than configured"
                );
                room
            }
            _ => config.connections,
        };
        Self {
            most,
            all: Arc::default(),
            by_address: Places::new(config.connections_per_address),
            config,
        }
    }

    /// The places of a new connection, or nothing if there are none.
    fn let_in(&self, peer: IpAddr) -> Option<Held> {
        if self.all.load(Ordering::Relaxed) >= self.most {
            counter!("omnichat_connections_refused_total", "why" => "all").increment(1);
            return None;
        }
        let of_address = if self.config.is_trusted_proxy(peer.to_canonical()) {
            None
        } else {
            let place = self.by_address.take(LimitKey::from(peer));
            if place.is_none() {
                counter!("omnichat_connections_refused_total", "why" => "address").increment(1);
                return None;
            }
            place
        };
        Some(Held {
            _of_all: Counted::new(&self.all),
            _of_address: of_address,
        })
    }

    fn open(&self, stream: TcpStream, throttle: Throttle, held: Held) -> Connection {
        let patience = Patience::new(self.config.stall_time(), self.config.slowest_bytes_per_second);
        Connection::new(stream, patience, throttle, held)
    }

    fn header_time(&self) -> Duration {
        self.config.header_time()
    }
}

/// Serves one connection to its end; when the host is going down, to the end of the request that runs.
async fn talk(
    connection: Connection,
    throttle: Throttle,
    router: Router,
    peer: SocketAddr,
    header_time: Duration,
    closing: CancellationToken,
) {
    let service = service_fn(move |mut request: Request<Incoming>| {
        let extensions = request.extensions_mut();
        extensions.insert(ConnectInfo(peer));
        extensions.insert(throttle.clone());
        router.clone().call(request.map(Body::new))
    });
    let talk = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(header_time)
        .max_buf_size(HEAD)
        .serve_connection(TokioIo::new(connection), service)
        .with_upgrades();
    let mut talk = std::pin::pin!(talk);
    let ended = tokio::select! {
        ended = talk.as_mut() => ended,
        () = closing.cancelled() => {
            talk.as_mut().graceful_shutdown();
            talk.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended badly");
    }
}

fn is_of_connection(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(
        error.kind(),
        ConnectionAborted | ConnectionRefused | ConnectionReset
    )
}
