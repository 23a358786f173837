//! The OpenAPI document, served at `/api/openapi.json`, and a page to browse it at `/api/docs`.

mod bounds;
mod complete;
mod contract;
pub mod entities;
mod examples;
mod faults;
mod generated;
mod problems;
mod query;
mod requests;

pub use complete::complete;
pub use contract::{check_body, check_query, has_entity_tags};

use std::sync::LazyLock;

use axum::http::HeaderValue;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use omnichat_core::conversations::Conversation;
use omnichat_core::customers::Customer;
use serde_json::Value;
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa::OpenApi;
use utoipa_swagger_ui::{Config, SwaggerUi};

use self::generated::ConditionOver;
use crate::app::AppState;
use crate::error::{FieldProblem, Problem};
use crate::http::conversations::SortIn;
use crate::http::customers::CustomerSortIn;
use crate::ws::protocol::{ClientFrame, ServerFrame};

type ConversationCondition = ConditionOver<Conversation>;
type CustomerCondition = ConditionOver<Customer>;

/// What the browser's page may load: its own files, from this host.
const DOCS_POLICY: &str = "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

/// The document without its routes.
#[derive(OpenApi)]
#[openapi(
    info(title = "OmniChat", description = include_str!("openapi/description.md")),
    tags(
        (name = "sessions", description = "Signing in and out."),
        (name = "me", description = "Oneself."),
        (name = "api keys", description = "How programs come in."),
        (name = "conversations", description = "Conversations and what is done with them."),
        (name = "messages", description = "What is said."),
        (name = "customers", description = "The people who ask."),
        (name = "operators", description = "Colleagues."),
        (name = "inboxes", description = "Channel accounts and kinds of channels."),
        (name = "automations", description = "Scenarios that answer customers, and tools that they call."),
        (name = "plugins", description = "WebAssembly plugins of this host."),
        (name = "files", description = "Files, streamed both ways."),
        (name = "events", description = "The event log."),
        (name = "quarantine", description = "Webhooks that could not be understood."),
        (name = "audit", description = "Who changed what."),
        (name = "status", description = "How the host is doing."),
        (name = "live", description = "WebSockets, for operators and for visitors."),
        (name = "widget", description = "What the chat widget asks on behalf of a visitor."),
        (name = "webhooks", description = "Where platforms deliver."),
    )
)]
struct Frame;

/// A problem document, and the frames of the WebSockets: no operation names them.
#[derive(OpenApi)]
#[openapi(
    nest((path = "/api/v1", api = Streams)),
    paths(
        crate::http::shared::download_shared,
        crate::webhooks::receive_webhook,
        crate::webhooks::confirm_webhook,
        crate::webhooks::receive_app_webhook,
        crate::webhooks::confirm_app_webhook
    ),
    components(schemas(
        Problem,
        FieldProblem,
        SortIn,
        CustomerSortIn,
        ConversationCondition,
        CustomerCondition,
        ClientFrame,
        ServerFrame<'static>,
        crate::widget::ClientFrame,
        crate::widget::ServerFrame<'static>
    ))
)]
struct Extra;

/// What has a router of its own, since it is streamed and not limited like JSON.
#[derive(OpenApi)]
#[openapi(paths(
    crate::http::files::upload_file,
    crate::http::files::download_file,
    crate::http::plugins::install_plugin,
    crate::ws::connect
))]
struct Streams;

/// The document of [`crate::router::document`], made once.
pub fn document() -> &'static Value {
    static DOCUMENT: LazyLock<Value> = LazyLock::new(crate::router::document);
    &DOCUMENT
}

/// The document without its operations.
pub fn frame() -> utoipa::openapi::OpenApi {
    Frame::openapi()
}

/// What the routers do not describe themselves.
pub fn rest() -> utoipa::openapi::OpenApi {
    Extra::openapi()
}

/// The document and its browser.
pub fn routes() -> Router<AppState> {
    let ui: Router<AppState> = SwaggerUi::new("/api/docs")
        .config(Config::from("/api/openapi.json"))
        .into();
    let policy = HeaderValue::from_static(DOCS_POLICY);
    let ui = ui.layer(SetResponseHeaderLayer::overriding(
        CONTENT_SECURITY_POLICY,
        policy,
    ));
    Router::new()
        .route("/api/openapi.json", get(get_document))
        .merge(ui)
}

async fn get_document() -> Response {
    Json(document()).into_response()
}
