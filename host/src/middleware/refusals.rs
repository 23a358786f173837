//! Takes note of every answer 403: who asked for what they may not have, see [`crate::security`].

use std::sync::{Arc, OnceLock};

use axum::extract::{MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use omnichat_core::actor::Actor;
use omnichat_core::error::Error;

use crate::app::AppState;
use crate::error::Problem;
use crate::extract::ClientAddress;
use crate::security::{Kind, Sighting};

/// Who asks, once that is known.
#[derive(Clone, Debug, Default)]
struct Asking(Arc<OnceLock<Actor>>);

/// In an answer: nobody tried anything.
#[derive(Clone, Copy, Debug)]
struct NoAlarm;

/// The answer to a signed link that does not hold. One of ours that has run out is no alarm: a page that has been open for long
/// still shows it.
pub fn of_link(ran_out: bool) -> Response {
    let error = Error::forbidden("this link is not valid any more");
    let mut response = Problem::from(error).into_response();
    if ran_out {
        response.extensions_mut().insert(NoAlarm);
    }
    response
}

/// Says who asks.
pub fn note(parts: &Parts, actor: &Actor) {
    if let Some(asking) = parts.extensions.get::<Asking>() {
        let _ = asking.0.set(actor.clone());
    }
}

/// Takes note of the answer.
pub async fn layer(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let asking = Asking::default();
    request.extensions_mut().insert(asking.clone());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let from = ClientAddress::of(request.extensions(), request.headers(), &state.config.server);
    let response = next.run(request).await;
    if response.status() == StatusCode::FORBIDDEN && response.extensions().get::<NoAlarm>().is_none() {
        let mut sighting = Sighting::new(Kind::AccessRefused, from.limit_key());
        if let Some(actor) = asking.0.get() {
            let target = actor.operator_id().map(|id| id.to_string());
            sighting.target = target.unwrap_or_default();
            sighting.actor = Some(actor.clone());
        }
        let route = route.as_ref().map_or("none", MatchedPath::as_str);
        sighting.about = vec![("method", method.to_string()), ("route", route.to_owned())];
        state.security.tell(sighting);
    }
    response
}
