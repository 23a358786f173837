//! The wrappers: limits and time.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use omnichat_channels::layers::{Deadlines, Layered, Policy, Rate, Rates};
use omnichat_core::channel::{
    AccountConfig, AccountInfo, Action, Capabilities, Channel, ChannelKind, Descriptor, Outbound, Receipt,
};
use omnichat_core::error::{ErrorKind, Result, Retry};
use omnichat_core::settings::Kind;
use omnichat_core::testing::FakeApp;
use serde_json::json;

use crate::support::{account, text};

/// Takes every message, and never answers anything else.
struct Slow {
    capabilities: Capabilities,
}

#[async_trait]
impl Channel for Slow {
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn check(&self) -> Result<AccountInfo> {
        std::future::pending().await
    }

    async fn send(&self, message: &Outbound) -> Result<Receipt> {
        match message.text.as_str() {
            "never" => std::future::pending().await,
            _ => Ok(Receipt::default()),
        }
    }

    async fn perform(&self, _: &Action) -> Result<()> {
        Ok(())
    }
}

struct SlowKind {
    descriptor: Descriptor,
}

impl Kind for SlowKind {
    fn descriptor(&self) -> &Descriptor {
        &self.descriptor
    }
}

impl ChannelKind for SlowKind {
    fn open(&self, _: AccountConfig) -> Result<Arc<dyn Channel>> {
        Ok(Arc::new(Slow {
            capabilities: Capabilities::default(),
        }))
    }
}

fn open(policy: Policy) -> Arc<dyn Channel> {
    let descriptor = Descriptor {
        kind: "slow".to_owned(),
        version: "1".to_owned(),
        title: "Slow".to_owned(),
        summary: String::new(),
        config_schema: json!({}),
        capabilities: Capabilities::default(),
        app: None,
        docs: String::new(),
    };
    Layered::new(SlowKind { descriptor }, policy)
        .open(account(json!({})))
        .unwrap()
}

fn to(chat: &str) -> Outbound {
    Outbound {
        chat: chat.to_owned(),
        ..text("x")
    }
}

fn an_hour(count: u32) -> Rate {
    Rate {
        count,
        per: Duration::from_secs(3_600),
    }
}

fn rates(account: u32, chat: u32, shared_chat: u32) -> Policy {
    let is_shared = |chat: &str| chat.starts_with('-');
    let rates = Rates {
        account: an_hour(account),
        chat: an_hour(chat),
        shared_chat: an_hour(shared_chat),
        is_shared,
    };
    Policy {
        rates: Some(rates),
        ..Policy::default()
    }
}

/// How many messages to a chat pass before the limit.
async fn passes(channel: &Arc<dyn Channel>, chat: &str) -> u32 {
    let mut passed = 0;
    while passed < 50 && channel.send(&to(chat)).await.is_ok() {
        passed += 1;
    }
    passed
}

#[tokio::test]
async fn each_chat_has_its_own_limit() {
    let channel = open(rates(1_000, 3, 5));
    assert_eq!(passes(&channel, "1").await, 3);
    assert_eq!(passes(&channel, "2").await, 3);
    assert_eq!(passes(&channel, "-1").await, 5);
}

#[tokio::test]
async fn the_account_has_a_limit_for_all_chats() {
    let channel = open(rates(4, 3, 3));
    assert_eq!(passes(&channel, "1").await, 3);
    assert_eq!(passes(&channel, "2").await, 1);
}

#[tokio::test]
async fn what_the_limit_holds_back_is_surely_not_sent_and_says_when() {
    let channel = open(rates(1_000, 2, 2));
    assert_eq!(passes(&channel, "1").await, 2);
    let error = channel.send(&to("1")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert!(error.is_surely_not_sent());
    let Retry::After(wait) = error.retry() else {
        panic!("no advice")
    };
    assert!(
        wait > Duration::from_secs(1_700) && wait <= Duration::from_secs(1_800),
        "{wait:?}"
    );
}

#[tokio::test]
async fn a_short_wait_is_sat_out() {
    let fast = Rate {
        count: 1,
        per: Duration::from_millis(20),
    };
    let rates = Rates {
        account: an_hour(1_000),
        chat: fast,
        shared_chat: fast,
        is_shared: |_| false,
    };
    let channel = open(Policy {
        rates: Some(rates),
        ..Policy::default()
    });
    let begun = std::time::Instant::now();
    for _ in 0..5 {
        channel.send(&to("1")).await.unwrap();
    }
    assert!(
        begun.elapsed() >= Duration::from_millis(79),
        "{:?}",
        begun.elapsed()
    );
}

#[tokio::test]
async fn only_messages_and_edits_are_limited() {
    let channel = open(rates(1_000, 1, 1));
    assert_eq!(passes(&channel, "1").await, 1);
    let route = std::collections::BTreeMap::new();
    channel
        .perform(&Action::Typing {
            chat: "1".to_owned(),
            route: route.clone(),
        })
        .await
        .unwrap();
    let edit = Action::Edit {
        chat: "1".to_owned(),
        route,
        external_id: "5".to_owned(),
        text: String::new(),
        spans: Vec::new(),
        buttons: Vec::new(),
        is_caption: false,
    };
    assert_eq!(
        channel.perform(&edit).await.unwrap_err().kind(),
        ErrorKind::RateLimited
    );
}

#[tokio::test(start_paused = true)]
async fn a_call_that_never_ends_is_ended() {
    let deadlines = Deadlines {
        send: Duration::from_secs(7),
        call: Duration::from_secs(3),
        ..Deadlines::default()
    };
    let channel = open(Policy {
        deadlines,
        ..Policy::default()
    });
    let begun = tokio::time::Instant::now();
    let error = channel.check().await.unwrap_err();
    assert_eq!((error.kind(), begun.elapsed().as_secs()), (ErrorKind::Timeout, 3));
    let error = channel.send(&text("never")).await.unwrap_err();
    // Nobody knows whether it went out.
    assert_eq!(
        (error.kind(), error.is_surely_not_sent()),
        (ErrorKind::Timeout, false)
    );
    assert_eq!(begun.elapsed().as_secs(), 10);
}

#[tokio::test]
async fn a_wrapped_kind_says_of_whom_a_webhook_speaks() {
    let kind = Layered::new(FakeApp::default(), Policy::default());
    let request = FakeApp::webhook("secret", &[("page", Vec::new())]);
    assert_eq!(kind.addressed(&request).await.unwrap(), ["page"]);
}
