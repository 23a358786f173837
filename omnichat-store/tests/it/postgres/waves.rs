//! Commits that wait together are written together, also those that follow each other on one row.

use futures::future::join_all;
use omnichat_core::change::{Changes, unique};
use omnichat_core::conversations::Conversation;
use omnichat_core::error::{ErrorKind, Result};
use omnichat_core::id::JobId;
use omnichat_core::job::{JobChange, LeaseKey};
use omnichat_core::testing::store_suite::scene::{Scene, assert_duplicate};

use super::fixture::fresh;

/// A message and the version of its conversation that comes of it, with the events that tell of both.
fn written(scene: &Scene, conversation: &Conversation, version: u64, client_key: &str) -> Changes {
    let mut message = scene.message(conversation, client_key);
    message.client_key = Some(client_key.to_owned());
    let mut changes = scene.changes();
    changes
        .put(message)
        .put(Conversation {
            version,
            customer_name: client_key.to_owned(),
            unread_count: version as u32,
            ..conversation.clone()
        })
        .job(scene.job("lane"))
        .event(scene.event(client_key));
    changes
}

/// Commits all at once; they wait together, in this order.
async fn all(scene: &Scene, commits: Vec<Changes>) -> Vec<Result<u64>> {
    let commits = commits.into_iter().map(|changes| scene.store.commit(changes));
    let outcomes = join_all(commits).await.into_iter();
    outcomes
        .map(|outcome| outcome.map(|committed| committed.events[0].seq))
        .collect()
}

#[tokio::test]
async fn what_follows_on_one_row_is_written_together() {
    let fixture = fresh().await;
    let scene = Scene::new(&fixture).await;
    let conversation = scene.a_conversation().await;
    let keys: Vec<String> = (2..52).map(|version| format!("key-{version}")).collect();
    let commits = (2..)
        .zip(&keys)
        .map(|(version, key)| written(&scene, &conversation, version, key));
    let outcomes = all(&scene, commits.collect()).await;
    let numbers: Vec<u64> = outcomes
        .into_iter()
        .map(|seq| seq.expect("it is committed"))
        .collect();
    assert_eq!(numbers, (1..=50).collect::<Vec<u64>>());
    let stored = scene
        .reads
        .find_conversation(conversation.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((stored.version, stored.customer_name.as_str()), (51, "key-51"));
    let told: Vec<_> = scene
        .events()
        .await
        .into_iter()
        .map(|envelope| envelope.event)
        .collect();
    assert_eq!(told.len(), 50);
    for key in &keys {
        let message = scene
            .reads
            .find_message_by_client_key(conversation.id, key)
            .await
            .unwrap();
        assert!(message.is_some(), "{key}");
    }
    assert_eq!(scene.claim(10).await.len(), 1, "the jobs lie in one lane");
}

#[tokio::test]
async fn a_stale_one_among_them_costs_the_others_nothing() {
    let fixture = fresh().await;
    let scene = Scene::new(&fixture).await;
    let conversation = scene.a_conversation().await;
    let versions = [
        (2, "two"),
        (3, "three"),
        (3, "late"),
        (4, "four"),
        (6, "early"),
        (5, "five"),
    ];
    let commits = versions.map(|(version, key)| written(&scene, &conversation, version, key));
    let outcomes = all(&scene, commits.to_vec()).await;
    let refused: Vec<Option<ErrorKind>> = outcomes
        .iter()
        .map(|outcome| outcome.as_ref().err().map(|error| error.kind()))
        .collect();
    let stale = Some(ErrorKind::Conflict);
    assert_eq!(refused, [None, None, stale, None, stale, None]);
    let stored = scene
        .reads
        .find_conversation(conversation.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((stored.version, stored.customer_name.as_str()), (5, "five"));
    assert_eq!(scene.events().await.len(), 4);
}

#[tokio::test]
async fn one_that_fails_among_them_takes_along_only_what_was_built_on_it() {
    let fixture = fresh().await;
    let scene = Scene::new(&fixture).await;
    let (conversation, other) = (scene.a_conversation().await, scene.a_conversation().await);
    scene.commit(written(&scene, &conversation, 2, "taken")).await;
    let outcomes = all(
        &scene,
        vec![
            written(&scene, &conversation, 3, "three"),
            written(&scene, &conversation, 4, "taken"),
            written(&scene, &conversation, 5, "five"),
            written(&scene, &other, 2, "two"),
        ],
    )
    .await;
    let mut outcomes = outcomes.into_iter();
    assert!(outcomes.next().unwrap().is_ok());
    assert_duplicate(outcomes.next().unwrap(), unique::MESSAGE_CLIENT_KEY);
    assert_eq!(outcomes.next().unwrap().unwrap_err().kind(), ErrorKind::Conflict);
    assert!(outcomes.next().unwrap().is_ok());
    let stored = scene
        .reads
        .find_conversation(conversation.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((stored.version, stored.customer_name.as_str()), (3, "three"));
    assert_eq!(scene.events().await.len(), 3);
}

/// What is found before anything is written is left out of the wave, and must not be in it by what was built on it.
#[tokio::test]
async fn one_that_is_refused_beforehand_takes_along_what_was_built_on_it() {
    let fixture = fresh().await;
    let scene = Scene::new(&fixture).await;
    let (conversation, other) = (scene.a_conversation().await, scene.a_conversation().await);
    let unknown = LeaseKey {
        job: JobId::generate(scene.clock()),
        generation: 1,
    };
    let mut fenced = written(&scene, &conversation, 3, "fenced");
    fenced.job(JobChange::Finish(unknown));
    let outcomes = all(
        &scene,
        vec![
            written(&scene, &conversation, 2, "two"),
            fenced,
            written(&scene, &conversation, 4, "four"),
            written(&scene, &other, 2, "other"),
        ],
    )
    .await;
    let refused: Vec<bool> = outcomes.iter().map(Result::is_err).collect();
    assert_eq!(refused, [false, true, true, false]);
    let stored = scene
        .reads
        .find_conversation(conversation.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((stored.version, stored.customer_name.as_str()), (2, "two"));
    assert_eq!(scene.events().await.len(), 2);
}

/// Rows of two tenants may have the same id.
#[tokio::test]
async fn rows_of_two_tenants_do_not_follow_each_other() {
    let fixture = fresh().await;
    let (one, two) = (Scene::new(&fixture).await, Scene::new(&fixture).await);
    let ours = one.a_conversation().await;
    let theirs = Conversation {
        id: ours.id,
        ..two.conversation(two.inbox().id, "chat")
    };
    two.write([theirs.clone()]).await;
    let commits = vec![
        written(&one, &ours, 2, "one"),
        written(&two, &theirs, 2, "two"),
        written(&one, &ours, 3, "three"),
    ];
    for outcome in all(&one, commits).await {
        outcome.expect("it is committed");
    }
    let stored = one.reads.find_conversation(ours.id).await.unwrap().unwrap();
    assert_eq!((stored.version, stored.customer_name.as_str()), (3, "three"));
    let stored = two.reads.find_conversation(theirs.id).await.unwrap().unwrap();
    assert_eq!((stored.version, stored.customer_name.as_str()), (2, "two"));
}
