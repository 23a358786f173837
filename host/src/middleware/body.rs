//! A body that does not come is not waited for: the request ends with 408, whatever route it is for.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::body::{Body, BodyDataStream, HttpBody};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::{Stream, StreamExt};
use tokio::time::{Instant, Sleep, sleep};

use crate::error::Problem;
use crate::patience::Patience;

/// Gives up on a body that stands still or drips.
pub(crate) async fn layer(State(patience): State<Patience>, request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let given_up = Arc::new(AtomicBool::new(false));
    let (parts, body) = request.into_parts();
    let body = Body::from_stream(Paced {
        body: body.into_data_stream(),
        patience,
        waits: None,
        given_up: given_up.clone(),
    });
    let response = next.run(Request::from_parts(parts, body)).await;
    if !given_up.load(Ordering::Relaxed) {
        return response;
    }
    let problem = Problem::with_status(
        StatusCode::REQUEST_TIMEOUT,
        "too_slow",
        "the body came too slowly and was given up",
    );
    let mut response = problem.into_response();
    response
        .headers_mut()
        .insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// A body that is waited for with patience.
struct Paced {
    body: BodyDataStream,
    patience: Patience,
    /// Since when nothing came, and until when that is borne.
    waits: Option<(Instant, Pin<Box<Sleep>>)>,
    given_up: Arc<AtomicBool>,
}

impl Stream for Paced {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        if let Poll::Ready(piece) = this.body.poll_next_unpin(cx) {
            let waited = this.waits.take().map(|(since, _)| since.elapsed());
            let bytes = piece
                .as_ref()
                .and_then(|piece| piece.as_ref().ok())
                .map_or(0, Bytes::len);
            this.patience.moved(bytes, waited.unwrap_or_default());
            return Poll::Ready(piece);
        }
        let left = this.patience.left();
        let (_, until) = this
            .waits
            .get_or_insert_with(|| (Instant::now(), Box::pin(sleep(left))));
        if until.as_mut().poll(cx).is_pending() {
            return Poll::Pending;
        }
        this.given_up.store(true, Ordering::Relaxed);
        Poll::Ready(Some(Err(axum::Error::new(std::io::Error::from(
            std::io::ErrorKind::TimedOut,
        )))))
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::time::Duration;

    use axum::Router;
    use axum::middleware::from_fn_with_state;
    use axum::routing::post;
    use futures::stream;
    use tower::ServiceExt;

    use super::*;

    async fn answer(body: Body) -> Response {
        let patience = Patience::new(Duration::from_secs(20), 1_024);
        let router = Router::new()
            .route("/", post(async |body: Bytes| body.len().to_string()))
            .layer(from_fn_with_state(patience, layer));
        let mut request = Request::new(body);
        *request.method_mut() = axum::http::Method::POST;
        router.oneshot(request).await.unwrap()
    }

    /// So many pieces of a size, one in each second.
    fn dripping(pieces: usize, size: usize) -> Body {
        Body::from_stream(stream::unfold(0, move |n| async move {
            sleep(Duration::from_secs(1)).await;
            (n < pieces).then(|| (Ok::<_, Infallible>(Bytes::from(vec![b'x'; size])), n + 1))
        }))
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_stands_still_or_drips_ends_with_408() {
        let began = Instant::now();
        let silent = Body::from_stream(stream::pending::<Result<Bytes, Infallible>>());
        assert_eq!(answer(silent).await.status(), 408);
        assert_eq!(began.elapsed().as_secs(), 20);
        let refused = answer(dripping(10_000, 1)).await;
        assert_eq!(refused.status(), 408);
        assert_eq!(refused.headers()["connection"], "close");
        assert!(began.elapsed() < Duration::from_secs(45));
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_body_comes_whole() {
        let whole = answer(dripping(300, 2_000)).await;
        assert_eq!(whole.status(), 200);
    }
}
