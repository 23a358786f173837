//! The first start.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum_extra::extract::CookieJar;
use omnichat_core::actor::Role;
use omnichat_core::operators::NewOperator;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::auth::{self, Transport};
use crate::app::AppState;
use crate::auth::setup::Setup;
use crate::error::ApiResult;
use crate::extract::{ClientAddress, Json};
use crate::security::{Kind, Sighting};
use crate::views::operator::Locale;
use crate::views::session::SessionView;

/// Whether the first administrator is still to be made.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = SetupState)]
pub struct SetupStateView {
    /// Open the link that the host printed.
    pub needed: bool,
}

/// The first organisation and its owner.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct SetupIn {
    /// From the link that the host printed, after the `#`.
    token: String,
    /// The name of the organisation.
    organisation: String,
    /// The owner's name.
    name: String,
    /// The owner's e-mail address to sign in with.
    email: String,
    /// The owner's password.
    password: String,
    /// The language of the owner's console.
    locale: Option<Locale>,
    /// How the refresh token comes.
    #[serde(default)]
    transport: Transport,
}

/// Whether the first administrator is still to be made.
#[utoipa::path(get, path = "/setup", tag = "sessions", operation_id = "get_setup", security(()),
    responses((status = 200, body = SetupStateView)))]
pub async fn get_setup(State(state): State<AppState>) -> ApiResult<Json<SetupStateView>> {
    Ok(Json(SetupStateView {
        needed: Setup::is_needed(&state.engine).await?,
    }))
}

/// Makes the first organisation with its owner, who is signed in at once. Works once, with the link that the host printed.
#[utoipa::path(post, path = "/setup", tag = "sessions", operation_id = "create_setup", security(()),
    request_body = SetupIn, responses((status = 201, body = SessionView)))]
pub async fn create_setup(
    State(state): State<AppState>,
    from: ClientAddress,
    headers: HeaderMap,
    jar: CookieJar,
    Json(body): Json<SetupIn>,
) -> ApiResult<(StatusCode, CookieJar, Json<SessionView>)> {
    auth::require_own_origin(&state, &headers)?;
    let now = state.engine.now();
    let limits = state.auth.limits();
    let attempt = limits.link("setup", from.limit_key(), now).await?;
    state.setup.check(&body.token).inspect_err(|_| {
        let sighting = Sighting::new(Kind::SetupRefused, from.limit_key());
        state.security.tell(sighting);
    })?;
    attempt.succeeded();
    let hash = state
        .auth
        .passwords()
        .hash_new(&body.password, &body.email, "password")
        .await?;
    let owner = NewOperator {
        name: body.name,
        email: body.email,
        role: Role::Owner.into(),
        capacity: 10,
        locale: body.locale.map(|locale| locale.name().to_owned()),
        password_hash: Some(hash),
    };
    let (_, operator) = state
        .setup
        .complete(&state.engine, &body.token, &body.organisation, owner)
        .await?;
    let signed_in = state.auth.begin(operator, auth::client(&headers)).await?;
    let jar = auth::remember(&state, jar, &signed_in.operator);
    let (jar, session) = auth::answer(&state, jar, signed_in, body.transport).await?;
    Ok((StatusCode::CREATED, jar, session))
}
