//! Messages: the time line, what the platform calls them, read marks and earlier texts.

use super::fixture::StoreFixture;
use super::scene::{Scene, walk};
use crate::conversations::Conversation;
use crate::id::{ConversationId, InboxId, MessageId};
use crate::messages::{DeliveryState, Direction, Message, Revision};
use crate::page::{Cursor, PageRequest};

async fn time_line(scene: &Scene, conversation: ConversationId, limit: u32) -> Vec<MessageId> {
    let reads = &scene.reads;
    let rows = walk(limit, async |page| reads.list_messages(conversation, &page).await).await;
    rows.into_iter().map(|message| message.id).collect()
}

fn newest_first(rows: &[Message]) -> Vec<MessageId> {
    let mut places: Vec<_> = rows.iter().map(|m| (m.position, m.id)).collect();
    places.sort();
    places.into_iter().rev().map(|(_, id)| id).collect()
}

/// A conversation's messages come newest first by position, ties by id, and no other's.
pub async fn the_time_line_is_sorted_by_position(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let conversation = scene.a_conversation().await;
    let other = scene.a_conversation().await;
    // Out of order, and many at one position.
    let rows: Vec<_> = (0..50_i64)
        .map(|n| Message {
            position: (n * 7) % 11,
            ..scene.message(&conversation, &n.to_string())
        })
        .collect();
    scene.write(rows.clone()).await;
    scene
        .write((0..5).map(|n| scene.message(&other, &n.to_string())))
        .await;
    for limit in [1, 7, 50, 100] {
        assert_eq!(
            time_line(&scene, conversation.id, limit).await,
            newest_first(&rows),
            "by {limit}"
        );
    }
}

/// Positions go from end to end of 64 bits.
pub async fn positions_may_be_extreme(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let conversation = scene.a_conversation().await;
    let positions = [i64::MIN, i64::MIN + 1, -1, 0, 1, i64::MAX - 1, i64::MAX];
    let rows = positions.map(|position| Message {
        position,
        ..scene.message(&conversation, "text")
    });
    scene.write(rows.clone()).await;
    assert_eq!(time_line(&scene, conversation.id, 2).await, newest_first(&rows));
}

/// Messages that arrive while somebody reads back, late ones among them, neither hide nor repeat any.
pub async fn reading_back_is_stable(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let conversation = scene.a_conversation().await;
    let rows: Vec<_> = (0..30_i64)
        .map(|n| Message {
            position: n * 10,
            ..scene.message(&conversation, &n.to_string())
        })
        .collect();
    scene.write(rows.clone()).await;
    let mut seen: Vec<Message> = Vec::new();
    let mut request = PageRequest::first(4);
    for n in 0_i64.. {
        let page = scene
            .reads
            .list_messages(conversation.id, &request)
            .await
            .expect("a page");
        if let (Some(last), Some(next)) = (page.items.last(), &page.next) {
            assert_eq!(
                *next,
                Cursor {
                    sort: last.position,
                    id: last.id.uuid()
                }
            );
        }
        seen.extend(page.items);
        let new = Message {
            position: 1_000 + n,
            ..scene.message(&conversation, "new")
        };
        let late = Message {
            position: 15 + n * 20,
            ..scene.message(&conversation, "late")
        };
        scene.write([new, late]).await;
        match page.next {
            Some(cursor) => request = PageRequest::after(4, cursor),
            None => break,
        }
    }
    let mut places: Vec<_> = seen.iter().map(|m| (m.position, m.id)).collect();
    assert!(places.is_sorted_by(|a, b| a > b), "the time line is not sorted");
    places.dedup();
    assert_eq!(places.len(), seen.len());
    assert!(
        rows.iter().all(|row| seen.contains(row)),
        "a message that was there was not seen"
    );
}

/// A message is found by each of its platform's ids, in its chat alone.
pub async fn a_message_is_found_by_its_external_ids(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let inbox = InboxId::generate(scene.clock());
    let conversation = scene.conversation(inbox, "chat");
    let other = scene.conversation(inbox, "other");
    scene.write([conversation.clone(), other.clone()]).await;
    let album = Message {
        external_id: Some("10".to_owned()),
        more_external_ids: vec!["11".to_owned(), "12".to_owned()],
        ..scene.message(&conversation, "album")
    };
    let alike = Message {
        external_id: Some("11".to_owned()),
        ..scene.message(&other, "another chat")
    };
    scene.write([album.clone(), alike.clone()]).await;
    let find = async |chat: &str, id: &str| {
        scene
            .reads
            .find_message_by_external_id(inbox, chat, id)
            .await
            .expect("it can be read")
    };
    for id in ["10", "11", "12"] {
        assert_eq!(find("chat", id).await, Some(album.clone()));
    }
    assert_eq!(find("other", "11").await, Some(alike));
    assert_eq!(find("other", "10").await, None);
    for id in ["1", "100", "", " 10", "1%"] {
        assert_eq!(find("chat", id).await, None, "{id}");
    }

    // The ids change with the message.
    let sent = Message {
        version: 2,
        external_id: Some("20".to_owned()),
        more_external_ids: vec!["12".to_owned(), "21".to_owned()],
        ..album
    };
    scene.write([sent.clone()]).await;
    for id in ["20", "12", "21"] {
        assert_eq!(find("chat", id).await, Some(sent.clone()));
    }
    for id in ["10", "11"] {
        assert_eq!(find("chat", id).await, None);
    }
}

/// A message is found by its client key, in its conversation alone.
pub async fn a_message_is_found_by_its_client_key(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let (one, two) = (scene.a_conversation().await, scene.a_conversation().await);
    let with_key = |conversation: &Conversation| Message {
        client_key: Some("key-1".to_owned()),
        client_digest: Some("digest".to_owned()),
        ..scene.answer(conversation, "text")
    };
    let rows = [with_key(&one), with_key(&two)];
    scene.write(rows.clone()).await;
    let find = async |conversation, key: &str| {
        scene
            .reads
            .find_message_by_client_key(conversation, key)
            .await
            .expect("it can be read")
    };
    assert_eq!(find(one.id, "key-1").await.as_ref(), Some(&rows[0]));
    assert_eq!(find(two.id, "key-1").await.as_ref(), Some(&rows[1]));
    assert_eq!(find(one.id, "KEY-1").await, None);
    assert_eq!(find(one.id, "key").await, None);
}

/// A read mark covers what went out up to a position and is not read yet.
pub async fn a_read_mark_covers_unread_answers(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let conversation = scene.a_conversation().await;
    let other = scene.a_conversation().await;
    let out = |position, state| Message {
        position,
        state: Some(state),
        ..scene.answer(&conversation, "text")
    };
    let states = [
        DeliveryState::Sent,
        DeliveryState::Delivered,
        DeliveryState::Sent,
        DeliveryState::Sent,
        DeliveryState::Delivered,
    ];
    // Later ones first, and two at one position.
    let mut covered: Vec<_> = states
        .iter()
        .zip([40, 30, 20, 10, 10])
        .map(|(s, at)| out(at, *s))
        .collect();
    scene.write(covered.clone()).await;
    let not_gone = [
        DeliveryState::Queued,
        DeliveryState::Uncertain,
        DeliveryState::Failed,
    ];
    scene.write(not_gone.map(|state| out(12, state))).await;
    let not_out = |direction| Message {
        position: 1,
        direction,
        ..scene.message(&conversation, "text")
    };
    scene
        .write([out(15, DeliveryState::Read), out(41, DeliveryState::Sent)])
        .await;
    scene
        .write([Direction::In, Direction::Note, Direction::System].map(not_out))
        .await;
    scene
        .write([Message {
            position: 1,
            ..scene.answer(&other, "text")
        }])
        .await;

    covered.sort_by_key(|m| (m.position, m.id));
    let unread = async |up_to| {
        scene
            .reads
            .unread_outgoing(conversation.id, up_to)
            .await
            .expect("it can be read")
    };
    assert_eq!(unread(40).await, covered);
    assert_eq!(unread(39).await, covered[..4]);
    assert_eq!(unread(9).await, []);
    assert_eq!(unread(i64::MAX).await.len(), 6);

    let read = Message {
        state: Some(DeliveryState::Read),
        version: 2,
        ..covered[0].clone()
    };
    scene.write([read]).await;
    assert_eq!(unread(40).await, covered[1..]);
}

/// A read mark covers the oldest 200 at most.
pub async fn a_read_mark_has_a_limit(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let conversation = scene.a_conversation().await;
    let rows: Vec<_> = (0..230)
        .map(|position| Message {
            position,
            state: Some(DeliveryState::Sent),
            ..scene.answer(&conversation, "text")
        })
        .collect();
    scene.write(rows.clone()).await;
    let unread = scene
        .reads
        .unread_outgoing(conversation.id, i64::MAX)
        .await
        .expect("it can be read");
    assert_eq!(unread, rows[..200]);
}

/// Earlier texts come oldest first, and those of one message.
pub async fn revisions_come_in_order(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let conversation = scene.a_conversation().await;
    let (one, two) = (
        scene.message(&conversation, "one"),
        scene.message(&conversation, "two"),
    );
    scene.write([one.clone(), two.clone()]).await;
    let last = Revision {
        deleted: true,
        ..scene.revision(one.id, 12)
    };
    let rows = [
        last,
        scene.revision(one.id, 2),
        scene.revision(one.id, 1),
        scene.revision(one.id, 3),
    ];
    scene.write(rows.clone()).await;
    scene.write([scene.revision(two.id, 1)]).await;
    let revisions = scene.reads.list_revisions(one.id).await.expect("it can be read");
    assert_eq!(revisions, [2, 1, 3, 0].map(|n: usize| rows[n].clone()));
}

/// Messages may stand for conversations that are not kept: a store does not ask.
pub async fn a_message_needs_no_conversation_row(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let unwritten = scene.conversation(InboxId::generate(scene.clock()), "chat");
    let message = scene.message(&unwritten, "text");
    scene.write([message.clone()]).await;
    assert_eq!(time_line(&scene, unwritten.id, 10).await, [message.id]);
}
