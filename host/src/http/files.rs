//! Uploading and reading files.
//!
//! Bytes pass through and are never whole in memory. What browsers could run is never served as what it is: only pictures,
//! films and sound are shown in place, everything else is downloaded, and nothing may run scripts.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures::StreamExt;
use omnichat_core::Engine;
use omnichat_core::error::{Error, ErrorKind};
use omnichat_core::files::{File, Quota, Upload, mime_type};
use omnichat_core::id::FileId;
use omnichat_core::store::blob::ByteRange;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::ranges::{Wanted, wanted};
use crate::app::AppState;
use crate::error::{ApiResult, Problem};
use crate::extract::{BearerOrCookie, CurrentActor, Json, Path, Query};
use crate::views::file::FileView;

/// Types that are shown in place; all others are downloaded.
const SHOWN: [&str; 14] = [
    "image/png",
    "image/jpeg",
    "image/gif",
    "image/webp",
    "image/avif",
    "video/mp4",
    "video/webm",
    "video/ogg",
    "audio/mpeg",
    "audio/mp4",
    "audio/ogg",
    "audio/webm",
    "audio/x-m4a",
    "audio/wav",
];

/// The routes of operators' files.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/api/v1/files", post(upload_file))
        .route("/api/v1/files/{file_id}", get(download_file))
}

/// How an uploaded file is called.
#[derive(Clone, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct UploadQuery {
    /// The file's name.
    #[serde(default)]
    #[param(required = false)]
    pub name: String,
}

/// How a file is to be read.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Download {
    /// `1` to have it saved rather than shown.
    pub download: Option<u8>,
}

// For the document only: handlers stream.
/// The bytes of a file.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
pub struct FileBytes(pub Vec<u8>);

/// Uploads a file.
///
/// The body is the file itself, of any length up to the limit; `Content-Type` says what it is. Until it is sent, only its
/// uploader sees it.
#[utoipa::path(
    post,
    path = "/files",
    tag = "files",
    params(UploadQuery),
    request_body(content = inline(FileBytes), content_type = "application/octet-stream"),
    responses(
        (status = 201, description = "Stored", body = FileView),
        (status = 400, description = "The upload broke off", body = Problem, content_type = "application/problem+json"),
        (status = 413, description = "Too large", body = Problem, content_type = "application/problem+json"),
        (status = 415, description = "Not what its type says, or not allowed", body = Problem,
            content_type = "application/problem+json"),
        (status = 507, description = "No room for files at the moment", body = Problem,
            content_type = "application/problem+json"),
    ),
)]
pub async fn upload_file(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Query(query): Query<UploadQuery>,
    headers: HeaderMap,
    body: Body,
) -> ApiResult<(StatusCode, Json<FileView>)> {
    let limits = Limits {
        max_bytes: state.config.files.max_bytes,
        uploader: None,
        shared: state.config.files.operators_quota(),
    };
    let upload = upload(&state, query, &headers, body, limits).await?;
    let file = state.engine.files().upload(&actor, upload).await?;
    Ok((StatusCode::CREATED, Json((&file).into())))
}

/// Reads a file, or a stretch of it.
#[utoipa::path(
    get,
    path = "/files/{file_id}",
    tag = "files",
    params(("file_id" = String, Path), Download),
    responses(
        (status = 200, description = "The bytes, as what they are", body = inline(FileBytes), content_type = "*/*"),
        (status = 206, description = "The stretch that was asked for", body = inline(FileBytes), content_type = "*/*"),
        (status = 304, description = "Not changed; a file never changes"),
        (status = 404, description = "No such file, or not for you", body = Problem,
            content_type = "application/problem+json"),
        (status = 416, description = "The stretch lies outside of the file", body = Problem,
            content_type = "application/problem+json"),
    ),
    security(("access_token" = []), ("access_cookie" = [])),
)]
pub async fn download_file(
    State(state): State<AppState>,
    BearerOrCookie(actor): BearerOrCookie,
    Path(id): Path<FileId>,
    Query(download): Query<Download>,
    headers: HeaderMap,
) -> ApiResult<Response> {
    let file = state.engine.files().get(&actor, id).await?;
    serve(&state.engine, &file, &headers, download, Caching::WithSession).await
}

/// For how long a browser may show a file without asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caching {
    /// Not at all: who may see the file is asked each time, so that it is gone with the session. The bytes are not sent
    /// again as long as they are the same.
    WithSession,
    /// For an hour: whoever has the address may see the file anyway, until the address ends.
    WithAddress,
}

impl Caching {
    const fn header(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::WithSession => "private, no-cache",
            Self::WithAddress => "private, max-age=3600",
        })
    }
}

/// How much may be uploaded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// By one request.
    pub(crate) max_bytes: u64,
    /// In a day by the uploader.
    pub(crate) uploader: Option<Quota>,
    /// In a day by all uploaders of its sort.
    pub(crate) shared: Quota,
}

/// A request's body as an upload. What can be refused without reading it is refused here; when the disk gets full it ends in its
/// middle.
pub(crate) async fn upload(
    state: &AppState,
    query: UploadQuery,
    headers: &HeaderMap,
    body: Body,
    limits: Limits,
) -> ApiResult<Upload> {
    state.room.look().await?;
    let max_bytes = limits.max_bytes;
    let text = |name| {
        headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    };
    let content_type = match headers.get(header::CONTENT_TYPE) {
        None => "application/octet-stream".to_owned(),
        Some(value) => value.to_str().ok().and_then(mime_type).ok_or_else(|| {
            Error::new(
                ErrorKind::UnsupportedMedia,
                "`Content-Type` is no type of a file: `family/format`, of at most 127 bytes",
            )
        })?,
    };
    if content_type.starts_with("multipart/") {
        return Err(Error::new(
            ErrorKind::UnsupportedMedia,
            "send the file itself as the body, with its own type, and its name as `?name=`",
        )
        .into());
    }
    if !state.config.files.allows(&content_type) {
        return Err(Error::new(
            ErrorKind::UnsupportedMedia,
            "files of this type are not taken here",
        )
        .into());
    }
    if text(header::CONTENT_LENGTH)
        .parse::<u64>()
        .is_ok_and(|length| length > max_bytes)
    {
        return Err(Error::new(
            ErrorKind::TooLarge,
            format!("a file has at most {max_bytes} bytes"),
        )
        .into());
    }
    let bytes = body.into_data_stream().map(|chunk| {
        chunk.map_err(|error| Error::new(ErrorKind::Malformed, "the upload broke off").caused_by(error))
    });
    Ok(Upload {
        name: query.name,
        content_type,
        bytes: state.room.clone().watch(bytes.boxed()),
        max_bytes,
        uploader_quota: limits.uploader,
        shared_quota: Some(limits.shared),
    })
}

/// Answers with a file, or the stretch of it that the request asks for. Who may see it was checked by the caller.
pub(crate) async fn serve(
    engine: &Engine,
    file: &File,
    request: &HeaderMap,
    download: Download,
    caching: Caching,
) -> ApiResult<Response> {
    let etag = format!("\"{}\"", file.blob);
    let mut response = match wanted(request, &etag, file.size) {
        Wanted::Nothing => StatusCode::NOT_MODIFIED.into_response(),
        Wanted::Outside => {
            let problem = Problem::with_status(
                StatusCode::RANGE_NOT_SATISFIABLE,
                "out_of_range",
                format!("the file has {} bytes", file.size),
            );
            let mut response = problem.into_response();
            insert(
                &mut response,
                header::CONTENT_RANGE,
                format!("bytes */{}", file.size),
            );
            return Ok(response);
        }
        Wanted::All => {
            let bytes = engine.files().read(file, None).await?;
            let mut response = Body::from_stream(bytes).into_response();
            insert(&mut response, header::CONTENT_LENGTH, file.size.to_string());
            response
        }
        Wanted::Stretch { start, end } => {
            let bytes = engine.files().read(file, Some(ByteRange { start, end })).await?;
            let mut response = (StatusCode::PARTIAL_CONTENT, Body::from_stream(bytes)).into_response();
            insert(&mut response, header::CONTENT_LENGTH, (end - start).to_string());
            insert(
                &mut response,
                header::CONTENT_RANGE,
                format!("bytes {start}-{}/{}", end - 1, file.size),
            );
            response
        }
    };
    let shown = SHOWN.contains(&file.content_type.as_str()) && download.download.is_none_or(|flag| flag == 0);
    insert(&mut response, header::ETAG, etag);
    insert(&mut response, header::CONTENT_TYPE, file.content_type.clone());
    insert(
        &mut response,
        header::CONTENT_DISPOSITION,
        disposition(shown, &file.name),
    );
    let headers = response.headers_mut();
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    headers.insert(header::CACHE_CONTROL, caching.header());
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; sandbox"),
    );
    headers.insert(header::VARY, HeaderValue::from_static("authorization, cookie"));
    Ok(response)
}

fn insert(response: &mut Response, name: header::HeaderName, value: String) {
    // A stored type may hold what no header may; the bytes are then only bytes.
    let value = HeaderValue::try_from(value).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    response.headers_mut().insert(name, value);
}

/// RFC 6266: the name for old clients in ASCII, and as it is for all others.
fn disposition(shown: bool, name: &str) -> String {
    let how = if shown { "inline" } else { "attachment" };
    let ascii: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '%') || c == ' ' {
                c
            } else {
                '_'
            }
        })
        .collect();
    let mut exact = String::with_capacity(name.len() * 3);
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                exact.push(char::from(byte))
            }
            _ => exact.push_str(&format!("%{byte:02X}")),
        }
    }
    format!("{how}; filename=\"{ascii}\"; filename*=UTF-8''{exact}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_quoted_for_every_client() {
        assert_eq!(
            disposition(true, "a b.png"),
            "inline; filename=\"a b.png\"; filename*=UTF-8''a%20b.png"
        );
        let cyrillic = disposition(false, "акт\".pdf");
        assert!(
            cyrillic.starts_with("attachment; filename=\"____.pdf\";"),
            "{cyrillic}"
        );
        assert!(
            cyrillic.ends_with("filename*=UTF-8''%D0%B0%D0%BA%D1%82%22.pdf"),
            "{cyrillic}"
        );
    }
}
