//! Customers: search without regard to case, in any script, and their accounts.

use super::fixture::StoreFixture;
use super::scene::{Scene, walk};
use crate::chats::Chat;
use crate::contacts::{Contact, ContactKey, Scope};
use crate::customers::{Customer, CustomerFilter};
use crate::id::{CustomerId, InboxId};
use crate::page::{Cursor, PageRequest};

async fn search(scene: &Scene, text: &str) -> Vec<String> {
    let (reads, filter) = (&scene.reads, &CustomerFilter::with_text(text));
    let found = walk(3, async |page| reads.list_customers(filter, &page).await).await;
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

/// Without a text, and with one that all have, everybody is listed: last seen first, ties by id, page by page.
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
    for text in ["", "custom"] {
        let filter = &CustomerFilter::with_text(text);
        for limit in [1, 4, 23] {
            let listed = walk(limit, async |page| reads.list_customers(filter, &page).await).await;
            assert_eq!(listed, rows, "{text:?} by {limit}");
        }
    }
    let page = reads
        .list_customers(&CustomerFilter::default(), &PageRequest::first(5))
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

/// A customer's contacts come oldest first; each is found by its id and its key.
pub async fn contacts_of_a_customer(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let (customer, other) = (scene.customer(), scene.customer());
    scene.write([customer.clone(), other.clone()]).await;
    let inbox = scene.inbox().id;
    let scopes = [Scope::Inbox, Scope::platform("somewhere"), Scope::Email];
    let mut contacts = Vec::new();
    for (n, scope) in scopes.into_iter().enumerate() {
        // The oldest has the largest id.
        let contact = Contact {
            created_at: scene.in_secs(-(n as i64)),
            inbox: (scope == Scope::Inbox).then_some(inbox),
            scope,
            ..scene.contact(customer.id, inbox, "One")
        };
        contacts.insert(0, contact);
    }
    let foreign = scene.contact(other.id, inbox, "two");
    let late_first = [
        contacts[2].clone(),
        contacts[0].clone(),
        contacts[1].clone(),
        foreign.clone(),
    ];
    scene.write(late_first).await;
    let reads = &scene.reads;
    let of = async |customer: CustomerId| reads.list_contacts(&[customer]).await.expect("it can be read");
    let by_key = async |key: &ContactKey| reads.find_contact_by_key(key).await.expect("it can be read");
    assert_eq!(of(customer.id).await, contacts);
    for contact in contacts.iter().chain([&foreign]) {
        assert_eq!(by_key(&contact.key()).await.as_ref(), Some(contact));
        let found = reads.find_contact(contact.id).await.expect("it can be read");
        assert_eq!(found.as_ref(), Some(contact));
    }
    for other in [
        ContactKey {
            claimed: true,
            ..foreign.key()
        },
        ContactKey {
            external_id: "TWO".to_owned(),
            ..foreign.key()
        },
        ContactKey {
            inbox: Some(scene.inbox().id),
            ..foreign.key()
        },
        ContactKey {
            scope: Scope::Phone,
            inbox: None,
            ..foreign.key()
        },
    ] {
        assert_eq!(by_key(&other).await, None, "{other:?}");
    }

    // It goes to the other customer, under another id.
    let moved = Contact {
        customer: other.id,
        external_id: "Three".to_owned(),
        version: 2,
        ..contacts[0].clone()
    };
    scene.write([moved.clone()]).await;
    assert_eq!(by_key(&contacts[0].key()).await, None);
    assert_eq!(by_key(&moved.key()).await, Some(moved.clone()));
    assert_eq!(of(customer.id).await, contacts[1..]);
    assert_eq!(of(other.id).await.len(), 2);
    let both = reads
        .list_contacts(&[other.id, customer.id])
        .await
        .expect("it can be read");
    assert_eq!(both.len(), 4);
    assert!(both.is_sorted_by_key(|contact| (contact.created_at, contact.id)));
    assert_eq!(reads.list_contacts(&[]).await.expect("it can be read"), []);
}

/// A customer's chats come oldest first; each is found by its inbox and id.
pub async fn chats_of_a_customer(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let (customer, other) = (scene.customer(), scene.customer());
    scene.write([customer.clone(), other.clone()]).await;
    let inboxes = [scene.inbox().id, scene.inbox().id];
    let mut chats = Vec::new();
    for (n, inbox) in [inboxes[0], inboxes[1], inboxes[0]].into_iter().enumerate() {
        // The oldest has the largest id.
        let created_at = scene.in_secs(-(n as i64));
        chats.insert(
            0,
            Chat {
                created_at,
                ..scene.chat(customer.id, inbox, &format!("chat {n}"))
            },
        );
    }
    let foreign = scene.chat(other.id, inboxes[0], "chat 9");
    let late_first = [
        chats[2].clone(),
        chats[0].clone(),
        chats[1].clone(),
        foreign.clone(),
    ];
    scene.write(late_first).await;
    let reads = &scene.reads;
    let of = async |customer: CustomerId| reads.list_chats(&[customer]).await.expect("it can be read");
    let at = async |inbox: InboxId, id: &str| reads.find_chat(inbox, id).await.expect("it can be read");
    assert_eq!(of(customer.id).await, chats);
    for chat in chats.iter().chain([&foreign]) {
        assert_eq!(at(chat.inbox, &chat.external_id).await.as_ref(), Some(chat));
    }
    assert_eq!(at(inboxes[1], "chat 2").await, None);
    assert_eq!(at(inboxes[0], "CHAT 2").await, None);

    // The chat gets another id, and later goes to the other customer.
    let migrated = Chat {
        external_id: "chat new".to_owned(),
        version: 2,
        ..chats[0].clone()
    };
    scene.write([migrated.clone()]).await;
    assert_eq!(at(inboxes[0], "chat 2").await, None);
    assert_eq!(at(inboxes[0], "chat new").await, Some(migrated.clone()));
    scene
        .write([Chat {
            customer: other.id,
            version: 3,
            ..migrated
        }])
        .await;
    assert_eq!(of(customer.id).await, chats[1..]);
    assert_eq!(of(other.id).await.len(), 2);
    let both = reads
        .list_chats(&[other.id, customer.id])
        .await
        .expect("it can be read");
    assert_eq!(both.len(), 4);
    assert!(both.is_sorted_by_key(|chat| (chat.created_at, chat.id)));
    assert_eq!(reads.list_chats(&[]).await.expect("it can be read"), []);
}
