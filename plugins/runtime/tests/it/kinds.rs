//! Scenarios, tools, and instances that are kept warm.

use std::sync::Arc;

use omnichat_core::automations::scenario::Person;
use omnichat_core::automations::{
    AutomationConfig, Opened, Scenario, ToolCall, Toolbox, Turn, TurnContext, TurnEvent,
};
use omnichat_core::channel::{Channel, WebhookRequest};
use omnichat_core::clock::{SystemClock, Timestamp};
use omnichat_core::error::ErrorKind;
use omnichat_core::id::{AutomationId, ConversationId, CustomerId, TenantId};
use omnichat_plugin_runtime::Plugin;
use serde_json::json;

use crate::house::{House, message, open};
use omnichat_plugin_runtime::testing::{Guest, RESULT, answer};

fn opened(plugin: &Arc<Plugin>) -> Opened {
    let automation = AutomationConfig {
        id: AutomationId::generate(&SystemClock),
        tenant: TenantId::generate(&SystemClock),
        config: json!({}),
    };
    plugin.automation_kind().unwrap().open(automation).unwrap()
}

fn scenario(plugin: &Arc<Plugin>) -> Arc<dyn Scenario> {
    match opened(plugin) {
        Opened::Scenario(scenario) => scenario,
        Opened::Tools(_) => panic!("a scenario"),
    }
}

fn toolbox(plugin: &Arc<Plugin>) -> Arc<dyn Toolbox> {
    match opened(plugin) {
        Opened::Tools(toolbox) => toolbox,
        Opened::Scenario(_) => panic!("tools"),
    }
}

fn context() -> TurnContext {
    TurnContext {
        conversation: ConversationId::generate(&SystemClock),
        channel: "telegram".to_owned(),
        customer: Person {
            id: CustomerId::generate(&SystemClock),
            name: "Robin".to_owned(),
            locale: None,
            attributes: Vec::new(),
        },
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
    let turn = scenario(&plugin).turn(&context(), Some(b"state")).await;
    assert_eq!(turn.unwrap(), Turn::default());
    assert_eq!(plugin.channel_kind().err().unwrap().kind(), ErrorKind::Invalid);
    let channel = house.load(Guest::channel().build()).await;
    assert_eq!(
        channel.automation_kind().err().unwrap().kind(),
        ErrorKind::Invalid
    );
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
        match scenario(&plugin).turn(&context(), None).await {
            Ok(turn) => assert!(fits && turn.state.unwrap().len() == size),
            Err(error) => assert!(!fits && error.context_value("outcome") == Some("hostcall_limit")),
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
        async move { toolbox(&house.load(guest.build()).await) }
    };
    let call = ToolCall {
        name: "status".to_owned(),
        args: json!({ "order": "{{secret:token}}" }),
        call: "1".to_owned(),
        conversation: None,
        customer: None,
        locale: None,
    };
    let echoing = tools(Guest::new("tool").does("call", &echo)).await;
    assert!(echoing.tools().await.unwrap().is_empty());
    let answer = echoing.call(&call).await.unwrap();
    assert_eq!(
        answer,
        json!({ "order": "{{\u{2060}secret:token}}" }),
        "what people write is no placeholder"
    );
    let silent = tools(Guest::new("tool")).await.call(&call).await.unwrap_err();
    assert_eq!(silent.kind(), ErrorKind::Malformed);
    assert!(silent.message().contains("«status» answered no JSON"), "{silent}");
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

#[tokio::test]
async fn a_plugin_says_of_whom_a_webhook_of_an_app_speaks() {
    let addressed = async |guest: Guest| {
        let plugin = House::new().load(guest.build()).await;
        let request = WebhookRequest::post("{}").at("https://chat.example.org", "/webhooks/apps/x1/1");
        plugin.channel_kind().unwrap().addressed(&request).await
    };
    assert!(addressed(Guest::channel()).await.unwrap().is_empty());
    let mut names = Guest::channel();
    let name = u32::try_from(names.place(b"page-1")).unwrap();
    let list = names.place(&[name.to_le_bytes(), 6_u32.to_le_bytes()].concat());
    let names = names.does("addressed", &answer(list, 1));
    assert_eq!(addressed(names).await.unwrap(), ["page-1"]);
    // The last of its arguments is the address.
    let echo = format!(
        "(i32.store (i32.const 600) (local.get 10)) (i32.store (i32.const 604) (local.get 11)) {}",
        answer(600, 1)
    );
    let echo = Guest::channel().does("addressed", &echo);
    assert_eq!(
        addressed(echo).await.unwrap(),
        ["https://chat.example.org/webhooks/apps/x1/1"]
    );
    let fault = addressed(Guest::channel().does("addressed", "unreachable")).await;
    let fault = fault.unwrap_err();
    assert_eq!(
        fault.kind(),
        ErrorKind::Malformed,
        "it would break again: the request is kept in quarantine"
    );
    assert_eq!(fault.context_value("outcome"), Some("trap"));
}
