//! Who asks, in the widget's API.

use axum::extract::{FromRequestParts, Path};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use omnichat_core::channel::{Inbound, InboundEvent, Profile};
use omnichat_core::chats::Context;
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::id::InboxId;
use omnichat_core::visitors;
use uuid::Uuid;

use super::cursor;
use super::site::Site;
use super::token::Claims;
use crate::app::AppState;
use crate::error::Problem;

/// The widget that is named in the path. 404 for any other inbox.
#[derive(Clone, Debug)]
pub(super) struct CurrentSite(pub(super) Site);

impl FromRequestParts<AppState> for CurrentSite {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let path = Path::<InboxId>::from_request_parts(parts, state).await;
        let Path(inbox) = path.map_err(|_| Problem::not_found("widget"))?;
        Ok(Self(Site::open(&state.engine, inbox).await?))
    }
}

/// The visitor whose token came as `Authorization: Bearer`. 401 without a valid one for this widget.
#[derive(Clone, Debug)]
pub(super) struct Visitor {
    /// As whom core answers.
    pub(super) who: visitors::Visitor,
    pub(super) site: Site,
    pub(super) claims: Claims,
}

impl FromRequestParts<AppState> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        let CurrentSite(site) = CurrentSite::from_request_parts(parts, state).await?;
        let value = parts
            .headers
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        let token = value
            .split_once(' ')
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
        Ok(Self::of(state, site, token.map_or("", |(_, token)| token.trim())).await?)
    }
}

impl Visitor {
    /// Whoever a site has let in by what a token says.
    pub(super) fn new(site: Site, claims: Claims) -> Result<Self> {
        let who = visitors::Visitor::at(&site.account.inbox, claims.chat.clone())?;
        Ok(Self { who, site, claims })
    }

    /// The visitor behind a token.
    ///
    /// # Errors
    /// `Unauthenticated` for a forged token, one for another inbox, one that is too old or was ended, one that was proved by
    /// a secret that is no more, and for a visitor whose customer is blocked.
    pub(super) async fn of(state: &AppState, site: Site, token: &str) -> Result<Self> {
        let claims = Self::named(state, &site, token)?;
        Self::admit(state, site, claims).await
    }

    /// Whom a token names. The store is not asked.
    ///
    /// # Errors
    /// `Unauthenticated` for a forged token, one for another inbox, and one that is too old or was ended.
    pub(super) fn named(state: &AppState, site: &Site, token: &str) -> Result<Claims> {
        let now = state.engine.now();
        let tokens = &state.visitors.tokens;
        tokens
            .read(token, site.inbox(), site.generation(), now)
            .ok_or_else(wrong)
    }

    /// The visitor whom a token has named, if it would do so still.
    ///
    /// # Errors
    /// As [`Visitor::of`].
    pub(super) async fn admit(state: &AppState, site: Site, claims: Claims) -> Result<Self> {
        let now = state.engine.now();
        let tokens = &state.visitors.tokens;
        let holds = tokens.hold(&claims, site.inbox(), site.generation(), now);
        let current = site.secret_trace();
        let is_proved = claims.secret.as_ref().is_none_or(|secret| *secret == current);
        if !holds || !is_proved {
            return Err(wrong());
        }
        let visitor = Self::new(site, claims)?;
        match state.engine.visitors().is_blocked(&visitor.who).await? {
            false => Ok(visitor),
            true => Err(wrong()),
        }
    }

    pub(super) fn inbox(&self) -> InboxId {
        self.site.inbox()
    }

    /// Where this visitor's tabs go on after an event of a log.
    pub(super) fn cursor(&self, state: &AppState, epoch: Uuid, seq: u64) -> Result<String> {
        cursor::at(state.engine.vault(), self.whose(epoch), seq)
    }

    /// At which event a cursor of this visitor is; none if it is of another visitor or log.
    pub(super) fn place_of(&self, state: &AppState, epoch: Uuid, cursor: &str) -> Option<u64> {
        cursor::read(state.engine.vault(), self.whose(epoch), cursor)
    }

    fn whose(&self, epoch: Uuid) -> cursor::Whose<'_> {
        cursor::Whose {
            tenant: self.site.tenant(),
            inbox: self.inbox(),
            chat: self.chat(),
            epoch,
        }
    }

    pub(super) fn chat(&self) -> &str {
        self.who.chat()
    }

    /// Something that this visitor did, without what is known of the visitor.
    pub(super) fn did(&self, event: InboundEvent) -> Inbound {
        Inbound::private(self.chat().to_owned(), event)
    }

    /// What is known of this visitor, for the customer's card.
    pub(super) async fn profile(&self, state: &AppState) -> Result<Profile> {
        let known = &self.claims.profile;
        let attributes = known.attributes.clone();
        let shown = state.engine.visitors();
        let mut profile = Profile {
            name: known.name.clone().unwrap_or_default(),
            email: known.email.clone(),
            phone: known.phone.clone(),
            attributes: shown.attributes_with_room(&self.who, attributes).await?,
            ..Profile::default()
        };
        if let Some(page) = state.visitors.pages.get(self.inbox(), self.chat()) {
            profile.locale = Some(page.locale).filter(|locale| !locale.is_empty());
        }
        Ok(profile)
    }

    /// The page that this visitor is on: what is spoken of.
    pub(super) fn context(&self, state: &AppState) -> Context {
        let page = state
            .visitors
            .pages
            .get(self.inbox(), self.chat())
            .unwrap_or_default();
        let referrer = Some(page.referrer).filter(|referrer| !referrer.is_empty());
        Context {
            title: page.title,
            url: Some(page.url).filter(|url| !url.is_empty()),
            facts: referrer
                .map(|referrer| ("referrer".to_owned(), referrer))
                .into_iter()
                .collect(),
        }
    }
}

fn wrong() -> Error {
    Error::new(ErrorKind::Unauthenticated, "begin a session first")
}
