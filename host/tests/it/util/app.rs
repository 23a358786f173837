//! A host in this process.

use std::sync::Arc;
use std::time::Duration;

use omnichat_core::Engine;
use omnichat_core::actor::{Actor, Role};
use omnichat_core::clock::{Clock, ManualClock, SystemClock};
use omnichat_core::operators::NewOperator;
use omnichat_core::tenants::Tenant;
use omnichat_host::app::AppState;
use omnichat_host::boot::Host;
use omnichat_host::config::{Config, Secret};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::Client;

/// The password of everybody in tests.
pub(crate) const PASSWORD: &str = "correct horse battery";

/// A host on a free port, with the memory store. Goes down when it is dropped.
pub(crate) struct TestApp {
    pub(crate) state: AppState,
    pub(crate) base: String,
    stop: CancellationToken,
    runs: Option<JoinHandle<()>>,
}

impl Drop for TestApp {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

/// What tests change of the defaults.
pub(crate) fn config() -> Config {
    let mut config = Config::default();
    config.server.listen = "127.0.0.1:0".parse().unwrap();
    config.store.url = Some(Secret::from("memory:".to_owned()));
    (config.auth.hash_memory_kib, config.auth.hash_passes) = (8, 1);
    config
}

impl TestApp {
    /// A host with nobody in it, by the machine's clock.
    pub(crate) async fn empty() -> Self {
        Self::with(config(), Arc::new(SystemClock)).await
    }

    /// A host by a clock that stands still.
    pub(crate) async fn by_manual_clock() -> (Self, Arc<ManualClock>) {
        let clock = Arc::new(ManualClock::default());
        (Self::with(config(), clock.clone()).await, clock)
    }

    /// A host by a configuration and a clock.
    pub(crate) async fn with(config: Config, clock: Arc<dyn Clock>) -> Self {
        let host = Host::start_with(config, clock).await.unwrap();
        let (state, base) = (
            host.state().clone(),
            format!("http://{}", host.address().unwrap()),
        );
        let stop = CancellationToken::new();
        let until = stop.clone();
        let runs = tokio::spawn(async move { host.run(until.cancelled_owned()).await.unwrap() });
        Self {
            state,
            base,
            stop,
            runs: Some(runs),
        }
    }

    /// Goes down, and waits until it is.
    pub(crate) async fn down(mut self) {
        self.stop.cancel();
        if let Some(runs) = self.runs.take() {
            runs.await.unwrap();
        }
    }

    /// A host with an organisation, and its owner signed in.
    pub(crate) async fn with_owner() -> (Self, Client) {
        let app = Self::empty().await;
        let owner = app.found("Example", "owner@example.org").await;
        (app, owner)
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.state.engine
    }

    /// Somebody who is not signed in.
    pub(crate) fn anonymous(&self) -> Client {
        Client::new(&self.base)
    }

    /// Founds an organisation and signs its owner in.
    pub(crate) async fn found(&self, name: &str, email: &str) -> Client {
        let owner = self.new_operator(email, Role::Owner).await;
        self.engine().tenants().create(name, owner).await.unwrap();
        self.sign_in(email).await
    }

    /// The only organisation of a name.
    pub(crate) async fn tenant(&self, name: &str) -> Tenant {
        self.engine()
            .tenants()
            .list()
            .await
            .unwrap()
            .into_iter()
            .find(|t| t.name == name)
            .unwrap()
    }

    /// Adds a colleague to «Example» and signs it in.
    pub(crate) async fn colleague(&self, email: &str, role: Role) -> Client {
        let tenant = self.tenant("Example").await;
        let new = self.new_operator(email, role).await;
        self.engine()
            .operators()
            .create(&Actor::system(tenant.id, "test"), new)
            .await
            .unwrap();
        self.sign_in(email).await
    }

    async fn new_operator(&self, email: &str, role: Role) -> NewOperator {
        NewOperator {
            name: email.split('@').next().unwrap().to_owned(),
            email: email.to_owned(),
            role: role.into(),
            capacity: 10,
            locale: None,
            password_hash: Some(
                self.state
                    .auth
                    .passwords()
                    .hash_new(PASSWORD, email, "password")
                    .await
                    .unwrap(),
            ),
        }
    }

    /// Signs somebody in by [`PASSWORD`].
    pub(crate) async fn sign_in(&self, email: &str) -> Client {
        let body = serde_json::json!({ "email": email, "password": PASSWORD, "transport": "body" });
        let session = self.anonymous().post("/auth/sign-in", body).await.ok();
        self.anonymous().signed_in(&session)
    }

    /// Works off the queue until nothing is due.
    pub(crate) async fn run_pending_work(&self) {
        let done = async {
            loop {
                self.engine().run_due().await.unwrap();
                let now = self.engine().ports().now();
                if self.engine().ports().store.queue_depth(now).await.unwrap().due == 0 {
                    return;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), done)
            .await
            .expect("the queue does not get empty");
    }
}
