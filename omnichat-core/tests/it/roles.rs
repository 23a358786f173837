//! Roles: what they give, and who may change them.

use omnichat_core::actor::{Actor, Permission as P, Role, RoleRef};
use omnichat_core::api_keys::NewApiKey;
use omnichat_core::change::{Changes, Row};
use omnichat_core::entities::{Entities, Entity, Entries, Part, Stored};
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::id::RoleId;
use omnichat_core::id_type;
use omnichat_core::inboxes::RoutingStrategy;
use omnichat_core::operators::{NewOperator, Operator, OperatorPatch};
use omnichat_core::page::PageRequest;
use omnichat_core::roles::OwnRole;
use omnichat_core::testing::{Acting as _, FakeChannel};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::desk::{Desk, new_operator};

fn role(name: &str, rights: &[P]) -> OwnRole {
    OwnRole {
        name: name.to_owned(),
        permissions: rights.iter().map(|right| right.name().to_owned()).collect(),
        description: None,
    }
}

fn with_role(name: &str, role: impl Into<RoleRef>) -> NewOperator {
    NewOperator {
        role: role.into(),
        ..new_operator(name, Role::Operator, 5)
    }
}

fn gets(role: impl Into<RoleRef>) -> OperatorPatch {
    OperatorPatch {
        role: Some(role.into()),
        ..OperatorPatch::default()
    }
}

fn roles(desk: &Desk) -> Entities<OwnRole> {
    desk.engine.entities()
}

async fn make(desk: &Desk, name: &str, rights: &[P]) -> Stored<OwnRole> {
    roles(desk).create(&desk.actor, role(name, rights)).await.unwrap()
}

/// Somebody with a role, as one who asks.
async fn holder(desk: &Desk, name: &str, role: RoleId) -> (Operator, Actor) {
    let operators = desk.engine.operators();
    let new = with_role(name, role);
    let (operator, _) = operators.create(&desk.actor, new).await.unwrap();
    let actor = operators.actor(&operator).await.unwrap();
    (operator, actor)
}

/// Puts rights into a role, or takes them away.
async fn change(desk: &Desk, by: &Actor, id: RoleId, rights: &[P]) -> Result<Stored<OwnRole>> {
    let names: Vec<String> = rights.iter().map(|right| right.name().to_owned()).collect();
    let step = |role: &mut OwnRole| {
        role.permissions.clone_from(&names);
        Ok(())
    };
    roles(desk).update(by, id, None, step).await
}

fn fault(error: &Error) -> (ErrorKind, Option<String>) {
    let field = error.fields().first();
    (
        error.kind(),
        field.map(|wrong| format!("{}.{}", wrong.field, wrong.code)),
    )
}

fn wrong(field: &str) -> (ErrorKind, Option<String>) {
    (ErrorKind::Invalid, Some(field.to_owned()))
}

#[tokio::test]
async fn an_operator_may_do_what_the_role_gives_at_that_moment() {
    let desk = Desk::new().await;
    let operators = desk.engine.operators();
    let reads = [P::CONVERSATIONS_READ_ALL, P::MESSAGES_NOTE];
    let trainee = make(&desk, "Trainee", &reads).await;
    let (anna, actor) = holder(&desk, "anna", trainee.id).await;
    assert_eq!(anna.role, RoleRef::Own(trainee.id));
    assert!(actor.permissions.has(P::MESSAGES_NOTE) && !actor.permissions.has(P::MESSAGES_SEND));
    assert_eq!(actor.role, Some(RoleRef::Own(trainee.id)));
    assert_eq!(
        operators.role_name(&anna).await.unwrap().as_deref(),
        Some("Trainee")
    );

    let more = [P::CONVERSATIONS_READ_ALL, P::MESSAGES_SEND];
    change(&desk, &desk.actor, trainee.id, &more).await.unwrap();
    let actor = operators.actor(&anna).await.unwrap();
    assert!(actor.permissions.has(P::MESSAGES_SEND) && !actor.permissions.has(P::MESSAGES_NOTE));

    // What an operator answers for follows as well.
    let key = NewApiKey {
        name: "Bot".to_owned(),
        permissions: [P::MESSAGES_SEND].into_iter().collect(),
        ..NewApiKey::default()
    };
    let keys = desk.engine.api_keys();
    let makes = [P::API_KEYS_MANAGE, P::MESSAGES_SEND];
    change(&desk, &desk.actor, trainee.id, &makes).await.unwrap();
    let actor = operators.actor(&anna).await.unwrap();
    let (_, token) = keys.create(&actor, key).await.unwrap();
    assert!(
        keys.authenticate(&token)
            .await
            .unwrap()
            .actor
            .permissions
            .has(P::MESSAGES_SEND)
    );
    change(&desk, &desk.actor, trainee.id, &reads).await.unwrap();
    assert!(
        keys.authenticate(&token)
            .await
            .unwrap()
            .actor
            .permissions
            .is_empty()
    );
    let listed = keys.list(&desk.actor).await.unwrap();
    assert!(listed[0].effective.is_empty() && !listed[0].key.permissions.is_empty());
}

#[tokio::test]
async fn a_role_that_somebody_has_is_not_deleted() {
    let desk = Desk::new().await;
    let trainee = make(&desk, "Trainee", &[P::MESSAGES_NOTE]).await;
    let (anna, _) = holder(&desk, "anna", trainee.id).await;
    let (boris, _) = holder(&desk, "boris", trainee.id).await;
    let delete = async || roles(&desk).delete(&desk.actor, trainee.id, None).await;
    let operators = desk.engine.operators();
    let error = delete().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert!(
        error.message().starts_with("2 operators have this role"),
        "{error}"
    );
    operators
        .update(&desk.actor, anna.id, gets(Role::Senior))
        .await
        .unwrap();
    // One who is disabled may come back.
    let off = OperatorPatch {
        disabled: Some(true),
        ..OperatorPatch::default()
    };
    operators.update(&desk.actor, boris.id, off).await.unwrap();
    let error = delete().await.unwrap_err();
    assert!(error.message().starts_with("1 operator has this role"), "{error}");
    operators
        .update(&desk.actor, boris.id, gets(Role::Operator))
        .await
        .unwrap();
    delete().await.unwrap();
}

#[tokio::test]
async fn nobody_gives_rights_that_they_lack() {
    let desk = Desk::new().await;
    let manages = [P::OPERATORS_READ, P::OPERATORS_MANAGE, P::MESSAGES_SEND];
    let manager = make(&desk, "Manager", &manages).await;
    let (_, lead) = holder(&desk, "lead", manager.id).await;
    let strong = make(&desk, "Auditor", &[P::AUDIT_READ]).await;
    let weak = make(&desk, "Writer", &[P::MESSAGES_SEND]).await;
    let (anna, _) = holder(&desk, "anna", weak.id).await;
    let (auditor, _) = holder(&desk, "auditor", strong.id).await;

    let more = roles(&desk)
        .create(&lead, role("More", &[P::MESSAGES_SEND, P::AUDIT_READ]))
        .await;
    assert_eq!(fault(&more.unwrap_err()), wrong("permissions.not_yours"));
    let grown = change(&desk, &lead, weak.id, &[P::MESSAGES_SEND, P::AUDIT_READ]).await;
    assert_eq!(fault(&grown.unwrap_err()), wrong("permissions.not_yours"));
    roles(&desk)
        .create(&lead, role("Same", &[P::MESSAGES_SEND]))
        .await
        .unwrap();

    let operators = desk.engine.operators();
    let forbidden = [
        // A role that may do more is not theirs to touch.
        change(&desk, &lead, strong.id, &[P::MESSAGES_SEND])
            .await
            .map(|_| ()),
        roles(&desk).delete(&lead, strong.id, None).await,
        operators
            .update(&lead, anna.id, gets(strong.id))
            .await
            .map(|_| ()),
        operators
            .update(&lead, anna.id, gets(Role::Operator))
            .await
            .map(|_| ()),
        operators
            .update(&lead, auditor.id, gets(weak.id))
            .await
            .map(|_| ()),
        operators
            .create(&lead, with_role("x", strong.id))
            .await
            .map(|_| ()),
        operators
            .create(&lead, with_role("y", Role::Admin))
            .await
            .map(|_| ()),
        operators.invite(&lead, auditor.id).await.map(|_| ()),
        operators.end_sessions(&lead, auditor.id).await.map(|_| ()),
    ];
    for (at, outcome) in forbidden.into_iter().enumerate() {
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::Forbidden, "{at}");
    }
    operators.create(&lead, with_role("z", weak.id)).await.unwrap();
    operators.invite(&lead, anna.id).await.unwrap();
    let (_, plain) = holder(&desk, "plain", weak.id).await;
    let error = roles(&desk)
        .create(&plain, role("Own", &[P::MESSAGES_SEND]))
        .await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Forbidden);
}

#[tokio::test]
async fn nobody_takes_rights_from_themselves() {
    let desk = Desk::new().await;
    let manages = [P::OPERATORS_READ, P::OPERATORS_MANAGE, P::MESSAGES_SEND];
    let manager = make(&desk, "Manager", &manages).await;
    let (_, lead) = holder(&desk, "lead", manager.id).await;
    let error = change(&desk, &lead, manager.id, &manages[..2]).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
    assert!(error.message().contains("ask a colleague"), "{error}");
    let rename = |role: &mut OwnRole| {
        role.name = "Lead".to_owned();
        Ok(())
    };
    let renamed = roles(&desk).update(&lead, manager.id, None, rename).await;
    assert_eq!(renamed.unwrap().value.name, "Lead");
    change(&desk, &desk.actor, manager.id, &manages[..2])
        .await
        .unwrap();
}

#[tokio::test]
async fn an_operator_whose_role_is_gone_is_there_and_may_do_nothing() {
    let desk = Desk::new().await;
    let gone = RoleId::generate(&*desk.clock);
    let anna = desk.operator("anna", 5).await;
    let mut changes = Changes::by(&anna.named());
    changes.put(Row::Operator(Operator {
        role: gone.into(),
        version: anna.version + 1,
        ..anna.clone()
    }));
    desk.engine.ports().commit(changes).await.unwrap();

    let operators = desk.engine.operators();
    let stored = operators.get(&desk.actor, anna.id).await.unwrap();
    let actor = operators.actor(&stored).await.unwrap();
    assert!(actor.permissions.is_empty());
    assert_eq!(operators.role_name(&stored).await.unwrap(), None);
    desk.engine.sessions().begin(&stored, "test").await.unwrap();
    let own = OperatorPatch {
        name: Some("Anna".to_owned()),
        ..OperatorPatch::default()
    };
    operators.update(&actor, anna.id, own).await.unwrap();
    // The role may stay in a change of something else, and cannot be given to anybody.
    let patch = OperatorPatch {
        capacity: Some(7),
        ..gets(gone)
    };
    operators.update(&desk.actor, anna.id, patch).await.unwrap();
    let error = operators
        .create(&desk.actor, with_role("boris", gone))
        .await
        .unwrap_err();
    assert_eq!(fault(&error), wrong("role.unknown"));
    let other = desk.operator("other", 5).await;
    let error = operators
        .update(&desk.actor, other.id, gets(gone))
        .await
        .unwrap_err();
    assert_eq!(fault(&error), wrong("role.unknown"));
    operators
        .update(&desk.actor, anna.id, gets(Role::Operator))
        .await
        .unwrap();
}

#[tokio::test]
async fn names_of_roles_are_their_own() {
    let desk = Desk::new().await;
    let trainee = make(&desk, "Стажёр", &[P::MESSAGES_NOTE]).await;
    for taken in ["стажёр", "СТАЖЁР", "Owner", "admin"] {
        let error = roles(&desk)
            .create(&desk.actor, role(taken, &[P::MESSAGES_NOTE]))
            .await;
        assert_eq!(fault(&error.unwrap_err()), wrong("name.taken"), "{taken}");
    }
    let unknown = OwnRole {
        permissions: vec!["messages.shout".to_owned()],
        ..role("Loud", &[])
    };
    let error = roles(&desk).create(&desk.actor, unknown).await.unwrap_err();
    assert_eq!(fault(&error), wrong("permissions.unknown"));
    assert!(
        error.message().contains("messages.send"),
        "those that there are: {error}"
    );

    change(&desk, &desk.actor, trainee.id, &[P::MESSAGES_SEND])
        .await
        .unwrap();
    roles(&desk).delete(&desk.actor, trainee.id, None).await.unwrap();
    let log = desk
        .engine
        .audit()
        .list(&desk.actor, PageRequest::first(3))
        .await
        .unwrap();
    let actions: Vec<_> = log.items.iter().map(|line| line.action.as_str()).collect();
    assert_eq!(actions, ["role.deleted", "role.updated", "role.created"]);
    assert_eq!(log.items[1].details["title"], "Стажёр");
    assert_eq!(
        log.items[1].details["changed"],
        serde_json::json!(["permissions"])
    );
}

#[tokio::test]
async fn what_a_role_names_and_nothing_knows_stays_and_gives_nothing() {
    let desk = Desk::new().await;
    let made = make(&desk, "Old", &[P::MESSAGES_NOTE]).await;
    let store = desk.engine.ports().tenant(desk.actor.tenant);
    let mut row = store
        .find_entity(OwnRole::KIND, made.id.uuid())
        .await
        .unwrap()
        .unwrap();
    row.body = row.body.replace("messages.note", "messages.note\",\"shop.gone");
    row.version += 1;
    let mut changes = Changes::by(&desk.actor);
    changes.put(row);
    desk.engine.ports().commit(changes).await.unwrap();

    let (anna, actor) = holder(&desk, "anna", made.id).await;
    let given: Vec<_> = desk.engine.rights().of(&actor.permissions).collect();
    assert_eq!(given, [P::MESSAGES_NOTE]);
    // Whoever has all that counts may manage it, and leave the name where it is.
    let manages = [
        P::OPERATORS_READ,
        P::OPERATORS_MANAGE,
        P::MESSAGES_NOTE,
        P::MESSAGES_SEND,
    ];
    let manager = make(&desk, "Manager", &manages).await;
    let (_, lead) = holder(&desk, "lead", manager.id).await;
    let grow = |role: &mut OwnRole| {
        role.permissions.push("messages.send".to_owned());
        Ok(())
    };
    let grown = roles(&desk).update(&lead, made.id, None, grow).await;
    let names = grown.unwrap().value.permissions;
    assert_eq!(names, ["messages.note", "messages.send", "shop.gone"]);
    desk.engine.operators().invite(&lead, anna.id).await.unwrap();
}

#[tokio::test]
async fn rules_hold_for_a_role_that_is_damaged() {
    let desk = Desk::new().await;
    let made = make(&desk, "Old", &[P::MESSAGES_NOTE]).await;
    let (anna, _) = holder(&desk, "anna", made.id).await;
    let store = desk.engine.ports().tenant(desk.actor.tenant);
    let mut row = store
        .find_entity(OwnRole::KIND, made.id.uuid())
        .await
        .unwrap()
        .unwrap();
    (row.body, row.version) = ("{}".to_owned(), row.version + 1);
    let mut changes = Changes::by(&desk.actor);
    changes.put(row);
    desk.engine.ports().commit(changes).await.unwrap();
    let operators = desk.engine.operators();
    assert!(operators.actor(&anna).await.unwrap().permissions.is_empty());
    assert_eq!(operators.role_name(&anna).await.unwrap(), None);
    let error = roles(&desk).delete(&desk.actor, made.id, None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Rejected);
    operators
        .update(&desk.actor, anna.id, gets(Role::Operator))
        .await
        .unwrap();
    roles(&desk).delete(&desk.actor, made.id, None).await.unwrap();
}

id_type!(
    /// A voucher's id.
    VoucherId, "voucher"
);

/// What an embedder keeps, with rights of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
struct Voucher {
    code: String,
}

const VOUCHERS_READ: P = P::own("shop.vouchers.read");
const VOUCHERS_MANAGE: P = P::own("shop.vouchers.manage");
const TILL_OPEN: P = P::own("shop.till.open");

impl Entity for Voucher {
    type Id = VoucherId;
    const KIND: &'static str = "voucher";
    const PLURAL: &'static str = "vouchers";
    const LAYOUT: u32 = 1;
    const LISTS: &'static [&'static str] = &["code"];
    const MOST: u32 = 5;
    const READ: &'static [P] = &[VOUCHERS_READ];
    const WRITE: P = VOUCHERS_MANAGE;

    fn title(&self) -> &str {
        &self.code
    }

    fn check(&mut self) -> Result<()> {
        Ok(())
    }

    fn index(&self, entries: &mut Entries) {
        entries.unique("code", &[Part::Text(&self.code)]);
    }
}

#[tokio::test]
async fn an_embedders_rights_are_had_by_administrators_and_can_be_given() {
    let desk = Desk::built(
        RoutingStrategy::Manual,
        FakeChannel::everything(),
        |store| store,
        |builder| builder.entity::<Voucher>().permission(TILL_OPEN),
    )
    .await;
    let known = desk.engine.rights().all();
    assert_eq!(
        known[P::BUILT_IN.len()..],
        [TILL_OPEN, VOUCHERS_MANAGE, VOUCHERS_READ]
    );
    let voucher = |code: &str| Voucher {
        code: code.to_owned(),
    };
    let vouchers = desk.engine.entities::<Voucher>();
    vouchers.create(&desk.actor, voucher("A")).await.unwrap();
    let anna = desk.operator("anna", 5).await.actor();
    assert_eq!(
        vouchers.create(&anna, voucher("B")).await.unwrap_err().kind(),
        ErrorKind::Forbidden
    );

    let cashier = make(&desk, "Cashier", &[VOUCHERS_MANAGE, TILL_OPEN]).await;
    let (_, actor) = holder(&desk, "boris", cashier.id).await;
    vouchers.create(&actor, voucher("B")).await.unwrap();
    actor.require(TILL_OPEN).unwrap();
    assert_eq!(
        actor.require(VOUCHERS_READ).unwrap_err().kind(),
        ErrorKind::Forbidden
    );

    let key = NewApiKey {
        name: "Till".to_owned(),
        permissions: [VOUCHERS_MANAGE].into_iter().collect(),
        ..NewApiKey::default()
    };
    let keys = desk.engine.api_keys();
    let (_, token) = keys.create(&desk.actor, key).await.unwrap();
    let program = keys.authenticate(&token).await.unwrap().actor;
    vouchers.create(&program, voucher("C")).await.unwrap();
    let shout = NewApiKey {
        name: "Loud".to_owned(),
        permissions: ["shop.vouchers.shout".to_owned()].into_iter().collect(),
        ..NewApiKey::default()
    };
    let error = keys.create(&desk.actor, shout).await.unwrap_err();
    assert_eq!(fault(&error), wrong("permissions.unknown"));
}

#[tokio::test]
async fn whoever_may_not_answer_is_given_nothing_until_the_role_allows_it() {
    let can = omnichat_core::channel::Capabilities {
        polling: false,
        ..FakeChannel::everything()
    };
    let desk = Desk::with(RoutingStrategy::LeastLoaded, can).await;
    let clerk = make(&desk, "Clerk", &[P::AUDIT_READ]).await;
    let (anna, actor) = holder(&desk, "anna", clerk.id).await;
    desk.online(&anna).await;
    let id = desk.hear("1", "1", "Hello").await;
    desk.run().await;
    assert_eq!(desk.conversation(id).await.assignee, None);
    let conversations = desk.engine.conversations();
    let given = conversations.assign(&desk.actor, id, Some(anna.id), None).await;
    let refused = given.unwrap_err();
    assert_eq!(refused.fields()[0].code, "no_right", "{refused}");
    assert_eq!(
        actor.require(P::MESSAGES_SEND).unwrap_err().kind(),
        ErrorKind::Forbidden
    );

    let rights = [P::CONVERSATIONS_READ_OWN, P::MESSAGES_SEND];
    change(&desk, &desk.actor, clerk.id, &rights).await.unwrap();
    desk.run().await;
    assert_eq!(
        desk.conversation(id).await.assignee,
        Some(anna.id),
        "it was looked for again"
    );
}

#[tokio::test]
async fn the_audit_log_says_which_rights_a_role_gained_and_lost() {
    let desk = Desk::new().await;
    let clerk = make(&desk, "Clerk", &[P::AUDIT_READ]).await;
    change(&desk, &desk.actor, clerk.id, &[P::CUSTOMERS_READ])
        .await
        .unwrap();
    roles(&desk).delete(&desk.actor, clerk.id, None).await.unwrap();
    let page = PageRequest::first(10);
    let lines = desk.engine.audit().list(&desk.actor, page).await.unwrap().items;
    let of = |action: &str| {
        let line = lines.iter().find(|line| line.action == action).unwrap();
        line.details["permissions"].clone()
    };
    assert_eq!(of("role.created"), serde_json::json!(["audit.read"]));
    let changed = serde_json::json!({ "from": ["audit.read"], "to": ["customers.read"] });
    assert_eq!(of("role.updated"), changed);
    assert_eq!(of("role.deleted"), serde_json::json!(["customers.read"]));
}

#[tokio::test]
async fn whoever_sees_all_conversations_may_count_them() {
    let desk = Desk::new().await;
    let all = make(&desk, "Reader", &[P::CONVERSATIONS_READ_ALL]).await;
    let (_, reader) = holder(&desk, "anna", all.id).await;
    desk.hear("1", "1", "Hello").await;
    assert_eq!(desk.engine.conversations().counts(&reader).await.unwrap().open, 1);
}
