//! Unique rules: what only one row of a tenant may have, and the name of the rule in the answer.

use std::sync::Arc;

use super::fixture::StoreFixture;
use super::scene::{Scene, assert_duplicate, fault};
use crate::change::{Row, unique};
use crate::chats::Chat;
use crate::contacts::{Contact, Scope};
use crate::conversations::{Conversation, Status};
use crate::error::ErrorKind;
use crate::id::InboxId;
use crate::messages::Message;
use crate::operators::Operator;

/// Two operators of a tenant cannot have the same address; it is free again when its holder takes another.
pub async fn operators_by_email(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let first = Operator {
        email: "first@example.org".to_owned(),
        ..scene.operator()
    };
    let second = Operator {
        email: "second@example.org".to_owned(),
        ..scene.operator()
    };
    scene.write([first.clone(), second.clone()]).await;

    let third = Operator {
        email: first.email.clone(),
        ..scene.operator()
    };
    assert_duplicate(scene.try_write([third.clone()]).await, unique::OPERATOR_EMAIL);
    let renamed = Operator {
        email: first.email.clone(),
        version: 2,
        ..second
    };
    assert_duplicate(scene.try_write([renamed]).await, unique::OPERATOR_EMAIL);

    let moved = Operator {
        email: "moved@example.org".to_owned(),
        version: 2,
        ..first
    };
    scene.write([moved, third]).await;
}

/// No two contacts have the same key: scope, inbox where that matters, id, and whether it is only claimed.
pub async fn contacts_by_key(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let (here, elsewhere) = (scene.inbox().id, scene.inbox().id);
    let (customer, other) = (scene.customer().id, scene.customer().id);
    let first = scene.contact(customer, here, "one");
    let on_platform = Contact {
        scope: Scope::platform("somewhere"),
        inbox: None,
        ..scene.contact(customer, here, "one")
    };
    let claimed = Contact {
        claimed: true,
        ..scene.contact(other, here, "one")
    };
    let apart = [
        first.clone(),
        scene.contact(customer, elsewhere, "one"),
        claimed.clone(),
        on_platform.clone(),
    ];
    scene.write(apart.clone()).await;
    for taken in apart {
        let again = Contact {
            id: scene.contact(other, here, "").id,
            customer: other,
            ..taken
        };
        assert_duplicate(scene.try_write([again]).await, unique::CONTACT_KEY);
    }
    // Whoever proves what was claimed before is free to, once its holder has another.
    let proved = Contact {
        claimed: false,
        version: 2,
        ..claimed
    };
    assert_duplicate(scene.try_write([proved.clone()]).await, unique::CONTACT_KEY);
    let moved = Contact {
        external_id: "two".to_owned(),
        version: 2,
        ..first
    };
    scene.write([moved, proved]).await;
}

/// Two chats of an inbox cannot have the same id.
pub async fn chats_by_id(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let (here, elsewhere) = (scene.inbox().id, scene.inbox().id);
    let customer = scene.customer().id;
    let first = scene.chat(customer, here, "chat");
    scene
        .write([first.clone(), scene.chat(customer, elsewhere, "chat")])
        .await;
    let second = scene.chat(scene.customer().id, here, "chat");
    assert_duplicate(scene.try_write([second.clone()]).await, unique::CHAT);
    scene
        .write([
            Chat {
                external_id: "migrated".to_owned(),
                version: 2,
                ..first
            },
            second,
        ])
        .await;
}

/// At most one conversation with a chat is not closed.
pub async fn conversations_by_chat(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let inbox = scene.inbox().id;
    scene
        .write([
            scene.conversation(scene.inbox().id, "chat"),
            scene.conversation(inbox, "another"),
        ])
        .await;
    for status in Status::ALL {
        let chat = status.name();
        let first = Conversation {
            status,
            ..scene.conversation(inbox, chat)
        };
        scene.write([first.clone()]).await;
        let second = scene.conversation(inbox, chat);
        if status == Status::Closed {
            scene.write([second]).await;
            let reopened = Conversation {
                status: Status::Open,
                version: 2,
                ..first
            };
            assert_duplicate(scene.try_write([reopened]).await, unique::CONVERSATION_CHAT);
        } else {
            assert_duplicate(scene.try_write([second.clone()]).await, unique::CONVERSATION_CHAT);
            let closed = Conversation {
                status: Status::Closed,
                version: 2,
                ..first
            };
            scene.write([closed, second]).await;
        }
    }
    // Any number of closed ones is fine.
    for _ in 0..3 {
        scene
            .write([Conversation {
                status: Status::Closed,
                ..scene.conversation(inbox, "closed often")
            }])
            .await;
    }
}

/// A platform's id names one message of a chat; in another chat or on another inbox it names another.
pub async fn messages_by_external_id(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let inbox = scene.inbox().id;
    let here = scene.conversation(inbox, "here");
    let there = scene.conversation(inbox, "there");
    let elsewhere = scene.conversation(scene.inbox().id, "here");
    scene
        .write([here.clone(), there.clone(), elsewhere.clone()])
        .await;

    let with_id = |conversation: &Conversation| Message {
        external_id: Some("1".to_owned()),
        ..scene.message(conversation, "text")
    };
    scene
        .write([with_id(&here), with_id(&there), with_id(&elsewhere)])
        .await;
    for conversation in [&here, &there, &elsewhere] {
        assert_duplicate(
            scene.try_write([with_id(conversation)]).await,
            unique::MESSAGE_EXTERNAL,
        );
    }

    // The chat counts, not the conversation: a later conversation with the same chat is the same chat.
    let closed = Conversation {
        status: Status::Closed,
        version: 2,
        ..here.clone()
    };
    let later = scene.conversation(inbox, "here");
    scene.write([closed, later.clone()]).await;
    assert_duplicate(scene.try_write([with_id(&later)]).await, unique::MESSAGE_EXTERNAL);
    // Without an id there is nothing to be unique.
    scene
        .write([scene.message(&later, "one"), scene.message(&later, "two")])
        .await;
}

/// Further ids of a message are as unique as its first.
pub async fn messages_by_further_external_ids(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let conversation = scene.a_conversation().await;
    let with_ids = |first: &str, more: &[&str]| Message {
        external_id: Some(first.to_owned()),
        more_external_ids: more.iter().map(|id| (*id).to_owned()).collect(),
        ..scene.message(&conversation, "text")
    };
    scene
        .write([with_ids("1", &["2", "3"]), with_ids("4", &[])])
        .await;
    for (first, more) in [
        ("2", &[][..]),
        ("5", &["1"]),
        ("5", &["3"]),
        ("3", &["6"]),
        ("5", &["6", "4"]),
    ] {
        let answer = scene.try_write([with_ids(first, more)]).await;
        assert_duplicate(answer, unique::MESSAGE_EXTERNAL);
    }
    scene.write([with_ids("5", &["6"])]).await;
}

/// A client key names one message of a conversation.
pub async fn messages_by_client_key(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let conversation = scene.a_conversation().await;
    let other = scene.a_conversation().await;
    let with_key = |conversation: &Conversation| Message {
        client_key: Some("key".to_owned()),
        ..scene.message(conversation, "text")
    };
    scene.write([with_key(&conversation), with_key(&other)]).await;
    assert_duplicate(
        scene.try_write([with_key(&conversation)]).await,
        unique::MESSAGE_CLIENT_KEY,
    );
}

/// A message that is replaced keeps its own ids and key, and gives up those that it no longer has.
pub async fn a_message_keeps_its_own_ids(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let conversation = scene.a_conversation().await;
    let first = Message {
        external_id: Some("1".to_owned()),
        more_external_ids: vec!["2".to_owned()],
        client_key: Some("key".to_owned()),
        ..scene.message(&conversation, "text")
    };
    scene.write([first.clone()]).await;
    let second = Message {
        version: 2,
        more_external_ids: vec!["2".to_owned(), "3".to_owned()],
        ..first.clone()
    };
    scene.write([second.clone()]).await;
    let third = Message {
        version: 3,
        external_id: Some("3".to_owned()),
        more_external_ids: vec![],
        ..second
    };
    scene.write([third]).await;
    let other = Message {
        external_id: Some("2".to_owned()),
        more_external_ids: vec!["1".to_owned()],
        ..scene.message(&conversation, "other")
    };
    scene.write([other]).await;
    let late = Message {
        external_id: Some("3".to_owned()),
        ..scene.message(&conversation, "late")
    };
    assert_duplicate(scene.try_write([late]).await, unique::MESSAGE_EXTERNAL);
}

/// A message has one revision of a number.
pub async fn revisions_by_number(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let conversation = scene.a_conversation().await;
    let (one, two) = (
        scene.message(&conversation, "one"),
        scene.message(&conversation, "two"),
    );
    scene.write([one.clone(), two.clone()]).await;
    scene
        .write([
            scene.revision(one.id, 1),
            scene.revision(two.id, 1),
            scene.revision(one.id, 2),
        ])
        .await;
    assert_duplicate(
        scene.try_write([scene.revision(one.id, 1)]).await,
        unique::REVISION,
    );
}

/// Rules hold within one commit too.
pub async fn rules_hold_within_a_commit(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let conversation = scene.a_conversation().await;
    let inbox = InboxId::generate(scene.clock());
    let twice = |make: &dyn Fn() -> Row| [make(), make()];
    let pairs = [
        (
            unique::OPERATOR_EMAIL,
            twice(&|| {
                Operator {
                    email: "a@example.org".into(),
                    ..scene.operator()
                }
                .into()
            }),
        ),
        (
            unique::CONTACT_KEY,
            twice(&|| scene.contact(scene.customer().id, inbox, "one").into()),
        ),
        (
            unique::CHAT,
            twice(&|| scene.chat(scene.customer().id, inbox, "chat").into()),
        ),
        (
            unique::CONVERSATION_CHAT,
            twice(&|| scene.conversation(inbox, "chat").into()),
        ),
        (
            unique::MESSAGE_EXTERNAL,
            twice(&|| {
                Message {
                    external_id: Some("1".into()),
                    ..scene.message(&conversation, "")
                }
                .into()
            }),
        ),
        (
            unique::MESSAGE_CLIENT_KEY,
            twice(&|| {
                Message {
                    client_key: Some("1".into()),
                    ..scene.message(&conversation, "")
                }
                .into()
            }),
        ),
    ];
    for (rule, pair) in pairs {
        assert_duplicate(scene.try_write(pair.clone()).await, rule);
        let [first, _] = pair;
        scene.write([first]).await;
    }
}

/// Of many deliveries of the same message at once, one is stored and the others are told that it is.
pub async fn one_of_many_deliveries_is_stored(fixture: StoreFixture) {
    let scene = Arc::new(Scene::new(&fixture).await);
    let conversation = Arc::new(scene.a_conversation().await);
    let mut deliveries = Vec::new();
    for _ in 0..16 {
        let (scene, conversation) = (scene.clone(), conversation.clone());
        deliveries.push(tokio::spawn(async move {
            let mut stored = 0;
            for id in 0..5 {
                let text = format!("message {id}");
                let message = Message {
                    external_id: Some(id.to_string()),
                    ..scene.message(&conversation, &text)
                };
                match scene.try_write([message]).await {
                    Ok(_) => stored += 1,
                    error => assert_eq!(fault(error), ErrorKind::Duplicate),
                }
            }
            stored
        }));
    }
    let mut stored = 0;
    for delivery in deliveries {
        stored += delivery.await.expect("a delivery ends");
    }
    assert_eq!(stored, 5);
}
