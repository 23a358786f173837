//! Webhooks that could not be understood.

use axum::extract::State;
use axum::http::StatusCode;
use omnichat_core::id::QuarantineId;

use crate::app::AppState;
use crate::error::ApiResult;
use crate::extract::{CurrentActor, Json, PageQuery, Path, Query};
use crate::views::page::PageView;
use crate::views::quarantine::{QuarantinedDetailView, QuarantinedView};

/// A page of webhooks in quarantine, newest first.
#[utoipa::path(get, path = "/quarantine", tag = "quarantine", operation_id = "list_quarantine", params(PageQuery),
    responses((status = 200, body = PageView<QuarantinedView>)))]
pub async fn list_quarantine(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Query(query): Query<PageQuery>,
) -> ApiResult<Json<PageView<QuarantinedView>>> {
    let (limit, after) = query.place()?;
    let found = state.engine.quarantine().list(&actor, limit, after).await?;
    Ok(Json(PageView::of_documents(found, |held| (&held).into())))
}

/// A webhook in quarantine, whole.
#[utoipa::path(get, path = "/quarantine/{id}", tag = "quarantine", operation_id = "get_quarantined",
    params(("id" = String, Path,)), responses((status = 200, body = QuarantinedDetailView)))]
pub async fn get_quarantined(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<QuarantineId>,
) -> ApiResult<Json<QuarantinedDetailView>> {
    Ok(Json((&state.engine.quarantine().get(&actor, id).await?).into()))
}

/// Tries again to understand a webhook.
#[utoipa::path(post, path = "/quarantine/{id}/replay", tag = "quarantine", operation_id = "replay_quarantined",
    params(("id" = String, Path,)), responses((status = 200, body = QuarantinedView)))]
pub async fn replay_quarantined(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<QuarantineId>,
) -> ApiResult<Json<QuarantinedView>> {
    Ok(Json((&state.engine.replay(&actor, id).await?).into()))
}

/// Throws a webhook away.
#[utoipa::path(delete, path = "/quarantine/{id}", tag = "quarantine", operation_id = "delete_quarantined",
    params(("id" = String, Path,)), responses((status = 204)))]
pub async fn delete_quarantined(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<QuarantineId>,
) -> ApiResult<StatusCode> {
    state.engine.quarantine().delete(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
