//! A JSON body.

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::text;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::error::Problem;
use crate::openapi;

/// A JSON body, of a request or an answer. A request's is held against its schema in the document. No body counts as `{}` where
/// everything may be left out, since many actions have nothing to say.
///
/// # Errors
/// 400 for what is no JSON or no UTF-8, 413 over the limit, 415 for another type of content, 422 with every field that does not
/// fit.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned + ToSchema, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> std::result::Result<Self, Problem> {
        let is_json = is_json(request.headers());
        let body = Bytes::from_request(request, state).await.map_err(unreadable)?;
        if body.is_empty() {
            let missing =
                |_| Error::invalid_field("body", "required", "this needs a body of application/json");
            openapi::check_body(&T::name(), &json!({})).map_err(missing)?;
            return Ok(Self(read(b"{}")?));
        }
        if !is_json {
            return Err(Problem::new(
                ErrorKind::UnsupportedMedia,
                "the body must be application/json",
            ));
        }
        Ok(Self(read(&body)?))
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
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

fn unreadable(rejection: BytesRejection) -> Problem {
    match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new(ErrorKind::TooLarge, "the body is larger than allowed"),
        _ => Problem::new(ErrorKind::Malformed, "the body did not arrive whole"),
    }
}

/// Reads a document that its schema allows, or says what is wrong with it.
fn read<T: DeserializeOwned + ToSchema>(body: &[u8]) -> Result<T> {
    let malformed = |detail: String| Error::new(ErrorKind::Malformed, detail);
    let body = std::str::from_utf8(body).map_err(|_| malformed("the body is not UTF-8".to_owned()))?;
    let mut value: Value =
        serde_json::from_str(body).map_err(|e| malformed(format!("the body is not JSON: {e}")))?;
    let has_nul = body.contains(r"\u0000");
    if has_nul {
        text::strip_nul(&mut value);
    }
    openapi::check_body(&T::name(), &value)?;
    if has_nul {
        return serde_path_to_error::deserialize(value).map_err(|e| wrong(&e));
    }
    // From the text rather than the value, which has forgotten what stood there twice.
    let mut source = serde_json::Deserializer::from_str(body);
    serde_path_to_error::deserialize(&mut source).map_err(|e| wrong(&e))
}

fn wrong(error: &serde_path_to_error::Error<serde_json::Error>) -> Error {
    let mut message = error.inner().to_string();
    // Where in the text it was helps nobody who sent an object.
    if let Some(place) = message.find(" at line ") {
        message.truncate(place);
    }
    let path = error.path().to_string();
    let missing = message
        .strip_prefix("missing field `")
        .and_then(|rest| rest.strip_suffix('`'));
    let (field, code) = match missing {
        Some(name) if path == "." => (name.to_owned(), "required"),
        Some(name) => (format!("{path}.{name}"), "required"),
        None if path == "." => ("body".to_owned(), "type"),
        None => (path, "type"),
    };
    Error::invalid_field(&field, code, message)
}
