//! Colleagues.

use axum::extract::State;
use axum::http::StatusCode;
use omnichat_core::error::Result;
use omnichat_core::id::OperatorId;
use omnichat_core::operators::{NewOperator, Operator, OperatorPatch};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::AppState;
use crate::error::ApiResult;
use crate::extract::{CurrentActor, Json, Path};
use crate::views::operator::OperatorView;
use crate::views::page::ListView;
use crate::views::role::RoleView;

/// A new colleague.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct OperatorIn {
    /// The name that others see.
    name: String,
    /// The e-mail address to sign in with.
    email: String,
    /// Which role it has: that says what it may do. None that gives rights which the asker lacks.
    role: RoleView,
    /// How many open conversations it may have at once through routing.
    #[serde(default = "usual_capacity")]
    #[schema(default = 10)]
    capacity: u32,
}

const fn usual_capacity() -> u32 {
    10
}

/// A change of a colleague; what is absent stays.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct OperatorPatchIn {
    /// New name.
    name: Option<String>,
    /// New role.
    role: Option<RoleView>,
    /// New capacity.
    capacity: Option<u32>,
    /// Whether it may no longer sign in.
    disabled: Option<bool>,
    /// The version that the change is based on: 409 if it is no longer the stored one.
    version: Option<u64>,
}

/// A colleague with the link to set a password.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = Invitation)]
pub struct InvitationView {
    /// The colleague.
    pub operator: OperatorView,
    /// The link to send to it. Works once, for seven days, and not any more after a newer one, another role, another
    /// password or disabling.
    pub invite_url: String,
}

/// Every colleague, oldest first, disabled ones too.
#[utoipa::path(get, path = "/operators", tag = "operators", operation_id = "list_operators",
    responses((status = 200, body = ListView<OperatorView>)))]
pub async fn list_operators(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
) -> ApiResult<Json<ListView<OperatorView>>> {
    let operators = state.engine.operators().list(&actor).await?;
    let loads = state.engine.operators().loads(&actor).await?;
    let load = |id: OperatorId| loads.get(&id).copied().unwrap_or(0);
    Ok(Json(ListView::of(operators, |o| {
        OperatorView::of(&o, load(o.id), o.password_hash.is_none())
    })))
}

/// Adds a colleague. Send the link in the answer to it: with it a password is set.
#[utoipa::path(post, path = "/operators", tag = "operators", operation_id = "create_operator", request_body = OperatorIn,
    responses((status = 201, body = InvitationView)))]
pub async fn create_operator(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Json(body): Json<OperatorIn>,
) -> ApiResult<(StatusCode, Json<InvitationView>)> {
    let new = NewOperator {
        name: body.name,
        email: body.email,
        role: body.role.0,
        capacity: body.capacity,
        locale: None,
        password_hash: None,
    };
    let (operator, token) = state.engine.operators().create(&actor, new).await?;
    let invitation = invitation(&state, &operator, &token.unwrap_or_default()).await?;
    Ok((StatusCode::CREATED, Json(invitation)))
}

/// Changes a colleague.
#[utoipa::path(patch, path = "/operators/{id}", tag = "operators", operation_id = "update_operator",
    params(("id" = String, Path,)), request_body = OperatorPatchIn, responses((status = 200, body = OperatorView)))]
pub async fn update_operator(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<OperatorId>,
    Json(body): Json<OperatorPatchIn>,
) -> ApiResult<Json<OperatorView>> {
    let patch = OperatorPatch {
        name: body.name,
        role: body.role.map(|role| role.0),
        capacity: body.capacity,
        disabled: body.disabled,
        version: body.version,
        ..OperatorPatch::default()
    };
    let operator = state.engine.operators().update(&actor, id, patch).await?;
    state.auth.forget_seen();
    Ok(Json(view(&state, &operator).await?))
}

/// A new link for a colleague who has not accepted yet, or who has lost the password.
#[utoipa::path(post, path = "/operators/{id}/invite", tag = "operators", operation_id = "invite_operator",
    params(("id" = String, Path,)), responses((status = 200, body = InvitationView)))]
pub async fn invite_operator(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<OperatorId>,
) -> ApiResult<Json<InvitationView>> {
    let (operator, token) = state.engine.operators().invite(&actor, id).await?;
    Ok(Json(invitation(&state, &operator, &token).await?))
}

/// An operator with its load.
pub(super) async fn view(state: &AppState, operator: &Operator) -> Result<OperatorView> {
    let load = state.engine.operators().load(operator).await?;
    Ok(OperatorView::of(operator, load, operator.password_hash.is_none()))
}

async fn invitation(state: &AppState, operator: &Operator, token: &str) -> Result<InvitationView> {
    let invite_url = format!("{}/invite#{token}", state.base_url);
    Ok(InvitationView {
        operator: view(state, operator).await?,
        invite_url,
    })
}
