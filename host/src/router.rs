//! Every route on one page.

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use omnichat_core::phrases::Phrase;
use omnichat_core::roles::OwnRole;
use omnichat_core::tags::Tag;
use omnichat_core::views::View;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::AppState;
use crate::http::{
    api_keys, audit, auth, automations, channels, conversation_actions as act, conversations, customers,
    entities, events, health, inboxes, me, messages, operators, plugins, quarantine, rights, setup, simulate,
    status,
};
use crate::patience::Patience;
use crate::{frontend, middleware, openapi, telemetry, webhooks, widget, ws};

/// The whole host.
pub fn build(state: AppState) -> Router {
    let (rest, _) = api(&state).split_for_parts();
    let (widget, _) = widget::routes().split_for_parts();
    let limits = state.config.server.clone();
    Router::new()
        .merge(rest)
        .merge(crate::http::files::routes())
        .merge(crate::http::shared::routes())
        .merge(crate::http::plugins::routes())
        .merge(ws::routes())
        .merge(widget)
        .layer(from_fn(middleware::contract::layer))
        .layer(from_fn_with_state(state.clone(), middleware::refusals::layer))
        .layer(from_fn_with_state(state.clone(), middleware::rate_limit::layer))
        .route("/metrics", get(telemetry::metrics::get_metrics))
        .merge(openapi::routes())
        .merge(frontend::routes())
        .fallback(middleware::fallback::not_found)
        .method_not_allowed_fallback(middleware::fallback::method_not_allowed)
        .layer(middleware::compression::layer())
        .layer(middleware::cors::layer(&limits))
        .layer(from_fn_with_state(state.clone(), middleware::headers::layer))
        // The busiest route by far: what browsers need is not for it, and each layer costs each request something.
        .merge(webhooks::routes())
        .layer(from_fn_with_state(
            Patience::new(limits.stall_time(), limits.slowest_bytes_per_second),
            middleware::body::layer,
        ))
        .layer(middleware::panic::layer())
        .layer(from_fn(middleware::access_log::layer))
        .layer(from_fn(middleware::request_id::layer))
        .with_state(state)
}

/// The OpenAPI document of [`build`].
pub fn document() -> serde_json::Value {
    let mut document = described().merge(widget::routes()).into_openapi();
    // Last, since a nested router replaces what is there under one of its paths.
    document.merge(openapi::rest());
    openapi::complete(document)
}

/// The JSON API, with its limits.
fn api(state: &AppState) -> OpenApiRouter<AppState> {
    let limit = state.config.server.request_time();
    described().layer(from_fn_with_state(limit, middleware::timeout::layer))
}

/// Every route of the JSON API. Its path and what it takes stand above each handler.
fn described() -> OpenApiRouter<AppState> {
    let v1 = OpenApiRouter::new()
        // Coming in.
        .routes(routes!(setup::get_setup, setup::create_setup))
        .routes(routes!(auth::sign_in))
        .routes(routes!(auth::refresh_session))
        .routes(routes!(auth::sign_out))
        .routes(routes!(auth::sign_out_everywhere))
        .routes(routes!(auth::change_password))
        .routes(routes!(auth::accept_invite))
        .routes(routes!(me::get_me, me::update_me))
        .routes(routes!(me::set_my_status))
        // Programs.
        .routes(routes!(api_keys::list_api_keys, api_keys::create_api_key))
        .routes(routes!(
            api_keys::get_api_key,
            api_keys::update_api_key,
            api_keys::revoke_api_key
        ))
        .routes(routes!(api_keys::rotate_api_key))
        // Conversations.
        .routes(routes!(conversations::list_conversations))
        .routes(routes!(conversations::count_conversations))
        .routes(routes!(
            conversations::get_conversation,
            conversations::update_conversation
        ))
        .routes(routes!(act::take_conversation))
        .routes(routes!(act::assign_conversation))
        .routes(routes!(act::transfer_conversation))
        .routes(routes!(act::invite_to_conversation))
        .routes(routes!(act::leave_conversation))
        .routes(routes!(act::resolve_conversation))
        .routes(routes!(act::close_conversation))
        .routes(routes!(act::reopen_conversation))
        .routes(routes!(act::spam_conversation))
        .routes(routes!(act::snooze_conversation))
        .routes(routes!(act::read_conversation))
        // Messages.
        .routes(routes!(messages::list_messages, messages::send_message))
        .routes(routes!(messages::edit_message, messages::delete_message))
        .routes(routes!(messages::retry_message))
        .routes(routes!(messages::fetch_attachment))
        .routes(routes!(messages::list_revisions))
        // Customers.
        .routes(routes!(customers::list_customers))
        .routes(routes!(customers::get_customer, customers::update_customer))
        .routes(routes!(customers::list_customer_conversations))
        // Entities.
        .merge(entities::routes::<Phrase>())
        .merge(entities::routes::<View>())
        .merge(entities::routes::<Tag>())
        // Colleagues.
        .routes(routes!(operators::list_operators, operators::create_operator))
        .routes(routes!(operators::update_operator))
        .routes(routes!(operators::invite_operator))
        .merge(entities::routes::<OwnRole>())
        .routes(routes!(rights::list_rights))
        // Inboxes.
        .routes(routes!(channels::list_channels))
        .routes(routes!(channels::test_channel))
        .routes(routes!(automations::list_automation_kinds))
        .routes(routes!(
            automations::list_automations,
            automations::create_automation
        ))
        .routes(routes!(
            automations::get_automation,
            automations::update_automation,
            automations::delete_automation
        ))
        .routes(routes!(inboxes::list_inboxes, inboxes::create_inbox))
        .routes(routes!(
            inboxes::get_inbox,
            inboxes::update_inbox,
            inboxes::delete_inbox
        ))
        .routes(routes!(inboxes::test_inbox))
        .routes(routes!(inboxes::register_webhook, inboxes::remove_webhook))
        .routes(routes!(inboxes::sign_out_visitors))
        .routes(routes!(simulate::simulate_customer))
        // Plugins.
        .routes(routes!(plugins::list_plugins))
        .routes(routes!(plugins::get_plugin, plugins::delete_plugin))
        .routes(routes!(plugins::approve_plugin))
        .routes(routes!(plugins::decline_plugin))
        .routes(routes!(plugins::enable_plugin))
        .routes(routes!(plugins::disable_plugin))
        .routes(routes!(plugins::roll_back_plugin))
        // Looking after it.
        .routes(routes!(quarantine::list_quarantine))
        .routes(routes!(
            quarantine::get_quarantined,
            quarantine::delete_quarantined
        ))
        .routes(routes!(quarantine::replay_quarantined))
        .routes(routes!(audit::list_audit))
        .routes(routes!(events::list_events))
        .routes(routes!(status::get_status));
    OpenApiRouter::with_openapi(openapi::frame())
        .nest("/api/v1", v1)
        .routes(routes!(health::get_live))
        .routes(routes!(health::get_ready))
}
