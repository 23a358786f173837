//! Webhooks of an app that serves many accounts, of inboxes of several tenants.

use std::sync::Arc;

use omnichat_core::actor::{Actor, Role};
use omnichat_core::channel::{Inbound, WebhookReply, WebhookRequest};
use omnichat_core::clock::SystemClock;
use omnichat_core::error::{Error, ErrorKind};
use omnichat_core::event::Event;
use omnichat_core::id::TenantId;
use omnichat_core::inboxes::{AppAccount, Inbox, InboxPatch, NewInbox, RoutingStrategy};
use omnichat_core::limits;
use omnichat_core::quarantine::Held;
use omnichat_core::store::Store;
use omnichat_core::testing::{Acting as _, AppFault, FakeApp, FakeChannel, FlakyStore};

use crate::desk::{Desk, new_operator, said};

const APP: &str = "app-1";
const SECRET: &str = "the app's secret";

/// Two tenants, each with an inbox behind one app.
struct Two {
    desk: Desk,
    kind: Arc<FakeApp>,
    store: Arc<FlakyStore>,
    other: Actor,
}

impl Two {
    async fn new() -> Self {
        let kind = Arc::new(FakeApp::default());
        let mut flaky = None;
        let wrap = |store| {
            let store = Arc::new(FlakyStore::new(store));
            flaky = Some(store.clone());
            store as Arc<dyn Store>
        };
        let with_app = kind.clone();
        let desk = Desk::built(
            RoutingStrategy::Manual,
            FakeChannel::everything(),
            wrap,
            |builder| builder.channel(with_app),
        )
        .await;
        let founder = new_operator("other", Role::Owner, 5);
        let (_, other) = desk.engine.tenants().create("Other", founder).await.unwrap();
        let two = Self {
            desk,
            kind,
            store: flaky.unwrap(),
            other: other.actor(),
        };
        two.inbox(&two.desk.actor, "page-1", SECRET).await;
        two.inbox(&two.other, "page-2", SECRET).await;
        two
    }

    async fn inbox(&self, actor: &Actor, account: &str, secret: &str) -> Inbox {
        let new = NewInbox {
            kind: FakeApp::KIND.to_owned(),
            title: account.to_owned(),
            config: FakeApp::config(APP, account, secret),
            scenario: None,
            routing: RoutingStrategy::Manual,
            proxy_url: None,
        };
        self.desk.engine.inboxes().create(actor, new).await.unwrap()
    }

    async fn deliver(&self, request: WebhookRequest) -> Result<WebhookReply, Error> {
        self.desk
            .engine
            .receive_app_webhook(FakeApp::KIND, APP, request)
            .await
    }

    /// Texts that a tenant was told, in order.
    async fn texts(&self, actor: &Actor) -> Vec<String> {
        let store = self.desk.engine.ports().tenant(actor.tenant);
        let events = store.events_after(0, 1_000).await.unwrap();
        let texts = events.into_iter().filter_map(|envelope| match envelope.event {
            Event::MessageCreated { message, .. } => Some(message.content.text),
            _ => None,
        });
        texts.filter(|text| !text.is_empty()).collect()
    }

    async fn both(&self) -> (Vec<String>, Vec<String>) {
        (self.texts(&self.desk.actor).await, self.texts(&self.other).await)
    }
}

fn hello(text: &str) -> Vec<Inbound> {
    vec![said("7", text, text)]
}

/// A delivery for both.
fn for_both() -> WebhookRequest {
    FakeApp::webhook(SECRET, &[("page-1", hello("one")), ("page-2", hello("two"))])
}

fn list(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[tokio::test]
async fn one_delivery_brings_each_tenant_what_is_its_own_and_once() {
    let two = Two::new().await;
    for _ in 0..2 {
        assert_eq!(two.deliver(for_both()).await.unwrap().status, 200);
        assert_eq!(two.both().await, (list(&["one"]), list(&["two"])));
    }
}

#[tokio::test]
async fn a_forged_delivery_is_refused_and_leaves_nothing() {
    let two = Two::new().await;
    let forged = FakeApp::webhook("a guess", &[("page-1", hello("one")), ("page-2", hello("two"))]);
    let error = two.deliver(forged).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
    let unknown = FakeApp::webhook("a guess", &[("nobody's", hello("one"))]);
    assert_eq!(
        two.deliver(unknown).await.unwrap_err().kind(),
        ErrorKind::Unauthenticated
    );
    assert_eq!(two.both().await, (vec![], vec![]));
}

#[tokio::test]
async fn who_claims_a_foreign_account_sees_nothing_and_disturbs_nobody() {
    let two = Two::new().await;
    let founder = new_operator("thief", Role::Owner, 5);
    let (_, thief) = two.desk.engine.tenants().create("Thief", founder).await.unwrap();
    let thief = thief.actor();
    // More than are tried of one tenant.
    for _ in 0..20 {
        two.inbox(&thief, "page-1", "a guess").await;
    }
    assert_eq!(two.deliver(for_both()).await.unwrap().status, 200);
    assert_eq!(two.both().await, (list(&["one"]), list(&["two"])));
    // An account that only the claimant has is as good as unknown.
    two.inbox(&thief, "page-3", "a guess").await;
    let for_nobody = FakeApp::webhook(SECRET, &[("page-3", hello("three"))]);
    assert_eq!(two.deliver(for_nobody).await.unwrap().status, 200);
    assert_eq!(two.both().await, (list(&["one"]), list(&["two"])));
    assert_eq!(two.texts(&thief).await, list(&[]));
}

#[tokio::test]
async fn an_account_that_is_not_here_does_not_make_the_platform_give_up() {
    let two = Two::new().await;
    let gone = FakeApp::webhook(SECRET, &[("page-9", hello("nine"))]);
    assert_eq!(two.deliver(gone).await.unwrap().status, 200);
    let beside = FakeApp::webhook(SECRET, &[("page-9", hello("nine")), ("page-1", hello("one"))]);
    assert_eq!(two.deliver(beside).await.unwrap().status, 200);
    let empty = FakeApp::webhook(SECRET, &[]);
    assert_eq!(two.deliver(empty).await.unwrap().status, 200);
    assert_eq!(two.both().await, (list(&["one"]), vec![]));
}

#[tokio::test]
async fn an_app_is_there_while_one_of_its_inboxes_is_switched_on() {
    let two = Two::new().await;
    let switch = async |actor: &Actor, enabled: bool| {
        let inboxes = two.desk.engine.inboxes();
        for inbox in inboxes.list(actor).await.unwrap() {
            let patch = InboxPatch {
                enabled: Some(enabled),
                ..InboxPatch::default()
            };
            inboxes.update(actor, inbox.id, patch).await.unwrap();
        }
    };
    switch(&two.other, false).await;
    assert_eq!(two.deliver(for_both()).await.unwrap().status, 200);
    assert_eq!(two.both().await, (list(&["one"]), vec![]));
    switch(&two.desk.actor, false).await;
    let engine = &two.desk.engine;
    assert!(!engine.has_app(FakeApp::KIND, APP).await.unwrap());
    assert_eq!(
        two.deliver(for_both()).await.unwrap_err().kind(),
        ErrorKind::NotFound
    );
    switch(&two.other, true).await;
    assert!(engine.has_app(FakeApp::KIND, APP).await.unwrap());
    assert_eq!(two.deliver(for_both()).await.unwrap().status, 200);
    assert_eq!(two.both().await, (list(&["one"]), list(&["two"])));
    for (kind, app) in [("fake", APP), (FakeApp::KIND, "app-2"), ("", ""), ("\0", "..")] {
        assert!(!engine.has_app(kind, app).await.unwrap(), "{kind} {app}");
        let answer = engine.receive_app_webhook(kind, app, for_both()).await;
        assert_eq!(answer.unwrap_err().kind(), ErrorKind::NotFound);
    }
}

#[tokio::test]
async fn a_part_that_could_not_be_stored_is_asked_for_again_and_doubles_nothing() {
    let two = Two::new().await;
    two.store.will_refuse_tenant(two.other.tenant);
    two.deliver(for_both()).await.unwrap_err();
    assert_eq!(two.both().await, (list(&["one"]), vec![]));
    two.store.will_refuse_tenant(TenantId::generate(&SystemClock));
    assert_eq!(two.deliver(for_both()).await.unwrap().status, 200);
    assert_eq!(two.both().await, (list(&["one"]), list(&["two"])));
}

#[tokio::test(start_paused = true)]
async fn an_inbox_whose_channel_is_broken_keeps_the_others_from_nothing() {
    for (n, fault, answer) in [
        // May pass: the platform brings it again.
        (1, AppFault::Hangs, Err(ErrorKind::Timeout)),
        (
            2,
            AppFault::Fails(ErrorKind::Unavailable),
            Err(ErrorKind::Unavailable),
        ),
        // Will not.
        (3, AppFault::Panics, Ok(200)),
        (4, AppFault::Fails(ErrorKind::AccountBroken), Ok(200)),
    ] {
        let two = Two::new().await;
        two.kind.goes_wrong("page-1", Some(fault));
        let given = two.deliver(for_both()).await;
        assert_eq!(
            given.map(|reply| reply.status).map_err(|error| error.kind()),
            answer,
            "{n}"
        );
        assert_eq!(two.both().await, (vec![], list(&["two"])), "{n}");
        two.kind.goes_wrong("page-1", None);
        two.deliver(for_both()).await.unwrap();
        assert_eq!(two.both().await, (list(&["one"]), list(&["two"])), "{n}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_handshake_is_answered_by_any_inbox_that_knows_the_secret() {
    let two = Two::new().await;
    two.kind.goes_wrong("page-1", Some(AppFault::Hangs));
    assert_eq!(
        two.deliver(WebhookRequest::get(SECRET)).await.unwrap().status,
        200
    );
    two.kind.goes_wrong("page-1", None);
    let guess = two.deliver(WebhookRequest::get("a guess")).await;
    assert_eq!(guess.unwrap_err().kind(), ErrorKind::Unauthenticated);
}

/// One secret was changed on some inboxes and not on others.
#[tokio::test]
async fn a_tenant_that_knows_the_secret_misses_nothing_where_an_inbox_has_an_old_one() {
    let two = Two::new().await;
    let old = two.inbox(&two.desk.actor, "page-3", "an old secret").await;
    let delivery = FakeApp::webhook(SECRET, &[("page-1", hello("one")), ("page-3", hello("three"))]);
    let again = two.deliver(delivery.clone()).await.unwrap_err();
    assert_eq!(again.kind(), ErrorKind::Unavailable);
    assert_eq!(two.both().await, (list(&["one"]), vec![]));
    let patch = InboxPatch {
        config: Some(FakeApp::config(APP, "page-3", SECRET)),
        ..InboxPatch::default()
    };
    let inboxes = two.desk.engine.inboxes();
    inboxes.update(&two.desk.actor, old.id, patch).await.unwrap();
    assert_eq!(two.deliver(delivery).await.unwrap().status, 200);
    assert_eq!(two.both().await, (list(&["one", "three"]), vec![]));
}

/// However many refuse before one accepts: that one is tried, and whoever was passed over until then.
#[tokio::test]
async fn many_that_refuse_keep_no_other_inbox_of_their_tenant_from_its_part() {
    let two = Two::new().await;
    let names: Vec<String> = (0..40).map(|n| format!("old-{n}")).collect();
    for name in &names {
        two.inbox(&two.desk.actor, name, "an old secret").await;
    }
    two.inbox(&two.desk.actor, "new", SECRET).await;
    let mut parts: Vec<_> = names.iter().map(|name| (&**name, hello(name))).collect();
    parts.extend([("new", hello("new")), ("page-2", hello("two"))]);
    let again = two.deliver(FakeApp::webhook(SECRET, &parts)).await.unwrap_err();
    assert_eq!(again.kind(), ErrorKind::Unavailable);
    assert_eq!(two.both().await, (list(&["new"]), list(&["two"])));
    let forged = two.deliver(FakeApp::webhook("a guess", &parts)).await;
    assert_eq!(forged.unwrap_err().kind(), ErrorKind::Unauthenticated);
}

/// The oldest inboxes of an app may be those of somebody who does not know its secret.
#[tokio::test]
async fn a_handshake_finds_the_tenant_that_knows_the_secret() {
    let two = Two::new().await;
    for n in 0..30 {
        two.inbox(&two.desk.actor, &format!("old-{n}"), "an old secret")
            .await;
    }
    two.inbox(&two.other, "new", "another secret").await;
    let answer = two.deliver(WebhookRequest::get("another secret")).await;
    assert_eq!(answer.unwrap().status, 200);
}

#[tokio::test]
async fn a_delivery_for_too_many_accounts_is_refused() {
    let two = Two::new().await;
    let names: Vec<String> = (0..10_000).map(|n| format!("account {n}")).collect();
    let parts = |names: &[String]| -> WebhookRequest {
        let own = [("page-1", hello("one"))];
        let others = names.iter().map(|name| (name.as_str(), Vec::new()));
        let parts: Vec<_> = own.into_iter().chain(others).collect();
        FakeApp::webhook(SECRET, &parts)
    };
    let refused = two.deliver(parts(&names)).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::TooLarge);
    assert_eq!(two.both().await, (vec![], vec![]));
    // One that is named ten thousand times is one; and what no account can be called counts for nothing.
    let same = vec!["account".to_owned(); 10_000];
    assert_eq!(two.deliver(parts(&same)).await.unwrap().status, 200);
    assert_eq!(two.texts(&two.desk.actor).await, list(&["one"]));
    let odd = [String::new(), "x".repeat(limits::ID + 1), "\0".to_owned()];
    let all = [&names[..limits::WEBHOOK_ACCOUNTS - 1], &odd[..]].concat();
    assert_eq!(two.deliver(parts(&all)).await.unwrap().status, 200);
}

#[tokio::test]
async fn what_cannot_be_understood_is_kept_where_its_signature_is_right() {
    let two = Two::new().await;
    let garbled = WebhookRequest::post("{ no parts").with_header(FakeChannel::HEADER, SECRET);
    assert_eq!(two.deliver(garbled.clone()).await.unwrap().status, 200);
    let quarantine = two.desk.engine.quarantine();
    let mut held = Vec::new();
    for actor in [&two.desk.actor, &two.other] {
        let page = quarantine.list(actor, 10, None).await.unwrap();
        held.extend(page.items);
    }
    assert_eq!((held.len(), held[0].value.what), (1, Held::Request));
    assert_eq!(held[0].value.request.body, garbled.body);
    assert_ne!(held[0].value.request.header(FakeChannel::HEADER), Some(SECRET));
    let forged = WebhookRequest::post("{ no parts");
    assert_eq!(
        two.deliver(forged).await.unwrap_err().kind(),
        ErrorKind::Unauthenticated
    );
}

#[tokio::test]
async fn an_inbox_knows_its_app_by_its_settings() {
    let two = Two::new().await;
    let (inboxes, actor) = (two.desk.engine.inboxes(), &two.desk.actor);
    let inbox = two.inbox(actor, " page-5 ", SECRET).await;
    let of = |account: &str| {
        Some(AppAccount {
            app: APP.to_owned(),
            account: account.to_owned(),
        })
    };
    assert_eq!(inbox.app, of("page-5"));
    let base = "https://chat.example.org/";
    let registered = inboxes.register_webhook(actor, inbox.id, base).await.unwrap();
    let address = "https://chat.example.org/webhooks/apps/fake-app/app-1";
    assert_eq!(registered.webhook_url.as_deref(), Some(address));
    let settings = |config| InboxPatch {
        config: Some(config),
        ..InboxPatch::default()
    };
    let config = FakeApp::config(APP, "page-6", SECRET);
    let moved = inboxes.update(actor, inbox.id, settings(config)).await.unwrap();
    assert_eq!(moved.app, of("page-6"));
    assert_eq!(moved.webhook_url, None, "another account's was registered");
    let config = FakeApp::config(APP, "", SECRET);
    let unfinished = inboxes.update(actor, inbox.id, settings(config)).await.unwrap();
    assert_eq!(unfinished.app, None);
    assert_eq!(unfinished.webhook_path(), format!("/webhooks/{}", inbox.id));
    let long = "x".repeat(limits::APP + 1);
    for app in ["a/b", "приложение", "..", long.as_str()] {
        let config = FakeApp::config(app, "page-6", SECRET);
        let refused = inboxes
            .update(actor, inbox.id, settings(config))
            .await
            .unwrap_err();
        assert_eq!(refused.fields()[0].field, "config.app", "{app}");
    }
}
