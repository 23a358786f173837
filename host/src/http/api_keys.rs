//! API keys: how programs come in.

use std::time::Duration;

use axum::extract::State;
use axum::http::StatusCode;
use omnichat_core::actor::Permissions;
use omnichat_core::api_keys::{ApiKeyPatch, ApiKeyShown, ApiKeyToken, NewApiKey};
use omnichat_core::id::{ApiKeyId, InboxId};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::app::AppState;
use crate::error::ApiResult;
use crate::extract::{CurrentActor, Json, Path};
use crate::views::Time;
use crate::views::api_key::{ApiKeyView, ApiKeyWithTokenView};
use crate::views::page::ListView;
use crate::views::permission::PermissionView;

/// For how long a replaced secret holds if nothing is said, in hours.
const OVERLAP_HOURS: u32 = 24;

/// A new API key.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct ApiKeyIn {
    /// The name under which the program will act, 1 to 100 characters.
    name: String,
    /// What it may do; each right must be one that the maker has.
    permissions: Vec<PermissionView>,
    /// The only inboxes that it reaches; every one if absent or empty.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    inbox_ids: Vec<InboxId>,
    /// When it ends: at most two years from now; in 90 days if absent.
    expires_at: Option<Time>,
}

/// A change of an API key; what is absent stays.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct ApiKeyPatchIn {
    /// New name.
    name: Option<String>,
    /// New rights, whole.
    permissions: Option<Vec<PermissionView>>,
    /// New inboxes, whole; empty for every one.
    #[schema(value_type = Option<Vec<String>>)]
    inbox_ids: Option<Vec<InboxId>>,
    /// New end, at most two years from now.
    expires_at: Option<Time>,
    /// The asker answers for it from now on: it may do what the asker may do, not what the operator before them might.
    #[serde(default)]
    take_over: bool,
    /// The version that the change is based on: 409 if it is no longer the stored one.
    version: Option<u64>,
}

/// How a key is renewed.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub struct RotateIn {
    /// For how many hours the secrets before the new one still hold, 0 to 168; 24 if absent.
    #[schema(minimum = 0, maximum = 168, default = 24)]
    overlap_hours: Option<u32>,
    /// The version that the change is based on: 409 if it is no longer the stored one.
    version: Option<u64>,
}

/// Every API key, oldest first. One that has ended or was revoked is listed for another 30 days.
#[utoipa::path(get, path = "/api-keys", tag = "api keys", operation_id = "list_api_keys",
    responses((status = 200, body = ListView<ApiKeyView>)))]
pub async fn list_api_keys(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
) -> ApiResult<Json<ListView<ApiKeyView>>> {
    let keys = state.engine.api_keys().list(&actor).await?;
    Ok(Json(ListView::of(&keys, ApiKeyView::from)))
}

/// Makes an API key. The answer is the only place where its text is ever shown.
#[utoipa::path(post, path = "/api-keys", tag = "api keys", operation_id = "create_api_key", request_body = ApiKeyIn,
    responses((status = 201, body = ApiKeyWithTokenView)))]
pub async fn create_api_key(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Json(body): Json<ApiKeyIn>,
) -> ApiResult<(StatusCode, Json<ApiKeyWithTokenView>)> {
    let new = NewApiKey {
        name: body.name,
        permissions: rights(&body.permissions),
        inboxes: body.inbox_ids,
        expires_at: body.expires_at.map(|at| at.0),
    };
    let made = state.engine.api_keys().create(&actor, new).await?;
    Ok((StatusCode::CREATED, Json(with_token(made))))
}

/// An API key. A program may look at its own without any right.
#[utoipa::path(get, path = "/api-keys/{id}", tag = "api keys", operation_id = "get_api_key",
    params(("id" = String, Path,)), responses((status = 200, body = ApiKeyView)))]
pub async fn get_api_key(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<ApiKeyId>,
) -> ApiResult<Json<ApiKeyView>> {
    let key = state.engine.api_keys().get(&actor, id).await?;
    Ok(Json((&key).into()))
}

/// Changes an API key. Its next request goes by what it may do then, and so do the sockets that it has open.
#[utoipa::path(patch, path = "/api-keys/{id}", tag = "api keys", operation_id = "update_api_key",
    params(("id" = String, Path,)), request_body = ApiKeyPatchIn, responses((status = 200, body = ApiKeyView)))]
pub async fn update_api_key(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<ApiKeyId>,
    Json(body): Json<ApiKeyPatchIn>,
) -> ApiResult<Json<ApiKeyView>> {
    let patch = ApiKeyPatch {
        name: body.name,
        permissions: body.permissions.as_deref().map(rights),
        inboxes: body.inbox_ids,
        expires_at: body.expires_at.map(|at| at.0),
        take_over: body.take_over,
        version: body.version,
    };
    let key = state.engine.api_keys().update(&actor, id, patch).await?;
    state.auth.forget_seen();
    Ok(Json((&key).into()))
}

/// Gives an API key another secret, shown this once. The secrets before it hold for the overlap.
#[utoipa::path(post, path = "/api-keys/{id}/rotate", tag = "api keys", operation_id = "rotate_api_key",
    params(("id" = String, Path,)), request_body = RotateIn, responses((status = 200, body = ApiKeyWithTokenView)))]
pub async fn rotate_api_key(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<ApiKeyId>,
    Json(body): Json<RotateIn>,
) -> ApiResult<Json<ApiKeyWithTokenView>> {
    let hours = body.overlap_hours.unwrap_or(OVERLAP_HOURS);
    let overlap = Duration::from_secs(u64::from(hours) * 3_600);
    let keys = state.engine.api_keys();
    let made = keys.rotate(&actor, id, overlap, body.version).await?;
    state.auth.forget_seen();
    Ok(Json(with_token(made)))
}

/// Revokes an API key for good, and ends the sockets that it has open.
#[utoipa::path(delete, path = "/api-keys/{id}", tag = "api keys", operation_id = "revoke_api_key",
    params(("id" = String, Path,)), responses((status = 204)))]
pub async fn revoke_api_key(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<ApiKeyId>,
) -> ApiResult<StatusCode> {
    state.engine.api_keys().revoke(&actor, id).await?;
    state.auth.forget_seen();
    Ok(StatusCode::NO_CONTENT)
}

fn rights(names: &[PermissionView]) -> Permissions {
    names.iter().map(|name| name.0.clone()).collect()
}

fn with_token((key, token): (ApiKeyShown, ApiKeyToken)) -> ApiKeyWithTokenView {
    ApiKeyWithTokenView {
        key: (&key).into(),
        token: token.expose().to_owned(),
    }
}
