//! Who somebody is and where is spoken: contacts that lead to customers, private chats, groups and threads.

use omnichat_core::ErrorKind;
use omnichat_core::channel::{Also, ChatInfo, Inbound, InboundEvent, Person, Profile};
use omnichat_core::chats::{ChatKind, Context};
use omnichat_core::contacts::Scope;
use omnichat_core::conversations::Conversation;
use omnichat_core::customers::{CustomerDetails, CustomerFilter, CustomerPatch};
use omnichat_core::id::{CustomerId, InboxId};
use omnichat_core::inboxes::{NewInbox, RoutingStrategy};
use omnichat_core::messages::{Author, Message};
use omnichat_core::page::PageRequest;
use omnichat_core::testing::FakeChannel;

use crate::desk::{Desk, message, said};

async fn another_inbox(desk: &Desk) -> InboxId {
    let new = NewInbox {
        kind: FakeChannel::KIND.to_owned(),
        title: "Another".to_owned(),
        config: serde_json::json!({ "token": "another token" }),
        scenario: None,
        routing: RoutingStrategy::Manual,
        proxy_url: None,
    };
    desk.engine.inboxes().create(&desk.actor, new).await.unwrap().id
}

fn known_as(scope: Scope, id: &str, name: &str) -> Person {
    Person {
        id: id.to_owned(),
        scope,
        profile: Profile {
            name: name.to_owned(),
            ..Profile::default()
        },
        ..Person::default()
    }
}

fn hello(id: &str) -> InboundEvent {
    InboundEvent::Message(message(id, "Hello"))
}

/// A person writes in a private chat.
async fn writes(desk: &Desk, inbox: InboxId, chat: &str, id: &str, person: Person) -> Conversation {
    let event = Inbound::private(chat, hello(id)).by(person);
    receive(desk, inbox, event).await.0
}

async fn receive(desk: &Desk, inbox: InboxId, event: Inbound) -> (Conversation, Message) {
    let applied = desk.engine.receive(inbox, event).await.unwrap();
    let conversation = desk.conversation(applied.conversation.unwrap()).await;
    let messages = desk.engine.messages();
    let message = messages.get(&desk.actor, applied.message.unwrap()).await.unwrap();
    (conversation, message)
}

async fn known(desk: &Desk, id: CustomerId) -> CustomerDetails {
    desk.engine.customers().get(&desk.actor, id).await.unwrap()
}

async fn customers(desk: &Desk) -> Vec<String> {
    let page = PageRequest::first(100);
    let found = desk
        .engine
        .customers()
        .list(&desk.actor, &CustomerFilter::default(), page)
        .await
        .unwrap();
    let mut names: Vec<String> = found.items.into_iter().map(|one| one.customer.name).collect();
    names.sort();
    names
}

/// One person over two accounts of a platform is one customer with two chats.
#[tokio::test]
async fn one_person_on_two_inboxes_is_one_customer() {
    let desk = Desk::new().await;
    let other = another_inbox(&desk).await;
    let anna = || known_as(Scope::platform("somewhere"), "7", "Anna");
    let first = writes(&desk, desk.inbox.id, "7", "1", anna()).await;
    let second = writes(&desk, other, "7", "1", anna()).await;
    assert_eq!(first.customer, second.customer);
    assert_ne!(first.id, second.id);
    let anna = known(&desk, first.customer).await;
    assert_eq!((anna.contacts.len(), anna.chats.len()), (1, 2));
    assert!(
        anna.chats
            .iter()
            .all(|chat| chat.contact == Some(anna.contacts[0].id))
    );
    assert_eq!(customers(&desk).await, ["Anna"]);
}

/// Ids that mean somebody on one inbox only say nothing of another.
#[tokio::test]
async fn ids_of_one_inbox_mean_nobody_on_another() {
    let desk = Desk::new().await;
    let other = another_inbox(&desk).await;
    let person = || known_as(Scope::Inbox, "7", "Anna");
    let first = writes(&desk, desk.inbox.id, "7", "1", person()).await;
    let second = writes(&desk, other, "7", "1", person()).await;
    assert_ne!(first.customer, second.customer);
    // Nor does the same id of another platform.
    let foreign = known_as(Scope::platform("elsewhere"), "7", "Boris");
    let third = writes(&desk, other, "8", "2", foreign).await;
    assert_eq!(known(&desk, third.customer).await.customer.name, "Boris");
    assert_eq!(customers(&desk).await, ["Anna", "Anna", "Boris"]);
}

/// Two hosts, or two webhooks at once, make one customer of a person who is new on both.
#[tokio::test]
async fn two_first_messages_of_one_person_at_once_make_one_customer() {
    let desk = Desk::new().await;
    let other = another_inbox(&desk).await;
    let anna = || known_as(Scope::platform("somewhere"), "7", "Anna");
    let (first, second) = tokio::join!(
        writes(&desk, desk.inbox.id, "7", "1", anna()),
        writes(&desk, other, "7", "1", anna())
    );
    assert_eq!(first.customer, second.customer);
    assert_eq!(customers(&desk).await, ["Anna"]);
}

/// Whoever shows a number that the platform has checked is who writes from that number.
#[tokio::test]
async fn a_number_that_the_platform_vouches_for_joins_its_owner() {
    let desk = Desk::new().await;
    let other = another_inbox(&desk).await;
    let caller = known_as(Scope::Phone, "+7 900 000-00-00", "Anna");
    let first = writes(&desk, desk.inbox.id, "79000000000", "1", caller).await;
    let mut shown = known_as(Scope::platform("somewhere"), "7", "Anna P.");
    shown.also.push(Also {
        scope: Scope::Phone,
        id: "79000000000".to_owned(),
    });
    let second = writes(&desk, other, "7", "1", shown).await;
    assert_eq!(first.customer, second.customer);
    let anna = known(&desk, first.customer).await;
    let scopes: Vec<String> = anna.contacts.iter().map(|one| one.scope.to_string()).collect();
    assert_eq!(scopes, ["phone", "platform:somewhere"]);
    assert_eq!(customers(&desk).await, ["Anna"]);
}

/// A number that is shown later is noted, so that whoever writes from it afterwards is known.
#[tokio::test]
async fn a_number_that_is_shown_later_is_noted() {
    let desk = Desk::new().await;
    let other = another_inbox(&desk).await;
    let mut anna = known_as(Scope::platform("somewhere"), "7", "Anna");
    let first = writes(&desk, desk.inbox.id, "7", "1", anna.clone()).await;
    anna.also.push(Also {
        scope: Scope::Phone,
        id: "+7 900 000-00-00".to_owned(),
    });
    for id in ["2", "3"] {
        writes(&desk, desk.inbox.id, "7", id, anna.clone()).await;
    }
    assert_eq!(known(&desk, first.customer).await.contacts.len(), 2);
    let caller = known_as(Scope::Phone, "79000000000", "Anna");
    let second = writes(&desk, other, "call", "1", caller).await;
    assert_eq!(first.customer, second.customer);
}

/// What nobody vouches for opens nobody's card: it finds who has claimed the same before.
#[tokio::test]
async fn a_claim_joins_nobody_who_has_proved_it() {
    let desk = Desk::new().await;
    let proved = known_as(Scope::Email, "anna@example.org", "Anna");
    let claimed = Person {
        claimed: true,
        ..known_as(Scope::Email, "Anna@Example.org", "Somebody")
    };
    let real = writes(&desk, desk.inbox.id, "letter 1", "1", proved.clone()).await;
    let first = writes(&desk, desk.inbox.id, "letter 2", "1", claimed.clone()).await;
    let second = writes(&desk, desk.inbox.id, "letter 3", "1", claimed).await;
    assert_ne!(real.customer, first.customer);
    assert_eq!(first.customer, second.customer);
    let again = writes(&desk, desk.inbox.id, "letter 4", "1", proved).await;
    assert_eq!(real.customer, again.customer);
    assert_eq!(customers(&desk).await, ["Anna", "Somebody"]);
}

/// Nor does a claim bring further ids along.
#[tokio::test]
async fn a_claim_vouches_for_nothing() {
    let desk = Desk::new().await;
    let owner = known_as(Scope::Phone, "79000000000", "Anna");
    let real = writes(&desk, desk.inbox.id, "call", "1", owner).await;
    let mut liar = known_as(Scope::Email, "anna@example.org", "Somebody");
    liar.claimed = true;
    liar.also.push(Also {
        scope: Scope::Phone,
        id: "79000000000".to_owned(),
    });
    let claimed = writes(&desk, desk.inbox.id, "letter", "1", liar).await;
    assert_ne!(real.customer, claimed.customer);
}

/// Of two customers who both have a number it stays with the one who had it first: people merge customers, programs do not.
#[tokio::test]
async fn a_contact_that_two_customers_have_stays_with_the_first() {
    let desk = Desk::new().await;
    let caller = known_as(Scope::Phone, "79000000000", "Anna");
    let first = writes(&desk, desk.inbox.id, "call", "1", caller.clone()).await;
    let mut boris = known_as(Scope::platform("somewhere"), "8", "Boris");
    let second = writes(&desk, desk.inbox.id, "8", "1", boris.clone()).await;
    boris.also.push(Also {
        scope: Scope::Phone,
        id: "79000000000".to_owned(),
    });
    let again = writes(&desk, desk.inbox.id, "8", "2", boris).await;
    assert_eq!(second.customer, again.customer);
    assert_eq!(known(&desk, second.customer).await.contacts.len(), 1);
    let call = writes(&desk, desk.inbox.id, "call", "2", caller).await;
    assert_eq!(call.customer, first.customer);
}

/// A platform that names people otherwise from now on changes nobody's customer.
#[tokio::test]
async fn the_person_of_a_private_chat_may_come_to_be_known_otherwise() {
    let desk = Desk::new().await;
    let other = another_inbox(&desk).await;
    let before = desk.hear("7", "1", "Hello").await;
    let customer = desk.conversation(before).await.customer;
    let anna = || known_as(Scope::platform("somewhere"), "7", "Anna");
    let after = writes(&desk, desk.inbox.id, "7", "2", anna()).await;
    assert_eq!((after.id, after.customer), (before, customer));
    let card = known(&desk, customer).await;
    let contact = &card.contacts[0];
    assert_eq!(
        (contact.scope.to_string().as_str(), contact.external_id.as_str()),
        ("platform:somewhere", "7")
    );
    assert_eq!(
        (card.contacts.len(), card.chats[0].contact),
        (1, Some(contact.id))
    );
    // The name goes along, in the list too.
    assert_eq!(card.customer.name, "Anna");
    assert_eq!(after.customer_name, "Anna");
    let elsewhere = writes(&desk, other, "7", "1", anna()).await;
    assert_eq!(elsewhere.customer, customer);
}

/// A person who had become two customers before the platform named them by one id: each chat stays whose it is, and its card
/// goes on to follow what is told there.
#[tokio::test]
async fn a_chat_whose_person_is_somebody_elses_by_now_goes_on() {
    let desk = Desk::new().await;
    let other = another_inbox(&desk).await;
    let (here, there) = (desk.inbox.id, other);
    let plain = |chat: &str| Inbound::private(chat, hello("1"));
    let first = receive(&desk, here, plain("7")).await.0;
    let second = receive(&desk, there, plain("7")).await.0;
    assert_ne!(first.customer, second.customer);
    let anna = |name: &str| known_as(Scope::platform("somewhere"), "7", name);
    writes(&desk, here, "7", "2", anna("Anna")).await;
    for (id, name) in [("2", "Anna"), ("3", "Anna P.")] {
        let after = writes(&desk, there, "7", id, anna(name)).await;
        assert_eq!(
            (after.customer, after.customer_name.as_str()),
            (second.customer, name)
        );
    }
    assert_eq!(known(&desk, first.customer).await.customer.name, "Anna");
}

/// Two people of one scope in a private chat are two: the chat stays with the first.
#[tokio::test]
async fn somebody_else_in_a_private_chat_is_somebody_else() {
    let desk = Desk::new().await;
    let other = another_inbox(&desk).await;
    let person = |id: &str, name: &str| known_as(Scope::platform("somewhere"), id, name);
    let inbox = desk.inbox.id;
    let kiosk = writes(&desk, inbox, "kiosk", "1", person("1", "Anna")).await;
    let event = Inbound::private("kiosk", hello("2")).by(person("2", "Boris"));
    let (after, message) = receive(&desk, inbox, event).await;
    assert_eq!((after.id, after.customer), (kiosk.id, kiosk.customer));
    assert_eq!(message.author.name(), "Boris");
    let own = writes(&desk, other, "2", "1", person("2", "Boris")).await;
    assert_ne!(own.customer, kiosk.customer);
    assert_eq!(customers(&desk).await, ["Anna", "Boris"]);
}

/// Whoever claims in the chat of somebody proved, or is proved in the chat of somebody who claims, opens nobody's card by it.
#[tokio::test]
async fn a_claim_in_a_chat_that_goes_on_joins_nobody_either() {
    let desk = Desk::new().await;
    let other = another_inbox(&desk).await;
    let inbox = desk.inbox.id;
    let anna = known_as(Scope::platform("shop"), "anna", "Anna");
    let claim = |name: &str| Person {
        claimed: true,
        ..known_as(Scope::Email, "anna@example.org", name)
    };
    let real = writes(&desk, inbox, "anna", "1", anna).await;
    let same = writes(&desk, inbox, "anna", "2", claim("Anna")).await;
    assert_eq!(same.customer, real.customer);
    let evil = writes(&desk, other, "evil", "1", claim("Mallory")).await;
    assert_ne!(evil.customer, real.customer);
    let mut mallory = known_as(Scope::platform("shop"), "mallory", "Mallory");
    mallory.also.push(Also {
        scope: Scope::Phone,
        id: "+7 900 000-00-00".to_owned(),
    });
    writes(&desk, other, "evil", "2", mallory.clone()).await;
    let own = writes(&desk, inbox, "mallory", "1", mallory).await;
    assert_ne!(own.customer, real.customer);
    assert_ne!(own.customer, evil.customer);
    let card = known(&desk, real.customer).await;
    assert_eq!((card.customer.name.as_str(), card.contacts.len()), ("Anna", 1));
}

/// A private chat that turns out to be a group is no longer its person's, who stays who that is.
#[tokio::test]
async fn a_private_chat_that_becomes_a_group_leaves_its_person_alone() {
    let desk = Desk::new().await;
    let inbox = desk.inbox.id;
    let mut anna = known_as(Scope::platform("somewhere"), "7", "Anna");
    let private = writes(&desk, inbox, "-100", "1", anna.clone()).await;
    anna.profile.locale = Some("ru".to_owned());
    let (group, message) = receive(&desk, inbox, in_group(hello("2"), "House 7", Some(anna))).await;
    assert_eq!(group.id, private.id);
    assert_ne!(group.customer, private.customer);
    assert_eq!(
        (group.customer_name.as_str(), group.chat_kind),
        ("House 7", ChatKind::Group)
    );
    assert_eq!(message.author.name(), "Anna");
    let card = known(&desk, private.customer).await;
    assert_eq!(
        (card.customer.name.as_str(), card.customer.locale.as_deref()),
        ("Anna", Some("ru"))
    );
    assert_eq!(card.chats, []);
    assert_eq!(known(&desk, group.customer).await.contacts, []);
}

/// What a blocked member writes is kept, and calls for nobody.
#[tokio::test]
async fn a_blocked_member_of_a_group_is_kept_without_notice() {
    let desk = Desk::new().await;
    let inbox = desk.inbox.id;
    let person = |name: &str| Some(known_as(Scope::platform("somewhere"), name, name));
    let (group, first) = receive(&desk, inbox, in_group(hello("1"), "House 7", person("Lev"))).await;
    let Author::Customer { id, .. } = first.author else {
        panic!("a member wrote")
    };
    let patch = CustomerPatch {
        blocked: Some(true),
        ..CustomerPatch::default()
    };
    desk.engine
        .customers()
        .update(&desk.actor, id, patch)
        .await
        .unwrap();
    let (after, _) = receive(&desk, inbox, in_group(hello("2"), "House 7", person("Lev"))).await;
    assert_eq!(after.unread_count, group.unread_count);
    assert_eq!(after.last_message, group.last_message);
    assert_eq!(desk.messages(group.id).await.len(), 2);
    let (after, _) = receive(&desk, inbox, in_group(hello("3"), "House 7", person("Zoya"))).await;
    assert_eq!(after.unread_count, group.unread_count + 1);
}

/// Blocking is the organisation's: it holds in chats too that whoever blocks does not see.
#[tokio::test]
async fn who_is_confined_to_an_inbox_blocks_everywhere() {
    let desk = Desk::new().await;
    let other = another_inbox(&desk).await;
    let anna = || known_as(Scope::platform("somewhere"), "7", "Anna");
    let first = writes(&desk, desk.inbox.id, "7", "1", anna()).await;
    writes(&desk, other, "7", "1", anna()).await;
    let confined = omnichat_core::actor::Actor {
        inboxes: Some([other].into()),
        ..desk.actor.clone()
    };
    let card = desk
        .engine
        .customers()
        .get(&confined, first.customer)
        .await
        .unwrap();
    assert!(card.chats.iter().all(|chat| chat.inbox == other));
    let patch = CustomerPatch {
        blocked: Some(true),
        ..CustomerPatch::default()
    };
    desk.engine
        .customers()
        .update(&confined, first.customer, patch)
        .await
        .unwrap();
    let after = writes(&desk, desk.inbox.id, "7", "2", anna()).await;
    assert_eq!(after.status, omnichat_core::conversations::Status::Spam);
}

/// Whoever shows a card hears of a chat or a contact that is added, and of one that can no longer be reached.
#[tokio::test]
async fn a_card_that_is_open_hears_of_what_is_added() {
    let desk = Desk::new().await;
    let other = another_inbox(&desk).await;
    let mut anna = known_as(Scope::platform("somewhere"), "7", "Anna");
    let customer = writes(&desk, desk.inbox.id, "7", "1", anna.clone())
        .await
        .customer;
    let version = async || known(&desk, customer).await.customer.version;
    let mut seen = version().await;
    let mut told = desk
        .event_names()
        .await
        .iter()
        .filter(|name| **name == "customer_updated")
        .count();
    let mut is_told = async |what: &str| {
        let names = desk.event_names().await;
        let now = names.iter().filter(|name| **name == "customer_updated").count();
        assert_eq!((version().await, now), (seen + 1, told + 1), "{what}");
        (seen, told) = (seen + 1, told + 1);
    };
    writes(&desk, other, "7", "1", anna.clone()).await;
    is_told("another chat").await;
    anna.also.push(Also {
        scope: Scope::Phone,
        id: "+7 900 000-00-00".to_owned(),
    });
    writes(&desk, other, "7", "2", anna.clone()).await;
    is_told("another contact").await;
    anna.profile.username = Some("anna".to_owned());
    writes(&desk, other, "7", "3", anna.clone()).await;
    is_told("another public name").await;
    let away = InboundEvent::Reachable {
        reachable: false,
        at: None,
    };
    desk.tell("7", away).await;
    is_told("a chat that cannot be reached").await;
    writes(&desk, desk.inbox.id, "7", "4", anna).await;
    is_told("a chat that can be reached again").await;
}

/// What is remembered of another chat of the customer is forgotten when the customer changes here.
#[tokio::test]
async fn a_new_name_shows_in_the_customers_other_chats() {
    let desk = Desk::new().await;
    let other = another_inbox(&desk).await;
    let anna = |name: &str| known_as(Scope::platform("somewhere"), "7", name);
    writes(&desk, desk.inbox.id, "7", "1", anna("Anna")).await;
    writes(&desk, other, "7", "1", anna("Anna P.")).await;
    let nameless = || known_as(Scope::platform("somewhere"), "7", "");
    let here = writes(&desk, desk.inbox.id, "7", "2", nameless()).await;
    assert_eq!(here.customer_name, "Anna P.");
}

/// A stranger of a site who signs in takes along what it was known by; whoever comes with the stranger's id is a stranger.
#[tokio::test]
async fn a_private_chat_that_gets_another_id_leaves_none_behind() {
    let desk = Desk::new().await;
    let inbox = desk.inbox.id;
    let stranger = receive(&desk, inbox, Inbound::private("v_1", hello("1"))).await.0;
    let signed_in = InboundEvent::Migrated {
        new_chat: "u_anna".to_owned(),
    };
    desk.tell("v_1", signed_in).await;
    let anna = receive(&desk, inbox, Inbound::private("u_anna", hello("2")))
        .await
        .0;
    assert_eq!((anna.id, anna.customer), (stranger.id, stranger.customer));
    assert_eq!(known(&desk, anna.customer).await.contacts.len(), 1);
    let another = receive(&desk, inbox, Inbound::private("v_1", hello("3"))).await.0;
    assert_ne!(another.customer, anna.customer);
}

/// A character that is left out leaves nothing behind that means somebody.
#[tokio::test]
async fn ids_of_characters_that_are_left_out_mean_nobody() {
    let desk = Desk::new().await;
    let inbox = desk.inbox.id;
    let with_also = |id: &str| {
        let mut person = known_as(Scope::platform("somewhere"), id, id);
        person.also.push(Also {
            scope: Scope::Email,
            id: "\0@\0".to_owned(),
        });
        person
    };
    let first = writes(&desk, inbox, "1", "1", with_also("a")).await;
    let second = writes(&desk, inbox, "2", "1", with_also("b")).await;
    assert_ne!(first.customer, second.customer);
    assert_eq!(known(&desk, first.customer).await.contacts.len(), 1);
}

#[tokio::test]
async fn a_private_chat_without_a_person_is_with_somebody_of_its_id() {
    let desk = Desk::new().await;
    desk.tell("visitor-77", hello("1")).await;
    desk.tell("visitor-77", hello("2")).await;
    assert_eq!(customers(&desk).await, ["#r-77"]);
}

/// Two names of one customer do not take turns: a renaming counts, not who wrote last.
#[tokio::test]
async fn a_customer_is_called_as_the_contact_that_was_renamed_last() {
    let desk = Desk::new().await;
    let other = another_inbox(&desk).await;
    let caller = || known_as(Scope::Phone, "79000000000", "A. Petrova");
    let chatter = |name: &str| {
        let mut person = known_as(Scope::platform("somewhere"), "7", name);
        person.also.push(Also {
            scope: Scope::Phone,
            id: "79000000000".to_owned(),
        });
        person
    };
    let customer = writes(&desk, other, "call", "1", caller()).await.customer;
    writes(&desk, desk.inbox.id, "7", "0", chatter("Anna")).await;
    let version = known(&desk, customer).await.customer.version;
    for id in ["1", "2", "3"] {
        writes(&desk, desk.inbox.id, "7", id, chatter("Anna")).await;
        writes(&desk, other, "call", &format!("{id} again"), caller()).await;
    }
    let card = known(&desk, customer).await.customer;
    assert_eq!((card.name.as_str(), card.version), ("A. Petrova", version));
    writes(&desk, desk.inbox.id, "7", "4", chatter("Anna Petrova")).await;
    assert_eq!(known(&desk, customer).await.customer.name, "Anna Petrova");
}

fn in_group(event: InboundEvent, title: &str, person: Option<Person>) -> Inbound {
    Inbound {
        chat: ChatInfo {
            id: "-100".to_owned(),
            kind: ChatKind::Group,
            title: Some(title.to_owned()),
            ..ChatInfo::default()
        },
        person,
        event,
    }
}

/// A group is a customer under its title; its members are customers of their own, and each message says whose it is.
#[tokio::test]
async fn members_of_a_group_are_people_of_their_own() {
    let desk = Desk::new().await;
    let anna = || known_as(Scope::platform("somewhere"), "7", "Anna");
    let boris = || known_as(Scope::platform("somewhere"), "8", "Boris");
    let inbox = desk.inbox.id;
    let (group, first) = receive(&desk, inbox, in_group(hello("1"), "Neighbours", Some(anna()))).await;
    let (same, second) = receive(&desk, inbox, in_group(hello("2"), "Neighbours", Some(boris()))).await;
    let (_, nobody) = receive(&desk, inbox, in_group(hello("3"), "Neighbours", None)).await;
    assert_eq!(group.id, same.id);
    assert_eq!(
        (group.customer_name.as_str(), group.chat_kind),
        ("Neighbours", ChatKind::Group)
    );
    assert_eq!(customers(&desk).await, ["Anna", "Boris", "Neighbours"]);
    let author = |message: &Message| match &message.author {
        Author::Customer { id, name, contact } => (*id, name.clone(), *contact),
        other => panic!("{other:?} is no customer"),
    };
    let (id, name, contact) = author(&first);
    let card = known(&desk, id).await;
    assert_eq!((name.as_str(), contact), ("Anna", Some(card.contacts[0].id)));
    assert_eq!(card.chats, []);
    assert_eq!(author(&second).1, "Boris");
    assert_eq!(author(&nobody), (group.customer, "Neighbours".to_owned(), None));

    // In private it is the same person.
    let private = writes(&desk, inbox, "7", "1", anna()).await;
    assert_eq!(private.customer, id);
    assert_ne!(private.id, group.id);

    // What operators call a member stands on what it writes, and the group follows its title.
    let patch = CustomerPatch {
        name: Some("Anna from flat 5".to_owned()),
        ..CustomerPatch::default()
    };
    desk.engine
        .customers()
        .update(&desk.actor, id, patch)
        .await
        .unwrap();
    let (renamed, message) = receive(&desk, inbox, in_group(hello("4"), "House 7", Some(anna()))).await;
    assert_eq!(author(&message).1, "Anna from flat 5");
    assert_eq!(renamed.customer_name, "House 7");
}

/// A group that gets another id goes on as the same chat.
#[tokio::test]
async fn a_chat_that_changes_its_id_stays_the_same() {
    let desk = Desk::new().await;
    let anna = known_as(Scope::platform("somewhere"), "7", "Anna");
    let inbox = desk.inbox.id;
    let (group, _) = receive(&desk, inbox, in_group(hello("1"), "House", Some(anna.clone()))).await;
    let migrated = InboundEvent::Migrated {
        new_chat: "-200".to_owned(),
    };
    desk.tell("-100", migrated).await;
    let mut event = in_group(hello("1"), "House", Some(anna));
    event.chat.id = "-200".to_owned();
    let (after, message) = receive(&desk, inbox, event).await;
    assert_eq!((after.id, after.chat.as_str()), (group.id, "-200"));
    // Numbers begin anew there.
    assert_eq!(message.external_id.as_deref(), Some("1"));
    let chats = known(&desk, group.customer).await.chats;
    assert_eq!(chats.len(), 1);
    assert_eq!(chats[0].external_id, "-200");
}

/// What is spoken of stands on the conversation, as it is now; a thread's title is the conversation's.
#[tokio::test]
async fn a_conversation_says_what_is_spoken_of() {
    let desk = Desk::new().await;
    let listing = |price: &str| Context {
        title: "A flat".to_owned(),
        url: Some("https://example.org/flats/1".to_owned()),
        facts: [("price".to_owned(), price.to_owned())].into(),
    };
    let about = |id: &str, context: Context| Inbound {
        chat: ChatInfo {
            context,
            ..ChatInfo::private("flat-1")
        },
        ..said("flat-1", id, "Is it still there?")
    };
    let inbox = desk.inbox.id;
    let (first, _) = receive(&desk, inbox, about("1", listing("100"))).await;
    assert_eq!(first.context, listing("100"));
    let (second, _) = receive(&desk, inbox, about("2", listing("90"))).await;
    assert_eq!((second.id, second.context), (first.id, listing("90")));
    // An event that says nothing of it changes nothing.
    let (third, _) = receive(&desk, inbox, about("3", Context::default())).await;
    assert_eq!(third.context, listing("90"));
    assert_eq!(third.subject, None);

    let letter = Inbound {
        chat: ChatInfo {
            id: "thread-1".to_owned(),
            kind: ChatKind::Thread,
            title: Some("Invoice 1042".to_owned()),
            ..ChatInfo::default()
        },
        person: Some(known_as(Scope::Email, "anna@example.org", "Anna")),
        event: hello("1"),
    };
    let (thread, _) = receive(&desk, inbox, letter).await;
    assert_eq!(thread.subject.as_deref(), Some("Invoice 1042"));
}

#[tokio::test]
async fn a_conversation_has_attributes_within_bounds() {
    let desk = Desk::new().await;
    let id = desk.hear("7", "1", "Hello").await;
    let update = async |attributes| {
        let patch = omnichat_core::conversations::ConversationPatch {
            attributes: Some(attributes),
            ..Default::default()
        };
        desk.engine
            .conversations()
            .update(&desk.actor, id, patch, None)
            .await
    };
    let changed = update([("order".to_owned(), "4711".to_owned())].into())
        .await
        .unwrap();
    assert_eq!(changed.attributes["order"], "4711");
    for wrong in [
        [(String::new(), "x".to_owned())].into(),
        [("x".to_owned(), "x".repeat(2_001))].into(),
        (0..101).map(|n| (n.to_string(), String::new())).collect(),
    ] {
        let error = update(wrong).await.unwrap_err();
        assert_eq!(
            (error.kind(), error.fields()[0].field.as_str()),
            (ErrorKind::Invalid, "attributes")
        );
    }
    assert_eq!(desk.conversation(id).await.attributes, changed.attributes);
}
