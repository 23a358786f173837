//! A kind of channel whose webhooks an app brings for many accounts.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::FakeChannel;
use crate::channel::{
    AccountConfig, AccountInfo, Action, AppAccounts, Capabilities, Channel, ChannelKind, Descriptor, Inbound,
    Outbound, Receipt, Verdict, WebhookReply, WebhookRequest,
};
use crate::error::{Error, ErrorKind, Result};
use crate::settings::Kind;

/// What is wrong with an account of [`FakeApp`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppFault {
    /// It never says whether a webhook is the platform's.
    Hangs,
    /// It panics instead.
    Panics,
    /// It fails with this instead.
    Fails(ErrorKind),
}

/// A kind of channel whose webhooks an app brings for many accounts: the settings `app`, `account` and the secret `secret`. A
/// delivery proves itself by its secret in [`FakeChannel::HEADER`]; a handshake is a GET whose query is the secret.
pub struct FakeApp {
    descriptor: Descriptor,
    faults: Arc<Faults>,
}

/// Faults by account.
type Faults = Mutex<BTreeMap<String, AppFault>>;

/// What a delivery says of one account.
#[derive(Serialize, Deserialize)]
struct Part {
    account: String,
    events: Vec<Inbound>,
}

/// One account.
struct AppChannel {
    capabilities: Capabilities,
    account: String,
    secret: String,
    faults: Arc<Faults>,
}

impl std::fmt::Debug for FakeApp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FakeApp")
    }
}

impl Default for FakeApp {
    fn default() -> Self {
        let descriptor = Descriptor {
            kind: Self::KIND.to_owned(),
            version: "1".to_owned(),
            title: "Fake app".to_owned(),
            summary: "An app that serves many accounts, for tests.".to_owned(),
            config_schema: json!({
                "type": "object",
                "required": ["app", "account", "secret"],
                "properties": {
                    "app": { "type": "string", "title": "App" },
                    "account": { "type": "string", "title": "Account" },
                    "secret": { "type": "string", "title": "Secret", "x-secret": true },
                },
            }),
            capabilities: Capabilities {
                polling: false,
                ..FakeChannel::everything()
            },
            app: Some(AppAccounts {
                app: "app".to_owned(),
                account: "account".to_owned(),
            }),
            docs: "Nothing needs to be set up.".to_owned(),
        };
        Self {
            descriptor,
            faults: Arc::default(),
        }
    }
}

impl FakeApp {
    /// The name of the kind.
    pub const KIND: &'static str = "fake-app";

    /// Settings of an account.
    pub fn config(app: &str, account: &str, secret: &str) -> Value {
        json!({ "app": app, "account": account, "secret": secret })
    }

    /// A delivery, signed with a secret, that brings accounts these events.
    pub fn webhook(secret: &str, parts: &[(&str, Vec<Inbound>)]) -> WebhookRequest {
        let parts: Vec<Part> = parts
            .iter()
            .map(|(account, events)| Part {
                account: (*account).to_owned(),
                events: events.clone(),
            })
            .collect();
        let body = serde_json::to_vec(&parts).expect("parts can be written as JSON");
        WebhookRequest::post(body).with_header(FakeChannel::HEADER, secret)
    }

    /// What an account does from now on with each webhook; nothing wrong if none.
    pub fn goes_wrong(&self, account: &str, fault: Option<AppFault>) {
        let mut faults = lock(&self.faults);
        match fault {
            Some(fault) => faults.insert(account.to_owned(), fault),
            None => faults.remove(account),
        };
    }
}

impl Kind for FakeApp {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }
}

#[async_trait]
impl ChannelKind for FakeApp {
    fn open(&self, account: AccountConfig) -> Result<Arc<dyn Channel>> {
        let text = |name: &str| account.config[name].as_str().unwrap_or_default().to_owned();
        Ok(Arc::new(AppChannel {
            capabilities: self.descriptor.capabilities.clone(),
            account: text("account"),
            secret: text("secret"),
            faults: self.faults.clone(),
        }))
    }

    async fn addressed(&self, request: &WebhookRequest) -> Result<Vec<String>> {
        if request.method == "GET" {
            return Ok(Vec::new());
        }
        Ok(parts(request)?.into_iter().map(|part| part.account).collect())
    }
}

#[async_trait]
impl Channel for AppChannel {
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn accept(&self, request: &WebhookRequest) -> Result<Verdict> {
        let fault = lock(&self.faults).get(&self.account).copied();
        match fault {
            None => {}
            Some(AppFault::Hangs) => std::future::pending().await,
            Some(AppFault::Panics) => panic!("the fake account was told to panic"),
            Some(AppFault::Fails(kind)) => return Err(Error::new(kind, "the fake account was told to fail")),
        }
        if request.method == "GET" && request.query == self.secret {
            return Ok(Verdict::Reply(WebhookReply::ok()));
        }
        match request.header(FakeChannel::HEADER) {
            Some(given) if given == self.secret => Ok(Verdict::Process(WebhookReply::ok())),
            _ => Err(Error::new(
                ErrorKind::Unauthenticated,
                "the secret of the webhook is wrong",
            )),
        }
    }

    async fn parse(&self, request: &WebhookRequest) -> Result<Vec<Inbound>> {
        let mut parts = parts(request)?;
        parts.retain(|part| part.account == self.account);
        Ok(parts.into_iter().flat_map(|part| part.events).collect())
    }

    async fn check(&self) -> Result<AccountInfo> {
        Ok(AccountInfo {
            id: self.account.clone(),
            name: "Fake".to_owned(),
            url: None,
        })
    }

    async fn send(&self, message: &Outbound) -> Result<Receipt> {
        Ok(Receipt {
            external_ids: vec![format!("out-{}", message.id)],
            at: None,
            new_chat: None,
        })
    }

    async fn perform(&self, _: &Action) -> Result<()> {
        Ok(())
    }
}

fn parts(request: &WebhookRequest) -> Result<Vec<Part>> {
    serde_json::from_slice(&request.body)
        .map_err(|e| Error::new(ErrorKind::Malformed, "not a list of parts").caused_by(e))
}

fn lock(faults: &Faults) -> MutexGuard<'_, BTreeMap<String, AppFault>> {
    faults.lock().unwrap_or_else(PoisonError::into_inner)
}
