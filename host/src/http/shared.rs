//! Files at their signed addresses, see [`crate::links`].

use axum::Router;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use axum::routing::get;
use omnichat_core::id::{FileId, TenantId};

use super::files::{Caching, Download, FileBytes, serve};
use crate::app::AppState;
use crate::error::{ApiResult, Problem};
use crate::extract::Path;
use crate::middleware::refusals;

/// The route of shared files.
pub fn routes() -> Router<AppState> {
    Router::new().route(
        "/shared/{tenant}/{file}/{expires}/{seal}/{name}",
        get(download_shared),
    )
}

/// Reads a file at its signed address, which a platform was given. What a cache on the way adds as a query is left alone.
#[utoipa::path(get, path = "/shared/{tenant}/{file}/{expires}/{seal}/{name}", tag = "files", security(()),
    operation_id = "download_shared",
    params(("tenant" = String, Path,), ("file" = String, Path,), ("expires" = i64, Path, minimum = 0),
        ("seal" = String, Path,), ("name" = String, Path,)),
    responses((status = 200, description = "The bytes, as what they are", body = inline(FileBytes), content_type = "*/*"),
        (status = 206, description = "The stretch that was asked for", body = inline(FileBytes), content_type = "*/*"),
        (status = 304, description = "Not changed; a file never changes"),
        (status = 403, description = "The link is not valid any more", body = Problem,
            content_type = "application/problem+json"),
        (status = 416, description = "The stretch lies outside of the file", body = Problem,
            content_type = "application/problem+json")),
    extensions(("x-any-query" = json!(true))))]
pub(crate) async fn download_shared(
    State(state): State<AppState>,
    Path((tenant, file, expires, seal, _name)): Path<(TenantId, FileId, i64, String, String)>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let now = state.engine.now();
    if !state.shared_files.holds(tenant, file, expires, &seal, now) {
        let ours = state.shared_files.made(tenant, file, expires, &seal);
        return Ok(refusals::of_link(ours));
    }
    let file = state.engine.files().get_unchecked(tenant, file).await?;
    let download = Download::default();
    serve(&state.engine, &file, &headers, download, Caching::WithAddress).await
}
