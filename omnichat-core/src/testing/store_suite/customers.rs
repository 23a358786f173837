//! Customers: search without regard to case, in any script, and their accounts.

use super::fixture::StoreFixture;
use super::scene::{Scene, walk};
use crate::customers::{Customer, Identity};
use crate::page::{Cursor, PageRequest};

async fn search(scene: &Scene, text: &str) -> Vec<String> {
    let reads = &scene.reads;
    let found = walk(3, async |page| reads.list_customers(Some(text), &page).await).await;
    found.into_iter().map(|customer| customer.name).collect()
}

/// Writes customers of these names, so that the first one is the one seen last.
async fn named(scene: &Scene, names: &[&str]) {
    let rows = names.iter().zip(0..).map(|(name, n)| Customer {
        name: (*name).to_owned(),
        last_seen_at: scene.in_secs(-n),
        ..scene.customer()
    });
    scene.write(rows).await;
}

/// A search finds names without regard to case, Cyrillic and others included.
pub async fn search_does_not_regard_case(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    named(
        &scene,
        &[
            "Мария ЁЛКИНА",
            "мариЯ вторая",
            "Mary",
            "ÉMILE Zola",
            "Ωμέγα",
            "李四",
        ],
    )
    .await;
    for text in ["мария", "МАРИЯ", "МаРиЯ"] {
        assert_eq!(search(&scene, text).await, ["Мария ЁЛКИНА", "мариЯ вторая"]);
    }
    assert_eq!(search(&scene, "ёлк").await, ["Мария ЁЛКИНА"]);
    assert_eq!(search(&scene, "ARY").await, ["Mary"]);
    assert_eq!(search(&scene, "émile z").await, ["ÉMILE Zola"]);
    assert_eq!(search(&scene, "ωΜΈΓ").await, ["Ωμέγα"]);
    assert_eq!(search(&scene, "四").await, ["李四"]);
    // One letter is another, whatever it resembles.
    assert_eq!(search(&scene, "елкина").await, [""; 0]);
    assert_eq!(search(&scene, "emile").await, [""; 0]);
}

/// No character of a search has a special meaning.
pub async fn search_takes_every_character_literally(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    named(
        &scene,
        &[
            "100% sure",
            "under_score",
            "O'Hara",
            "back\\slash",
            "star*",
            "[a]",
            "quoted \"x\"",
            "плюс+",
        ],
    )
    .await;
    for (text, name) in [
        ("%", "100% sure"),
        ("_", "under_score"),
        ("'", "O'Hara"),
        ("\\", "back\\slash"),
        ("*", "star*"),
        ("[a]", "[a]"),
        ("\"x\"", "quoted \"x\""),
        ("плюс+", "плюс+"),
    ] {
        assert_eq!(search(&scene, text).await, [name], "{text}");
    }
    assert_eq!(search(&scene, "%%").await, [""; 0]);
    assert_eq!(search(&scene, "a%").await, [""; 0]);
    assert_eq!(search(&scene, "' OR 1=1 --").await, [""; 0]);
}

/// A search looks into name, e-mail address and phone number, and nowhere else.
pub async fn search_looks_into_addresses(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let by_email = Customer {
        name: "by e-mail".to_owned(),
        email: Some("Somebody@Example.ORG".to_owned()),
        ..scene.customer()
    };
    let by_phone = Customer {
        name: "by phone".to_owned(),
        phone: Some("+7 (900) 123-45-67".to_owned()),
        ..scene.customer()
    };
    let elsewhere = Customer {
        name: "neither".to_owned(),
        note: "somebody@example.org 123-45".to_owned(),
        tags: vec!["somebody@example.org".to_owned()],
        attributes: [("123-45".to_owned(), "somebody@example.org".to_owned())].into(),
        ..scene.customer()
    };
    scene.write([by_email, by_phone, elsewhere]).await;
    assert_eq!(search(&scene, "someBODY@example").await, ["by e-mail"]);
    assert_eq!(search(&scene, "123-45").await, ["by phone"]);
    // What is found must be in one of them: no text runs from one into the next.
    assert_eq!(search(&scene, "mail somebody").await, [""; 0]);
    assert_eq!(search(&scene, "e-mailsomebody").await, [""; 0]);
}

/// A search follows changes of a customer.
pub async fn search_follows_changes(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let first = Customer {
        name: "Before".to_owned(),
        email: Some("old@example.org".to_owned()),
        ..scene.customer()
    };
    scene.write([first.clone()]).await;
    scene
        .write([Customer {
            name: "After".to_owned(),
            email: None,
            version: 2,
            ..first
        }])
        .await;
    assert_eq!(search(&scene, "before").await, [""; 0]);
    assert_eq!(search(&scene, "old@").await, [""; 0]);
    assert_eq!(search(&scene, "after").await, ["After"]);
}

/// Without a text, or with an empty one, everybody is listed: last seen first, ties by id, page by page.
pub async fn customers_last_seen_first(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let mut rows: Vec<_> = (0..23_i64)
        .map(|n| Customer {
            last_seen_at: scene.in_secs((n * 5) % 7),
            ..scene.customer()
        })
        .collect();
    scene.write(rows.clone()).await;
    rows.sort_by_key(|c| (c.last_seen_at, c.id));
    rows.reverse();
    let reads = &scene.reads;
    for text in [None, Some(""), Some("custom")] {
        for limit in [1, 4, 23] {
            let listed = walk(limit, async |page| reads.list_customers(text, &page).await).await;
            assert_eq!(listed, rows, "{text:?} by {limit}");
        }
    }
    let page = reads
        .list_customers(None, &PageRequest::first(5))
        .await
        .expect("a page");
    assert_eq!(
        page.next,
        Some(Cursor {
            sort: rows[4].last_seen_at.micros(),
            id: rows[4].id.uuid()
        })
    );
}

/// A customer's accounts come oldest first; each is found by inbox and peer.
pub async fn accounts_of_a_customer(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let (customer, other) = (scene.customer(), scene.customer());
    scene.write([customer.clone(), other.clone()]).await;
    let inboxes = [scene.inbox().id, scene.inbox().id];
    let mut accounts = Vec::new();
    for (n, inbox) in [inboxes[0], inboxes[1], inboxes[0]].into_iter().enumerate() {
        // The oldest has the largest id.
        let created_at = scene.in_secs(-(n as i64));
        accounts.insert(
            0,
            Identity {
                created_at,
                ..scene.identity(customer.id, inbox, &format!("peer {n}"))
            },
        );
    }
    let foreign = scene.identity(other.id, inboxes[0], "peer 9");
    let late_first = [
        accounts[2].clone(),
        accounts[0].clone(),
        accounts[1].clone(),
        foreign.clone(),
    ];
    scene.write(late_first).await;
    let reads = &scene.reads;
    assert_eq!(
        reads.list_identities(customer.id).await.expect("it can be read"),
        accounts
    );
    for account in accounts.iter().chain([&foreign]) {
        let found = reads
            .find_identity(account.inbox, &account.peer)
            .await
            .expect("it can be read");
        assert_eq!(found.as_ref(), Some(account));
    }
    assert_eq!(
        reads
            .find_identity(inboxes[1], "peer 2")
            .await
            .expect("it can be read"),
        None
    );
    assert_eq!(
        reads
            .find_identity(inboxes[0], "PEER 2")
            .await
            .expect("it can be read"),
        None
    );

    // The chat migrates, and later the account goes to the other customer.
    let migrated = Identity {
        peer: "peer new".to_owned(),
        version: 2,
        ..accounts[0].clone()
    };
    scene.write([migrated.clone()]).await;
    assert_eq!(
        reads
            .find_identity(inboxes[0], "peer 2")
            .await
            .expect("it can be read"),
        None
    );
    assert_eq!(
        reads
            .find_identity(inboxes[0], "peer new")
            .await
            .expect("it can be read"),
        Some(migrated.clone())
    );
    scene
        .write([Identity {
            customer: other.id,
            version: 3,
            ..migrated
        }])
        .await;
    assert_eq!(
        reads.list_identities(customer.id).await.expect("it can be read"),
        accounts[1..]
    );
    assert_eq!(
        reads
            .list_identities(other.id)
            .await
            .expect("it can be read")
            .len(),
        2
    );
}
