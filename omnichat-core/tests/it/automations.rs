//! Setting up scenarios and tools.

use omnichat_core::actor::Role;
use omnichat_core::automations::{AutomationPatch, AutomationRole, NewAutomation, Turn};
use omnichat_core::change::Changes;
use omnichat_core::entities::EntityRow;
use omnichat_core::error::ErrorKind;
use omnichat_core::event::Event;
use omnichat_core::inboxes::InboxPatch;
use omnichat_core::testing::{Acting as _, FakeAutomation};
use omnichat_core::vault::Vault;
use serde_json::{Value, json};

use crate::desk::Desk;

fn new(kind: &str, config: Value) -> NewAutomation {
    NewAutomation {
        kind: kind.to_owned(),
        title: " Orders ".to_owned(),
        config,
    }
}

async fn desk() -> Desk {
    let desk = Desk::new().await;
    let kinds = &desk.engine.ports().automations;
    kinds.register(FakeAutomation::scenario(|_, _| Ok(Turn::default())));
    kinds.register(FakeAutomation::tools(|_| Ok(json!(null))));
    desk
}

#[tokio::test]
async fn what_is_set_up_is_listed_with_its_secrets_hidden() {
    let desk = desk().await;
    let automations = desk.engine.automations();
    let config = json!({ "token": "secret token", "greeting": "Hello" });
    let bot = automations
        .create(&desk.actor, new("fake-scenario", config))
        .await
        .unwrap();
    assert_eq!(
        (bot.value.title.as_str(), bot.value.role),
        ("Orders", AutomationRole::Scenario)
    );
    assert!(!serde_json::to_string(&bot).unwrap().contains("secret token"));
    assert_eq!(
        bot.value.settings.shown(),
        json!({ "token": { "set": true }, "greeting": "Hello" })
    );
    let tools = automations
        .create(&desk.actor, new("fake-tools", json!({})))
        .await
        .unwrap();
    let listed = automations.list(&desk.actor).await.unwrap();
    assert_eq!(listed.items, [bot.clone(), tools.clone()]);
    assert_eq!(automations.get(&desk.actor, bot.id).await.unwrap(), bot);
    assert_eq!(
        automations.tools(desk.actor.tenant, tools.id).await[0].name,
        "look"
    );
    assert!(automations.tools(desk.actor.tenant, bot.id).await.is_empty());
    assert_eq!(
        desk.event_names().await[desk.event_names().await.len() - 2..],
        ["automation_updated", "automation_updated"]
    );
}

#[tokio::test]
async fn a_secret_that_stays_is_not_asked_for_again() {
    let desk = desk().await;
    let automations = desk.engine.automations();
    let config = json!({ "token": "secret token" });
    let bot = automations
        .create(&desk.actor, new("fake-scenario", config))
        .await
        .unwrap();
    let patch = |config: Value| AutomationPatch {
        config: Some(config),
        version: Some(bot.version),
        ..AutomationPatch::default()
    };
    let kept = json!({ "token": { "set": true }, "greeting": "Hello" });
    let changed = automations
        .update(&desk.actor, bot.id, patch(kept.clone()))
        .await
        .unwrap();
    assert_eq!(changed.value.settings.secrets, bot.value.settings.secrets);
    let vault = &desk.engine.ports().vault;
    let whole = changed.value.settings.whole(vault, desk.actor.tenant).unwrap();
    assert_eq!(whole["token"], json!("secret token"));
    // The version has moved on.
    let late = automations.update(&desk.actor, bot.id, patch(kept)).await;
    assert_eq!(late.unwrap_err().kind(), ErrorKind::Conflict);
}

#[tokio::test]
async fn what_cannot_work_is_refused() {
    let desk = desk().await;
    let automations = desk.engine.automations();
    let refused = async |new: NewAutomation| automations.create(&desk.actor, new).await.unwrap_err();
    let field = |error: &omnichat_core::error::Error| error.fields()[0].field.clone();
    assert_eq!(field(&refused(new("nothing", json!({}))).await), "kind");
    let short = refused(new("fake-scenario", json!({ "token": "x" }))).await;
    assert_eq!(field(&short), "config.token");
    let nameless = NewAutomation {
        title: " ".to_owned(),
        ..new("fake-scenario", json!({}))
    };
    assert_eq!(field(&refused(nameless).await), "title");
    assert_eq!(field(&refused(new("fake-scenario", json!([]))).await), "config");
    assert!(automations.list(&desk.actor).await.unwrap().items.is_empty());
}

#[tokio::test]
async fn tools_of_a_name_are_set_up_once_and_again_when_they_were_removed() {
    let desk = desk().await;
    let automations = desk.engine.automations();
    let tools = automations
        .create(&desk.actor, new("fake-tools", json!({})))
        .await
        .unwrap();
    let second = automations
        .create(&desk.actor, new("fake-tools", json!({})))
        .await;
    assert_eq!(second.unwrap_err().kind(), ErrorKind::Rejected);
    automations.delete(&desk.actor, tools.id).await.unwrap();
    automations
        .create(&desk.actor, new("fake-tools", json!({})))
        .await
        .unwrap();
    for _ in 0..2 {
        automations
            .create(&desk.actor, new("fake-scenario", json!({})))
            .await
            .unwrap();
    }
    assert_eq!(automations.list(&desk.actor).await.unwrap().items.len(), 3);
}

#[tokio::test]
async fn an_inbox_has_a_scenario_and_nothing_else_answer() {
    let desk = desk().await;
    let automations = desk.engine.automations();
    let bot = automations
        .create(&desk.actor, new("fake-scenario", json!({})))
        .await
        .unwrap();
    let tools = automations
        .create(&desk.actor, new("fake-tools", json!({})))
        .await
        .unwrap();
    let answers = async |id| {
        let patch = InboxPatch {
            scenario: Some(id),
            ..InboxPatch::default()
        };
        let inboxes = desk.engine.inboxes();
        inboxes.update(&desk.actor, desk.inbox.id, patch).await
    };
    let wrong = answers(Some(tools.id)).await.unwrap_err();
    assert_eq!(wrong.fields()[0].field, "scenario");
    assert_eq!(answers(Some(bot.id)).await.unwrap().scenario, Some(bot.id));
    let used = automations.delete(&desk.actor, bot.id).await.unwrap_err();
    assert!(used.message().contains("«Chat»"), "{used}");
    assert_eq!(answers(None).await.unwrap().scenario, None);
    automations.delete(&desk.actor, bot.id).await.unwrap();
    let gone = answers(Some(bot.id)).await.unwrap_err();
    assert_eq!(gone.fields()[0].field, "scenario");
}

#[tokio::test]
async fn only_who_may_sets_automations_up_and_no_other_tenant_sees_them() {
    let desk = desk().await;
    let automations = desk.engine.automations();
    let bot = automations
        .create(&desk.actor, new("fake-scenario", json!({})))
        .await
        .unwrap();
    let operator = desk.operator("robin", 5).await.actor();
    for refused in [
        automations.list(&operator).await.err(),
        automations.get(&operator, bot.id).await.err(),
        automations
            .create(&operator, new("fake-scenario", json!({})))
            .await
            .err(),
        automations.delete(&operator, bot.id).await.err(),
    ] {
        assert_eq!(refused.unwrap().kind(), ErrorKind::Forbidden);
    }
    let owner = crate::desk::new_operator("stranger", Role::Owner, 5);
    let (_, stranger) = desk.engine.tenants().create("Other", owner).await.unwrap();
    let stranger = stranger.actor();
    assert!(automations.list(&stranger).await.unwrap().items.is_empty());
    let other = automations.get(&stranger, bot.id).await.unwrap_err();
    assert_eq!(other.kind(), ErrorKind::NotFound);
    let other = automations.delete(&stranger, bot.id).await.unwrap_err();
    assert_eq!(other.kind(), ErrorKind::NotFound);
}

#[tokio::test]
async fn one_that_is_damaged_hides_no_others_and_can_be_removed() {
    let desk = desk().await;
    let automations = desk.engine.automations();
    let tools = automations
        .create(&desk.actor, new("fake-tools", json!({})))
        .await
        .unwrap();
    let bot = automations
        .create(&desk.actor, new("fake-scenario", json!({})))
        .await
        .unwrap();
    let mut changes = Changes::by(&desk.actor);
    changes.put(EntityRow {
        body: "{".to_owned(),
        version: 2,
        ..tools.row(desk.actor.tenant).unwrap()
    });
    desk.engine.ports().commit(changes).await.unwrap();
    let listed = automations.list(&desk.actor).await.unwrap();
    assert_eq!((listed.items, listed.damaged), (vec![bot], vec![tools.id]));
    let error = automations.get(&desk.actor, tools.id).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Damaged);
    // It still has its name, and may hold a secret.
    let second = automations
        .create(&desk.actor, new("fake-tools", json!({})))
        .await;
    assert_eq!(second.unwrap_err().kind(), ErrorKind::Rejected);
    let same = FakeAutomation::scenario(|_, _| Ok(Turn::default()));
    automations.rehearse(&*same).await.unwrap();
    let found = desk.engine.reseal(&Vault::new([8; 32])).await.unwrap();
    assert!(found.unreadable.contains(&tools.id.to_string()));

    automations.delete(&desk.actor, tools.id).await.unwrap();
    automations
        .create(&desk.actor, new("fake-tools", json!({})))
        .await
        .unwrap();
    let listed = automations.list(&desk.actor).await.unwrap();
    assert_eq!((listed.items.len(), listed.damaged.len()), (2, 0));
}

/// The log of before the tables of entities is still read.
#[test]
fn an_event_of_an_earlier_version_tells_of_its_automation() {
    let id = omnichat_core::id::AutomationId::from_uuid(uuid::Uuid::from_u128(7));
    let told = json!({
        "type": "automation_updated",
        "automation": {
            "id": id, "tenant": "ten_00000000000000000000000000000007", "kind": "orders", "role": "scenario", "title": "Orders",
            "enabled": true, "config": { "greeting": "Hello" }, "secrets": null, "secret_names": [],
            "created_at": "2026-01-01T00:00:00Z", "version": 3,
        },
    });
    let Event::AutomationUpdated { automation } = serde_json::from_value(told).unwrap() else {
        panic!("another event")
    };
    assert_eq!((automation.id, automation.version), (id, 3));
    assert_eq!(automation.value.settings.config, json!({ "greeting": "Hello" }));
    assert_eq!(automation.created_at.to_string(), "2026-01-01T00:00:00Z");
}

#[tokio::test]
async fn a_kind_that_cannot_use_what_is_set_up_fails_its_rehearsal() {
    let desk = desk().await;
    let automations = desk.engine.automations();
    automations
        .create(&desk.actor, new("fake-scenario", json!({ "greeting": "Hello" })))
        .await
        .unwrap();
    let same = FakeAutomation::scenario(|_, _| Ok(Turn::default()));
    automations.rehearse(&*same).await.unwrap();
    let strict = Strict(same);
    let refused = automations.rehearse(&strict).await.unwrap_err();
    assert!(
        refused.message().contains("«Orders» do not fit: no greetings"),
        "{refused}"
    );
}

/// The fake scenario of tomorrow, which can no longer greet.
struct Strict(std::sync::Arc<FakeAutomation>);

#[async_trait::async_trait]
impl omnichat_core::settings::Kind for Strict {
    fn descriptor(&self) -> &omnichat_core::channel::Descriptor {
        self.0.descriptor()
    }

    async fn validate(&self, _: &Value) -> omnichat_core::error::Result<()> {
        Err(omnichat_core::error::Error::invalid("no greetings"))
    }
}

impl omnichat_core::automations::AutomationKind for Strict {
    fn role(&self) -> AutomationRole {
        AutomationRole::Scenario
    }

    fn open(
        &self,
        automation: omnichat_core::automations::AutomationConfig,
    ) -> omnichat_core::error::Result<omnichat_core::automations::Opened> {
        self.0.open(automation)
    }
}
