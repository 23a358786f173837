//! What follows the question mark.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use omnichat_core::error::Error;
use serde::de::DeserializeOwned;

use crate::error::Problem;

/// The query of a request, which [`crate::middleware::contract`] has held against the document. 422 for a value that does not
/// fit all the same.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match axum::extract::Query::<T>::try_from_uri(&parts.uri) {
            Ok(axum::extract::Query(query)) => Ok(Self(query)),
            Err(rejection) => {
                let message = rejection.body_text();
                let message = message
                    .strip_prefix("Failed to deserialize query string: ")
                    .unwrap_or(&message);
                let field = message.split_once(": ").map_or("query", |(field, _)| field);
                Err(Error::invalid_field(field, "type", message).into())
            }
        }
    }
}
