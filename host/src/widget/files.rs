//! Files of visitors: uploaded before they are sent, read through signed links.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use omnichat_core::id::FileId;

use super::links::Signed;
use super::site::Site;
use super::visitor::Visitor;
use crate::app::AppState;
use crate::error::{ApiResult, Problem};
use crate::extract::{ClientAddress, Json, Path, Query};
use crate::http::files::{Caching, Download, FileBytes, Limits, UploadQuery, serve, upload};
use crate::middleware::refusals;
use crate::views::file::FileView;

/// Uploads a file of a visitor. The body is the file itself; `Content-Type` says what it is.
#[utoipa::path(post, path = "/widget/v1/{inbox_id}/files", tag = "widget", operation_id = "upload_visitor_file",
    security(("visitor_token" = [])), params(("inbox_id" = String, Path,), UploadQuery),
    request_body(content = inline(FileBytes), content_type = "application/octet-stream"),
    responses((status = 201, body = FileView)))]
pub(super) async fn upload_visitor_file(
    State(state): State<AppState>,
    visitor: Visitor,
    from: ClientAddress,
    Query(query): Query<UploadQuery>,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<(StatusCode, Json<FileView>)> {
    state
        .visitors
        .limits
        .upload(visitor.inbox(), visitor.chat(), from.limit_key())?;
    let most = visitor
        .site
        .config
        .max_file_bytes()
        .min(state.config.files.max_bytes);
    let config = &state.config.files;
    let limits = Limits {
        max_bytes: most,
        uploader: Some(config.visitor_quota()),
        shared: config.visitors_quota(),
    };
    let upload = upload(&state, query, &headers, body, limits).await?;
    let files = state.engine.files();
    let file = files
        .upload_for_customer(visitor.who.tenant(), &visitor.who.uploader(), upload)
        .await?;
    let url = state
        .visitors
        .links
        .sign(visitor.inbox(), file.id, state.engine.now());
    Ok((StatusCode::CREATED, Json(FileView::with_url(&file, url))))
}

/// Reads a file at its signed address, as messages name it.
#[utoipa::path(get, path = "/widget/v1/files/{file_id}", tag = "widget", operation_id = "download_visitor_file",
    security(()), params(("file_id" = String, Path,), Signed, Download),
    responses((status = 200, description = "The bytes, as what they are", body = inline(FileBytes), content_type = "*/*"),
        (status = 206, description = "The stretch that was asked for", body = inline(FileBytes), content_type = "*/*"),
        (status = 304, description = "Not changed; a file never changes"),
        (status = 403, description = "The link is not valid any more", body = Problem,
            content_type = "application/problem+json"),
        (status = 416, description = "The stretch lies outside of the file", body = Problem,
            content_type = "application/problem+json")))]
pub(super) async fn download_visitor_file(
    State(state): State<AppState>,
    Path(id): Path<FileId>,
    Query(signed): Query<Signed>,
    Query(download): Query<Download>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let links = &state.visitors.links;
    if !links.holds(id, &signed, state.engine.now()) {
        return Ok(refusals::of_link(links.made(id, &signed)));
    }
    let site = Site::open(&state.engine, signed.inbox).await?;
    let file = state.engine.files().get_unchecked(site.tenant(), id).await?;
    serve(&state.engine, &file, &headers, download, Caching::WithAddress).await
}
