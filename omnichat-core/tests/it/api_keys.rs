//! Programs with keys: what they may do, and when they may not any more.

use std::time::Duration;

use omnichat_core::actor::{Actor, Permission as P, Role, Who};
use omnichat_core::api_keys::{
    ApiKeyPatch, ApiKeyShown, ApiKeyState, ApiKeyToken, KeyAccess, NewApiKey, grantable,
};
use omnichat_core::conversations::{ConversationFilter, Facets};
use omnichat_core::customers::CustomerFilter;
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::event::Event;
use omnichat_core::inboxes::{NewInbox, RoutingStrategy};
use omnichat_core::messages::{Author, AuthorKind};
use omnichat_core::operators::{Operator, OperatorPatch};
use omnichat_core::page::PageRequest;
use omnichat_core::testing::{Acting as _, FakeChannel};

use crate::desk::{Desk, answer, new_operator};

const DAY: Duration = Duration::from_secs(24 * 3_600);

fn named(name: &str, rights: &[P]) -> NewApiKey {
    NewApiKey {
        name: name.to_owned(),
        permissions: rights.iter().copied().collect(),
        ..NewApiKey::default()
    }
}

async fn make(desk: &Desk, by: &Actor, rights: &[P]) -> (ApiKeyShown, ApiKeyToken) {
    let keys = desk.engine.api_keys();
    keys.create(by, named("Bot", rights)).await.unwrap()
}

async fn enter(desk: &Desk, token: &ApiKeyToken) -> Result<KeyAccess> {
    desk.engine.api_keys().authenticate(token).await
}

async fn admin(desk: &Desk, name: &str) -> Operator {
    let new = new_operator(name, Role::Admin, 5);
    desk.engine.operators().create(&desk.actor, new).await.unwrap().0
}

async fn change(desk: &Desk, operator: &Operator, patch: OperatorPatch) {
    let operators = desk.engine.operators();
    operators.update(&desk.actor, operator.id, patch).await.unwrap();
}

fn code(error: &Error) -> &str {
    &error.fields()[0].code
}

#[tokio::test]
async fn a_program_acts_under_its_own_name() {
    let desk = Desk::new().await;
    let conversation = desk.hear("a", "1", "Hello").await;
    let (shown, token) = make(
        &desk,
        &desk.actor,
        &[P::CONVERSATIONS_READ_ALL, P::MESSAGES_SEND, P::MESSAGES_EDIT_OWN],
    )
    .await;
    let bot = enter(&desk, &token).await.unwrap().actor;
    let messages = desk.engine.messages();
    let sent = messages
        .send(&bot, conversation, answer("1", "At once"))
        .await
        .unwrap();
    let author = Author::Service {
        id: shown.key.id,
        name: "Bot".to_owned(),
    };
    assert_eq!(sent.message.author, author);
    let stored = desk.conversation(conversation).await;
    assert_eq!(stored.assignee, None, "a program takes no conversations");
    assert_eq!(stored.last_message.unwrap().author, AuthorKind::Service);
    desk.run().await;
    messages
        .edit(&bot, sent.message.id, "Soon", Vec::new())
        .await
        .unwrap();
    let other = desk.say(conversation, "2", "By a person").await;
    let refused = messages.edit(&bot, other.id, "x", Vec::new()).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Forbidden);
    let revisions = messages.revisions(&desk.actor, sent.message.id).await.unwrap();
    assert_eq!(revisions[0].replaced_by, author);
    // What it was not given, it may not do, and a person's own things are a person's.
    for refused in [
        desk.engine.conversations().close(&bot, conversation, None).await,
        desk.engine.conversations().mark_read(&bot, conversation).await,
        desk.engine.conversations().take(&bot, conversation, None).await,
        desk.engine.conversations().leave(&bot, conversation, None).await,
    ] {
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::Forbidden);
    }
    let events = desk.log().await;
    let told = events.iter().find_map(|envelope| match &envelope.event {
        Event::ApiKeyUpdated { key } => Some(key),
        _ => None,
    });
    assert!(told.unwrap().secrets.is_empty(), "no digest goes into the log");
}

#[tokio::test]
async fn nobody_gives_more_than_they_have_and_a_key_makes_no_keys() {
    let desk = Desk::new().await;
    let keys = desk.engine.api_keys();
    let senior = new_operator("senior", Role::Senior, 5);
    let senior = desk
        .engine
        .operators()
        .create(&desk.actor, senior)
        .await
        .unwrap()
        .0;
    let refused = keys
        .create(&senior.actor(), named("Bot", &[P::MESSAGES_SEND]))
        .await;
    assert_eq!(refused.unwrap_err().kind(), ErrorKind::Forbidden);
    for right in [
        P::API_KEYS_MANAGE,
        P::OPERATORS_MANAGE,
        P::CONVERSATIONS_READ_OWN,
        P::CONVERSATIONS_TAKE,
    ] {
        let refused = keys
            .create(&desk.actor, named("Bot", &[right]))
            .await
            .unwrap_err();
        assert_eq!(code(&refused), "not_for_keys");
    }
    let nothing = keys.create(&desk.actor, named("Bot", &[])).await.unwrap_err();
    assert_eq!(code(&nothing), "required");
    // Somebody who manages keys and may do little else.
    let mut little = desk.actor.clone();
    little.permissions = [P::API_KEYS_MANAGE, P::CUSTOMERS_READ].into_iter().collect();
    let refused = keys
        .create(&little, named("Bot", &[P::AUDIT_READ]))
        .await
        .unwrap_err();
    assert_eq!(code(&refused), "not_yours");
    let (made, _) = make(&desk, &little, &[P::CUSTOMERS_READ]).await;
    let patch = ApiKeyPatch {
        permissions: Some([P::MESSAGES_SEND].into_iter().collect()),
        ..ApiKeyPatch::default()
    };
    assert_eq!(
        code(&keys.update(&little, made.key.id, patch).await.unwrap_err()),
        "not_yours"
    );
    let rights = desk.engine.rights();
    let count = |confined| grantable(rights, &desk.actor, confined).iter().count();
    assert!(count(false) > count(true));
}

#[tokio::test]
async fn who_renews_a_key_could_have_made_it_and_answers_for_it() {
    let desk = Desk::new().await;
    let keys = desk.engine.api_keys();
    let boris = admin(&desk, "boris").await;
    let cli = Actor::system(desk.actor.tenant, "cli");
    let (shown, _) = make(&desk, &cli, &[P::AUDIT_READ]).await;
    let id = shown.key.id;
    let mut little = boris.actor();
    little.permissions = [P::API_KEYS_MANAGE, P::CUSTOMERS_READ].into_iter().collect();
    let refused = keys.rotate(&little, id, DAY, None).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Forbidden);
    let until = |days| ApiKeyPatch {
        expires_at: Some(desk.clock_now().after(DAY * days)),
        ..ApiKeyPatch::default()
    };
    let longer = keys.update(&little, id, until(100)).await.unwrap_err();
    assert_eq!(longer.kind(), ErrorKind::Forbidden);
    keys.update(&little, id, until(80)).await.unwrap();
    keys.update(&boris.actor(), id, until(100)).await.unwrap();

    let (shown, token) = keys.rotate(&boris.actor(), id, DAY, None).await.unwrap();
    assert_eq!(shown.key.responsible, Some(boris.id));
    assert!(enter(&desk, &token).await.is_ok());
    let off = OperatorPatch {
        disabled: Some(true),
        ..OperatorPatch::default()
    };
    change(&desk, &boris, off).await;
    assert!(
        enter(&desk, &token).await.is_err(),
        "the secret ends with who knows it"
    );
    // Whoever owns the host is told a secret and answers for nothing.
    let (shown, _) = keys.rotate(&cli, id, DAY, None).await.unwrap();
    assert_eq!(shown.key.responsible, Some(boris.id));
}

#[tokio::test]
async fn a_key_may_never_do_more_than_who_answers_for_it() {
    let desk = Desk::new().await;
    let boris = admin(&desk, "boris").await;
    let (shown, token) = make(&desk, &boris.actor(), &[P::AUDIT_READ, P::CUSTOMERS_READ]).await;
    assert_eq!(shown.key.responsible, Some(boris.id));
    assert!(
        enter(&desk, &token)
            .await
            .unwrap()
            .actor
            .permissions
            .has(P::AUDIT_READ)
    );
    let role = |role: Role| OperatorPatch {
        role: Some(role.into()),
        ..OperatorPatch::default()
    };
    change(&desk, &boris, role(Role::Operator)).await;
    let now = enter(&desk, &token).await.unwrap().actor.permissions;
    assert!(!now.has(P::AUDIT_READ) && now.has(P::CUSTOMERS_READ));
    let off = |disabled| OperatorPatch {
        disabled: Some(disabled),
        ..OperatorPatch::default()
    };
    change(&desk, &boris, off(true)).await;
    let refused = enter(&desk, &token).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Unauthenticated);
    let keys = desk.engine.api_keys();
    let rests = keys.get(&desk.actor, shown.key.id).await.unwrap();
    assert_eq!(
        (rests.state, rests.effective.iter().count()),
        (ApiKeyState::Suspended, 0)
    );
    // A colleague takes it over, with the rights of that colleague.
    let take_over = ApiKeyPatch {
        take_over: true,
        ..ApiKeyPatch::default()
    };
    keys.update(&desk.actor, shown.key.id, take_over).await.unwrap();
    assert!(
        enter(&desk, &token)
            .await
            .unwrap()
            .actor
            .permissions
            .has(P::AUDIT_READ)
    );
    // One that was made at the command line hangs on nobody.
    let (own, token) = make(&desk, &Actor::system(desk.actor.tenant, "cli"), &[P::AUDIT_READ]).await;
    assert_eq!(own.key.responsible, None);
    assert!(enter(&desk, &token).await.is_ok());
}

#[tokio::test]
async fn a_key_ends_when_its_time_is_over_or_it_is_revoked() {
    let desk = Desk::new().await;
    let keys = desk.engine.api_keys();
    let (shown, token) = make(&desk, &desk.actor, &[P::CUSTOMERS_READ]).await;
    assert_eq!(shown.key.expires_at, desk.clock_now().after(DAY * 90));
    for (at, expected) in [(Duration::ZERO, "past"), (DAY * 732, "range")] {
        let new = NewApiKey {
            expires_at: Some(desk.clock_now().after(at)),
            ..named("Bot", &[P::CUSTOMERS_READ])
        };
        assert_eq!(code(&keys.create(&desk.actor, new).await.unwrap_err()), expected);
    }
    desk.clock.advance(DAY * 90 - Duration::from_secs(1));
    enter(&desk, &token).await.unwrap();
    desk.clock.advance(Duration::from_secs(1));
    assert_eq!(
        enter(&desk, &token).await.unwrap_err().kind(),
        ErrorKind::Unauthenticated
    );
    let late = keys
        .rotate(&desk.actor, shown.key.id, Duration::ZERO, None)
        .await
        .unwrap_err();
    assert_eq!(
        late.kind(),
        ErrorKind::Rejected,
        "what is over is not brought back"
    );

    let (shown, token) = make(&desk, &desk.actor, &[P::CUSTOMERS_READ]).await;
    keys.revoke(&desk.actor, shown.key.id).await.unwrap();
    keys.revoke(&desk.actor, shown.key.id).await.unwrap();
    assert_eq!(
        enter(&desk, &token).await.unwrap_err().kind(),
        ErrorKind::Unauthenticated
    );
    let revoked = keys.get(&desk.actor, shown.key.id).await.unwrap();
    assert_eq!(revoked.state, ApiKeyState::Revoked);
    assert_eq!(revoked.key.revoked.unwrap().by, desk.actor.who);
    let log = desk
        .engine
        .audit()
        .list(&desk.actor, PageRequest::first(10))
        .await
        .unwrap();
    let actions: Vec<&str> = log.items.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(
        actions[..2],
        ["api_key.revoked", "api_key.created"],
        "twice is once"
    );
}

#[tokio::test]
async fn a_replaced_secret_holds_for_the_overlap_even_if_the_request_comes_twice() {
    let desk = Desk::new().await;
    let keys = desk.engine.api_keys();
    let (shown, first) = make(&desk, &desk.actor, &[P::CUSTOMERS_READ]).await;
    let hour = Duration::from_secs(3_600);
    let id = shown.key.id;
    let (_, second) = keys.rotate(&desk.actor, id, hour, None).await.unwrap();
    let (_, third) = keys.rotate(&desk.actor, id, hour, None).await.unwrap();
    for token in [&first, &second, &third] {
        assert!(enter(&desk, token).await.is_ok());
    }
    let until = enter(&desk, &first).await.unwrap().until;
    assert_eq!(until, desk.clock_now().after(hour), "a socket with it ends then");
    desk.clock.advance(hour);
    assert!(enter(&desk, &first).await.is_err() && enter(&desk, &second).await.is_err());
    let (_, fourth) = keys.rotate(&desk.actor, id, Duration::ZERO, None).await.unwrap();
    assert!(enter(&desk, &third).await.is_err() && enter(&desk, &fourth).await.is_ok());
    let long = keys.rotate(&desk.actor, id, DAY * 8, None).await.unwrap_err();
    assert_eq!(long.kind(), ErrorKind::Invalid);
    let stale = keys.rotate(&desk.actor, id, hour, Some(1)).await.unwrap_err();
    assert_eq!(stale.kind(), ErrorKind::Conflict);
    for _ in 0..4 {
        keys.rotate(&desk.actor, id, hour, None).await.unwrap();
    }
    let many = keys.rotate(&desk.actor, id, hour, None).await.unwrap_err();
    assert_eq!(many.kind(), ErrorKind::Rejected);
    assert!(enter(&desk, &fourth).await.is_ok(), "and nothing ended for it");
}

#[tokio::test]
async fn a_key_of_some_inboxes_sees_nothing_of_the_others() {
    let desk = Desk::new().await;
    let keys = desk.engine.api_keys();
    let other = NewInbox {
        kind: FakeChannel::KIND.to_owned(),
        title: "Other".to_owned(),
        config: serde_json::json!({ "token": "another token" }),
        scenario: None,
        routing: RoutingStrategy::Manual,
        proxy_url: None,
    };
    let other = desk.engine.inboxes().create(&desk.actor, other).await.unwrap();
    let seen = desk.hear("a", "1", "Hello").await;
    let hidden = crate::desk::said("b", "2", "Secret");
    let hidden = desk
        .engine
        .receive(other.id, hidden)
        .await
        .unwrap()
        .conversation
        .unwrap();
    let rights = [
        P::CONVERSATIONS_READ_ALL,
        P::MESSAGES_SEND,
        P::CUSTOMERS_READ,
        P::CUSTOMERS_WRITE,
        P::INBOXES_READ,
    ];
    let confined = |inboxes| NewApiKey {
        inboxes,
        ..named("Bot", &rights)
    };
    let (_, token) = keys
        .create(&desk.actor, confined(vec![desk.inbox.id]))
        .await
        .unwrap();
    let bot = enter(&desk, &token).await.unwrap().actor;
    let engine = &desk.engine;
    let gone = |error: Error| assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(engine.conversations().get(&bot, seen).await.is_ok());
    gone(engine.conversations().get(&bot, hidden).await.unwrap_err());
    gone(
        engine
            .messages()
            .send(&bot, hidden, answer("1", "x"))
            .await
            .unwrap_err(),
    );
    let first = PageRequest::first(10);
    gone(
        engine
            .messages()
            .list(&bot, hidden, first.clone())
            .await
            .unwrap_err(),
    );
    let conversations = engine.conversations();
    let listed = conversations
        .list(&bot, ConversationFilter::default(), first.clone())
        .await;
    assert_eq!(listed.unwrap().items.len(), 1);
    let filter = Facets {
        inbox: Some(other.id),
        ..Facets::default()
    };
    let listed = engine
        .conversations()
        .list(&bot, filter.into(), first.clone())
        .await
        .unwrap();
    assert!(listed.items.is_empty());
    gone(engine.inboxes().get(&bot, other.id).await.unwrap_err());
    assert_eq!(engine.inboxes().list(&bot).await.unwrap().len(), 1);
    let (vera, boris) = (
        desk.conversation(seen).await.customer,
        desk.conversation(hidden).await.customer,
    );
    assert!(engine.customers().get(&bot, vera).await.is_ok());
    gone(engine.customers().get(&bot, boris).await.unwrap_err());
    gone(
        engine
            .customers()
            .update(&bot, boris, Default::default())
            .await
            .unwrap_err(),
    );
    let searched = engine
        .customers()
        .list(&bot, &CustomerFilter::default(), first.clone())
        .await
        .unwrap_err();
    assert_eq!(searched.kind(), ErrorKind::Forbidden);
    // What concerns the whole organisation cannot be confined, and nobody can be confined to what is not there.
    let whole = NewApiKey {
        inboxes: vec![desk.inbox.id],
        ..named("Bot", &[P::AUDIT_READ])
    };
    assert_eq!(
        code(&keys.create(&desk.actor, whole).await.unwrap_err()),
        "not_confined"
    );
    let nowhere = omnichat_core::id::InboxId::generate(&omnichat_core::clock::SystemClock);
    let nowhere = keys
        .create(&desk.actor, confined(vec![nowhere]))
        .await
        .unwrap_err();
    assert_eq!(code(&nowhere), "unknown");
    // A list goes over one inbox or over all.
    let both = keys
        .create(&desk.actor, confined(vec![desk.inbox.id, other.id]))
        .await
        .unwrap();
    let both = enter(&desk, &both.1).await.unwrap().actor;
    let listed = engine
        .conversations()
        .list(&both, ConversationFilter::default(), first)
        .await;
    assert_eq!(listed.unwrap_err().fields()[0].field, "inbox_id");
}

#[tokio::test]
async fn no_other_organisation_and_no_other_secret_opens() {
    let desk = Desk::new().await;
    let (shown, token) = make(&desk, &desk.actor, &[P::CUSTOMERS_READ]).await;
    let keys = desk.engine.api_keys();
    let owner = new_operator("stranger", Role::Owner, 5);
    let (tenant, stranger) = desk.engine.tenants().create("Other", owner).await.unwrap();
    let stranger = stranger.actor();
    for refused in [
        keys.get(&stranger, shown.key.id).await.map(|_| ()),
        keys.revoke(&stranger, shown.key.id).await,
        keys.rotate(&stranger, shown.key.id, Duration::ZERO, None)
            .await
            .map(|_| ()),
    ] {
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::NotFound);
    }
    assert!(keys.list(&stranger).await.unwrap().is_empty());
    for forged in [
        ApiKeyToken::generate(desk.actor.tenant, shown.key.id),
        ApiKeyToken::generate(tenant.id, shown.key.id),
    ] {
        let refused = enter(&desk, &forged).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::Unauthenticated);
    }
    let access = enter(&desk, &token).await.unwrap();
    assert_eq!(access.actor.tenant, desk.actor.tenant);
    assert!(matches!(&access.actor.who, Who::Service { name, .. } if name == "Bot"));
    assert!(
        keys.get(&access.actor, shown.key.id).await.is_ok(),
        "it may look at itself"
    );
}

#[tokio::test]
async fn use_is_noted_every_few_minutes_and_clashes_with_no_change() {
    let desk = Desk::new().await;
    let keys = desk.engine.api_keys();
    let (shown, _) = make(&desk, &desk.actor, &[P::CUSTOMERS_READ]).await;
    let (tenant, id) = (desk.actor.tenant, shown.key.id);
    assert_eq!(shown.last_used_at, None);
    let first = desk.clock_now();
    keys.note_use(tenant, id).await.unwrap();
    desk.clock.advance(Duration::from_secs(60));
    keys.note_use(tenant, id).await.unwrap();
    let after = keys.get(&desk.actor, id).await.unwrap();
    assert_eq!((after.last_used_at, after.key.version), (Some(first), 1));
    desk.clock.advance(Duration::from_secs(300));
    keys.note_use(tenant, id).await.unwrap();
    let listed = keys.list(&desk.actor).await.unwrap();
    assert_eq!(listed[0].last_used_at, Some(desk.clock_now()));
}

impl Desk {
    fn clock_now(&self) -> omnichat_core::clock::Timestamp {
        self.engine.ports().now()
    }
}
