//! Which rights there are.

use axum::extract::State;

use crate::app::AppState;
use crate::error::ApiResult;
use crate::extract::{CurrentActor, Json};
use crate::views::role::RightsView;

/// Every right that there is, and the built-in roles with theirs. Own roles are under `/roles`.
///
/// Whoever is signed in may ask, and every program with a key.
#[utoipa::path(get, path = "/rights", tag = "roles", operation_id = "list_rights",
    responses((status = 200, body = RightsView, example = json!({
        "rights": [
            { "name": "messages.send", "group": "messages" },
            { "name": "messages.note", "group": "messages" }
        ],
        "roles": [{ "role": "operator", "permissions": ["messages.send", "messages.note"] }]
    }))))]
pub async fn list_rights(
    State(state): State<AppState>,
    _signed_in: CurrentActor,
) -> ApiResult<Json<RightsView>> {
    Ok(Json(state.engine.rights().into()))
}
