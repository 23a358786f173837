//! Tenants, operators and inboxes.

use super::fixture::StoreFixture;
use super::scene::Scene;
use crate::change::Removal;
use crate::id::InboxId;
use crate::inboxes::{AppAccount, Inbox};
use crate::operators::Operator;
use crate::tenants::Tenant;
use crate::testing::{Builder, FakeChannel};

/// Every tenant is listed, oldest first.
pub async fn tenants_oldest_first(fixture: StoreFixture) {
    assert_eq!(fixture.store.tenants().await.expect("it can be read"), []);
    let mut expected = Vec::new();
    for n in 0..3 {
        let scene = Scene::of(&Builder::new(fixture.clock.clone()), fixture.store.clone());
        // The oldest has the largest id.
        let tenant = Tenant {
            created_at: scene.in_secs(-n),
            ..scene.tenant()
        };
        scene.write([tenant.clone()]).await;
        expected.insert(0, tenant);
    }
    assert_eq!(fixture.store.tenants().await.expect("it can be read"), expected);
    let scene = Scene::of(
        &Builder::of(expected[1].id, fixture.clock.clone()),
        fixture.store.clone(),
    );
    expected[1] = Tenant {
        name: "Renamed «ж»".to_owned(),
        version: 2,
        ..expected[1].clone()
    };
    scene.write([expected[1].clone()]).await;
    assert_eq!(fixture.store.tenants().await.expect("it can be read"), expected);
}

/// Operators are listed oldest first, ties by id, disabled ones too.
pub async fn operators_oldest_first(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let mut rows: Vec<_> = (0..5_i64)
        .map(|n| Operator {
            created_at: scene.in_secs((n * 3) % 4),
            disabled: n == 2,
            ..scene.operator()
        })
        .collect();
    scene.write(rows.clone()).await;
    rows.sort_by_key(|o| (o.created_at, o.id));
    assert_eq!(scene.reads.list_operators().await.expect("it can be read"), rows);
}

/// People sign in by address alone, so every operator with it is found, of any tenant, and no other.
pub async fn operators_by_address_across_tenants(fixture: StoreFixture) {
    let email = "same@example.org";
    let mut expected = Vec::new();
    for n in 0..3 {
        let scene = Scene::new(&fixture).await;
        let operator = Operator {
            email: email.to_owned(),
            disabled: n == 1,
            ..scene.operator()
        };
        scene.write([operator.clone(), scene.operator()]).await;
        expected.push(operator);
    }
    expected.sort_by_key(|o| o.id);
    let find = async |email: &str| {
        fixture
            .store
            .operators_by_email(email)
            .await
            .expect("it can be read")
    };
    assert_eq!(find(email).await, expected);
    for other in [
        "",
        "same@example.or",
        "Same@example.org",
        "same@example.org ",
        "%",
        "same_example.org",
    ] {
        assert_eq!(find(other).await, [], "{other}");
    }
}

/// Inboxes are listed oldest first; each says whose it is.
pub async fn inboxes_oldest_first(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let other = Scene::new(&fixture).await;
    let mut rows = Vec::new();
    for n in 0..3 {
        // The oldest has the largest id.
        rows.insert(
            0,
            Inbox {
                created_at: scene.in_secs(-n),
                ..scene.inbox()
            },
        );
    }
    scene
        .write([rows[2].clone(), rows[0].clone(), rows[1].clone()])
        .await;
    let foreign = other.inbox();
    other.write([foreign.clone()]).await;
    assert_eq!(scene.reads.list_inboxes().await.expect("it can be read"), rows);
    for (inbox, tenant) in rows
        .iter()
        .map(|i| (i.id, scene.tenant))
        .chain([(foreign.id, other.tenant)])
    {
        assert_eq!(
            fixture.store.inbox_owner(inbox).await.expect("it can be read"),
            Some(tenant)
        );
    }
    assert_eq!(
        fixture
            .store
            .inbox_owner(scene.inbox().id)
            .await
            .expect("it can be read"),
        None
    );
}

/// Webhooks of an app name accounts alone: every enabled inbox of one is found, of any tenant, the oldest first, and no other.
pub async fn inboxes_by_app_and_account_across_tenants(fixture: StoreFixture) {
    let (one, other) = (Scene::new(&fixture).await, Scene::new(&fixture).await);
    let of = |scene: &Scene, app: &str, account: &str| Inbox {
        app: Some(AppAccount {
            app: app.to_owned(),
            account: account.to_owned(),
        }),
        ..scene.inbox()
    };
    let rows = [
        of(&one, "app", "page"),
        of(&other, "app", "page"),
        of(&one, "app", "page"),
        of(&other, "app", "PAGE «ж» '%"),
    ];
    let strangers = [
        of(&one, "App", "page"),
        of(&one, "other", "page"),
        Inbox {
            kind: "another".to_owned(),
            ..of(&one, "app", "page")
        },
        Inbox {
            enabled: false,
            ..of(&one, "app", "page")
        },
        one.inbox(),
    ];
    for inbox in rows.iter().rev().chain(&strangers) {
        let scene = if inbox.tenant == one.tenant { &one } else { &other };
        scene.write([inbox.clone()]).await;
    }
    let kind = rows[0].kind.as_str();
    let found = async |app: &str, accounts: &[&str], after: Option<InboxId>, limit: u32| {
        let accounts: Vec<String> = accounts.iter().map(|id| (*id).to_owned()).collect();
        let found = fixture
            .store
            .inboxes_of_accounts(kind, app, &accounts, after, limit);
        found.await.expect("it can be read")
    };
    let expected = |rows: &[&Inbox]| {
        let mut places: Vec<_> = rows.iter().map(|inbox| (inbox.tenant, inbox.id)).collect();
        places.sort_by_key(|(_, id)| *id);
        places
    };
    let pages = expected(&[&rows[0], &rows[1], &rows[2]]);
    assert_eq!(found("app", &["page"], None, 100).await, pages);
    assert_eq!(
        found("app", &["page", "page", "nobody"], None, 2).await,
        pages[..2]
    );
    assert_eq!(found("app", &["page"], Some(pages[0].1), 100).await, pages[1..]);
    assert_eq!(found("app", &["page"], Some(pages[2].1), 100).await, []);
    let odd = ["", "pag", "page ", "PAGE «ж» '%"];
    assert_eq!(found("app", &odd, None, 100).await, expected(&[&rows[3]]));
    assert_eq!(found("app", &[], None, 100).await, []);
    assert_eq!(found("nobody", &["page"], None, 100).await, []);
    let many: Vec<String> = (0..1_000).map(|n| format!("account {n}")).collect();
    let mut many: Vec<&str> = many.iter().map(String::as_str).collect();
    many.push("page");
    assert_eq!(found("app", &many, None, 100).await, pages);

    let all = expected(&[&rows[0], &rows[1], &rows[2], &rows[3]]);
    let of_app = async |app: &str, limit: u32| {
        let found = fixture.store.inboxes_of_app(kind, app, limit);
        found.await.expect("it can be read")
    };
    assert_eq!(of_app("app", 100).await, all);
    assert_eq!(of_app("app", 2).await, all[..2]);
    assert_eq!(of_app("nobody", 100).await, []);
}

/// An inbox is found by what it is now: not after it was switched off, went to another account, or was removed.
pub async fn an_inbox_that_leaves_its_app_is_found_there_no_more(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let of = |account: &str| {
        Some(AppAccount {
            app: "app".to_owned(),
            account: account.to_owned(),
        })
    };
    let mut inbox = Inbox {
        app: of("page"),
        ..scene.inbox()
    };
    let place = vec![(scene.tenant, inbox.id)];
    let found = async |account: &str| {
        let (kind, accounts) = (FakeChannel::KIND, [account.to_owned()]);
        let store = &fixture.store;
        let found = store.inboxes_of_accounts(kind, "app", &accounts, None, 9).await;
        found.expect("it can be read")
    };
    scene.write([inbox.clone()]).await;
    assert_eq!(found("page").await, place);
    for (app, enabled, pages, shops) in [
        (of("page"), false, vec![], vec![]),
        (of("shop"), true, vec![], place.clone()),
        (None, true, vec![], vec![]),
        (of("page"), true, place, vec![]),
    ] {
        inbox = Inbox {
            app,
            enabled,
            version: inbox.version + 1,
            ..inbox
        };
        scene.write([inbox.clone()]).await;
        assert_eq!((found("page").await, found("shop").await), (pages, shops));
    }
    let mut changes = scene.changes();
    changes.remove(Removal::Inbox(inbox.id));
    scene.commit(changes).await;
    assert_eq!(found("page").await, []);
    let of_app = fixture.store.inboxes_of_app(FakeChannel::KIND, "app", 9).await;
    assert_eq!(of_app.expect("it can be read"), []);
}

/// A removed inbox is nobody's; its conversations, messages and chats stay.
pub async fn a_removed_inbox_leaves_its_conversations(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let inbox = scene.inbox();
    let conversation = scene.conversation(inbox.id, "chat");
    let message = scene.message(&conversation, "text");
    let chat = scene.chat(conversation.customer, inbox.id, "chat");
    let mut changes = scene.changes();
    changes
        .put(inbox.clone())
        .put(conversation.clone())
        .put(message.clone())
        .put(chat.clone());
    scene.commit(changes).await;
    let mut changes = scene.changes();
    changes.remove(Removal::Inbox(inbox.id));
    scene.commit(changes).await;

    let reads = &scene.reads;
    assert_eq!(reads.find_inbox(inbox.id).await.expect("it can be read"), None);
    assert_eq!(reads.list_inboxes().await.expect("it can be read"), []);
    assert_eq!(
        fixture.store.inbox_owner(inbox.id).await.expect("it can be read"),
        None
    );
    assert_eq!(
        reads
            .find_conversation(conversation.id)
            .await
            .expect("it can be read"),
        Some(conversation)
    );
    assert_eq!(
        reads.find_message(message.id).await.expect("it can be read"),
        Some(message)
    );
    assert_eq!(
        reads.find_chat(inbox.id, "chat").await.expect("it can be read"),
        Some(chat)
    );
}
