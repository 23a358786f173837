//! Tenants, operators and inboxes.

use super::fixture::StoreFixture;
use super::scene::Scene;
use crate::change::Removal;
use crate::inboxes::Inbox;
use crate::operators::Operator;
use crate::tenants::Tenant;
use crate::testing::Builder;

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
    changes.put(scene.quarantined(inbox.id));
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
