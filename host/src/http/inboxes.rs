//! Inboxes: configured channel accounts.

use axum::extract::State;
use axum::http::StatusCode;
use omnichat_core::error::{Error, ErrorKind};
use omnichat_core::id::{AutomationId, InboxId};
use omnichat_core::inboxes::{Inbox, InboxPatch, NewInbox};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::app::AppState;
use crate::error::ApiResult;
use crate::extract::{CurrentActor, Json, Path, present};
use crate::views::inbox::{ConnectionTestView, InboxView, RoutingStrategy};
use crate::views::page::ListView;

/// A new inbox.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct InboxIn {
    /// The channel: `telegram`, `widget`, …
    kind: String,
    /// The name that operators see.
    title: String,
    /// All settings by the channel's schema, secrets included.
    #[serde(default = "no_settings")]
    #[schema(value_type = Object)]
    config: Value,
    /// The scenario that answers its new conversations first; people do if absent.
    #[schema(value_type = Option<String>)]
    scenario: Option<AutomationId>,
    /// How its conversations find an operator; `least_loaded` if absent.
    routing: Option<RoutingStrategy>,
    /// Outgoing proxy: `http://…` or `socks5://…`.
    proxy_url: Option<String>,
}

fn no_settings() -> Value {
    Value::Object(serde_json::Map::new())
}

/// A change of an inbox; what is absent stays.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct InboxPatchIn {
    /// New title.
    title: Option<String>,
    /// On or off.
    enabled: Option<bool>,
    /// New settings, whole. A secret given as `{"set": true}` stays as it is.
    #[schema(value_type = Option<Object>)]
    config: Option<Value>,
    /// Another scenario; `null` has people answer from the first word.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    scenario: Option<Option<AutomationId>>,
    /// New strategy.
    routing: Option<RoutingStrategy>,
    /// New proxy; `null` removes it.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    proxy_url: Option<Option<String>>,
    /// The version that the change is based on: 409 if it is no longer the stored one.
    version: Option<u64>,
}

/// Every inbox, oldest first.
#[utoipa::path(get, path = "/inboxes", tag = "inboxes", operation_id = "list_inboxes",
    responses((status = 200, body = ListView<InboxView>)))]
pub async fn list_inboxes(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
) -> ApiResult<Json<ListView<InboxView>>> {
    let inboxes = state.engine.inboxes().list(&actor).await?;
    let mut views = Vec::with_capacity(inboxes.len());
    for inbox in &inboxes {
        views.push(view(&state, inbox).await);
    }
    Ok(Json(ListView::of(views, |view| view)))
}

/// Adds an inbox. Settings that cannot work are refused with the fields that are wrong.
#[utoipa::path(post, path = "/inboxes", tag = "inboxes", operation_id = "create_inbox", request_body = InboxIn,
    responses((status = 201, body = InboxView)))]
pub async fn create_inbox(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Json(body): Json<InboxIn>,
) -> ApiResult<(StatusCode, Json<InboxView>)> {
    let new = NewInbox {
        kind: body.kind,
        title: body.title,
        config: body.config,
        scenario: body.scenario,
        routing: body.routing.map(Into::into).unwrap_or_default(),
        proxy_url: body.proxy_url,
    };
    let inbox = state.engine.inboxes().create(&actor, new).await?;
    Ok((StatusCode::CREATED, Json(view(&state, &inbox).await)))
}

/// An inbox.
#[utoipa::path(get, path = "/inboxes/{id}", tag = "inboxes", operation_id = "get_inbox", params(("id" = String, Path,)),
    responses((status = 200, body = InboxView)))]
pub async fn get_inbox(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<InboxId>,
) -> ApiResult<Json<InboxView>> {
    let inbox = state.engine.inboxes().get(&actor, id).await?;
    Ok(Json(view(&state, &inbox).await))
}

/// Changes an inbox.
#[utoipa::path(patch, path = "/inboxes/{id}", tag = "inboxes", operation_id = "update_inbox",
    params(("id" = String, Path,)), request_body = InboxPatchIn, responses((status = 200, body = InboxView)))]
pub async fn update_inbox(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<InboxId>,
    Json(body): Json<InboxPatchIn>,
) -> ApiResult<Json<InboxView>> {
    let patch = InboxPatch {
        title: body.title,
        enabled: body.enabled,
        config: body.config,
        scenario: body.scenario,
        routing: body.routing.map(Into::into),
        proxy_url: body.proxy_url,
        version: body.version,
    };
    let inbox = state.engine.inboxes().update(&actor, id, patch).await?;
    Ok(Json(view(&state, &inbox).await))
}

/// Removes an inbox. Its conversations stay and can be read.
#[utoipa::path(delete, path = "/inboxes/{id}", tag = "inboxes", operation_id = "delete_inbox",
    params(("id" = String, Path,)), responses((status = 204)))]
pub async fn delete_inbox(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<InboxId>,
) -> ApiResult<StatusCode> {
    state.engine.inboxes().delete(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Asks the platform whether an inbox works, and keeps what it said as the inbox's health.
#[utoipa::path(post, path = "/inboxes/{id}/test", tag = "inboxes", operation_id = "test_inbox",
    params(("id" = String, Path,)), responses((status = 200, body = ConnectionTestView)))]
pub async fn test_inbox(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<InboxId>,
) -> ApiResult<Json<ConnectionTestView>> {
    Ok(Json(state.engine.inboxes().test(&actor, id).await?.into()))
}

/// Registers this host's webhook with the platform.
#[utoipa::path(post, path = "/inboxes/{id}/webhook", tag = "inboxes", operation_id = "register_webhook",
    params(("id" = String, Path,)), responses((status = 200, body = InboxView)))]
pub async fn register_webhook(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<InboxId>,
) -> ApiResult<Json<InboxView>> {
    let inbox = state
        .engine
        .inboxes()
        .register_webhook(&actor, id, &state.base_url)
        .await?;
    Ok(Json(view(&state, &inbox).await))
}

/// Removes the webhook from the platform; where the channel can, news are asked for from then on.
#[utoipa::path(delete, path = "/inboxes/{id}/webhook", tag = "inboxes", operation_id = "remove_webhook",
    params(("id" = String, Path,)), responses((status = 200, body = InboxView)))]
pub async fn remove_webhook(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<InboxId>,
) -> ApiResult<Json<InboxView>> {
    let inbox = state.engine.inboxes().remove_webhook(&actor, id).await?;
    Ok(Json(view(&state, &inbox).await))
}

/// Ends the tokens of every visitor of a website widget, and the chats that they have open. Whoever comes back is a stranger,
/// or is proved anew by the site; conversations stay.
#[utoipa::path(post, path = "/inboxes/{id}/sign-out-visitors", tag = "inboxes", operation_id = "sign_out_visitors",
    params(("id" = String, Path,)), responses((status = 200, body = InboxView)))]
pub async fn sign_out_visitors(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<InboxId>,
) -> ApiResult<Json<InboxView>> {
    let inboxes = state.engine.inboxes();
    if inboxes.get(&actor, id).await?.kind != omnichat_channels::widget::KIND {
        return Err(Error::new(ErrorKind::Rejected, "only a website widget has visitors").into());
    }
    let inbox = inboxes.sign_out_visitors(&actor, id).await?;
    Ok(Json(view(&state, &inbox).await))
}

async fn view(state: &AppState, inbox: &Inbox) -> InboxView {
    InboxView::of(&state.engine, inbox).await
}
