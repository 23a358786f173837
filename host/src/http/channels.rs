//! Kinds of channels.

use axum::extract::State;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::app::AppState;
use crate::error::ApiResult;
use crate::extract::{CurrentActor, Json, Path};
use crate::views::channel::ChannelKindView;
use crate::views::inbox::ConnectionTestView;
use crate::views::page::ListView;

/// Settings to be tried out.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct TrialIn {
    /// All settings, secrets included.
    #[schema(value_type = Object)]
    config: Value,
    /// Outgoing proxy: `http://…` or `socks5://…`.
    proxy_url: Option<String>,
}

/// The kinds of channels that an inbox can be of.
#[utoipa::path(get, path = "/channels", tag = "inboxes", operation_id = "list_channels",
    responses((status = 200, body = ListView<ChannelKindView>)))]
pub async fn list_channels(
    State(state): State<AppState>,
    _actor: CurrentActor,
) -> ApiResult<Json<ListView<ChannelKindView>>> {
    Ok(Json(ListView::of(
        state.engine.inboxes().kinds(),
        ChannelKindView::from,
    )))
}

/// Asks the platform whether settings work that are not stored.
#[utoipa::path(post, path = "/channels/{kind}/test", tag = "inboxes", operation_id = "test_channel",
    params(("kind" = String, Path,)), request_body = TrialIn, responses((status = 200, body = ConnectionTestView)))]
pub async fn test_channel(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(kind): Path<String>,
    Json(body): Json<TrialIn>,
) -> ApiResult<Json<ConnectionTestView>> {
    let proxy = body.proxy_url.as_deref();
    let verdict = state
        .engine
        .inboxes()
        .test_settings(&actor, &kind, &body.config, proxy)
        .await?;
    Ok(Json(verdict.into()))
}
