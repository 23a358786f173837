//! What a visitor of a site is shown: their own conversation, as far as it is meant for them.

use bytes::Bytes;
use omnichat_core::actor::Role;
use omnichat_core::channel::{Inbound, InboundEvent, InboundMessage};
use omnichat_core::customers::CustomerPatch;
use omnichat_core::error::ErrorKind;
use omnichat_core::event::Ephemeral;
use omnichat_core::files::Upload;
use omnichat_core::id::ConversationId;
use omnichat_core::inboxes::{Inbox, InboxPatch};
use omnichat_core::messages::{
    Audience, Author, Button, ButtonAction, Message, NewMessage, Part, SystemEntry,
};
use omnichat_core::visitors::{MissedMessage, ShownMessage, ShownStatus, Side, Told, Visitor, Writing};

use crate::desk::{Desk, answer, message, new_operator, said};

fn visitor(desk: &Desk, chat: &str) -> Visitor {
    Visitor::at(&desk.inbox, chat).unwrap()
}

/// The same inbox and chat, named by somebody of another tenant.
async fn stranger(desk: &Desk, chat: &str) -> Visitor {
    let owner = new_operator("other", Role::Owner, 1);
    let (tenant, _) = desk.engine.tenants().create("Other", owner).await.unwrap();
    let inbox = Inbox {
        tenant: tenant.id,
        ..desk.inbox.clone()
    };
    Visitor::at(&inbox, chat).unwrap()
}

async fn shown(desk: &Desk, who: &Visitor) -> Vec<ShownMessage> {
    desk.engine.visitors().page(who, None).await.unwrap().items
}

/// What is said on a visitor's screen, oldest first, without the time line.
async fn texts(desk: &Desk, who: &Visitor) -> Vec<String> {
    let shown = shown(desk, who).await.into_iter();
    shown
        .map(|message| message.content.text)
        .filter(|text| !text.is_empty())
        .collect()
}

async fn note(desk: &Desk, conversation: ConversationId, key: &str, text: &str) -> Message {
    let note = NewMessage {
        audience: Audience::Colleagues,
        ..answer(key, text)
    };
    let sent = desk.engine.messages().send(&desk.actor, conversation, note).await;
    sent.unwrap().message
}

async fn missed(desk: &Desk, who: &Visitor, after: u64) -> Vec<MissedMessage> {
    let head = desk.engine.event_head(desk.actor.tenant).await.unwrap();
    let (mut place, mut all) = (after, Vec::new());
    while place < head {
        let missed = desk.engine.visitors().missed(who, place, head).await;
        let missed = missed.unwrap().expect("all of them are kept");
        assert!(missed.next > place);
        place = missed.next;
        all.extend(missed.messages);
    }
    all
}

#[tokio::test]
async fn notes_stay_inside_and_so_does_what_quotes_them() {
    let desk = Desk::new().await;
    let who = visitor(&desk, "7");
    let id = desk.hear("7", "1", "Where is it?").await;
    let note = note(&desk, id, "n", "He always asks that").await;
    let quoting = NewMessage {
        reply_to: Some(note.id),
        ..answer("a", "On its way")
    };
    let sent = desk.engine.messages().send(&desk.actor, id, quoting).await;
    let answer = sent.unwrap().message;
    assert_eq!(texts(&desk, &who).await, ["Where is it?", "On its way"]);
    let shown = shown(&desk, &who).await;
    let screen = format!("{shown:?}");
    assert!(!screen.contains("always asks"), "{screen}");
    let answer = shown.iter().find(|message| message.id == answer.id).unwrap();
    assert_eq!((answer.side, answer.quote.as_ref()), (Side::Operator, None));
    // A key that an operator's screen made up is nobody's business either.
    assert_eq!((answer.client_key.as_ref(), answer.read), (None, None));

    let conversation = desk.conversation(id).await;
    let asked = desk.engine.visitors();
    let told = asked.message(&who, &note, Some(&conversation), true).await;
    assert_eq!(told.unwrap(), None);
    let told = asked.message(&who, &note, None, true).await;
    assert_eq!(told.unwrap(), None);
}

#[tokio::test]
async fn the_time_line_tells_who_answers_and_how_it_ended_and_no_more() {
    let desk = Desk::new().await;
    let who = visitor(&desk, "7");
    let id = desk.hear("7", "1", "Hello").await;
    let anna = desk.operator("anna", 5).await;
    let conversations = desk.engine.conversations();
    conversations.take(&desk.actor, id, None).await.unwrap();
    conversations
        .transfer(&desk.actor, id, anna.id, Some("a difficult one"), None)
        .await
        .unwrap();
    conversations.spam(&desk.actor, id, None).await.unwrap();
    let asked = desk.engine.visitors();
    let standing = asked.opening(&who).await.unwrap().conversation.unwrap();
    assert_eq!(
        standing.status,
        ShownStatus::Open,
        "whom we take for a spammer need not know"
    );
    conversations.reopen(&desk.actor, id, None).await.unwrap();
    conversations.resolve(&desk.actor, id, None).await.unwrap();

    let shown = shown(&desk, &who).await;
    let screen = format!("{shown:?}");
    assert!(!screen.contains("difficult"), "{screen}");
    let mut entries = Vec::new();
    for message in shown {
        if let Some(Part::System {
            entry, actor, target, ..
        }) = message.content.part
        {
            assert_eq!(target, None);
            entries.push((entry, actor));
        }
    }
    let owner = Some(desk.owner.name.clone());
    assert_eq!(
        entries,
        [
            (SystemEntry::Joined, owner),
            (SystemEntry::Joined, Some("anna".to_owned())),
            (SystemEntry::Resolved, None),
        ]
    );
    let standing = asked.opening(&who).await.unwrap().conversation.unwrap();
    assert_eq!(standing.status, ShownStatus::Resolved);
}

#[tokio::test]
async fn nobody_sees_what_another_says_not_even_of_the_same_name_elsewhere() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "My card is 4711").await;
    let answer = desk.say(id, "a", "Thank you").await;
    let conversation = desk.conversation(id).await;
    let asked = desk.engine.visitors();
    for other in [visitor(&desk, "8"), stranger(&desk, "7").await] {
        assert_eq!(texts(&desk, &other).await, [""; 0], "{other:?}");
        assert!(asked.conversation(&other).await.unwrap().is_none());
        let opening = asked.opening(&other).await.unwrap();
        assert_eq!((opening.conversation, opening.name), (None, None));
        assert!(asked.meanwhile(&other).await.unwrap().is_none());
        assert_eq!(asked.everything_read(&other).await.unwrap(), None);
        let not_theirs = asked.standing(&other, &conversation).await.unwrap_err();
        assert_eq!(not_theirs.kind(), ErrorKind::NotFound);
        let not_theirs = asked.read_by_now(&other, &conversation, 9).await.unwrap_err();
        assert_eq!(not_theirs.kind(), ErrorKind::NotFound);
        for at_hand in [Some(&conversation), None] {
            let told = asked.message(&other, &answer, at_hand, true).await;
            assert_eq!(told.unwrap(), None, "{other:?}");
        }
        let not_theirs = asked.just_sent(&other, answer.id).await.unwrap_err();
        assert!(matches!(
            not_theirs.kind(),
            ErrorKind::NotFound | ErrorKind::Internal
        ));
        assert_eq!(asked.sent_before(&other, &message("1", "x")).await.unwrap(), None);
    }
    // They are let alone by what happens to him, too.
    assert_eq!(missed(&desk, &visitor(&desk, "8"), 0).await, []);
    let log = desk.log().await;
    let concerned = log
        .iter()
        .filter_map(|envelope| Told::by(&envelope.event)?.visitor());
    let concerned: Vec<Visitor> = concerned.collect();
    assert!(!concerned.is_empty());
    assert!(
        concerned.iter().all(|who| *who == visitor(&desk, "7")),
        "{concerned:?}"
    );
}

#[tokio::test]
async fn an_inbox_that_is_switched_off_has_no_visitors() {
    let desk = Desk::new().await;
    desk.hear("7", "1", "Hello").await;
    let off = InboxPatch {
        enabled: Some(false),
        ..InboxPatch::default()
    };
    let inboxes = desk.engine.inboxes();
    let inbox = inboxes.update(&desk.actor, desk.inbox.id, off).await.unwrap();
    assert_eq!(Visitor::at(&inbox, "7").unwrap_err().kind(), ErrorKind::NotFound);
    let heard = desk.engine.receive(inbox.id, said("7", "2", "Anybody?")).await;
    assert_eq!(heard.unwrap_err().kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn what_operators_have_read_is_marked_and_only_on_the_visitors_own() {
    let desk = Desk::new().await;
    let who = visitor(&desk, "7");
    let id = desk.hear("7", "1", "One").await;
    desk.hear("7", "2", "Two").await;
    let read = |shown: Vec<ShownMessage>| -> Vec<Option<bool>> {
        let own = shown.into_iter().filter(|message| message.side == Side::Visitor);
        own.map(|message| message.read).collect()
    };
    assert_eq!(read(shown(&desk, &who).await), [Some(false); 2]);
    let asked = desk.engine.visitors();
    assert_eq!(asked.meanwhile(&who).await.unwrap().unwrap().read, []);
    desk.engine
        .conversations()
        .mark_read(&desk.actor, id)
        .await
        .unwrap();
    assert_eq!(read(shown(&desk, &who).await), [Some(true); 2]);
    assert_eq!(asked.meanwhile(&who).await.unwrap().unwrap().read.len(), 2);
    desk.hear("7", "3", "Three").await;
    assert_eq!(
        read(shown(&desk, &who).await),
        [Some(true), Some(true), Some(false)]
    );

    // And the other way round.
    desk.say(id, "a", "Four").await;
    desk.run().await;
    let unread = async || {
        let opening = asked.opening(&who).await.unwrap();
        opening.conversation.unwrap().unread
    };
    assert_eq!(unread().await, 1);
    let at = asked.everything_read(&who).await.unwrap().unwrap();
    desk.tell("7", InboundEvent::ReadUpTo { at }).await;
    assert_eq!(unread().await, 0);
}

#[tokio::test]
async fn what_was_missed_is_told_as_it_is_now_and_notes_are_not() {
    let desk = Desk::new().await;
    let who = visitor(&desk, "7");
    let id = desk.hear("7", "1", "Hello").await;
    let seen = desk.engine.event_head(desk.actor.tenant).await.unwrap();
    for n in 0..20 {
        note(&desk, id, &format!("n{n}"), "inside").await;
        desk.hear("8", &format!("{n}"), "somebody else").await;
    }
    let answer = desk.say(id, "a", "Good day").await;
    let missed = missed(&desk, &who, seen).await;
    let told: Vec<_> = missed
        .iter()
        .filter(|missed| missed.new && !missed.message.content.text.is_empty())
        .collect();
    assert_eq!(told.len(), 1, "{missed:?}");
    assert_eq!((told[0].message.id, told[0].seq > seen), (answer.id, true));
    assert!(!format!("{missed:?}").contains("inside"));
    let beyond = desk.engine.visitors().missed(&who, 10_000, 10_001).await;
    assert_eq!(
        beyond.unwrap(),
        None,
        "whoever is further than the log fetches anew"
    );
}

#[tokio::test]
async fn the_last_conversation_is_shown_after_its_end_and_goes_along_to_another_chat() {
    let desk = Desk::new().await;
    let (who, anna) = (visitor(&desk, "v_1"), visitor(&desk, "u_anna"));
    let id = desk.hear("v_1", "1", "Hello").await;
    let signed_in = InboundEvent::Migrated {
        new_chat: "u_anna".to_owned(),
    };
    desk.tell("v_1", signed_in).await;
    assert_eq!(texts(&desk, &anna).await, ["Hello"]);
    assert_eq!(texts(&desk, &who).await, [""; 0]);
    desk.engine
        .conversations()
        .close(&desk.actor, id, None)
        .await
        .unwrap();
    let opening = desk.engine.visitors().opening(&anna).await.unwrap();
    let standing = opening.conversation.unwrap();
    assert_eq!((standing.id, standing.status), (id, ShownStatus::Closed));
    assert_eq!(texts(&desk, &anna).await, ["Hello"]);
}

#[tokio::test]
async fn what_goes_with_a_message_is_the_visitors_own() {
    let desk = Desk::new().await;
    let (who, other) = (visitor(&desk, "7"), visitor(&desk, "8"));
    let asked = desk.engine.visitors();
    let upload = Upload {
        name: "a.txt".to_owned(),
        content_type: "text/plain".to_owned(),
        bytes: Box::pin(futures::stream::iter([Ok(Bytes::from_static(b"text"))])),
        max_bytes: 1_000,
        uploader_quota: None,
        shared_quota: None,
    };
    let files = desk.engine.files();
    let file = files
        .upload_for_customer(who.tenant(), &who.uploader(), upload)
        .await
        .unwrap();
    assert_eq!(asked.own_file(&who, file.id).await.unwrap(), file);
    let others = asked.own_file(&other, file.id).await.unwrap_err();
    assert_eq!(others.kind(), ErrorKind::NotFound);

    let id = desk.hear("7", "1", "Hello").await;
    let question = NewMessage {
        buttons: vec![vec![Button {
            text: "Yes".to_owned(),
            action: ButtonAction::Reply {
                data: "yes".to_owned(),
            },
        }]],
        ..answer("q", "Shall we?")
    };
    let sent = desk.engine.messages().send(&desk.actor, id, question).await;
    let question = sent.unwrap().message;
    assert_eq!(asked.button(&who, question.id, "yes").await.unwrap(), "Yes");
    for (who, data) in [(&who, "no"), (&other, "yes")] {
        let unknown = asked.button(who, question.id, data).await.unwrap_err();
        assert_eq!(unknown.kind(), ErrorKind::NotFound);
    }
}

#[tokio::test]
async fn a_message_that_comes_again_is_the_same_and_another_with_its_key_is_refused() {
    let desk = Desk::new().await;
    let who = visitor(&desk, "7");
    let asked = desk.engine.visitors();
    let first = InboundMessage {
        client_key: Some("key-00001".to_owned()),
        ..message("key-00001", "Hello")
    };
    assert_eq!(asked.sent_before(&who, &first).await.unwrap(), None);
    let inbound = Inbound::private("7", InboundEvent::Message(first.clone()));
    let applied = desk.engine.receive(desk.inbox.id, inbound).await.unwrap();
    let stored = asked.just_sent(&who, applied.message.unwrap()).await.unwrap();
    assert_eq!(
        (stored.read, stored.client_key.as_deref()),
        (Some(false), Some("key-00001"))
    );
    assert_eq!(asked.sent_before(&who, &first).await.unwrap(), Some(stored));
    let another = InboundMessage {
        text: "Good bye".to_owned(),
        ..first
    };
    let refused = asked.sent_before(&who, &another).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Duplicate);
}

#[tokio::test]
async fn a_blocked_customer_is_known_by_every_chat_of_theirs() {
    let desk = Desk::new().await;
    let who = visitor(&desk, "7");
    let asked = desk.engine.visitors();
    assert!(!asked.is_blocked(&who).await.unwrap(), "nothing was said yet");
    let id = desk.hear("7", "1", "Hello").await;
    assert!(!asked.is_blocked(&who).await.unwrap());
    let customer = desk.conversation(id).await.customer;
    let block = CustomerPatch {
        blocked: Some(true),
        ..CustomerPatch::default()
    };
    let customers = desk.engine.customers();
    customers.update(&desk.actor, customer, block).await.unwrap();
    assert!(asked.is_blocked(&who).await.unwrap());
    assert!(!asked.is_blocked(&visitor(&desk, "8")).await.unwrap());
    let shut_out = asked.of_customer(desk.actor.tenant, customer).await.unwrap();
    assert_eq!(shut_out, [who]);
}

#[tokio::test]
async fn a_visitor_learns_that_somebody_is_there_and_who_writes() {
    let desk = Desk::new().await;
    let asked = desk.engine.visitors();
    assert!(!asked.anybody_online(desk.actor.tenant).await.unwrap());
    let anna = desk.operator("anna", 5).await;
    desk.online(&anna).await;
    assert!(asked.anybody_online(desk.actor.tenant).await.unwrap());

    let conversation = desk.hear("7", "1", "Hello").await;
    let by = |author| Ephemeral::Typing {
        conversation,
        author,
        on: true,
    };
    let anna = by(Author::Operator {
        id: anna.id,
        name: anna.name,
    });
    let writing = Writing::by(&anna).unwrap();
    assert_eq!(
        (writing.conversation, writing.name, writing.on),
        (conversation, "anna", true)
    );
    let customer = desk.conversation(conversation).await.customer;
    let himself = by(Author::Customer {
        id: customer,
        name: "Customer 7".to_owned(),
        contact: None,
    });
    assert_eq!(Writing::by(&himself), None);
}
