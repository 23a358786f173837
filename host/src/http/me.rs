//! Oneself.

use axum::extract::State;
use omnichat_core::error::Result;
use omnichat_core::operators::{Operator, OperatorPatch};
use serde::Deserialize;
use utoipa::ToSchema;

use super::operators;
use crate::app::AppState;
use crate::error::ApiResult;
use crate::extract::{CurrentActor, Json};
use crate::views::operator::{Locale, OperatorStatus, OperatorView};
use crate::views::permission::PermissionView;
use crate::views::session::MeView;

/// A change of oneself; what is absent stays.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct MePatchIn {
    /// The name that others see.
    name: Option<String>,
    /// The language of the console.
    locale: Option<Locale>,
}

/// Whether one takes conversations.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub struct StatusIn {
    /// The status from now on.
    status: OperatorStatus,
}

/// Who is signed in and what it may do.
#[utoipa::path(get, path = "/me", tag = "me", operation_id = "get_me", responses((status = 200, body = MeView)))]
pub async fn get_me(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
) -> ApiResult<Json<MeView>> {
    let operator = state
        .engine
        .operators()
        .get(&actor, actor.require_operator()?)
        .await?;
    Ok(Json(view(&state, &operator).await?))
}

/// Changes one's own name and language.
#[utoipa::path(patch, path = "/me", tag = "me", operation_id = "update_me", request_body = MePatchIn,
    responses((status = 200, body = MeView)))]
pub async fn update_me(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Json(body): Json<MePatchIn>,
) -> ApiResult<Json<MeView>> {
    let locale = body.locale.map(|locale| Some(locale.name().to_owned()));
    let patch = OperatorPatch {
        name: body.name,
        locale,
        ..OperatorPatch::default()
    };
    let operator = state
        .engine
        .operators()
        .update(&actor, actor.require_operator()?, patch)
        .await?;
    Ok(Json(view(&state, &operator).await?))
}

/// Goes online, on a break or offline. Who is not online is given no conversations.
#[utoipa::path(put, path = "/me/status", tag = "me", operation_id = "set_my_status", request_body = StatusIn,
    responses((status = 200, body = OperatorView)))]
pub async fn set_my_status(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Json(body): Json<StatusIn>,
) -> ApiResult<Json<OperatorView>> {
    let me = actor.require_operator()?;
    let operator = state
        .engine
        .operators()
        .set_status(&actor, me, body.status.into())
        .await?;
    Ok(Json(operators::view(&state, &operator).await?))
}

/// An operator as one who is signed in.
pub(super) async fn view(state: &AppState, operator: &Operator) -> Result<MeView> {
    let tenant = state.engine.tenants().get(operator.tenant).await?;
    let actor = state.engine.operators().actor(operator).await?;
    let role_name = state.engine.operators().role_name(operator).await?;
    Ok(MeView {
        operator: operators::view(state, operator).await?,
        tenant: (&tenant).into(),
        permissions: PermissionView::given(state.engine.rights(), &actor.permissions),
        role_name,
        public_url: state
            .config
            .server
            .public_url
            .as_ref()
            .map(|url| url.as_str().trim_end_matches('/').to_owned()),
    })
}
