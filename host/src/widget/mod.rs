//! The host's half of the chat widget: what the frame in a visitor's browser asks for, and its WebSocket.
//!
//! A visitor is a signed [`token`] and nothing more until the first message: opening a page stores nothing. What a visitor may
//! see is decided in core ([`omnichat_core::visitors`]): never more than their own conversation. [`view`] draws it.
//!
//! ```text
//! handlers: session, messages, files      live: pump ─▶ hub (one of each for a tenant) ─▶ socket (one for each tab)
//! ```

mod cursor;
mod files;
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

use omnichat_core::id::InboxId;
use omnichat_core::visitors::Visitor;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::AppState;
use crate::config::{RealtimeConfig, WidgetConfig};
use crate::keys::HostKey;
use crate::places::Places;
use hub::Hubs;
use limits::Limits;
use links::Links;
use pages::Pages;
pub(crate) use protocol::{ClientFrame, ServerFrame};
use site::Site;
pub(crate) use token::LONGEST as LONGEST_TOKEN;
use token::Tokens;

/// What the widgets that are connected to this node share. Made once for a host.
#[derive(Debug)]
pub struct Visitors {
    tokens: Tokens,
    links: Links,
    limits: Limits,
    pages: Pages,
    hubs: Hubs,
    sockets: Places<Visitor>,
}

impl Visitors {
    /// Nobody is there yet. Keys are derived from the host's key.
    pub fn new(key: &HostKey, config: &WidgetConfig, realtime: &RealtimeConfig) -> Self {
        Self {
            tokens: Tokens::new(key.derive_all("widget-visitor"), config.token_time()),
            links: Links::new(key.derive_all("widget-file")),
            limits: Limits::new(config),
            pages: Pages::default(),
            hubs: Hubs::default(),
            sockets: Places::new(realtime.sockets_per_visitor),
        }
    }
}

/// The routes of the widget's API. Its pages are in [`crate::frontend`].
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(session::get_widget_config))
        .routes(routes!(session::start_session))
        .routes(routes!(
            messages::list_visitor_messages,
            messages::send_visitor_message
        ))
        .routes(routes!(messages::mark_read))
        .routes(routes!(messages::leave_message))
        .routes(routes!(files::upload_visitor_file))
        .routes(routes!(files::download_visitor_file))
        .routes(routes!(socket::connect_visitor))
}

/// Which sites may embed the widget, for a content security policy; none for an inbox that is no widget.
pub(crate) async fn frame_ancestors(state: &AppState, inbox: InboxId) -> Option<String> {
    let site = Site::open(&state.engine, inbox).await.ok()?;
    Some(site.config.frame_ancestors())
}
