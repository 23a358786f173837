//! The built web, embedded into the binary: the console at `/`, the widget below `/widget`.
//!
//! A debug build reads the files from `host/web/*/dist` at each request instead, so that a new web needs no new host. Where
//! the web was never built, a plain page says how to do it. [`assets`] answers with a file, [`policy`] says what its page
//! may do.

mod assets;
pub(crate) mod policy;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use omnichat_core::id::InboxId;
use rust_embed::RustEmbed;
use serde::Deserialize;

use crate::app::AppState;
use crate::error::Problem;
use crate::extract::Query;
use assets::{Asset, Lifetime};

#[derive(RustEmbed)]
#[folder = "web/console/dist"]
#[allow_missing = true]
struct Console;

#[derive(RustEmbed)]
#[folder = "web/widget/dist"]
#[allow_missing = true]
struct Widget;

/// Paths that belong to programs: what is not there is a problem document, not the console.
const NOT_PAGES: [&str; 5] = ["api", "widget", "webhooks", "health", "metrics"];

/// The routes of pages, scripts and pictures.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/widget/loader.js", get(loader))
        .route("/widget/frame", get(frame))
        .route("/widget/assets/{*path}", get(widget_asset))
        .route("/widget/demo", get(demo))
        .route("/widget/demo/{*path}", get(demo_asset))
        .route("/assets/{*path}", get(console_asset))
        .route("/", any(console))
        .route("/{*path}", any(console))
}

/// The console: a file if there is one, else its page, since addresses such as `/inbox/…` are routes of the page itself.
async fn console(request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    let first = path.split('/').next().unwrap_or_default();
    if NOT_PAGES.contains(&first) || !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Problem::not_found("address").into_response();
    }
    let file = (!path.is_empty() && !path.starts_with('.'))
        .then(|| Console::get(path))
        .flatten();
    match file {
        Some(file) if path != "index.html" => {
            Asset::new(path, file).respond(request.headers(), Lifetime::Short)
        }
        _ => match Console::get("index.html") {
            Some(page) => Asset::new("index.html", page).respond(request.headers(), Lifetime::None),
            None => not_built(),
        },
    }
}

async fn console_asset(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let path = format!("assets/{path}");
    found(&path, Console::get(&path), &headers, Lifetime::Forever)
}

async fn loader(headers: HeaderMap) -> Response {
    let mut response = found("loader.js", Widget::get("loader.js"), &headers, Lifetime::Short);
    // It runs in other sites' pages; those that isolate themselves ask for this.
    policy::for_other_sites(response.headers_mut());
    response
}

#[derive(Deserialize)]
struct FrameQuery {
    #[serde(default)]
    inbox: String,
}

/// The chat in its frame. Which sites may embed it is the inbox's setting.
async fn frame(
    State(state): State<AppState>,
    Query(query): Query<FrameQuery>,
    headers: HeaderMap,
) -> Response {
    let Some(page) = Widget::get("frame/index.html") else {
        return not_built();
    };
    let ancestors = match query.inbox.parse::<InboxId>() {
        Ok(inbox) => crate::widget::frame_ancestors(&state, inbox).await,
        Err(_) => None,
    };
    let mut response = Asset::new("index.html", page).respond(&headers, Lifetime::None);
    policy::frame(response.headers_mut(), ancestors.as_deref());
    response
}

async fn widget_asset(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let path = format!("frame/assets/{path}");
    found(&path, Widget::get(&path), &headers, Lifetime::Forever)
}

async fn demo(headers: HeaderMap) -> Response {
    let Some(page) = Widget::get("demo/index.html") else {
        return not_built();
    };
    let mut response = Asset::new("index.html", page).respond(&headers, Lifetime::None);
    policy::demo(response.headers_mut());
    response
}

async fn demo_asset(Path(path): Path<String>, headers: HeaderMap) -> Response {
    let path = format!("demo/{path}");
    found(&path, Widget::get(&path), &headers, Lifetime::Short)
}

fn found(
    path: &str,
    file: Option<rust_embed::EmbeddedFile>,
    headers: &HeaderMap,
    lifetime: Lifetime,
) -> Response {
    match file {
        Some(file) => Asset::new(path, file).respond(headers, lifetime),
        None => Problem::not_found("file").into_response(),
    }
}

/// What somebody sees who built the host alone.
fn not_built() -> Response {
    const PAGE: &str = "<!doctype html><meta charset=\"utf-8\"><title>OmniChat</title>\
        <h1>The host runs, its web has not been built</h1>\
        <p>Build it with <code>cargo xtask web</code>, or build and start everything with <code>cargo xtask run</code>.</p>\
        <p>The API answers as usual; its document is at <a href=\"/api/docs\">/api/docs</a>.</p>";
    (StatusCode::SERVICE_UNAVAILABLE, axum::response::Html(PAGE)).into_response()
}
