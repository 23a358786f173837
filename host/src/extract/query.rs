//! What follows the question mark.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use omnichat_core::error::Error;
use serde::de::DeserializeOwned;

use crate::error::Problem;

/// The query of a request. 422 for a value that does not fit.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        if parts.uri.query().is_some_and(|query| query.contains("%00")) {
            return Err(Error::invalid_field("query", "format", "U+0000 has no place in a query").into());
        }
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
