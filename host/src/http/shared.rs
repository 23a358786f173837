//! Files at their signed addresses, see [`crate::links`].

use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use omnichat_core::error::{Error, ErrorKind};
use omnichat_core::id::{FileId, TenantId};

use super::files::{Download, serve};
use crate::app::AppState;
use crate::error::ApiResult;
use crate::extract::Path;

/// The route of shared files.
pub fn routes() -> Router<AppState> {
    Router::new().route(
        "/shared/{tenant}/{file}/{expires}/{seal}/{name}",
        get(download_shared),
    )
}

/// `GET` and `HEAD`, for whoever has the address.
async fn download_shared(
    State(state): State<AppState>,
    Path((tenant, file, expires, seal, _name)): Path<(TenantId, FileId, i64, String, String)>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let now = state.engine.ports().now();
    if !state.shared_files.holds(tenant, file, expires, &seal, now) {
        return Err(Error::new(ErrorKind::Forbidden, "this link is not valid any more").into());
    }
    let file = state.engine.files().get_unchecked(tenant, file).await?;
    serve(&state.engine, &file, &headers, Download::default()).await
}
