//! A host with tenants whose screens are open, for tests that follow what happens rather than ask.

use std::sync::Arc;

use omnichat_core::actor::{Actor, Role};
use omnichat_core::channel::{Inbound, InboundEvent, InboundMessage, Person, Profile};
use omnichat_core::clock::SystemClock;
use omnichat_core::flow::inbound::Applied;
use omnichat_core::id::{ConversationId, InboxId};
use omnichat_core::inboxes::{NewInbox, RoutingStrategy};
use omnichat_core::operators::{NewOperator, Operator};
use omnichat_core::testing::Acting as _;
use omnichat_host::app::AppState;
use omnichat_host::config::Config;
use serde_json::Value;

use super::TestApp;
use super::app::config;
use super::socket::Socket;

/// A host that runs until it is dropped.
pub(crate) struct Running {
    pub(crate) state: AppState,
    pub(crate) http: reqwest::Client,
    app: TestApp,
}

/// An operator with an access token.
pub(crate) struct Colleague {
    pub(crate) operator: Operator,
    pub(crate) token: String,
}

impl Colleague {
    pub(crate) fn actor(&self) -> Actor {
        self.operator.actor()
    }
}

impl Running {
    /// A host with the defaults.
    pub(crate) async fn start() -> Self {
        Self::with(|_| {}).await
    }

    /// A host that was told something else.
    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let mut config = config();
        config.server.rate_limit.enabled = false;
        change(&mut config);
        let app = TestApp::with(config, Arc::new(SystemClock)).await;
        Self {
            state: app.state.clone(),
            http: reqwest::Client::new(),
            app,
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.app.base)
    }

    /// A new tenant with its owner.
    pub(crate) async fn tenant(&self, name: &str) -> Colleague {
        let owner = new_operator(name, Role::Owner);
        let (_, operator) = self.state.engine.tenants().create(name, owner).await.unwrap();
        self.sign_in(operator).await
    }

    /// Another operator of a tenant.
    pub(crate) async fn colleague(&self, of: &Colleague, name: &str, role: Role) -> Colleague {
        let new = new_operator(name, role);
        let (operator, _) = self
            .state
            .engine
            .operators()
            .create(&of.actor(), new)
            .await
            .unwrap();
        self.sign_in(operator).await
    }

    async fn sign_in(&self, operator: Operator) -> Colleague {
        let signed_in = self.state.auth.begin(operator.clone(), "test").await.unwrap();
        Colleague {
            operator,
            token: signed_in.access,
        }
    }

    /// An inbox of a kind, from which operators take themselves.
    pub(crate) async fn inbox(&self, of: &Colleague, kind: &str, config: Value) -> InboxId {
        let new = NewInbox {
            kind: kind.to_owned(),
            title: kind.to_owned(),
            config,
            scenario: None,
            routing: RoutingStrategy::Manual,
            proxy_url: None,
        };
        self.state
            .engine
            .inboxes()
            .create(&of.actor(), new)
            .await
            .unwrap()
            .id
    }

    /// A customer writes on an inbox.
    pub(crate) async fn write(&self, inbox: InboxId, chat: &str, text: &str) -> ConversationId {
        let message = InboundMessage {
            external_id: uuid::Uuid::now_v7().simple().to_string(),
            text: text.to_owned(),
            ..InboundMessage::default()
        };
        self.did(inbox, chat, InboundEvent::Message(message))
            .await
            .conversation
            .unwrap()
    }

    /// A customer does something on an inbox.
    pub(crate) async fn did(&self, inbox: InboxId, chat: &str, event: InboundEvent) -> Applied {
        let profile = Profile {
            name: format!("Customer {chat}"),
            ..Profile::default()
        };
        let inbound = Inbound::private(chat, event).by(Person::from(profile));
        self.state.engine.receive(inbox, inbound).await.unwrap()
    }

    /// A console's socket that has said hello.
    pub(crate) async fn console(&self, of: &Colleague, after: Option<u64>) -> (Socket, Value) {
        let mut socket = self.socket("/api/v1/ws").await;
        socket
            .say(serde_json::json!({ "type": "hello", "token": of.token, "after": after }))
            .await;
        let hello = socket.frame().await;
        assert_eq!(hello["type"], "hello", "{hello}");
        (socket, hello)
    }

    /// A socket that has said nothing yet.
    pub(crate) async fn socket(&self, path: &str) -> Socket {
        Socket::open(&self.url(path).replacen("http", "ws", 1)).await
    }
}

fn new_operator(name: &str, role: Role) -> NewOperator {
    let unique = uuid::Uuid::now_v7().simple();
    NewOperator {
        name: name.to_owned(),
        email: format!("{unique}@example.org"),
        role: role.into(),
        capacity: 10,
        locale: None,
        password_hash: Some("$argon2id$none".to_owned()),
    }
}
