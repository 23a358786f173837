//! Where platforms deliver: `/webhooks/{inbox_id}`, and `/webhooks/apps/{kind}/{app}` where one app of a platform serves many accounts;
//! with any method.
//!
//! The bytes go to the engine as they came, since signatures are made over bytes. What is answered 2xx is durable; anything
//! else makes the platform try again. This is the busiest route of the host, so it does nothing that need not be done; and as
//! anybody may call it, no byte of a body is read before the inbox, or one of the app's, is known.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use omnichat_core::channel::{WebhookReply, WebhookRequest};
use omnichat_core::error::{Error, ErrorKind, Retry};
use omnichat_core::id::InboxId;

use crate::app::AppState;
use crate::bodies::Whole;
use crate::error::Problem;
use crate::extract::{ClientAddress, Path};
use crate::http::files::FileBytes;
use crate::security::{Kind, Sighting};

/// After how long a platform should try again when nothing could be made durable.
const RETRY: Duration = Duration::from_secs(5);

/// The routes of platforms' webhooks.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/webhooks/{inbox_id}", any(receive_webhook).get(confirm_webhook))
        .route(
            "/webhooks/apps/{kind}/{app}",
            any(receive_app_webhook).get(confirm_app_webhook),
        )
}

/// Takes what a platform delivers to an inbox.
///
/// What is answered 2xx is kept; anything else makes the platform deliver again. Who sends it is proved as the platform does it:
/// by a signature, or by a secret in a header. Any method is taken and handed to the channel.
#[utoipa::path(post, path = "/webhooks/{inbox_id}", tag = "webhooks", operation_id = "receive_webhook", security(()),
    params(("inbox_id" = String, Path,)),
    request_body(content = inline(FileBytes), content_type = "*/*", description = "Whatever the platform sends."),
    responses((status = 200, description = "Kept. The body is what the platform wants to hear.",
        body = inline(FileBytes), content_type = "*/*")),
    extensions(("x-any-query" = json!(true))))]
pub(crate) async fn receive_webhook(
    State(state): State<AppState>,
    Path(inbox): Path<InboxId>,
    from: ClientAddress,
    request: Request,
) -> Result<Response, Problem> {
    let account = state.engine.inboxes().account(inbox).await.map_err(refuse)?;
    if !account.inbox.enabled {
        return Err(Problem::not_found("inbox"));
    }
    let (request, _whole) = read(&state, from, request).await?;
    match state.engine.receive_webhook(inbox, request).await {
        Ok(reply) => Ok(respond(reply)),
        Err(error) => {
            if error.kind() == ErrorKind::Unauthenticated {
                tell_of(&state, inbox, from).await;
            }
            Err(refuse(error))
        }
    }
}

/// The request as the engine takes it, with the room that its body takes up for as long as it is at work.
async fn read(
    state: &AppState,
    from: ClientAddress,
    request: Request,
) -> Result<(WebhookRequest, Whole), Problem> {
    let (parts, body) = request.into_parts();
    let most = state.config.webhooks.max_bytes;
    let whole = state
        .bodies
        .read(&parts.headers, body, most, from.limit_key())
        .await?;
    let place = parts.uri.path_and_query();
    let place = place.map_or_else(|| parts.uri.path(), |place| place.as_str());
    let request = WebhookRequest::new(parts.method.as_str())
        .at(&state.base_url, place)
        .with_headers(texts(&parts.headers))
        .with_body(whole.bytes.clone());
    Ok((request, whole))
}

/// Takes what an app of a platform delivers, for however many of its accounts.
///
/// Each inbox of which it speaks proves it by its own secret and keeps what is its own. What is answered 2xx is kept; anything else
/// makes the platform deliver again, which changes nothing where it was kept. Any method is taken.
#[utoipa::path(post, path = "/webhooks/apps/{kind}/{app}", tag = "webhooks", operation_id = "receive_app_webhook", security(()),
    params(("kind" = String, Path,), ("app" = String, Path,)),
    request_body(content = inline(FileBytes), content_type = "*/*", description = "Whatever the platform sends."),
    responses((status = 200, description = "Kept. The body is what the platform wants to hear.",
        body = inline(FileBytes), content_type = "*/*")),
    extensions(("x-any-query" = json!(true))))]
pub(crate) async fn receive_app_webhook(
    State(state): State<AppState>,
    Path((kind, app)): Path<(String, String)>,
    from: ClientAddress,
    request: Request,
) -> Result<Response, Problem> {
    if !state.engine.has_app(&kind, &app).await.map_err(refuse)? {
        return Err(Problem::not_found("app"));
    }
    let (request, _whole) = read(&state, from, request).await?;
    match state.engine.receive_app_webhook(&kind, &app, request).await {
        Ok(reply) => Ok(respond(reply)),
        Err(error) => {
            if error.kind() == ErrorKind::Unauthenticated {
                let sighting = Sighting::new(Kind::WebhookRefused, from.limit_key());
                state.security.tell(sighting);
            }
            Err(refuse(error))
        }
    }
}

/// Answers a platform that asks whether an app's address is ours.
#[utoipa::path(get, path = "/webhooks/apps/{kind}/{app}", tag = "webhooks", operation_id = "confirm_app_webhook", security(()),
    params(("kind" = String, Path,), ("app" = String, Path,)),
    responses((status = 200, description = "What the platform wants to hear.",
        body = inline(FileBytes), content_type = "*/*")),
    extensions(("x-any-query" = json!(true))))]
pub(crate) async fn confirm_app_webhook(
    state: State<AppState>,
    path: Path<(String, String)>,
    from: ClientAddress,
    request: Request,
) -> Result<Response, Problem> {
    receive_app_webhook(state, path, from, request).await
}

/// Takes note of a webhook that no platform has signed.
async fn tell_of(state: &AppState, inbox: InboxId, from: ClientAddress) {
    let sighting = Sighting::new(Kind::WebhookRefused, from.limit_key());
    let owner = state.engine.inboxes().account(inbox).await;
    state.security.tell(match owner {
        Ok(account) => sighting.at(account.inbox.tenant, inbox),
        Err(_) => sighting,
    });
}

/// Answers a platform that asks whether the address is ours.
#[utoipa::path(get, path = "/webhooks/{inbox_id}", tag = "webhooks", operation_id = "confirm_webhook", security(()),
    params(("inbox_id" = String, Path,)),
    responses((status = 200, description = "What the platform wants to hear.",
        body = inline(FileBytes), content_type = "*/*")),
    extensions(("x-any-query" = json!(true))))]
pub(crate) async fn confirm_webhook(
    state: State<AppState>,
    inbox: Path<InboxId>,
    from: ClientAddress,
    request: Request,
) -> Result<Response, Problem> {
    receive_webhook(state, inbox, from, request).await
}

/// Headers whose values are text; names are in lower case already.
fn texts(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .iter()
        .filter_map(|(name, value)| {
            let value = std::str::from_utf8(value.as_bytes()).ok()?;
            Some((name.as_str().to_owned(), value.to_owned()))
        })
        .collect()
}

fn respond(reply: WebhookReply) -> Response {
    let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::OK);
    let mut response = (status, Body::from(reply.body)).into_response();
    if let Ok(content_type) = HeaderValue::try_from(reply.content_type) {
        response.headers_mut().insert(header::CONTENT_TYPE, content_type);
    }
    response
}

/// What a platform is told: mistakes of its own as they are; for everything else it is asked to come back, since platforms
/// take other statuses for final.
fn refuse(error: Error) -> Problem {
    match error.kind() {
        ErrorKind::Unauthenticated => {
            let mut problem = Problem::from(error);
            "This does not come from the platform".clone_into(&mut problem.title);
            problem
        }
        ErrorKind::NotFound
        | ErrorKind::Invalid
        | ErrorKind::Malformed
        | ErrorKind::TooLarge
        | ErrorKind::RateLimited => error.into(),
        kind => {
            tracing::error!(%error, code = kind.code(), "a webhook could not be made durable");
            let again = match error.retry() {
                Retry::After(wait) => wait,
                _ => RETRY,
            };
            let mut problem = Problem::new(ErrorKind::Unavailable, "not stored yet; deliver it again");
            problem.retry_after_ms = Some(u64::try_from(again.as_millis()).unwrap_or(u64::MAX));
            problem
        }
    }
}
