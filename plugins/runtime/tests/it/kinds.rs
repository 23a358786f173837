//! Scenarios, tools, and instances that are kept warm.

use omnichat_core::channel::Channel;
use omnichat_core::clock::{SystemClock, Timestamp};
use omnichat_core::error::ErrorKind;
use omnichat_core::id::TenantId;
use omnichat_plugin_runtime::{
    Outcome, Person, PluginAccount, Scenario, ToolCall, Tools, Turn, TurnContext, TurnEvent,
};
use serde_json::json;

use crate::house::{House, message, open};
use omnichat_plugin_runtime::testing::{Guest, RESULT};

fn account() -> PluginAccount {
    PluginAccount::of_tenant(TenantId::generate(&SystemClock), json!({}))
}

fn context() -> TurnContext {
    TurnContext {
        conversation: "c".to_owned(),
        channel: "telegram".to_owned(),
        customer: Person::default(),
        event: TurnEvent::Message {
            text: "hi".to_owned(),
            value: None,
        },
        now: Timestamp::from_secs(1),
        seed: 7,
    }
}

#[tokio::test]
async fn a_scenario_takes_turns() {
    let house = House::new();
    let plugin = house.load(Guest::new("scenario").build()).await;
    let scenario = Scenario::open(&plugin, account()).unwrap();
    assert_eq!(
        scenario.on_event(&context(), Some(b"state")).await.unwrap(),
        Turn::default()
    );
    assert!(Tools::open(&plugin, account()).is_err());
    assert_eq!(plugin.channel_kind().err().unwrap().kind(), ErrorKind::Invalid);
}

#[tokio::test]
async fn a_state_has_its_size() {
    let turn = |size: usize| {
        format!(
            "(i32.store8 (i32.const {}) (i32.const 1)) (i32.store (i32.const {}) (i32.const {size})) (i32.const {RESULT})",
            RESULT + 8,
            RESULT + 16
        )
    };
    for (size, fits) in [(64 * 1024, true), (64 * 1024 + 1, false)] {
        let guest = Guest::new("scenario").does("on-event", &turn(size));
        let plugin = House::new().load(guest.build()).await;
        let turn = Scenario::open(&plugin, account())
            .unwrap()
            .on_event(&context(), None)
            .await;
        match turn {
            Ok(turn) => assert!(fits && turn.state.unwrap().len() == size),
            Err(failure) => assert!(!fits && failure.outcome == Outcome::HostcallLimit),
        }
    }
}

#[tokio::test]
async fn tools_are_listed_and_called() {
    let house = House::new();
    // Answers with its arguments.
    let echo = format!(
        "(i32.store (i32.const {}) (i32.load offset=8 (local.get 0)))
         (i32.store (i32.const {}) (i32.load offset=12 (local.get 0))) (i32.const {RESULT})",
        RESULT + 8,
        RESULT + 12
    );
    let tools = |guest: Guest| {
        let house = &house;
        async move { Tools::open(&house.load(guest.build()).await, account()).unwrap() }
    };
    let call = ToolCall {
        name: "status".to_owned(),
        args: json!({ "order": "{{secret:token}}" }),
        ..ToolCall::default()
    };
    let echoing = tools(Guest::new("tool").does("call", &echo)).await;
    assert!(echoing.list_tools().await.unwrap().is_empty());
    let answer = echoing.call(&call).await.unwrap();
    assert_eq!(
        answer,
        json!({ "order": "{{\u{2060}secret:token}}" }),
        "what people write is no placeholder"
    );
    let silent = tools(Guest::new("tool")).await.call(&call).await.unwrap_err();
    assert_eq!(silent.outcome, Outcome::PluginError("malformed".to_owned()));
}

/// Counts its calls in its own memory, and says the count as the time of sending.
fn counting() -> Guest {
    let body = format!(
        "(i32.store (i32.const 256) (i32.add (i32.load (i32.const 256)) (i32.const 1)))
         (i32.store8 (i32.const {}) (i32.const 1))
         (i64.store (i32.const {}) (i64.extend_i32_u (i32.load (i32.const 256)))) (i32.const {RESULT})",
        RESULT + 16,
        RESULT + 24
    );
    Guest::channel().does("send", &body)
}

async fn count(channel: &dyn Channel) -> i64 {
    channel.send(&message()).await.unwrap().at.unwrap().micros() / 1_000
}

#[tokio::test]
async fn each_call_has_a_store_of_its_own() {
    let (_, channel) = House::new().open(counting().build()).await;
    for _ in 0..3 {
        assert_eq!(count(&*channel).await, 1);
    }
}

#[tokio::test]
async fn a_warm_instance_serves_one_account_and_not_for_ever() {
    let guest = counting().asking("[warm]\nsize = 2\nmax_calls = 3\n");
    let plugin = House::new()
        .load(guest.does("check", "unreachable").build())
        .await;
    let (first, second) = (open(&plugin, json!({})), open(&plugin, json!({})));
    assert_eq!(count(&*first).await, 1);
    assert_eq!(count(&*first).await, 2);
    assert_eq!(count(&*second).await, 1, "another account has another instance");
    assert_eq!(count(&*first).await, 3);
    assert_eq!(count(&*first).await, 1, "after three calls it is thrown away");
    first.check().await.unwrap_err();
    assert_eq!(count(&*first).await, 1, "after a trap, too");
}
