//! Plugins of this host.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::routing::post;
use omnichat_core::error::ErrorKind;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::files::FileBytes;
use crate::app::AppState;
use crate::error::{ApiResult, Problem};
use crate::extract::{ClientAddress, CurrentActor, Json, Path, Query};
use crate::plugins::Upload;
use crate::views::page::ListView;
use crate::views::plugin::{PluginDetailView, PluginView};

/// The largest component, in bytes: that of the runtime.
const MOST: usize = 32 * 1_024 * 1_024;

/// What a component may be sent as.
const TYPES: [&[u8]; 2] = [b"application/wasm", b"application/octet-stream"];

/// The route whose body is no JSON.
pub fn routes() -> Router<AppState> {
    Router::new().route("/api/v1/plugins", post(install_plugin))
}

/// How a plugin is installed.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct InstallQuery {
    /// The text of its signature, `NAME.wasm.sig`.
    pub signature: Option<String>,
    /// Grant what it asks for; otherwise it waits for approval if it asks for more than it was granted before.
    pub approve: bool,
    /// It may be older than the version that runs.
    pub older: bool,
}

/// Which version is decided on.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct PluginDecisionIn {
    /// SHA-256 of its file in hex: what was looked at is what is decided on.
    pub digest: String,
}

/// Every plugin, by id.
#[utoipa::path(get, path = "/plugins", tag = "plugins", operation_id = "list_plugins",
    responses((status = 200, body = ListView<PluginView>)))]
pub async fn list_plugins(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
) -> ApiResult<Json<ListView<PluginView>>> {
    let plugins = state.plugins.list(&actor).await?;
    Ok(Json(ListView::of(plugins, |plugin| (&plugin).into())))
}

/// Installs a plugin, or another version of one. The body is the component.
#[utoipa::path(post, path = "/plugins", tag = "plugins", operation_id = "install_plugin", params(InstallQuery),
    request_body(content = inline(FileBytes), content_type = "application/wasm"),
    responses((status = 201, body = PluginView)))]
pub async fn install_plugin(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Query(query): Query<InstallQuery>,
    from: ClientAddress,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<(StatusCode, Json<PluginView>)> {
    // Before a byte of it is read.
    state.plugins.require(&actor).await?;
    let claimed = headers.get(header::CONTENT_TYPE).map(|value| value.as_bytes());
    if claimed.is_some_and(|claimed| !TYPES.contains(&claimed)) {
        let problem = "send the component itself as the body, as application/wasm";
        return Err(Problem::new(ErrorKind::UnsupportedMedia, problem));
    }
    let whole = state.bodies.read(&headers, body, MOST, from.limit_key()).await?;
    let upload = Upload {
        wasm: whole.bytes.clone(),
        signature: query.signature,
        approve: query.approve,
        older: query.older,
    };
    let plugin = state.plugins.install(&actor, upload).await?;
    Ok((StatusCode::CREATED, Json((&plugin).into())))
}

/// A plugin, whole.
#[utoipa::path(get, path = "/plugins/{id}", tag = "plugins", operation_id = "get_plugin",
    params(("id" = String, Path,)), responses((status = 200, body = PluginDetailView)))]
pub async fn get_plugin(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<String>,
) -> ApiResult<Json<PluginDetailView>> {
    Ok(Json((&state.plugins.get(&actor, &id).await?).into()))
}

/// Grants a version what it asks for and runs it; `conflict` if its file is another by now.
#[utoipa::path(post, path = "/plugins/{id}/approve", tag = "plugins", operation_id = "approve_plugin",
    params(("id" = String, Path,)), request_body = PluginDecisionIn, responses((status = 200, body = PluginView)))]
pub async fn approve_plugin(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<String>,
    Json(body): Json<PluginDecisionIn>,
) -> ApiResult<Json<PluginView>> {
    Ok(Json(
        (&state.plugins.approve(&actor, &id, body.digest).await?).into(),
    ))
}

/// Says no to a version that waits for approval; what runs goes on. `conflict` if its file is another by now.
#[utoipa::path(post, path = "/plugins/{id}/decline", tag = "plugins", operation_id = "decline_plugin",
    params(("id" = String, Path,)), request_body = PluginDecisionIn, responses((status = 200, body = PluginView)))]
pub async fn decline_plugin(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<String>,
    Json(body): Json<PluginDecisionIn>,
) -> ApiResult<Json<PluginView>> {
    Ok(Json(
        (&state.plugins.decline(&actor, &id, body.digest).await?).into(),
    ))
}

/// Switches a plugin on.
#[utoipa::path(post, path = "/plugins/{id}/enable", tag = "plugins", operation_id = "enable_plugin",
    params(("id" = String, Path,)), responses((status = 200, body = PluginView)))]
pub async fn enable_plugin(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<String>,
) -> ApiResult<Json<PluginView>> {
    Ok(Json(
        (&state.plugins.set_enabled(&actor, &id, true).await?).into(),
    ))
}

/// Switches a plugin off. Its inboxes take and send nothing until it is on again.
#[utoipa::path(post, path = "/plugins/{id}/disable", tag = "plugins", operation_id = "disable_plugin",
    params(("id" = String, Path,)), responses((status = 200, body = PluginView)))]
pub async fn disable_plugin(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<String>,
) -> ApiResult<Json<PluginView>> {
    Ok(Json(
        (&state.plugins.set_enabled(&actor, &id, false).await?).into(),
    ))
}

/// Brings back the version that ran before, with what was granted to it.
#[utoipa::path(post, path = "/plugins/{id}/rollback", tag = "plugins", operation_id = "roll_back_plugin",
    params(("id" = String, Path,)), responses((status = 200, body = PluginView)))]
pub async fn roll_back_plugin(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<String>,
) -> ApiResult<Json<PluginView>> {
    Ok(Json((&state.plugins.roll_back(&actor, &id).await?).into()))
}

/// Removes a plugin with all its versions. Its inboxes stay.
#[utoipa::path(delete, path = "/plugins/{id}", tag = "plugins", operation_id = "delete_plugin",
    params(("id" = String, Path,)), responses((status = 204)))]
pub async fn delete_plugin(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<String>,
) -> ApiResult<StatusCode> {
    state.plugins.remove(&actor, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
