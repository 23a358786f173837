//! What is remembered of chats, and how much of it.

use super::chat::{After, UnderWay};
use super::*;
use crate::clock::{Clock, ManualClock, Timestamp};
use crate::customers::Customer;
use crate::event::Origin;
use crate::testing::Builder;

fn thread(clock: &Arc<ManualClock>, bytes: usize) -> Thread {
    let make = Builder::new(clock.clone());
    let customer = Customer {
        note: "x".repeat(bytes),
        ..make.customer()
    };
    let inbox = make.inbox().id;
    Thread {
        chat: make.chat(customer.id, inbox, "7"),
        contact: Some(make.contact(customer.id, inbox, "7")),
        also: Vec::new(),
        conversation: Some(make.conversation(inbox, "7")),
        customer,
    }
}

fn remember(writers: &Writers, thread: &Thread, chat: &str, now: Timestamp) -> Arc<Chat> {
    let attempts = writers.attempts(thread.chat.tenant, thread.chat.inbox, chat);
    attempts.chat.read(thread.clone(), now);
    attempts.chat
}

#[test]
fn large_chats_are_remembered_up_to_so_many_bytes_together() {
    const MOST: usize = 1_024 * 1_024;
    let (writers, clock) = (Writers::remembering(MOST), Arc::new(ManualClock::default()));
    let (large, now) = (thread(&clock, 64 * 1_024), clock.now());
    for chat in 0..50 {
        remember(&writers, &large, &chat.to_string(), now);
    }
    let bytes = writers.remembered.load(Ordering::Relaxed);
    assert!(bytes <= MOST + large.weight(), "{bytes}");
    assert!(bytes > MOST / 2, "{bytes}");
    let newest = remember(&writers, &large, "49", now);
    assert!(newest.thread(now, true).is_some());
    // What is forgotten counts for nothing.
    newest.forget();
    drop(newest);
    writers.chats().clear();
    assert_eq!(writers.remembered.load(Ordering::Relaxed), 0);
}

#[test]
fn what_was_planned_on_a_commit_that_failed_is_not_remembered() {
    let (writers, clock) = (Writers::default(), Arc::new(ManualClock::default()));
    let (thread, now) = (thread(&clock, 0), clock.now());
    let chat = remember(&writers, &thread, "7", now);
    let since = chat.since();
    let changes = Changes::new(thread.chat.tenant, Origin::system("test"));
    let first = UnderWay::begin(chat.clone(), since, &changes, After::Followed, now).unwrap();
    let planned = chat.thread(now, true).unwrap();
    first.end::<()>(&Err(Error::new(ErrorKind::Unavailable, "away")), now);
    let after = After::Thread(Box::new(planned));
    assert!(UnderWay::begin(chat.clone(), since, &changes, after, now).is_err());
    assert!(chat.thread(now, true).is_none());
}

/// The answer of a store may be on its way for longer than a commit takes.
#[test]
fn a_conversation_that_was_read_before_a_commit_is_not_planned_from() {
    let (writers, clock) = (Writers::default(), Arc::new(ManualClock::default()));
    let (thread, now) = (thread(&clock, 0), clock.now());
    let chat = remember(&writers, &thread, "7", now);
    let seen = thread.conversation.unwrap();
    let next = Conversation {
        version: seen.version + 1,
        ..seen.clone()
    };
    let mut changes = Changes::new(seen.tenant, Origin::system("test"));
    changes.put(Row::Conversation(next.clone()));
    let commit = UnderWay::begin(chat.clone(), chat.since(), &changes, After::Followed, now).unwrap();
    commit.end(&Ok(()), now);
    assert!(chat.is_outdated(&seen) && !chat.is_outdated(&next));
}

#[test]
fn a_lost_lease_and_too_many_tries_end_the_attempts() {
    let (writers, clock) = (Writers::default(), Arc::new(ManualClock::default()));
    let thread = thread(&clock, 0);
    let place = &thread.chat;
    let mut attempts = writers.attempts(place.tenant, place.inbox, "7");
    assert!(
        attempts
            .again(Error::conflict("lease"))
            .unwrap_err()
            .is_lost_lease()
    );
    for _ in 2..TRIES {
        attempts.again(Error::conflict("the conversation")).unwrap();
    }
    let last = attempts.again(Error::conflict("the conversation")).unwrap_err();
    assert_eq!(last.kind(), ErrorKind::Internal);
}

#[test]
fn what_is_remembered_lasts_longer_where_nobody_else_writes() {
    let (writers, clock) = (Writers::default(), Arc::new(ManualClock::default()));
    let chat = remember(&writers, &thread(&clock, 0), "7", clock.now());
    let is_known = |seconds: u64, is_shared| {
        let later = clock.now().after(std::time::Duration::from_secs(seconds));
        chat.thread(later, is_shared).is_some()
    };
    assert!(is_known(4, true) && is_known(59, false));
    assert!(!is_known(6, true) && !is_known(61, false));
}
