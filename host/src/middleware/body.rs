//! What becomes of a request's body, whatever route it is for: one that does not come is not waited for (408), and one that was
//! answered before it had come closes the connection, which the answer says.

use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, BodyDataStream, HttpBody};
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use futures::{Stream, StreamExt};
use tokio::time::{Instant, Sleep, sleep, timeout};

use crate::error::Problem;
use crate::patience::Patience;

/// What is read away of a body that nobody wanted so that the connection can carry the next request, in bytes, and how long it
/// may take to come. Most are here when they are refused.
const LITTLE: u64 = 64 * 1_024;
const MOMENT: Duration = Duration::from_millis(100);

/// Gives up on a body that stands still or drips, and says so when the connection cannot be kept.
pub(crate) async fn layer(State(patience): State<Patience>, request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let left = Arc::new(Left::default());
    let (parts, body) = request.into_parts();
    // Reading it would ask for it.
    let asks_first = parts.headers.contains_key(header::EXPECT);
    let body = Body::from_stream(Paced {
        body: Some(body.into_data_stream()),
        patience,
        waits: None,
        left: left.clone(),
    });
    let mut response = next.run(Request::from_parts(parts, body)).await;
    if left.given_up.load(Ordering::Relaxed) {
        let problem = Problem::with_status(
            StatusCode::REQUEST_TIMEOUT,
            "too_slow",
            "the body came too slowly and was given up",
        );
        response = problem.into_response();
    } else {
        let rest = left.rest().take();
        let over = match rest {
            None => true,
            Some(rest) => !asks_first && is_soon_over(rest).await,
        };
        if over {
            return response;
        }
    }
    response
        .headers_mut()
        .insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

/// Reads a body away, if it is small and here.
async fn is_soon_over(mut rest: BodyDataStream) -> bool {
    let mut room = LITTLE;
    if HttpBody::size_hint(&rest).lower() > room {
        return false;
    }
    let over = async {
        while let Some(piece) = rest.next().await {
            let Some(less) = piece.ok().and_then(|piece| room.checked_sub(piece.len() as u64)) else {
                return false;
            };
            room = less;
        }
        true
    };
    timeout(MOMENT, over).await.unwrap_or(false)
}

/// What a body has left behind.
#[derive(Default)]
struct Left {
    /// It was given up.
    given_up: AtomicBool,
    /// What nobody read of it.
    rest: Mutex<Option<BodyDataStream>>,
}

impl Left {
    fn rest(&self) -> MutexGuard<'_, Option<BodyDataStream>> {
        self.rest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A body that is waited for with patience.
struct Paced {
    /// Taken when it is over.
    body: Option<BodyDataStream>,
    patience: Patience,
    /// Since when nothing came, and until when that is borne.
    waits: Option<(Instant, Pin<Box<Sleep>>)>,
    left: Arc<Left>,
}

impl Drop for Paced {
    fn drop(&mut self) {
        if let Some(body) = self.body.take()
            && !body.is_end_stream()
        {
            *self.left.rest() = Some(body);
        }
    }
}

impl Stream for Paced {
    type Item = Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = &mut *self;
        let Some(body) = &mut this.body else {
            return Poll::Ready(None);
        };
        if let Poll::Ready(piece) = body.poll_next_unpin(cx) {
            let waited = this.waits.take().map(|(since, _)| since.elapsed());
            match &piece {
                Some(Ok(bytes)) => this.patience.moved(bytes.len(), waited.unwrap_or_default()),
                // Over, or broken.
                Some(Err(_)) | None => this.body = None,
            }
            return Poll::Ready(piece);
        }
        let left = this.patience.left();
        let (_, until) = this
            .waits
            .get_or_insert_with(|| (Instant::now(), Box::pin(sleep(left))));
        if until.as_mut().poll(cx).is_pending() {
            return Poll::Pending;
        }
        this.body = None;
        this.left.given_up.store(true, Ordering::Relaxed);
        Poll::Ready(Some(Err(axum::Error::new(std::io::Error::from(
            std::io::ErrorKind::TimedOut,
        )))))
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use axum::Router;
    use axum::middleware::from_fn_with_state;
    use axum::routing::post;
    use futures::stream;
    use tower::ServiceExt;

    use super::*;

    async fn answer_of(path: &'static str, body: Body) -> Response {
        let patience = Patience::new(Duration::from_secs(20), 1_024);
        let router = Router::new()
            .route("/", post(async |body: Bytes| body.len().to_string()))
            .route("/refused", post(async || StatusCode::FORBIDDEN))
            .layer(from_fn_with_state(patience, layer));
        let mut request = Request::new(body);
        *request.uri_mut() = axum::http::Uri::from_static(path);
        *request.method_mut() = axum::http::Method::POST;
        router.oneshot(request).await.unwrap()
    }

    async fn answer(body: Body) -> Response {
        answer_of("/", body).await
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

    #[tokio::test(start_paused = true)]
    async fn an_answer_before_the_body_has_come_says_that_the_connection_closes() {
        let closes = async |body| {
            let refused = answer_of("/refused", body).await;
            assert_eq!(refused.status(), 403);
            refused.headers().get("connection").is_some()
        };
        assert!(!closes(Body::from("short")).await);
        let here = |size: usize| {
            Body::from_stream(stream::iter([Ok::<_, Infallible>(Bytes::from(vec![b'x'; size]))]))
        };
        assert!(!closes(here(LITTLE as usize)).await);
        assert!(closes(here(LITTLE as usize + 1)).await);
        assert!(closes(Body::from(vec![b'x'; LITTLE as usize + 1])).await);
        assert!(closes(dripping(2, 1)).await);
    }
}
