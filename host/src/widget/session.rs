//! What the widget looks like, and the beginning of a visitor's session.

use axum::extract::State;
use omnichat_core::Engine;
use omnichat_core::channel::{Inbound, InboundEvent};
use omnichat_core::error::{Error, ErrorKind, Result};
use serde::Deserialize;
use utoipa::ToSchema;

use super::pages::Page;
use super::profile::Identity;
use super::site::Site;
use super::token::Claims;
use super::view::{
    ConfigView, ConversationView, Drawing, KnownView, PageView, PrechatFieldView, PrechatView, SessionView,
};
use super::visitor::{CurrentSite, Visitor};
use crate::app::AppState;
use crate::error::ApiResult;
use crate::extract::{ClientAddress, Json};

/// Longest id that a site may give a visitor, in characters.
const EXTERNAL_ID_MAX: usize = 200;

/// How the widget looks and what it asks.
#[utoipa::path(get, path = "/widget/v1/{inbox_id}/config", tag = "widget", operation_id = "get_widget_config",
    security(()), params(("inbox_id" = String, Path,)), responses((status = 200, body = ConfigView)))]
pub(super) async fn get_widget_config(
    State(state): State<AppState>,
    CurrentSite(site): CurrentSite,
) -> ApiResult<Json<ConfigView>> {
    let online = site.is_online(&state.engine).await?;
    let fields = site.config.prechat_fields();
    let title = site.config.title.trim();
    Ok(Json(ConfigView {
        title: if title.is_empty() {
            site.account.inbox.title.clone()
        } else {
            title.to_owned()
        },
        greeting: site.config.greeting.clone(),
        accent: site.config.accent.clone(),
        locale: site.config.locale.into(),
        position: site.config.position.into(),
        prechat: PrechatView {
            enabled: !fields.is_empty(),
            fields: fields.into_iter().map(PrechatFieldView::from).collect(),
        },
        online,
        away_message: site.config.away_message.clone(),
        offline_form: site.config.offline_form,
        max_file_bytes: site.config.max_file_bytes().min(state.config.files.max_bytes),
        branding: site.config.branding,
    }))
}

/// What a widget says when it begins.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = WidgetSessionIn)]
pub(super) struct SessionRequest {
    /// The visitor's token, to go on with a session.
    token: Option<String>,
    /// What the site says of the visitor.
    visitor: Option<Identity>,
    /// The page around the widget.
    page: Option<Page>,
    /// The language of the widget.
    #[serde(default)]
    locale: String,
}

/// Begins a visitor's session, or goes on with one. Nothing is stored before the first message.
#[utoipa::path(post, path = "/widget/v1/{inbox_id}/session", tag = "widget", operation_id = "start_session",
    security(()), params(("inbox_id" = String, Path,)), request_body = SessionRequest,
    responses((status = 200, body = SessionView)))]
pub(super) async fn start_session(
    State(state): State<AppState>,
    CurrentSite(site): CurrentSite,
    from: ClientAddress,
    Json(request): Json<SessionRequest>,
) -> ApiResult<Json<SessionView>> {
    state.visitors.limits.session(from.limit_key())?;
    let known = match &request.token {
        Some(token) => Some(Visitor::of(&state, site.clone(), token).await?.claims),
        None => None,
    };
    let claims = identify(&state.engine, &site, known, request.visitor.unwrap_or_default()).await?;
    let mut visitor = Visitor::new(site, claims)?;
    if state.engine.visitors().is_blocked(&visitor.who).await? {
        return Err(Error::forbidden("this chat is closed to you").into());
    }
    visitor.claims.renew(state.engine.now());
    let token = state.visitors.tokens.sign(&visitor.claims);
    let page = Page {
        locale: request.locale,
        ..request.page.unwrap_or_default()
    };
    state.visitors.pages.put(visitor.inbox(), visitor.chat(), page);
    Ok(Json(view(&state, &visitor, token).await?))
}

/// Who the visitor is from now on.
async fn identify(engine: &Engine, site: &Site, known: Option<Claims>, identity: Identity) -> Result<Claims> {
    let external_id = identity
        .external_id
        .as_deref()
        .map(str::trim)
        .filter(|id| !id.is_empty());
    if external_id.is_some_and(|id| id.chars().count() > EXTERNAL_ID_MAX || id.contains('\0')) {
        return Err(Error::invalid_field(
            "visitor.external_id",
            "too_long",
            "an id has at most 200 characters",
        ));
    }
    let proof = external_id.zip(identity.hash.as_deref());
    let proved = proof
        .filter(|(id, hash)| site.config.proves(id, hash))
        .map(|(id, _)| id);
    if proved.is_none() && proof.is_some() {
        tracing::warn!(inbox = %site.inbox(), "a site gave a hash that does not prove its visitor");
    }
    let (now, generation) = (engine.now(), site.generation());
    let mut claims = match (proved, known) {
        (Some(id), known) => {
            let secret = &site.config.identity_secret;
            let mut claims = Claims::proved(site.inbox(), generation, now, id, secret);
            claims.profile.set("external_id", id);
            match known {
                Some(known) if known.chat == claims.chat => {
                    claims.at = known.at;
                    claims.profile = known.profile;
                }
                // What a stranger wrote before signing in is theirs; what another signed-in person wrote is not.
                Some(known) if known.secret.is_none() => adopt(engine, site, known, &mut claims).await?,
                _ => {}
            }
            claims
        }
        (None, Some(known)) => known,
        (None, None) => Claims::stranger(site.inbox(), generation, now),
    };
    if let (None, Some(id)) = (proved, external_id) {
        claims.profile.set("external_id (unproved)", id);
    }
    claims.profile.take(&identity);
    Ok(claims)
}

/// A stranger turned out to be somebody: their conversation goes along, unless that person has one already.
async fn adopt(engine: &Engine, site: &Site, stranger: Claims, claims: &mut Claims) -> Result<()> {
    let event = InboundEvent::Migrated {
        new_chat: claims.chat.clone(),
    };
    let migrated = Inbound::private(stranger.chat, event);
    match engine.receive(site.inbox(), migrated).await {
        Err(error) if error.kind() != ErrorKind::Duplicate => return Err(error),
        _ => {}
    }
    let external_id = std::mem::take(&mut claims.profile.attributes);
    claims.profile = stranger.profile;
    claims.profile.attributes.remove("external_id (unproved)");
    claims.profile.attributes.extend(external_id);
    Ok(())
}

async fn view(state: &AppState, visitor: &Visitor, token: String) -> Result<SessionView> {
    let engine = &state.engine;
    // Before the number that it goes with: one of another log is then fetched anew rather than taken for one of this.
    let epoch = engine.tenants().epoch(visitor.who.tenant()).await?;
    let opening = engine.visitors().opening(&visitor.who).await?;
    let drawing = Drawing::of(state, visitor.inbox());
    let page = PageView::of(opening.messages, drawing);
    let profile = &visitor.claims.profile;
    Ok(SessionView {
        token,
        visitor: KnownView {
            name: profile.name.clone().or(opening.name),
            email: profile.email.clone(),
        },
        conversation: opening
            .conversation
            .map(|conversation| ConversationView::of(conversation, drawing)),
        messages: page.items,
        older: page.older,
        cursor: visitor.cursor(state, epoch, opening.head)?,
        online: visitor.site.is_online(engine).await?,
    })
}
