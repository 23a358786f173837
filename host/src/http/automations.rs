//! Automations: scenarios that answer customers, and tools.

use axum::extract::State;
use axum::http::StatusCode;
use omnichat_core::actor::Permission;
use omnichat_core::automations::{Automation, AutomationPatch, NewAutomation};
use omnichat_core::entities::Stored;
use omnichat_core::id::{AutomationId, TenantId};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::app::AppState;
use crate::error::ApiResult;
use crate::extract::{CurrentActor, Json, Path};
use crate::views::automation::{AutomationKindView, AutomationView};
use crate::views::page::ListView;

/// A new automation.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct AutomationIn {
    /// The kind: a plugin's id.
    kind: String,
    /// The name that operators see; a scenario's customers see it too.
    title: String,
    /// All settings by the kind's schema, secrets included.
    #[serde(default = "no_settings")]
    #[schema(value_type = Object)]
    config: Value,
}

fn no_settings() -> Value {
    Value::Object(serde_json::Map::new())
}

/// A change of an automation; what is absent stays.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub struct AutomationPatchIn {
    /// New name.
    title: Option<String>,
    /// On or off.
    enabled: Option<bool>,
    /// New settings, whole. A secret given as `{"set": true}` stays as it is.
    #[schema(value_type = Option<Object>)]
    config: Option<Value>,
    /// The version that the change is based on: 409 if it is no longer the stored one.
    version: Option<u64>,
}

/// The kinds of automations that can be set up: those of the plugins that run.
#[utoipa::path(get, path = "/automations/kinds", tag = "automations", operation_id = "list_automation_kinds",
    responses((status = 200, body = ListView<AutomationKindView>)))]
pub async fn list_automation_kinds(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
) -> ApiResult<Json<ListView<AutomationKindView>>> {
    actor.require(Permission::AUTOMATIONS_MANAGE)?;
    let kinds = state.engine.automations().kinds();
    Ok(Json(ListView::of(kinds, |kind| AutomationKindView::from(&*kind))))
}

/// Every automation that is set up, oldest first.
#[utoipa::path(get, path = "/automations", tag = "automations", operation_id = "list_automations",
    responses((status = 200, body = ListView<AutomationView>)))]
pub async fn list_automations(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
) -> ApiResult<Json<ListView<AutomationView>>> {
    let listed = state.engine.automations().list(&actor).await?;
    let mut views = Vec::with_capacity(listed.items.len());
    for automation in &listed.items {
        views.push(view(&state, actor.tenant, automation).await);
    }
    Ok(Json(ListView {
        items: views,
        damaged: listed.damaged.iter().map(ToString::to_string).collect(),
    }))
}

/// Sets an automation up. Settings that cannot work are refused with the fields that are wrong.
#[utoipa::path(post, path = "/automations", tag = "automations", operation_id = "create_automation",
    request_body = AutomationIn, responses((status = 201, body = AutomationView)))]
pub async fn create_automation(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Json(body): Json<AutomationIn>,
) -> ApiResult<(StatusCode, Json<AutomationView>)> {
    let new = NewAutomation {
        kind: body.kind,
        title: body.title,
        config: body.config,
    };
    let automation = state.engine.automations().create(&actor, new).await?;
    Ok((
        StatusCode::CREATED,
        Json(view(&state, actor.tenant, &automation).await),
    ))
}

/// An automation.
#[utoipa::path(get, path = "/automations/{id}", tag = "automations", operation_id = "get_automation",
    params(("id" = String, Path,)), responses((status = 200, body = AutomationView)))]
pub async fn get_automation(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<AutomationId>,
) -> ApiResult<Json<AutomationView>> {
    let automation = state.engine.automations().get(&actor, id).await?;
    Ok(Json(view(&state, actor.tenant, &automation).await))
}

/// Changes an automation. Conversations in the middle of a scenario go on with the new settings.
#[utoipa::path(patch, path = "/automations/{id}", tag = "automations", operation_id = "update_automation",
    params(("id" = String, Path,)), request_body = AutomationPatchIn,
    responses((status = 200, body = AutomationView)))]
pub async fn update_automation(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<AutomationId>,
    Json(body): Json<AutomationPatchIn>,
) -> ApiResult<Json<AutomationView>> {
    let patch = AutomationPatch {
        title: body.title,
        enabled: body.enabled,
        config: body.config,
        version: body.version,
    };
    let automation = state.engine.automations().update(&actor, id, patch).await?;
    Ok(Json(view(&state, actor.tenant, &automation).await))
}

/// Removes an automation. Refused as long as an inbox has the scenario answer.
#[utoipa::path(delete, path = "/automations/{id}", tag = "automations", operation_id = "delete_automation",
    params(("id" = String, Path,)), responses((status = 204)))]
pub async fn delete_automation(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<AutomationId>,
) -> ApiResult<StatusCode> {
    state.engine.automations().delete(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn view(state: &AppState, tenant: TenantId, automation: &Stored<Automation>) -> AutomationView {
    let tools = state.engine.automations().tools(tenant, automation.id).await;
    AutomationView::of(automation, tools)
}
