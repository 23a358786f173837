//! The audit log.

use axum::extract::State;
use omnichat_core::id::AuditId;

use crate::app::AppState;
use crate::error::ApiResult;
use crate::extract::{CurrentActor, Json, PageQuery, Query};
use crate::views::audit::AuditEntryView;
use crate::views::page::PageView;

/// A page of the audit log, newest first.
#[utoipa::path(get, path = "/audit", tag = "audit", operation_id = "list_audit", params(PageQuery),
    responses((status = 200, body = PageView<AuditEntryView>)))]
pub async fn list_audit(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Query(query): Query<PageQuery>,
) -> ApiResult<Json<PageView<AuditEntryView>>> {
    let found = state.engine.audit().list(&actor, query.request()?).await?;
    Ok(Json(PageView::of(found, AuditId::from_uuid, |entry| {
        (&entry).into()
    })))
}
