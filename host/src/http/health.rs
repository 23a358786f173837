//! Whether the host lives and can work, for whoever restarts it or sends it traffic.

use axum::extract::State;
use omnichat_core::error::ErrorKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::AppState;
use crate::error::{ApiResult, Problem};
use crate::extract::Json;

/// It is so.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = HealthCheck)]
pub struct HealthAnswer {
    /// Always `true`; what is not so is a problem document.
    pub ok: bool,
}

/// Answers as long as the process does.
#[utoipa::path(get, path = "/health/live", tag = "status", operation_id = "get_live", security(()),
    responses((status = 200, body = HealthAnswer)))]
pub async fn get_live() -> Json<HealthAnswer> {
    Json(HealthAnswer { ok: true })
}

/// Answers 200 while the store can be reached and written to and the host is not going down, 503 otherwise.
#[utoipa::path(get, path = "/health/ready", tag = "status", operation_id = "get_ready", security(()),
    responses((status = 200, body = HealthAnswer)))]
pub async fn get_ready(State(state): State<AppState>) -> ApiResult<Json<HealthAnswer>> {
    if state.closing.is_cancelled() {
        return Err(Problem::new(ErrorKind::Unavailable, "the host is going down"));
    }
    let store = &state.engine.ports().store;
    match tokio::time::timeout(std::time::Duration::from_secs(5), store.ping()).await {
        Ok(Ok(())) => Ok(Json(HealthAnswer { ok: true })),
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready: the store does not answer");
            Err(Problem::new(
                ErrorKind::Unavailable,
                "the store cannot be reached",
            ))
        }
        Err(_) => Err(Problem::new(
            ErrorKind::Unavailable,
            "the store does not answer in time",
        )),
    }
}
