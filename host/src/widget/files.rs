//! Files of visitors: uploaded before they are sent, read through signed links.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use omnichat_core::error::{Error, ErrorKind};
use omnichat_core::id::FileId;

use super::links::Signed;
use super::site::Site;
use super::visitor::Visitor;
use crate::app::AppState;
use crate::error::ApiResult;
use crate::extract::{ClientAddress, Json, Path, Query};
use crate::http::files::{Download, UploadQuery, serve, upload};
use crate::views::file::FileView;

/// `POST /files?name=`
pub(super) async fn upload_file(
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
        .upload(visitor.inbox(), visitor.peer(), from.ip)?;
    let most = visitor
        .site
        .config
        .max_file_bytes()
        .min(state.config.files.max_bytes);
    let upload = upload(&state, query, &headers, body, most)?;
    let files = state.engine.files();
    let file = files
        .upload_for_customer(visitor.site.tenant(), None, &visitor.uploader(), None, upload)
        .await?;
    let url = state
        .visitors
        .links
        .sign(visitor.inbox(), file.id, state.engine.ports().now());
    Ok((StatusCode::CREATED, Json(FileView::with_url(&file, url))))
}

/// `GET /widget/v1/files/{id}?inbox=&expires=&sig=`
pub(super) async fn download_file(
    State(state): State<AppState>,
    Path(id): Path<FileId>,
    Query(signed): Query<Signed>,
    Query(download): Query<Download>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    if !state
        .visitors
        .links
        .holds(id, &signed, state.engine.ports().now())
    {
        return Err(Error::new(ErrorKind::Forbidden, "this link is not valid any more").into());
    }
    let site = Site::open(&state.engine, signed.inbox).await?;
    let file = state.engine.files().get_unchecked(site.tenant(), id).await?;
    serve(&state.engine, &file, &headers, download).await
}
