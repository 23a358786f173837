//! Tags that are described, and conversations that follow one to its new name.

use std::sync::Arc;
use std::time::Duration;

use omnichat_core::actor::{Actor, Permission, Role};
use omnichat_core::change::Changes;
use omnichat_core::channel::Capabilities;
use omnichat_core::conversations::{Conversation, ConversationPatch};
use omnichat_core::entities::{EntityList, Stored};
use omnichat_core::error::ErrorKind;
use omnichat_core::id::ConversationId;
use omnichat_core::inboxes::RoutingStrategy;
use omnichat_core::job::kinds;
use omnichat_core::store::Store;
use omnichat_core::tags::{Tag, TagColour};
use omnichat_core::testing::{Acting as _, FakeChannel, Fault, FlakyStore};

use crate::desk::{Desk, new_operator};

/// More than follow with one commit.
const MANY: usize = 320;
/// Long enough for all parts of a rename.
const PARTS: Duration = Duration::from_secs(2);

async fn flaky_desk() -> (Desk, Arc<FlakyStore>) {
    let quiet = Capabilities {
        polling: false,
        ..FakeChannel::everything()
    };
    let mut flaky = None;
    let wrap = |store| {
        let store = Arc::new(FlakyStore::new(store));
        flaky = Some(store.clone());
        store as Arc<dyn Store>
    };
    let desk = Desk::built(RoutingStrategy::Manual, quiet, wrap, |builder| builder).await;
    (desk, flaky.unwrap())
}

async fn desk() -> Desk {
    flaky_desk().await.0
}

fn tag(name: &str) -> Tag {
    Tag {
        name: name.to_owned(),
        colour: TagColour::Red,
        description: String::new(),
    }
}

async fn described(desk: &Desk, name: &str) -> Stored<Tag> {
    let tags = desk.engine.entities::<Tag>();
    tags.create(&desk.actor, tag(name)).await.unwrap()
}

async fn rename(desk: &Desk, tag: &Stored<Tag>, name: &str) {
    let tags = desk.engine.entities::<Tag>();
    let change = |tag: &mut Tag| {
        name.clone_into(&mut tag.name);
        Ok(())
    };
    tags.update(&desk.actor, tag.id, None, change).await.unwrap();
}

/// A conversation that carries some tags.
async fn tagged(desk: &Desk, chat: &str, tags: &[&str]) -> ConversationId {
    let id = desk.hear(chat, "1", "Hello").await;
    let patch = ConversationPatch {
        tags: Some(tags.iter().map(|&tag| tag.to_owned()).collect()),
        ..ConversationPatch::default()
    };
    let conversations = desk.engine.conversations();
    conversations.update(&desk.actor, id, patch, None).await.unwrap();
    id
}

async fn many(desk: &Desk, tag: &str) -> Vec<ConversationId> {
    let mut ids = Vec::new();
    for chat in 0..MANY {
        ids.push(tagged(desk, &chat.to_string(), &[tag]).await);
    }
    ids
}

/// How many of them carry a tag.
async fn carrying(desk: &Desk, ids: &[ConversationId], tag: &str) -> usize {
    let mut count = 0;
    for id in ids {
        count += usize::from(desk.conversation(*id).await.tags == [tag]);
    }
    count
}

async fn read(desk: &Desk, ids: &[ConversationId]) -> Vec<Conversation> {
    let mut read = Vec::new();
    for id in ids {
        read.push(desk.conversation(*id).await);
    }
    read
}

#[tokio::test]
async fn a_tag_is_described_once_whatever_its_case_by_who_may_and_seen_by_whoever_reads() {
    let desk = desk().await;
    let tags = desk.engine.entities::<Tag>();
    let vip = described(&desk, " VIP ").await;
    assert_eq!(vip.value, tag("VIP"));
    let twice = tags.create(&desk.actor, tag("vip")).await.unwrap_err();
    assert_eq!(
        (&twice.fields()[0].field[..], &twice.fields()[0].code[..]),
        ("name", "taken")
    );

    let anna = desk.operator("anna", 5).await.actor();
    let listed = tags.list(&anna, EntityList::first(10)).await.unwrap();
    assert_eq!(listed.items, std::slice::from_ref(&vip));
    let refused = tags.create(&anna, tag("refund")).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Forbidden);
    let senior = new_operator("boris", Role::Senior, 5);
    let senior = desk.engine.operators().create(&desk.actor, senior).await;
    let senior = senior.unwrap().0.actor();
    tags.create(&senior, tag("refund")).await.unwrap();
    let blind = Actor {
        permissions: [Permission::TAGS_MANAGE].into_iter().collect(),
        ..anna
    };
    let unseen = tags.list(&blind, EntityList::first(10)).await.unwrap_err();
    assert_eq!(unseen.kind(), ErrorKind::Forbidden);
}

#[tokio::test]
async fn conversations_follow_a_tag_to_its_new_name_and_keep_it_when_it_is_deleted() {
    let desk = desk().await;
    let vip = described(&desk, "vip").await;
    let ids = [
        tagged(&desk, "1", &["vip", "a"]).await,
        tagged(&desk, "2", &["vip", "gold"]).await,
        tagged(&desk, "3", &["VIP", "vip2"]).await,
        tagged(&desk, "4", &[]).await,
    ];
    let conversations = desk.engine.conversations();
    conversations.close(&desk.actor, ids[0], None).await.unwrap();
    let before = read(&desk, &ids).await;
    let events = desk.log().await.len();

    rename(&desk, &vip, "gold").await;
    assert_eq!(desk.job_kinds().await, [kinds::RENAME_TAG]);
    assert_eq!(read(&desk, &ids).await, before, "it follows later");
    desk.run().await;
    let after = read(&desk, &ids).await;
    assert_eq!(after[0].tags, ["a", "gold"]);
    assert_eq!(after[1].tags, ["gold"]);
    assert_eq!(after[2..], before[2..], "these are others");
    for (after, before) in after.iter().zip(&before).take(2) {
        assert_eq!(after.version, before.version + 1);
        assert_eq!(after.last_activity_at, before.last_activity_at);
    }
    assert!(desk.job_kinds().await.is_empty());
    let names = desk.event_names().await.split_off(events);
    assert_eq!(
        names,
        ["entity_changed", "conversation_updated", "conversation_updated"]
    );

    // Neither a colour nor the end of it is anything for conversations.
    let tags = desk.engine.entities::<Tag>();
    let colour = |tag: &mut Tag| {
        tag.colour = TagColour::Blue;
        Ok(())
    };
    tags.update(&desk.actor, vip.id, None, colour).await.unwrap();
    tags.delete(&desk.actor, vip.id, None).await.unwrap();
    assert!(desk.job_kinds().await.is_empty());
    assert_eq!(read(&desk, &ids).await, after);
}

#[tokio::test]
async fn a_tag_that_is_renamed_twice_at_once_comes_to_its_last_name() {
    let desk = desk().await;
    let ids = many(&desk, "a").await;
    let tag = described(&desk, "a").await;
    rename(&desk, &tag, "b").await;
    rename(&desk, &tag, "c").await;
    desk.run_for(PARTS, PARTS / 4).await;
    assert_eq!(carrying(&desk, &ids, "c").await, MANY);
    assert!(desk.job_kinds().await.is_empty());
    // And back, so that the names are free for others.
    rename(&desk, &tag, "b").await;
    rename(&desk, &tag, "a").await;
    desk.run_for(PARTS, PARTS / 4).await;
    assert_eq!(carrying(&desk, &ids, "a").await, MANY);
}

#[tokio::test]
async fn a_job_that_is_run_once_more_changes_nothing() {
    let desk = desk().await;
    let id = tagged(&desk, "1", &["a", "b"]).await;
    let tag = described(&desk, "a").await;
    rename(&desk, &tag, "c").await;
    assert_eq!(desk.lose_what_is_due().await, 1, "its worker dies");
    desk.run().await;
    let once = desk.conversation(id).await;
    assert_eq!(once.tags, ["b", "c"]);
    for (from, to) in [("a", "c"), ("c", "c")] {
        let mut changes = Changes::by(&desk.actor);
        changes.job(kinds::rename_tag(&*desk.clock, desk.actor.tenant, from, to));
        desk.engine.ports().commit(changes).await.unwrap();
        desk.run().await;
        assert_eq!(desk.conversation(id).await, once);
        assert!(desk.job_kinds().await.is_empty());
    }
}

#[tokio::test]
async fn what_a_crash_has_left_follows_afterwards() {
    let (desk, store) = flaky_desk().await;
    let ids = many(&desk, "a").await;
    let tag = described(&desk, "a").await;
    rename(&desk, &tag, "b").await;
    store.close();
    let run = || {
        let engine = desk.engine.clone();
        tokio::spawn(async move { engine.run_due().await })
    };
    let first = run();
    store.waiting(1).await;
    store.let_through();
    first.await.unwrap().unwrap();
    desk.clock.advance(Duration::from_secs(1));
    let worker = run();
    store.waiting(1).await;
    worker.abort();
    assert!(worker.await.unwrap_err().is_cancelled());
    store.open();
    assert_eq!(carrying(&desk, &ids, "b").await, 300);
    assert_eq!(carrying(&desk, &ids, "a").await, MANY - 300);
    desk.clock.advance(Duration::from_secs(20));
    desk.run_for(PARTS, PARTS / 4).await;
    assert_eq!(carrying(&desk, &ids, "b").await, MANY);
    assert!(desk.job_kinds().await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_store_that_fails_meanwhile_leaves_nobody_behind() {
    for fault in [Fault::Before, Fault::After] {
        let (desk, store) = flaky_desk().await;
        let ids = many(&desk, "a").await;
        let tag = described(&desk, "a").await;
        rename(&desk, &tag, "b").await;
        store.will_fail_endings(fault, 1);
        desk.run_for(Duration::from_secs(60), Duration::from_secs(1))
            .await;
        assert_eq!(store.failed(), 1, "{fault:?}");
        assert_eq!(carrying(&desk, &ids, "b").await, MANY, "{fault:?}");
        assert!(desk.job_kinds().await.is_empty(), "{fault:?}");
    }
}
