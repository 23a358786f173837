//! Who works in the shop, and where its customers write.

use std::collections::HashMap;

use omnichat_core::Engine;
use omnichat_core::actor::{Actor, Role};
use omnichat_core::id::{InboxId, TenantId};
use omnichat_core::inboxes::{InboxPatch, NewInbox, RoutingStrategy};
use omnichat_core::operators::NewOperator;
use serde_json::{Value, json};

/// Those who answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Who {
    Admin,
    Anna,
    Mark,
    Lena,
    Tom,
}

impl Who {
    pub(super) const ALL: [Self; 5] = [Self::Admin, Self::Anna, Self::Mark, Self::Lena, Self::Tom];

    const fn is(self) -> (&'static str, &'static str, Role, &'static str) {
        match self {
            Self::Admin => ("Администратор", "admin@example.org", Role::Owner, "ru"),
            Self::Anna => ("Анна", "anna@example.org", Role::Senior, "ru"),
            Self::Mark => ("Марк", "mark@example.org", Role::Operator, "ru"),
            Self::Lena => ("Lena", "lena@example.org", Role::Operator, "en"),
            Self::Tom => ("Tom", "tom@example.org", Role::Operator, "en"),
        }
    }
}

/// With which address somebody signs in.
pub(super) fn email(who: Who) -> String {
    who.is().1.to_owned()
}

/// Where customers write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The widget on the shop's site.
    Site,
    /// The sandbox.
    Sandbox,
    /// The shop's own app.
    App,
}

/// The shop.
pub(super) struct Shop {
    pub(super) tenant: TenantId,
    pub(super) system: Actor,
    pub(super) site: InboxId,
    pub(super) sandbox: InboxId,
    pub(super) app: InboxId,
    actors: HashMap<Who, Actor>,
}

impl Shop {
    /// Founds it.
    pub(super) async fn found(engine: &Engine, password_hash: &str) -> anyhow::Result<Self> {
        let new = |who: Who| {
            let (name, email, role, locale) = who.is();
            NewOperator {
                name: name.to_owned(),
                email: email.to_owned(),
                role: role.into(),
                capacity: 12,
                locale: Some(locale.to_owned()),
                password_hash: Some(password_hash.to_owned()),
            }
        };
        let (tenant, owner) = engine
            .tenants()
            .create("Северный чай · Northern Tea", new(Who::Admin))
            .await?;
        let system = Actor::system(tenant.id, "demo");
        let mut actors = HashMap::from([(Who::Admin, engine.operators().actor(&owner).await?)]);
        for who in Who::ALL.into_iter().filter(|who| *who != Who::Admin) {
            let (operator, _) = engine.operators().create(&system, new(who)).await?;
            actors.insert(who, engine.operators().actor(&operator).await?);
        }
        let admin = actors[&Who::Admin].clone();
        let add = async |kind: &str, title: &str, routing, config: Value| {
            let (kind, title) = (kind.to_owned(), title.to_owned());
            engine
                .inboxes()
                .create(
                    &admin,
                    NewInbox {
                        kind,
                        title,
                        config,
                        scenario: None,
                        routing,
                        proxy_url: None,
                    },
                )
                .await
        };
        let site = add("widget", "Сайт", RoutingStrategy::LeastLoaded, json!({})).await?;
        let sandbox = add("sandbox", "Песочница", RoutingStrategy::Manual, json!({})).await?;
        let app = add(
            "api",
            "Мобильное приложение",
            RoutingStrategy::RoundRobin,
            app_config(""),
        )
        .await?;
        Ok(Self {
            tenant: tenant.id,
            system,
            site: site.id,
            sandbox: sandbox.id,
            app: app.id,
            actors,
        })
    }

    pub(super) fn actor(&self, who: Who) -> &Actor {
        &self.actors[&who]
    }

    pub(super) fn inbox(&self, place: Place) -> InboxId {
        match place {
            Place::Site => self.site,
            Place::Sandbox => self.sandbox,
            Place::App => self.app,
        }
    }

    /// Takes the app's server away, or brings it back: meanwhile what is sent there fails.
    pub(super) async fn app_is_broken(&self, engine: &Engine, broken: bool) -> anyhow::Result<()> {
        // No address of the public internet: the request is refused here and never leaves.
        let url = if broken { "http://127.0.0.1:9/omnichat" } else { "" };
        let patch = InboxPatch {
            config: Some(app_config(url)),
            ..InboxPatch::default()
        };
        engine
            .inboxes()
            .update(self.actor(Who::Admin), self.app, patch)
            .await?;
        Ok(())
    }
}

fn app_config(outgoing_url: &str) -> Value {
    json!({ "signing_secret": "only for the demo, change me", "outgoing_url": outgoing_url })
}
