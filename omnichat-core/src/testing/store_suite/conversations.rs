//! Conversations: the current one of a chat, the counts of views, and what routing asks for.

use std::time::Duration;

use super::fixture::StoreFixture;
use super::scene::Scene;
use crate::conversations::{AssigneeFilter, Conversation, Counts, Facets, Status};
use crate::id::{InboxId, OperatorId};
use crate::page::PageRequest;

/// The current conversation of a chat is the one that is not closed.
pub async fn the_current_conversation(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let inbox = InboxId::generate(scene.clock());
    let current = async |inbox, chat: &str| {
        scene
            .reads
            .find_current_conversation(inbox, chat)
            .await
            .expect("it can be read")
            .map(|c| c.id)
    };
    assert_eq!(current(inbox, "chat").await, None);
    let closed = Conversation {
        status: Status::Closed,
        ..scene.conversation(inbox, "chat")
    };
    scene.write([closed]).await;
    assert_eq!(current(inbox, "chat").await, None);
    let open = scene.conversation(inbox, "chat");
    scene.write([open.clone()]).await;
    assert_eq!(current(inbox, "chat").await, Some(open.id));
    assert_eq!(current(inbox, "Chat").await, None);
    assert_eq!(current(inbox, "pee").await, None);
    assert_eq!(current(InboxId::generate(scene.clock()), "chat").await, None);
    let mut row = open;
    for status in [Status::Resolved, Status::Spam, Status::Snoozed, Status::Pending] {
        row = Conversation {
            status,
            version: row.version + 1,
            ..row
        };
        scene.write([row.clone()]).await;
        assert_eq!(current(inbox, "chat").await, Some(row.id), "{status:?}");
    }
    scene
        .write([Conversation {
            status: Status::Closed,
            version: row.version + 1,
            ..row
        }])
        .await;
    assert_eq!(current(inbox, "chat").await, None);
}

/// Views are counted by status, assignee and what the operator may see.
pub async fn views_are_counted(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let (me, other) = (scene.operator().id, scene.operator().id);
    let inbox = InboxId::generate(scene.clock());
    let mut rows = Vec::new();
    for (n, status) in Status::ALL.into_iter().enumerate() {
        for (m, assignee) in [None, Some(me), Some(other)].into_iter().enumerate() {
            for (k, waiting) in [false, true].into_iter().enumerate() {
                rows.push(Conversation {
                    status,
                    assignee,
                    waiting_since: waiting.then(|| scene.now()),
                    ..scene.conversation(inbox, &format!("{n} {m} {k}"))
                });
            }
        }
    }
    // A scenario answers: open, and no work of anybody.
    rows.push(Conversation {
        scenario: Some(scene.active_scenario()),
        ..scene.conversation(inbox, "answering")
    });
    // One more of another's, to which I was invited.
    rows.push(Conversation {
        status: Status::Snoozed,
        assignee: Some(other),
        participants: vec![me],
        ..scene.conversation(inbox, "invited")
    });
    scene.write(rows).await;
    let count = async |operator, visible_only| {
        scene
            .reads
            .count_conversations(operator, visible_only)
            .await
            .expect("they can be counted")
    };
    let all = Counts {
        mine: 6,
        unassigned: 6,
        open: 19,
        unanswered: 9,
        snoozed: 7,
        spam: 6,
    };
    assert_eq!(count(me, false).await, all);
    let visible = Counts {
        mine: 6,
        unassigned: 6,
        open: 12,
        unanswered: 6,
        snoozed: 5,
        spam: 4,
    };
    assert_eq!(count(me, true).await, visible);
    assert_eq!(
        count(other, true).await,
        Counts {
            snoozed: 5,
            ..visible
        }
    );
    let stranger = OperatorId::generate(scene.clock());
    assert_eq!(count(stranger, false).await, Counts { mine: 0, ..all });
    let nobodys = Counts {
        mine: 0,
        unassigned: 6,
        open: 6,
        unanswered: 3,
        snoozed: 2,
        spam: 2,
    };
    assert_eq!(count(stranger, true).await, nobodys);
}

/// Counting stops at the cap.
pub async fn counts_stop_at_their_cap(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let operator = scene.operator().id;
    let inbox = InboxId::generate(scene.clock());
    let rows = (0..=Counts::CAP).map(|n| Conversation {
        status: if n == 0 { Status::Spam } else { Status::Open },
        waiting_since: Some(scene.now()),
        ..scene.conversation(inbox, &n.to_string())
    });
    let rows: Vec<_> = rows.collect();
    for part in rows.chunks(250) {
        scene.write(part.to_vec()).await;
    }
    let cap = Counts {
        open: Counts::CAP,
        unassigned: Counts::CAP,
        unanswered: Counts::CAP,
        spam: 1,
        ..Counts::default()
    };
    assert_eq!(
        scene
            .reads
            .count_conversations(operator, true)
            .await
            .expect("counted"),
        cap
    );
    scene
        .write([Conversation {
            waiting_since: Some(scene.now()),
            ..scene.conversation(inbox, "one more")
        }])
        .await;
    assert_eq!(
        scene
            .reads
            .count_conversations(operator, false)
            .await
            .expect("counted"),
        cap
    );
}

/// Routing is given conversations that are open, nobody's and waited in, longest first.
pub async fn unassigned_conversations_longest_waiting_first(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let (inbox, manual) = (InboxId::generate(scene.clock()), InboxId::generate(scene.clock()));
    let waiting = |chat: &str, secs: i64| Conversation {
        waiting_since: Some(scene.in_secs(secs)),
        ..scene.conversation(inbox, chat)
    };
    let wanted = [
        waiting("a", -30),
        waiting("b", -50),
        waiting("c", -30),
        waiting("d", -40),
    ];
    let elsewhere = Conversation {
        inbox: manual,
        ..waiting("e", -60)
    };
    let others = [
        scene.conversation(inbox, "nobody waits"),
        Conversation {
            assignee: Some(scene.operator().id),
            ..waiting("somebody's", -99)
        },
        Conversation {
            status: Status::Resolved,
            ..waiting("resolved", -99)
        },
        Conversation {
            status: Status::Snoozed,
            ..waiting("snoozed", -99)
        },
        Conversation {
            status: Status::Spam,
            ..waiting("spam", -99)
        },
        Conversation {
            status: Status::Closed,
            ..waiting("closed", -99)
        },
    ];
    scene.write(wanted.clone()).await;
    scene.write(others).await;
    scene.write([elsewhere.clone()]).await;
    let unassigned = async |inboxes: &[InboxId], limit| -> Vec<_> {
        let rows = scene
            .reads
            .unassigned_conversations(inboxes, None, limit)
            .await
            .expect("it can be read");
        rows.into_iter().map(|c| c.chat).collect()
    };
    assert_eq!(unassigned(&[inbox, manual], 10).await, ["e", "b", "d", "a", "c"]);
    assert_eq!(unassigned(&[inbox], 10).await, ["b", "d", "a", "c"]);
    assert_eq!(
        unassigned(&[InboxId::generate(scene.clock()), inbox], 2).await,
        ["b", "d"]
    );
    assert_eq!(unassigned(&[], 10).await, [""; 0]);
    assert_eq!(unassigned(&[inbox], 0).await, [""; 0]);
    // Behind each in turn comes the next, ties by id.
    let (mut after, mut walked) = (None, Vec::new());
    loop {
        let next = scene.reads.unassigned_conversations(&[inbox], after, 1).await;
        let Some(next) = next.expect("it can be read").pop() else {
            break;
        };
        after = next.waiting_since.map(|since| (since, next.id));
        walked.push(next.chat);
    }
    assert_eq!(walked, ["b", "d", "a", "c"]);
    let taken = Conversation {
        assignee: Some(scene.operator().id),
        version: 2,
        ..elsewhere
    };
    scene.write([taken]).await;
    assert_eq!(unassigned(&[manual, inbox], 1).await, ["b"]);
}

/// The load of an operator is how many open conversations it has.
pub async fn loads_count_open_conversations(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let mut operators = [scene.operator().id, scene.operator().id, scene.operator().id];
    operators.sort();
    let inbox = InboxId::generate(scene.clock());
    let mut rows = Vec::new();
    for (n, status) in Status::ALL.into_iter().enumerate() {
        let of = |operator| Conversation {
            status,
            assignee: Some(operator),
            ..scene.conversation(inbox, &format!("{operator} {n}"))
        };
        rows.push(of(operators[0]));
        if status != Status::Pending {
            rows.push(of(operators[1]));
        }
        if !status.is_open() {
            rows.push(of(operators[2]));
        }
    }
    rows.push(scene.conversation(inbox, "nobody's"));
    rows.push(Conversation {
        scenario: Some(scene.active_scenario()),
        ..scene.conversation(inbox, "answering")
    });
    scene.write(rows.clone()).await;
    let loads = async || scene.reads.operator_loads().await.expect("it can be read");
    assert_eq!(loads().await, [(operators[0], 3), (operators[1], 2)]);

    fixture.clock.advance(Duration::from_secs(1));
    let moved = Conversation {
        assignee: Some(operators[2]),
        version: 2,
        ..rows[0].clone()
    };
    scene.write([moved]).await;
    assert_eq!(
        loads().await,
        [(operators[0], 2), (operators[1], 2), (operators[2], 1)]
    );
}

/// While a scenario answers, a conversation is nobody's no longer: routing and the lists of what is to be taken leave it
/// alone. When it ends without an operator, it is to be taken.
pub async fn a_scenario_holds_a_conversation(fixture: StoreFixture) {
    let scene = Scene::new(&fixture).await;
    let operator = scene.operator().id;
    let inbox = InboxId::generate(scene.clock());
    let answering = Conversation {
        status: Status::Open,
        waiting_since: Some(scene.now()),
        scenario: Some(scene.active_scenario()),
        ..scene.conversation(inbox, "1")
    };
    scene.write([answering.clone()]).await;
    let nobodys = Facets {
        assignee: Some(AssigneeFilter::None),
        ..Facets::default()
    };
    let visible = Facets {
        visible_to: Some(operator),
        ..Facets::default()
    };
    let seen = async || {
        let mut counts = Vec::new();
        for filter in [&nobodys, &visible, &Facets::default()] {
            let page = scene
                .reads
                .list_conversations(&filter.clone().into(), &PageRequest::first(10))
                .await;
            counts.push(page.expect("it can be listed").items.len());
        }
        let of = [answering.inbox];
        let waiting = scene.reads.unassigned_conversations(&of, None, 10).await;
        counts.push(waiting.expect("they can be listed").len());
        counts
    };
    assert_eq!(seen().await, [0, 0, 1, 0]);
    assert_eq!(
        scene
            .reads
            .find_conversation(answering.id)
            .await
            .expect("it can be read"),
        Some(answering.clone())
    );
    let handed_over = Conversation {
        scenario: None,
        version: 2,
        ..answering.clone()
    };
    scene.write([handed_over.clone()]).await;
    assert_eq!(seen().await, [1, 1, 1, 1]);
    let taken = Conversation {
        assignee: Some(operator),
        version: 3,
        ..handed_over
    };
    scene.write([taken]).await;
    assert_eq!(seen().await, [0, 1, 1, 0]);
}
