//! Entities of any kind: read, written, refused, placed anew.

use omnichat_core::actor::{Actor, Permission, Role};
use omnichat_core::change::{Changes, Row};
use omnichat_core::entities::{
    Direction, Entities, Entity, EntityList, EntityRow, Entries, IndexEntry, IndexKey, KeyRange, Part, Stored,
};
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::event::Event;
use omnichat_core::id::OperatorId;
use omnichat_core::page::PageRequest;
use omnichat_core::testing::Acting as _;
use omnichat_core::{Engine, id_type};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::desk::Desk;

id_type!(
    /// A label's id.
    LabelId, "label"
);

/// Hangs on a shelf; some hang where only their owner sees them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
struct Label {
    name: String,
    rank: i64,
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    owner: Option<OperatorId>,
}

fn check(label: &mut Label) -> Result<()> {
    label.name = label.name.trim().to_owned();
    match label.name.is_empty() {
        true => Err(Error::invalid_field("name", "required", "a label has a name")),
        false => Ok(()),
    }
}

impl Entity for Label {
    type Id = LabelId;
    const KIND: &'static str = "label";
    const PLURAL: &'static str = "labels";
    const LAYOUT: u32 = 1;
    const LISTS: &'static [&'static str] = &["name"];
    const MOST: u32 = 5;
    const BODY_MAX: usize = 2_000;
    const PERSONAL: bool = true;
    const READ: &'static [Permission] = &[Permission::CUSTOMERS_READ];
    const WRITE: Permission = Permission::INBOXES_MANAGE;

    fn title(&self) -> &str {
        &self.name
    }

    fn check(&mut self) -> Result<()> {
        check(self)
    }

    fn index(&self, entries: &mut Entries) {
        entries.unique("name", &[Part::Text(&self.name.to_lowercase())]);
    }

    fn owner(&self) -> Option<OperatorId> {
        self.owner
    }
}

/// The same kind in a later version of the program: labels have a rank of their own, and a place by it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
struct Ranked(Label);

impl Entity for Ranked {
    type Id = LabelId;
    const KIND: &'static str = Label::KIND;
    const PLURAL: &'static str = Label::PLURAL;
    const LAYOUT: u32 = 2;
    const LISTS: &'static [&'static str] = &["name", "rank"];
    const MOST: u32 = Label::MOST;
    const PERSONAL: bool = true;
    const READ: &'static [Permission] = Label::READ;
    const WRITE: Permission = Label::WRITE;

    fn title(&self) -> &str {
        self.0.title()
    }

    fn check(&mut self) -> Result<()> {
        self.0.check()
    }

    fn owner(&self) -> Option<OperatorId> {
        self.0.owner
    }

    fn index(&self, entries: &mut Entries) {
        self.0.index(entries);
        entries
            .list("rank", &[self.0.rank.into()])
            .unique("only_rank", &[self.0.rank.into()]);
    }
}

fn label(name: &str, rank: i64) -> Label {
    Label {
        name: name.to_owned(),
        rank,
        owner: None,
    }
}

async fn desk() -> (Desk, Entities<Label>) {
    let everything = omnichat_core::testing::FakeChannel::everything();
    let manual = omnichat_core::inboxes::RoutingStrategy::Manual;
    let desk = Desk::built(
        manual,
        everything,
        |store| store,
        |builder| builder.entity::<Label>(),
    )
    .await;
    let labels = desk.engine.entities::<Label>();
    (desk, labels)
}

async fn names(labels: &Entities<Label>, actor: &Actor) -> Vec<String> {
    let listed = labels.list(actor, EntityList::first(100)).await.unwrap();
    listed.items.into_iter().map(|stored| stored.value.name).collect()
}

/// What the log says of labels, with how many lines the audit log has about them.
async fn told(desk: &Desk) -> (Vec<(u64, Option<String>)>, Vec<String>) {
    let store = desk.engine.ports().tenant(desk.actor.tenant);
    let events = store.events_after(0, 1_000).await.unwrap();
    let events = events
        .into_iter()
        .filter_map(|envelope| match envelope.event {
            Event::EntityChanged { version, body, .. } => Some((
                version,
                body.map(|body| body["name"].as_str().unwrap().to_owned()),
            )),
            _ => None,
        })
        .collect();
    let page = store.list_audit(&PageRequest::first(100)).await.unwrap();
    let audit = page.items.into_iter().rev().map(|line| line.action);
    (
        events,
        audit.filter(|action| action.starts_with("label.")).collect(),
    )
}

#[tokio::test]
async fn an_entity_is_made_found_changed_and_deleted_and_each_step_is_told() {
    let (desk, labels) = desk().await;
    let actor = &desk.actor;
    let made = labels.create(actor, label("  Lamps\0 ", 2)).await.unwrap();
    assert_eq!((made.value.name.as_str(), made.version), ("Lamps", 1));
    assert_eq!(labels.get(actor, made.id).await.unwrap(), made);
    let found = labels
        .find_unique(actor, "name", &["lamps".into()])
        .await
        .unwrap();
    assert_eq!(found.as_ref(), Some(&made));
    labels.create(actor, label("chairs", 1)).await.unwrap();
    assert_eq!(names(&labels, actor).await, ["chairs", "Lamps"]);

    let renamed = labels
        .update(actor, made.id, Some(1), |label| {
            label.name = "Lights".to_owned();
            Ok(())
        })
        .await
        .unwrap();
    assert_eq!((renamed.version, renamed.created_at), (2, made.created_at));
    // Nothing differs: nothing is written.
    let same = labels.update(actor, made.id, None, |_| Ok(())).await.unwrap();
    assert_eq!(same, renamed);
    assert_eq!(
        labels
            .find_unique(actor, "name", &["lamps".into()])
            .await
            .unwrap(),
        None
    );

    labels.delete(actor, made.id, None).await.unwrap();
    assert_eq!(names(&labels, actor).await, ["chairs"]);
    let gone = labels.get(actor, made.id).await.unwrap_err();
    assert_eq!(gone.kind(), ErrorKind::NotFound);
    let again = labels.delete(actor, made.id, None).await.unwrap_err();
    assert_eq!(again.kind(), ErrorKind::NotFound);

    let (events, audit) = told(&desk).await;
    let name = |name: &str| Some(name.to_owned());
    assert_eq!(
        events,
        [
            (1, name("Lamps")),
            (1, name("chairs")),
            (2, name("Lights")),
            (3, None)
        ]
    );
    assert_eq!(
        audit,
        ["label.created", "label.created", "label.updated", "label.deleted"]
    );
}

#[tokio::test]
async fn what_is_wrong_is_refused_by_its_field_and_leaves_nothing_behind() {
    let (desk, labels) = desk().await;
    let actor = &desk.actor;
    let field = |error: Error| (error.fields()[0].field.clone(), error.fields()[0].code.clone());
    let wrong = labels.create(actor, label("  ", 1)).await.unwrap_err();
    assert_eq!(field(wrong), ("name".to_owned(), "required".to_owned()));
    let long = labels
        .create(actor, label(&"x".repeat(1_500), 1))
        .await
        .unwrap_err();
    assert_eq!(field(long), ("name".to_owned(), "too_long".to_owned()));
    let large = labels
        .create(actor, label(&"x".repeat(3_000), 1))
        .await
        .unwrap_err();
    assert_eq!(large.kind(), ErrorKind::TooLarge);

    let lamps = labels.create(actor, label("Lamps", 1)).await.unwrap();
    let twice = labels.create(actor, label("LAMPS", 1)).await.unwrap_err();
    assert_eq!(field(twice), ("name".to_owned(), "taken".to_owned()));
    let chairs = labels.create(actor, label("Chairs", 1)).await.unwrap();
    let rename = |label: &mut Label| {
        label.name = "lamps".to_owned();
        Ok(())
    };
    let taken = labels.update(actor, chairs.id, None, rename).await.unwrap_err();
    assert_eq!(field(taken), ("name".to_owned(), "taken".to_owned()));
    let other_case = labels.update(actor, lamps.id, None, rename).await.unwrap();
    assert_eq!(other_case.value.name, "lamps");

    for name in ["3", "4", "5"] {
        labels.create(actor, label(name, 1)).await.unwrap();
    }
    let many = labels.create(actor, label("6", 1)).await.unwrap_err();
    assert_eq!(many.kind(), ErrorKind::Rejected);
    // Nor by what was one's own.
    let own = Label {
        owner: actor.operator_id(),
        ..label("6", 1)
    };
    let own = labels.create(actor, own).await.unwrap();
    let share = labels.update(actor, own.id, None, |label| {
        label.owner = None;
        Ok(())
    });
    assert_eq!(share.await.unwrap_err().kind(), ErrorKind::Rejected);
    labels.delete(actor, own.id, None).await.unwrap();
    assert_eq!(told(&desk).await.0.len(), 8);
}

#[tokio::test]
async fn of_two_at_once_both_are_done_unless_one_names_its_version() {
    let (desk, labels) = desk().await;
    let actor = &desk.actor;
    let made = labels.create(actor, label("Lamps", 0)).await.unwrap();
    let raise = || {
        labels.update(actor, made.id, None, |label| {
            label.rank += 1;
            Ok(())
        })
    };
    let raised = futures::future::join_all((0..10).map(|_| raise())).await;
    assert!(raised.iter().all(Result::is_ok));
    assert_eq!(labels.get(actor, made.id).await.unwrap().value.rank, 10);

    let late = labels
        .update(actor, made.id, Some(3), |_| Ok(()))
        .await
        .unwrap_err();
    assert_eq!(
        (late.kind(), late.context_value("version")),
        (ErrorKind::Conflict, Some("11"))
    );
    let late = labels.delete(actor, made.id, Some(10)).await.unwrap_err();
    assert_eq!(late.kind(), ErrorKind::Conflict);
    labels.delete(actor, made.id, Some(11)).await.unwrap();
}

#[tokio::test]
async fn rights_are_asked_for_and_what_is_somebody_elses_is_not_there() {
    let (desk, labels) = desk().await;
    let anna = desk.operator("anna", 5).await;
    let (owner, anna) = (&desk.actor, &anna.actor());
    let refused = labels.create(anna, label("Lamps", 1)).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Forbidden);
    let open = labels.create(owner, label("Lamps", 1)).await.unwrap();
    let own = Label {
        owner: anna.operator_id(),
        ..label("Mine", 1)
    };
    let own = labels.create(anna, own).await.unwrap();
    assert_eq!(names(&labels, anna).await, ["Lamps", "Mine"]);
    assert_eq!(names(&labels, owner).await, ["Lamps"]);
    for hidden in [
        labels.get(owner, own.id).await.map(|_| ()),
        labels.update(owner, own.id, None, |_| Ok(())).await.map(|_| ()),
        labels.delete(owner, own.id, None).await,
    ] {
        assert_eq!(hidden.unwrap_err().kind(), ErrorKind::NotFound);
    }
    assert_eq!(
        labels.find_unique(owner, "name", &["mine".into()]).await.unwrap(),
        None
    );
    // What is unique is so for everybody, and for each.
    let same = Label {
        owner: anna.operator_id(),
        ..label("lamps", 1)
    };
    let same = labels.create(anna, same).await.unwrap();
    let find = async |actor| {
        labels
            .find_unique(actor, "name", &["lamps".into()])
            .await
            .unwrap()
    };
    assert_eq!(find(anna).await.map(|found| found.id), Some(same.id));
    assert_eq!(find(owner).await.map(|found| found.id), Some(open.id));
    assert_eq!(names(&labels, anna).await, ["Lamps", "lamps", "Mine"]);
    let mut falling = EntityList {
        direction: Direction::Falling,
        ..EntityList::first(2)
    };
    let page = labels.list(anna, falling.clone()).await.unwrap();
    let read: Vec<_> = page.items.iter().map(|stored| &stored.value.name[..]).collect();
    assert_eq!(read, ["Mine", "lamps"]);
    falling.after = page.next;
    let page = labels.list(anna, falling).await.unwrap();
    assert_eq!(
        (page.items[0].id, page.items.len(), page.next),
        (open.id, 1, None)
    );

    let give = labels.update(anna, own.id, None, |label| {
        label.owner = None;
        Ok(())
    });
    assert_eq!(give.await.unwrap_err().kind(), ErrorKind::Forbidden);
    let refused = labels.delete(anna, open.id, None).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Forbidden);

    let kinds = &desk.engine.ports().entities;
    let anna_alone = anna.operator_id();
    assert!(kinds.may_hear(anna, Label::KIND, anna_alone));
    assert!(!kinds.may_hear(owner, Label::KIND, anna_alone));
    assert!(kinds.may_hear(owner, Label::KIND, None));
    assert!(!kinds.may_hear(owner, "unheard_of", None));
    let mut blind = owner.clone();
    blind.permissions = [Permission::INBOXES_MANAGE].into_iter().collect();
    assert!(!kinds.may_hear(&blind, Label::KIND, None));
    assert_eq!(
        labels.get(&blind, open.id).await.unwrap_err().kind(),
        ErrorKind::Forbidden
    );
}

#[tokio::test]
async fn pages_follow_an_index_either_way() {
    let (desk, labels) = desk().await;
    let actor = &desk.actor;
    for name in ["b", "d", "a", "c"] {
        labels.create(actor, label(name, 1)).await.unwrap();
    }
    let mut list = EntityList {
        direction: Direction::Falling,
        ..EntityList::first(3)
    };
    let page = labels.list(actor, list.clone()).await.unwrap();
    let read: Vec<_> = page.items.iter().map(|stored| &stored.value.name[..]).collect();
    assert_eq!(read, ["d", "c", "b"]);
    list.after = page.next;
    let page = labels.list(actor, list).await.unwrap();
    assert_eq!((page.items[0].value.name.as_str(), page.next), ("a", None));
    let range = KeyRange::of(IndexKey::beginning(&[], "c").unwrap());
    let list = EntityList {
        range,
        ..EntityList::first(10)
    };
    assert_eq!(labels.list(actor, list).await.unwrap().items.len(), 1);
    let unknown = EntityList {
        index: Some("rank".to_owned()),
        ..EntityList::first(10)
    };
    let error = labels.list(actor, unknown).await.unwrap_err();
    assert_eq!(error.fields()[0].field, "index");
}

/// An engine of a later version over the store of another.
fn later(desk: &Desk) -> Engine {
    Engine::builder(desk.engine.ports().store.clone())
        .clock(desk.clock.clone())
        .entity::<Ranked>()
        .build()
}

#[tokio::test]
async fn a_new_index_is_filled_and_lists_say_so_until_it_is() {
    let (desk, labels) = desk().await;
    let actor = &desk.actor;
    let lamps = labels.create(actor, label("Lamps", 3)).await.unwrap();
    labels.create(actor, label("Chairs", 1)).await.unwrap();
    // Of the same rank, which the new definition does not allow.
    labels.create(actor, label("Tables", 1)).await.unwrap();
    // Damaged.
    let row = EntityRow {
        tenant: actor.tenant,
        kind: Label::KIND.to_owned(),
        id: LabelId::generate(&*desk.clock).uuid(),
        body: "{}".to_owned(),
        entries: [IndexEntry {
            index: "name".to_owned(),
            key: IndexKey::of(&[Part::Absent, Part::Text("broken")]).unwrap(),
            unique: true,
        }]
        .into(),
        layout: 1,
        created_at: lamps.created_at,
        updated_at: lamps.updated_at,
        version: 1,
    };
    let broken = row.id;
    let mut changes = Changes::by(actor);
    changes.put(Row::Entity(row));
    desk.engine.ports().store.commit(changes).await.unwrap();

    let engine = later(&desk);
    let ranked = engine.entities::<Ranked>();
    let by_rank = || EntityList {
        index: Some("rank".to_owned()),
        ..EntityList::first(10)
    };
    let before = ranked.list(actor, by_rank()).await.unwrap();
    assert_eq!((before.items.len(), before.is_complete), (0, false));
    engine.fill_indexes().await.unwrap();
    let after = ranked.list(actor, by_rank()).await.unwrap();
    let read: Vec<_> = after.items.iter().map(|s| (s.value.0.rank, s.version)).collect();
    assert_eq!((read, after.is_complete), (vec![(1, 2), (1, 2), (3, 2)], true));
    // Whatever it is like, it hides no other and is where it was.
    let all = ranked.list(actor, EntityList::first(10)).await.unwrap();
    let damaged: Vec<_> = all.damaged.iter().map(|id| id.uuid()).collect();
    assert_eq!((all.items.len(), damaged), (3, vec![broken]));
    let first = ranked.find_unique(actor, "only_rank", &[1.into()]).await.unwrap();
    assert_eq!(first.unwrap().value.0.name, "Chairs");
    // Filled once, it is left alone.
    engine.fill_indexes().await.unwrap();
    assert_eq!(ranked.list(actor, by_rank()).await.unwrap(), after);

    // What is damaged can be told apart, and taken away by who may.
    let id = LabelId::from_uuid(broken);
    let error = ranked.get(actor, id).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Damaged);
    let anna = desk.operator("anna", 5).await.actor();
    let error = ranked.delete(&anna, id, None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Forbidden);
    ranked.delete(actor, id, None).await.unwrap();
    let all = ranked.list(actor, EntityList::first(10)).await.unwrap();
    assert!(all.damaged.is_empty());
}

#[tokio::test]
async fn what_the_engine_was_not_built_with_cannot_be_written() {
    let desk = Desk::new().await;
    let labels = desk.engine.entities::<Label>();
    let error = labels.create(&desk.actor, label("Lamps", 1)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Internal);
    assert!(error.message().contains("label"));
}

#[tokio::test]
async fn an_entity_of_another_tenant_is_not_there() {
    let (desk, labels) = desk().await;
    let made = labels.create(&desk.actor, label("Lamps", 1)).await.unwrap();
    let new = crate::desk::new_operator("other", Role::Owner, 5);
    let (_, stranger) = desk.engine.tenants().create("Other", new).await.unwrap();
    let error = labels.get(&stranger.actor(), made.id).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert!(names(&labels, &stranger.actor()).await.is_empty());
    let own: Stored<Label> = labels.create(&stranger.actor(), label("Lamps", 1)).await.unwrap();
    assert_ne!(own.id, made.id);
}
