//! Whether the host lives and can work, for whoever restarts it or sends it traffic.

use axum::extract::State;
use omnichat_core::error::ErrorKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::app::AppState;
use crate::error::{ApiResult, Problem};
use crate::extract::Json;

/// It is so.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = HealthCheck)]
pub struct HealthAnswer {
    /// Always `true`; what is not so is a problem document.
    pub ok: bool,
    /// What will keep it from working before long, for people.
    #[serde(default)]
    pub warnings: Vec<String>,
}

/// Answers as long as the process does. A monitor may add any query against caches.
#[utoipa::path(get, path = "/health/live", tag = "status", operation_id = "get_live", security(()),
    responses((status = 200, body = HealthAnswer)), extensions(("x-any-query" = json!(true))))]
pub async fn get_live() -> Json<HealthAnswer> {
    Json(HealthAnswer {
        ok: true,
        warnings: Vec::new(),
    })
}

/// Answers 200 while the store can be reached and written to, every part of the host lives and it is not going down; 503 with
/// the reason otherwise. A monitor may add any query against caches.
#[utoipa::path(get, path = "/health/ready", tag = "status", operation_id = "get_ready", security(()),
    responses((status = 200, body = HealthAnswer)), extensions(("x-any-query" = json!(true))))]
pub async fn get_ready(State(state): State<AppState>) -> ApiResult<Json<HealthAnswer>> {
    if state.closing.is_cancelled() {
        return Err(Problem::new(ErrorKind::Unavailable, "the host is going down"));
    }
    if let Some(reason) = state.vital.reason() {
        return Err(Problem::new(
            ErrorKind::Unavailable,
            format!("the host cannot go on and is about to end: {reason}"),
        ));
    }
    match tokio::time::timeout(std::time::Duration::from_secs(5), state.engine.ping()).await {
        Ok(Ok(())) => Ok(Json(HealthAnswer {
            ok: true,
            warnings: warnings(&state).await,
        })),
        Ok(Err(error)) if error.kind() == ErrorKind::Internal => {
            tracing::error!(%error, "not ready: the store is broken");
            Err(Problem::new(ErrorKind::Unavailable, error.message()))
        }
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

/// What will keep the host from working before long.
pub(super) async fn warnings(state: &AppState) -> Vec<String> {
    match state.engine.files().room().await {
        Ok(Some(room)) if room < state.config.files.free_bytes_min => {
            let megabytes = room / 1_000_000;
            vec![format!(
                "the disk of the files is nearly full ({megabytes} MB are free): uploads are refused"
            )]
        }
        Ok(_) => Vec::new(),
        Err(error) => vec![error.message().to_owned()],
    }
}
