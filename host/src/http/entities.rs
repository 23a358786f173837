//! Entities of every kind: one set of handlers, mounted for each under its plural.
//!
//! `GET /phrases` lists, `POST /phrases` makes one, `GET`, `PATCH` and `DELETE /phrases/{id}` are about one. An answer with one names
//! its version as `ETag`; a change may name the version that it is based on, as `If-Match` or as `version` in the body.

use std::str::FromStr;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use omnichat_core::entities::{Direction, Entity, EntityCursor, EntityList, Stored};
use omnichat_core::error::{Error, ErrorKind, Result};
use serde::Deserialize;
use utoipa::openapi::PathsBuilder;
use utoipa_axum::router::OpenApiRouter;

use crate::app::AppState;
use crate::error::{ApiResult, Problem};
use crate::extract::{CurrentActor, Json, Path, Query, page_request};
use crate::openapi::entities::{NewIn, PatchIn, documented};
use crate::views::entity::{EntityPageView, EntityView};

/// The addresses of a kind: those that the document has, and no other.
pub fn routes<E: Entity>() -> OpenApiRouter<AppState> {
    let mut document = documented::<E>();
    let mut router = OpenApiRouter::new();
    for (path, item) in std::mem::take(&mut document.paths.paths) {
        let handlers = match path.ends_with("{id}") {
            true => get(find::<E>).patch(update::<E>).delete(delete::<E>),
            false => get(list::<E>).post(create::<E>),
        };
        let paths = PathsBuilder::new().path(path, item).build();
        router = router.routes((Vec::new(), paths, handlers));
    }
    router.merge(OpenApiRouter::with_openapi(document))
}

/// Which part of a list is wanted.
#[derive(Clone, Debug, Deserialize)]
struct ListQuery {
    limit: Option<u32>,
    cursor: Option<String>,
    sort: Option<String>,
}

impl ListQuery {
    fn list(self) -> Result<EntityList> {
        let limit = page_request(self.limit, None, "cursor")?.limit;
        let cursor = self.cursor.filter(|text| !text.is_empty());
        let sort = self.sort.as_deref();
        let falling = sort.and_then(|sort| sort.strip_prefix('-'));
        Ok(EntityList {
            index: falling.or(sort).map(str::to_owned),
            direction: match falling {
                Some(_) => Direction::Falling,
                None => Direction::Rising,
            },
            after: cursor.as_deref().map(EntityCursor::decode).transpose()?,
            ..EntityList::first(limit)
        })
    }
}

async fn list<E: Entity>(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Query(query): Query<ListQuery>,
) -> ApiResult<Json<EntityPageView<E>>> {
    let listed = state.engine.entities::<E>().list(&actor, query.list()?).await?;
    Ok(Json(listed.into()))
}

async fn create<E: Entity>(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Json(body): Json<NewIn<E>>,
) -> ApiResult<Response> {
    let made = state.engine.entities::<E>().create(&actor, body.0).await?;
    state.auth.entity_changed(E::KIND);
    Ok((StatusCode::CREATED, tagged(made)).into_response())
}

async fn find<E: Entity>(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<E::Id>,
) -> ApiResult<Response> {
    let found = state.engine.entities::<E>().get(&actor, id).await?;
    Ok(tagged(found))
}

async fn update<E: Entity>(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<E::Id>,
    headers: HeaderMap,
    Json(patch): Json<PatchIn<E>>,
) -> ApiResult<Response> {
    let expected = Expected::of(&headers, patch.version).ok_or_else(no_version)?;
    let entities = state.engine.entities::<E>();
    let updated = entities
        .update(&actor, id, expected.version(), |entity| patch.apply(entity))
        .await
        .map_err(|error| expected.told(error))?;
    state.auth.entity_changed(E::KIND);
    Ok(tagged(updated))
}

async fn delete<E: Entity>(
    State(state): State<AppState>,
    CurrentActor(actor, _): CurrentActor,
    Path(id): Path<E::Id>,
    headers: HeaderMap,
) -> ApiResult<StatusCode> {
    let expected = Expected::of(&headers, None).ok_or_else(no_version)?;
    let entities = state.engine.entities::<E>();
    entities
        .delete(&actor, id, expected.version())
        .await
        .map_err(|error| expected.told(error))?;
    state.auth.entity_changed(E::KIND);
    Ok(StatusCode::NO_CONTENT)
}

/// An entity, with its version as entity tag.
fn tagged<E: Entity>(stored: Stored<E>) -> Response {
    let tag = HeaderValue::from_str(&format!("\"{}\"", stored.version));
    let mut response = Json(EntityView::from(stored)).into_response();
    if let Ok(tag) = tag {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// The version on which a change is based.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    /// Whatever is there.
    Any,
    /// As the body names it.
    InBody(u64),
    /// As `If-Match` names it.
    InHeader(u64),
}

impl Expected {
    /// Nothing where `If-Match` names what is the tag of no version.
    fn of(headers: &HeaderMap, in_body: Option<u64>) -> Option<Self> {
        let mut named = headers.get_all(header::IF_MATCH).iter();
        let Some(tag) = named.next() else {
            return Some(in_body.map_or(Self::Any, Self::InBody));
        };
        let tag = tag.as_bytes().trim_ascii();
        if tag == b"*" {
            return Some(in_body.map_or(Self::Any, Self::InBody));
        }
        let version = std::str::from_utf8(tag)
            .ok()
            .and_then(|tag| tag.strip_prefix('"')?.strip_suffix('"'))
            .and_then(|digits| {
                u64::from_str(digits)
                    .ok()
                    .filter(|version| version.to_string() == digits)
            });
        version.filter(|_| named.next().is_none()).map(Self::InHeader)
    }

    const fn version(self) -> Option<u64> {
        match self {
            Self::Any => None,
            Self::InBody(version) | Self::InHeader(version) => Some(version),
        }
    }

    fn told(self, error: Error) -> Problem {
        match self {
            Self::InHeader(_) if error.kind() == ErrorKind::Conflict => failed(error.message()),
            _ => error.into(),
        }
    }
}

fn no_version() -> Problem {
    failed("`If-Match` names no version, or several: give the `ETag` of the answer that you saw")
}

fn failed(detail: impl Into<String>) -> Problem {
    Problem::with_status(StatusCode::PRECONDITION_FAILED, "precondition_failed", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(tags: &[&str], in_body: Option<u64>) -> Option<Expected> {
        let mut headers = HeaderMap::new();
        for tag in tags {
            headers.append(header::IF_MATCH, HeaderValue::from_str(tag).unwrap());
        }
        Expected::of(&headers, in_body)
    }

    #[test]
    fn a_version_is_named_by_header_or_body() {
        assert_eq!(of(&[], None), Some(Expected::Any));
        assert_eq!(of(&[], Some(3)), Some(Expected::InBody(3)));
        assert_eq!(of(&["\"7\""], Some(3)), Some(Expected::InHeader(7)));
        assert_eq!(of(&["*"], None), Some(Expected::Any));
        for wrong in [
            &["7"][..],
            &["W/\"7\""],
            &["\"x\""],
            &["\"+7\""],
            &["\"07\""],
            &["\"7\"", "\"8\""],
            &[""],
        ] {
            assert_eq!(of(wrong, None), None, "{wrong:?}");
        }
    }
}
