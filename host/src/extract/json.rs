//! A JSON body.

use std::cell::RefCell;

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::text;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use utoipa::ToSchema;

use super::ClientAddress;
use super::document::{self, Document};
use super::misread::{misread, said};
use crate::app::AppState;
use crate::error::Problem;
use crate::openapi;

/// A JSON body, of a request or an answer. A request's is held against its schema in the document. No body counts as `{}` where
/// everything may be left out, since many actions have nothing to say.
///
/// # Errors
/// 400 for what is no JSON or no UTF-8, 413 over the limit, 415 for another type of content, 422 with every field that does not
/// fit, 503 while too much is being received.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned + ToSchema> FromRequest<AppState> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &AppState) -> std::result::Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let from = ClientAddress::of(&parts.extensions, &parts.headers, &state.config.server);
        let most = state.config.server.json_max_bytes;
        let whole = state
            .bodies
            .read(&parts.headers, body, most, from.limit_key())
            .await?;
        if whole.bytes.is_empty() {
            let missing =
                |_| Error::invalid_field("body", "required", "this needs a body of application/json");
            openapi::check_body(&T::name(), &json!({})).map_err(missing)?;
            return Ok(Self(read(b"{}")?));
        }
        if !is_json(&parts.headers) {
            return Err(Problem::new(
                ErrorKind::UnsupportedMedia,
                "the body must be application/json",
            ));
        }
        Ok(Self(read(&whole.bytes)?))
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        let json = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
        match answer(&self.0) {
            Ok(body) => (json, body).into_response(),
            Err(error) => {
                let error = Error::internal("an answer cannot be written as JSON").caused_by(error);
                Problem::from(error).into_response()
            }
        }
    }
}

/// The longest answer whose room a thread keeps for its next one, in bytes.
const KEPT_ROOM: usize = 256 * 1_024;

/// The bytes of an answer. They are written where earlier answers of the thread were, which is large enough by then, and copied once:
/// a list would else be copied again each time that a buffer of its own has to grow.
fn answer(value: &impl Serialize) -> std::result::Result<Bytes, serde_json::Error> {
    thread_local! {
        static ROOM: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
    }
    let mut room = ROOM.take();
    room.clear();
    serde_json::to_writer(&mut room, value)?;
    let bytes = Bytes::copy_from_slice(&room);
    if room.capacity() <= KEPT_ROOM {
        ROOM.set(room);
    }
    Ok(bytes)
}

fn is_json(headers: &HeaderMap) -> bool {
    let given = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let essence = given
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json"))
}

/// Reads a document that its schema allows, or says what is wrong with it.
fn read<T: DeserializeOwned + ToSchema>(body: &[u8]) -> Result<T> {
    let malformed = |detail: String| Error::new(ErrorKind::Malformed, detail);
    let body = std::str::from_utf8(body).map_err(|_| malformed("the body is not UTF-8".to_owned()))?;
    let mut source = serde_json::Deserializer::from_str(body);
    let read = serde_path_to_error::deserialize(&mut source);
    let Document(mut value) = read.map_err(|error| match error.inner().is_data() {
        true => repeated(&error),
        false => malformed(format!("the body is not JSON: {}", error.inner())),
    })?;
    source
        .end()
        .map_err(|e| malformed(format!("the body is not JSON: {e}")))?;
    if body.contains(r"\u0000") {
        text::strip_nul(&mut value);
    }
    openapi::check_body(&T::name(), &value)?;
    serde_path_to_error::deserialize(value).map_err(|e| misread(&e, ""))
}

/// A name that comes again in an object.
fn repeated(error: &serde_path_to_error::Error<serde_json::Error>) -> Error {
    let message = said(error);
    let name = message.strip_prefix(document::REPEATED).unwrap_or_default();
    let field = match error.path().to_string() {
        whole if whole == "." => name.to_owned(),
        object => format!("{object}.{name}"),
    };
    Error::invalid_field(&field, "repeated", "this field is given more than once")
}
