//! The host's half of the chat widget: what the frame in a visitor's browser asks for, and its WebSocket.
//!
//! A visitor is a signed [`token`] and nothing more until the first message: opening a page stores nothing. What a visitor sees
//! of the core is in [`view`] and [`history`], and it is never more than that visitor's own conversation.
//!
//! ```text
//! handlers: session, messages, files      live: pump ─▶ hub (one of each for a tenant) ─▶ socket (one for each tab)
//! ```

mod files;
mod history;
mod hub;
mod limits;
mod links;
mod messages;
mod pages;
mod profile;
mod protocol;
mod pump;
mod session;
mod site;
mod socket;
mod token;
mod view;
mod visitor;

use axum::Router;
use axum::routing::{any, get, post};
use omnichat_core::id::InboxId;

use crate::app::AppState;
use crate::config::WidgetConfig;
use crate::keys::HostKey;
use hub::Hubs;
use limits::Limits;
use links::Links;
use pages::Pages;
use site::Site;
use token::Tokens;

/// What the widgets that are connected to this node share. Made once for a host.
#[derive(Debug)]
pub struct Visitors {
    tokens: Tokens,
    links: Links,
    limits: Limits,
    pages: Pages,
    hubs: Hubs,
}

impl Visitors {
    /// Nobody is there yet. Keys are derived from the host's key.
    pub fn new(key: &HostKey, config: &WidgetConfig) -> Self {
        Self {
            tokens: Tokens::new(key.derive("widget-visitor")),
            links: Links::new(key.derive("widget-file")),
            limits: Limits::new(config),
            pages: Pages::default(),
            hubs: Hubs::default(),
        }
    }
}

/// The routes of the widget's API. Its pages are in [`crate::frontend`].
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/widget/v1/{inbox_id}/config", get(session::get_config))
        .route("/widget/v1/{inbox_id}/session", post(session::start_session))
        .route(
            "/widget/v1/{inbox_id}/messages",
            get(messages::list_messages).post(messages::send_message),
        )
        .route("/widget/v1/{inbox_id}/read", post(messages::mark_read))
        .route("/widget/v1/{inbox_id}/offline", post(messages::leave_message))
        .route("/widget/v1/{inbox_id}/files", post(files::upload_file))
        .route("/widget/v1/{inbox_id}/ws", any(socket::connect))
        .route("/widget/v1/files/{file_id}", get(files::download_file))
}

/// Which sites may embed the widget, for a content security policy; none for an inbox that is no widget.
pub(crate) async fn frame_ancestors(state: &AppState, inbox: InboxId) -> Option<String> {
    let site = Site::open(&state.engine, inbox).await.ok()?;
    Some(site.config.frame_ancestors())
}
