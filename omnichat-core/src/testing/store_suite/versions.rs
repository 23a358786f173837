//! A row is replaced only by its next version.

use std::sync::Arc;

use super::fixture::StoreFixture;
use super::kinds::{changed, found, has_version, one_of_each};
use super::scene::{Scene, fault};
use crate::change::Row;
use crate::conversations::{Conversation, Status};
use crate::customers::Customer;
use crate::error::ErrorKind;
use crate::operators::Operator;

/// A row of any kind is replaced by its next version, and the one after.
pub async fn the_next_version_replaces(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let mut rows = one_of_each(&scene, "text");
    rows.retain(has_version);
    scene.write(rows.clone()).await;
    rows.push(scene.tenant().into());
    for version in [2, 3] {
        for row in &rows {
            let next = changed(row, version);
            scene.write([next.clone()]).await;
            assert_eq!(found(&scene, &next).await, Some(next));
        }
    }
}

/// A stale, a skipping or a zeroth version of any kind is a conflict and changes nothing.
pub async fn another_version_conflicts(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let mut rows = one_of_each(&scene, "text");
    rows.retain(has_version);
    scene.write(rows.clone()).await;
    rows.push(scene.tenant().into());
    for row in &rows {
        let second = changed(row, 2);
        scene.write([second.clone()]).await;
        for wrong in [0, 2, 4, u64::MAX] {
            let answer = scene.try_write([changed(row, wrong)]).await;
            assert_eq!(
                fault(answer),
                ErrorKind::Conflict,
                "version {wrong} after 2 of {row:?}"
            );
        }
        assert_eq!(found(&scene, row).await, Some(second));
    }
}

/// A later version of what is not there is a conflict, whatever its kind.
pub async fn a_later_version_of_nothing_conflicts(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    for row in one_of_each(&scene, "text").iter().filter(|row| has_version(row)) {
        for version in [0, 2, 3] {
            let answer = scene.try_write([changed(row, version)]).await;
            assert_eq!(
                fault(answer),
                ErrorKind::Conflict,
                "version {version} of nothing: {row:?}"
            );
        }
        assert_eq!(found(&scene, row).await, None);
    }
}

/// The first version of a row that is there is a conflict.
pub async fn a_new_row_must_be_new(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let operator = scene.operator();
    let customer = scene.customer();
    let file = scene.file();
    let inbox = scene.inbox();
    let conversation = scene.conversation(inbox.id, "chat");
    let message = scene.message(&conversation, "text");
    let contact = scene.contact(customer.id, inbox.id, "chat");
    let chat = scene.chat(customer.id, inbox.id, "chat");
    let entity = scene.entity("tag");
    let record = scene.record("kind", "key", serde_json::json!(1));
    let audit = scene.audit("done");
    // Other values wherever a unique rule holds: the version is what is wrong.
    let again: Vec<Row> = vec![
        Operator {
            email: "another@example.org".to_owned(),
            ..operator.clone()
        }
        .into(),
        customer.clone().into(),
        file.clone().into(),
        inbox.clone().into(),
        Conversation {
            chat: "another".to_owned(),
            ..conversation.clone()
        }
        .into(),
        message.clone().into(),
        crate::contacts::Contact {
            external_id: "another".to_owned(),
            ..contact.clone()
        }
        .into(),
        crate::chats::Chat {
            external_id: "another".to_owned(),
            ..chat.clone()
        }
        .into(),
        entity.clone().into(),
        record.clone().into(),
        audit.clone().into(),
        scene.tenant().into(),
    ];
    let rows: Vec<Row> = vec![
        operator.into(),
        customer.into(),
        file.into(),
        inbox.into(),
        conversation.into(),
        message.into(),
        contact.into(),
        chat.into(),
        entity.into(),
        record.into(),
        audit.into(),
    ];
    scene.write(rows).await;
    for row in again {
        assert_eq!(
            fault(scene.try_write([row.clone()]).await),
            ErrorKind::Conflict,
            "{row:?}"
        );
    }
}

/// Rows of one commit may build on each other, in order.
pub async fn a_row_may_build_on_one_before_it(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let first = scene.customer();
    let second = Customer {
        version: 2,
        name: "Second".to_owned(),
        ..first.clone()
    };
    let third = Customer {
        version: 3,
        name: "Third".to_owned(),
        ..first.clone()
    };
    scene.write([first.clone(), second.clone(), third.clone()]).await;
    assert_eq!(
        scene.reads.find_customer(first.id).await.expect("it can be read"),
        Some(third)
    );

    let other = scene.customer();
    let backwards = [
        Customer {
            version: 2,
            ..other.clone()
        },
        other.clone(),
    ];
    assert_eq!(fault(scene.try_write(backwards).await), ErrorKind::Conflict);
    assert_eq!(
        scene.reads.find_customer(other.id).await.expect("it can be read"),
        None
    );

    // A conversation is closed and the next one begun at once.
    let old = scene.a_conversation().await;
    let closed = Conversation {
        status: Status::Closed,
        version: 2,
        ..old.clone()
    };
    let new = scene.conversation(old.inbox, &old.chat);
    scene.write([closed, new.clone()]).await;
    let current = scene
        .reads
        .find_current_conversation(old.inbox, &old.chat)
        .await
        .expect("it can be read");
    assert_eq!(current, Some(new));
}

/// Of many who replace the same version at once, one wins and the others learn of it.
pub async fn one_writer_of_a_version_wins(fixture: StoreFixture) {
    let scene = Arc::new(Scene::new(&fixture).await);
    let first = scene.customer();
    scene.write([first.clone()]).await;
    let mut writers = Vec::new();
    for n in 0..20 {
        let (scene, first) = (scene.clone(), first.clone());
        writers.push(tokio::spawn(async move {
            let next = Customer {
                version: 2,
                name: format!("writer {n}"),
                ..first
            };
            let mut changes = scene.changes();
            changes
                .put(next.clone())
                .event(crate::event::Event::CustomerUpdated {
                    customer: next.clone(),
                });
            scene.store.commit(changes).await.map(|_| next)
        }));
    }
    let mut won = Vec::new();
    for writer in writers {
        match writer.await.expect("a writer ends") {
            Ok(row) => won.push(row),
            Err(error) => assert_eq!(error.kind(), ErrorKind::Conflict, "{error:?}"),
        }
    }
    assert_eq!(won.len(), 1);
    assert_eq!(
        scene
            .reads
            .find_customer(first.id)
            .await
            .expect("it can be read")
            .as_ref(),
        won.first()
    );
    assert_eq!(scene.events().await.len(), 1);
}

/// Many who write different rows at once all succeed.
pub async fn writers_of_other_rows_do_not_disturb(fixture: StoreFixture) {
    let scene = Arc::new(Scene::new(&fixture).await);
    let mut writers = Vec::new();
    for _ in 0..8 {
        let scene = scene.clone();
        writers.push(tokio::spawn(async move {
            for _ in 0..10 {
                let customer = scene.customer();
                scene.write([customer.clone()]).await;
                let next = Customer {
                    version: 2,
                    ..customer
                };
                scene.write([next.clone()]).await;
                assert_eq!(
                    scene.reads.find_customer(next.id).await.expect("it can be read"),
                    Some(next)
                );
            }
        }));
    }
    for writer in writers {
        writer.await.expect("every writer succeeds");
    }
}
