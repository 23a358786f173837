//! Who asks.

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum_extra::extract::CookieJar;
use omnichat_core::actor::Actor;
use omnichat_core::error::{Error, ErrorKind};
use omnichat_core::id::SessionId;

use crate::app::AppState;
use crate::auth::cookies::Kept;
use crate::error::Problem;
use crate::middleware::refusals;

/// The operator whose access token, or the program whose API key, came as `Authorization: Bearer`, and the operator's
/// session. 401 without a valid one.
#[derive(Clone, Debug)]
pub struct CurrentActor(pub Actor, pub Option<SessionId>);

impl FromRequestParts<AppState> for CurrentActor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let token = bearer(parts).ok_or_else(|| missing("send an access token as Authorization: Bearer"))?;
        let admitted = state.auth.admit(token).await?;
        refusals::note(parts, &admitted.actor);
        Ok(Self(admitted.actor, admitted.grant.session()))
    }
}

/// As [`CurrentActor`], for what only makes sense within a session: 403 for a program.
#[derive(Clone, Debug)]
pub struct CurrentSession(pub Actor, pub SessionId);

impl FromRequestParts<AppState> for CurrentSession {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let CurrentActor(actor, session) = CurrentActor::from_request_parts(parts, state).await?;
        let session = session.ok_or_else(|| Error::forbidden("an API key has no session"))?;
        Ok(Self(actor, session))
    }
}

/// As [`CurrentActor`], but the access cookie will do: a browser sends no header with `<img src>`. For reading files only.
#[derive(Clone, Debug)]
pub struct BearerOrCookie(pub Actor);

impl FromRequestParts<AppState> for BearerOrCookie {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let jar = CookieJar::from_headers(&parts.headers);
        let cookie = Kept::Access.read(&jar, state.config.server.is_https());
        let token = bearer(parts).or(cookie).ok_or_else(|| missing("sign in"))?;
        let actor = state.auth.admit(token).await?.actor;
        refusals::note(parts, &actor);
        Ok(Self(actor))
    }
}

fn bearer(parts: &Parts) -> Option<&str> {
    let value = parts.headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn missing(how: &str) -> Error {
    Error::new(ErrorKind::Unauthenticated, how)
}
