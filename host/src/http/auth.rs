//! Signing in and out.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum_extra::extract::CookieJar;
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::id::TenantId;
use omnichat_core::operators::{Operator, OperatorPatch};
use omnichat_core::sessions;
use serde::Deserialize;
use url::Url;
use utoipa::ToSchema;

use super::me;
use crate::app::AppState;
use crate::auth::cookies::{self, Kept};
use crate::auth::password::Queue;
use crate::auth::{Caller, Refused, SignedIn};
use crate::error::ApiResult;
use crate::extract::{ClientAddress, CurrentActor, CurrentSession, Json, LimitKey};
use crate::security::{Kind, Sighting};
use crate::views::session::SessionView;

/// How the refresh token comes and goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Transport {
    /// As a cookie that no script can read. For browsers.
    #[default]
    Cookie,
    /// In the body. For programs.
    Body,
}

/// An e-mail address and a password.
#[derive(Clone, Deserialize, ToSchema)]
pub struct SignInIn {
    /// The e-mail address.
    email: String,
    /// The password.
    password: String,
    /// The organisation, where address and password are right in several. Without it those are answered with 422 and an entry
    /// on `organisation_id` for each: `code` is its id, `message` its name.
    #[schema(value_type = Option<String>)]
    organisation_id: Option<TenantId>,
    /// How the refresh token comes.
    #[serde(default)]
    transport: Transport,
}

/// What a session is renewed with, unless it is in the cookie.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct RefreshIn {
    /// The refresh token; then the new one comes in the body too.
    refresh_token: Option<String>,
}

/// A change of one's own password.
#[derive(Clone, Deserialize, ToSchema)]
pub struct PasswordIn {
    /// The password until now.
    current: String,
    /// The password from now on.
    new: String,
}

/// An invitation that is accepted.
#[derive(Clone, Deserialize, ToSchema)]
pub struct AcceptInviteIn {
    /// From the link, after the `#`.
    token: String,
    /// The name that others see, if it is to be another.
    name: Option<String>,
    /// The password from now on.
    password: String,
    /// How the refresh token comes.
    #[serde(default)]
    transport: Transport,
}

/// Signs in. After wrong passwords the next attempts get slow: they are held for some seconds, or answered with 429 and
/// when to come back. A browser from which the account was used before is slowed down by its own mistakes alone.
#[utoipa::path(post, path = "/auth/sign-in", tag = "sessions", operation_id = "sign_in", security(()),
    request_body = SignInIn, responses((status = 200, body = SessionView)))]
pub async fn sign_in(
    State(state): State<AppState>,
    from: ClientAddress,
    headers: HeaderMap,
    jar: CookieJar,
    Json(body): Json<SignInIn>,
) -> ApiResult<(CookieJar, Json<SessionView>)> {
    require_own_origin(&state, &headers)?;
    let caller = Caller {
        from: from.limit_key(),
        device: Kept::Device.read(&jar, state.config.server.is_https()),
    };
    let tried = state
        .auth
        .sign_in(&body.email, &body.password, body.organisation_id, caller)
        .await;
    let operator = match tried {
        Ok(operator) => operator,
        Err(refused) => {
            tell_of(&state, &refused, from.limit_key());
            return Err(Error::from(refused).into());
        }
    };
    let signed_in = state.auth.begin(operator, client(&headers)).await?;
    let jar = remember(&state, jar, &signed_in.operator);
    answer(&state, jar, signed_in, body.transport).await
}

/// Renews a session. The refresh token is replaced; for half a minute the one before is answered with the new one as well,
/// after that it ends the session.
#[utoipa::path(post, path = "/auth/refresh", tag = "sessions", operation_id = "refresh_session", security(()),
    request_body = RefreshIn, responses((status = 200, body = SessionView)))]
pub async fn refresh_session(
    State(state): State<AppState>,
    from: ClientAddress,
    headers: HeaderMap,
    jar: CookieJar,
    Json(body): Json<RefreshIn>,
) -> ApiResult<(CookieJar, Json<SessionView>)> {
    require_own_origin(&state, &headers)?;
    let cookie = Kept::Refresh.read(&jar, state.config.server.is_https());
    let transport = if body.refresh_token.is_some() {
        Transport::Body
    } else {
        Transport::Cookie
    };
    let over = || Error::new(ErrorKind::Unauthenticated, "nobody is signed in here");
    let token = body
        .refresh_token
        .as_deref()
        .or(cookie)
        .ok_or_else(over)?
        .to_owned();
    let renewed = state.auth.renew(&token, &from.ip.to_string()).await;
    if let Err(error) = &renewed
        && let Some(session) = error.context_value(sessions::REUSED)
    {
        // The session has ended: access tokens that are out must not outlive it.
        state.auth.forget_seen();
        let mut sighting = Sighting::new(Kind::RefreshReused, from.limit_key());
        session.clone_into(&mut sighting.target);
        state.security.tell(sighting);
    }
    answer(&state, jar, renewed?, transport).await
}

/// Ends this session.
#[utoipa::path(post, path = "/auth/sign-out", tag = "sessions", operation_id = "sign_out",
    responses((status = 204)))]
pub async fn sign_out(
    State(state): State<AppState>,
    CurrentSession(actor, session): CurrentSession,
    jar: CookieJar,
) -> ApiResult<(StatusCode, CookieJar)> {
    state.engine.sessions().end(&actor, session).await?;
    state.auth.forget_seen();
    Ok((
        StatusCode::NO_CONTENT,
        cookies::clear(jar, state.config.server.is_https()),
    ))
}

/// Ends every session of the operator, this one too.
#[utoipa::path(post, path = "/auth/sign-out-everywhere", tag = "sessions", operation_id = "sign_out_everywhere",
    responses((status = 204)))]
pub async fn sign_out_everywhere(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    jar: CookieJar,
) -> ApiResult<(StatusCode, CookieJar)> {
    let me = actor.require_operator()?;
    let operator = state.engine.operators().end_sessions(&actor, me).await?;
    state.auth.forget_seen();
    // Every device is forgotten with the sessions; this one was used just now.
    let jar = remember(&state, jar, &operator);
    Ok((
        StatusCode::NO_CONTENT,
        cookies::clear(jar, state.config.server.is_https()),
    ))
}

/// Changes one's own password, and ends every other session.
#[utoipa::path(post, path = "/auth/password", tag = "sessions", operation_id = "change_password",
    request_body = PasswordIn, responses((status = 204)))]
pub async fn change_password(
    State(state): State<AppState>,
    CurrentSession(actor, session): CurrentSession,
    from: ClientAddress,
    jar: CookieJar,
    Json(body): Json<PasswordIn>,
) -> ApiResult<(StatusCode, CookieJar)> {
    let me = actor.require_operator()?;
    let now = state.engine.now();
    let attempt = state.auth.limits().own_password(me, now).await?;
    let operator = state.engine.operators().get(&actor, me).await?;
    let passwords = state.auth.passwords();
    let hash = operator.password_hash.as_deref().unwrap_or_default();
    match passwords.verify(Queue::Known, &body.current, hash).await {
        Ok(true) => attempt.succeeded(),
        Ok(false) => {
            let mut sighting = Sighting::new(Kind::PasswordRefused, from.limit_key()).at(actor.tenant, me);
            sighting.actor = Some(actor);
            state.security.tell(sighting);
            return Err(Error::invalid_field("current", "wrong", "this is not your password").into());
        }
        Err(error) => {
            attempt.take_back();
            return Err(error.into());
        }
    }
    let hash = passwords.hash_new(&body.new, &operator.email, "new").await?;
    let patch = OperatorPatch {
        password_hash: Some(hash),
        replaced_hash: operator.password_hash,
        keep_session: Some(session),
        ..OperatorPatch::default()
    };
    let operator = state.engine.operators().update(&actor, me, patch).await?;
    state.auth.forget_seen();
    Ok((StatusCode::NO_CONTENT, remember(&state, jar, &operator)))
}

/// Accepts an invitation: sets the password and signs in. Every earlier session of the operator ends.
#[utoipa::path(post, path = "/auth/invite", tag = "sessions", operation_id = "accept_invite", security(()),
    request_body = AcceptInviteIn, responses((status = 200, body = SessionView)))]
pub async fn accept_invite(
    State(state): State<AppState>,
    from: ClientAddress,
    headers: HeaderMap,
    jar: CookieJar,
    Json(body): Json<AcceptInviteIn>,
) -> ApiResult<(CookieJar, Json<SessionView>)> {
    require_own_origin(&state, &headers)?;
    let now = state.engine.now();
    let limits = state.auth.limits();
    let attempt = limits.link("invitation", from.limit_key(), now).await?;
    let operators = state.engine.operators();
    let invited = match operators.invited(&body.token).await {
        Ok(invited) => invited,
        Err(error) if error.kind() == ErrorKind::Unauthenticated => {
            tell_of_invitation(&state, &body.token, from.limit_key()).await;
            return Err(error.into());
        }
        Err(error) => {
            attempt.take_back();
            return Err(error.into());
        }
    };
    attempt.succeeded();
    let hash = state
        .auth
        .passwords()
        .hash_new(&body.password, &invited.email, "password")
        .await?;
    let name = body
        .name
        .as_deref()
        .map(str::trim)
        .filter(|name| !name.is_empty());
    let operator = operators.accept_invitation(&body.token, name, hash).await?;
    state.auth.forget_seen();
    let signed_in = state.auth.begin(operator, client(&headers)).await?;
    let jar = remember(&state, jar, &signed_in.operator);
    answer(&state, jar, signed_in, body.transport).await
}

/// Takes note of a sign-in that was refused, in the audit log of those who have the address.
fn tell_of(state: &AppState, refused: &Refused, from: LimitKey) {
    match refused {
        Refused::Wrong(accounts) if accounts.is_empty() => {
            state.security.tell(Sighting::new(Kind::SignInRefused, from));
        }
        Refused::Wrong(accounts) => {
            for operator in accounts {
                let sighting = Sighting::new(Kind::SignInRefused, from);
                state.security.tell(sighting.at(operator.tenant, operator.id));
            }
        }
        Refused::Error(error) if error.kind() == ErrorKind::RateLimited => {
            state.security.tell(Sighting::new(Kind::SignInSlowed, from));
        }
        Refused::Error(_) => {}
    }
}

/// Takes note of a link that is no invitation, in the audit log of the organisation that it names, if there is one.
async fn tell_of_invitation(state: &AppState, token: &str, from: LimitKey) {
    let sighting = Sighting::new(Kind::InvitationRefused, from);
    let tenant = token
        .get(..32)
        .and_then(|tenant| uuid::Uuid::try_parse(tenant).ok())
        .map(TenantId::from_uuid);
    let sighting = match tenant {
        Some(tenant) if state.engine.tenants().get(tenant).await.is_ok() => sighting.at(tenant, ""),
        _ => sighting,
    };
    state.security.tell(sighting);
}

/// Has the browser remember that the operator has signed in there.
pub(super) fn remember(state: &AppState, jar: CookieJar, operator: &Operator) -> CookieJar {
    let secure = state.config.server.is_https();
    let now = state.engine.now();
    let before = Kept::Device.read(&jar, secure);
    let device = state.auth.limits().remember(before, operator, now);
    cookies::remember(jar, device, secure)
}

/// The session for its client, with cookies for a browser.
pub(super) async fn answer(
    state: &AppState,
    jar: CookieJar,
    signed_in: SignedIn,
    transport: Transport,
) -> ApiResult<(CookieJar, Json<SessionView>)> {
    let by_cookie = transport == Transport::Cookie;
    let me = me::view(state, &signed_in.operator).await?;
    let jar = if by_cookie {
        cookies::set(jar, &signed_in, state.config.server.is_https())
    } else {
        jar
    };
    let session = SessionView {
        access_token: signed_in.access,
        expires_in: signed_in.expires_in,
        me,
        refresh_token: (!by_cookie).then(|| signed_in.refresh.expose().to_owned()),
    };
    Ok((jar, Json(session)))
}

/// The program that asks, as it names itself.
pub(super) fn client(headers: &HeaderMap) -> &str {
    headers
        .get(header::USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or("unknown")
}

/// Refuses calls that another site's page makes in a browser. Browsers name the page's origin; programs name none.
pub(super) fn require_own_origin(state: &AppState, headers: &HeaderMap) -> Result<()> {
    let Some(origin) = headers.get(header::ORIGIN) else {
        return Ok(());
    };
    let origin = origin.to_str().unwrap_or_default();
    let own = state
        .base_url
        .parse::<Url>()
        .is_ok_and(|url| url.origin().ascii_serialization() == origin);
    let host = headers.get(header::HOST).and_then(|value| value.to_str().ok());
    let same_host = host.is_some_and(|host| {
        origin
            .split_once("://")
            .is_some_and(|(_, authority)| authority == host)
    });
    if own
        || same_host
        || state
            .config
            .server
            .cors_origins
            .iter()
            .any(|allowed| allowed == origin)
    {
        return Ok(());
    }
    Err(Error::forbidden("this call came from another site's page"))
}
