//! The listener.

use std::net::SocketAddr;

use axum::Router;
use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// Serves until it is told to close, then finishes what runs.
pub(super) async fn serve(listener: TcpListener, router: Router, closing: CancellationToken) {
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    // Small answers and frames go out at once instead of waiting for more.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its delay");
        }
    });
    let served = axum::serve(listener, service)
        .with_graceful_shutdown(closing.cancelled_owned())
        .await;
    if let Err(error) = served {
        tracing::error!(%error, "the listener ended");
    }
}
