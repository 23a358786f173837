//! A scenario answers first.

use std::sync::Arc;
use std::time::Duration;

use omnichat_core::automations::{
    Automation, AutomationPatch, NewAutomation, ScenarioAction as Do, ToolCall, Turn, TurnContext, TurnEvent,
};
use omnichat_core::channel::{Capabilities, InboundEvent};
use omnichat_core::clock::Timestamp;
use omnichat_core::conversations::{Conversation, Status};
use omnichat_core::customers::CustomerDetails;
use omnichat_core::entities::Stored;
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::id::ConversationId;
use omnichat_core::inboxes::{InboxPatch, RoutingStrategy};
use omnichat_core::messages::{
    AuthorKind, Button, ButtonAction, DeliveryState, Direction, Part, SystemEntry,
};
use omnichat_core::testing::{FakeAutomation, FakeChannel};
use serde_json::{Value, json};

use crate::desk::Desk;

/// A desk whose inbox has a scenario answer, and an operator who is online.
struct Scene {
    desk: Desk,
    bot: Stored<Automation>,
    fake: Arc<FakeAutomation>,
}

impl Scene {
    async fn with(
        capabilities: Capabilities,
        turn: impl Fn(&TurnContext, Option<&[u8]>) -> Result<Turn> + Send + Sync + 'static,
    ) -> Self {
        let desk = Desk::with(RoutingStrategy::LeastLoaded, capabilities).await;
        let fake = FakeAutomation::scenario(turn);
        desk.engine.ports().automations.register(fake.clone());
        let bot = set_up(&desk, "fake-scenario").await;
        let patch = InboxPatch {
            scenario: Some(Some(bot.id)),
            ..InboxPatch::default()
        };
        desk.engine
            .inboxes()
            .update(&desk.actor, desk.inbox.id, patch)
            .await
            .unwrap();
        let robin = desk.operator("robin", 5).await;
        desk.online(&robin).await;
        Self { desk, bot, fake }
    }

    async fn new(turn: impl Fn(&TurnContext, Option<&[u8]>) -> Result<Turn> + Send + Sync + 'static) -> Self {
        Self::with(everything(), turn).await
    }

    async fn hear(&self, id: &str, text: &str) -> ConversationId {
        let conversation = self.desk.hear("1", id, text).await;
        self.desk.run().await;
        conversation
    }

    async fn conversation(&self, id: ConversationId) -> Conversation {
        self.desk.conversation(id).await
    }

    async fn later(&self, by: Duration) {
        self.desk.clock.advance(by);
        self.desk.run().await;
    }

    /// The entries of a conversation's time line, with what they say.
    async fn entries(&self, id: ConversationId) -> Vec<(SystemEntry, Option<String>)> {
        let messages = self.desk.messages(id).await;
        let entry = |part| match part {
            Some(Part::System { entry, comment, .. }) => Some((entry, comment)),
            _ => None,
        };
        messages
            .into_iter()
            .filter_map(|m| entry(m.content.part))
            .collect()
    }
}

/// Everything but polling, which would never leave the queue empty.
fn everything() -> Capabilities {
    Capabilities {
        polling: false,
        ..FakeChannel::everything()
    }
}

async fn set_up(desk: &Desk, kind: &str) -> Stored<Automation> {
    let new = NewAutomation {
        kind: kind.to_owned(),
        title: "Bot".to_owned(),
        config: json!({}),
    };
    desk.engine.automations().create(&desk.actor, new).await.unwrap()
}

fn say(text: &str) -> Do {
    Do::Send {
        text: text.to_owned(),
        buttons: Vec::new(),
    }
}

fn on(state: &[u8], actions: Vec<Do>) -> Result<Turn> {
    Ok(Turn {
        state: Some(state.to_vec()),
        actions,
        wake_at: None,
    })
}

fn end(actions: Vec<Do>) -> Result<Turn> {
    Ok(Turn {
        actions,
        ..Turn::default()
    })
}

/// Repeats what it hears, and counts.
fn echo(context: &TurnContext, state: Option<&[u8]>) -> Result<Turn> {
    let count = state.map_or(0, |state| state[0]) + 1;
    let heard = match &context.event {
        TurnEvent::Message { text, value } => value.clone().unwrap_or_else(|| text.clone()),
        other => format!("{other:?}"),
    };
    on(&[count], vec![say(&format!("{count}: {heard}"))])
}

#[tokio::test]
async fn it_answers_and_remembers_and_nobody_is_bothered() {
    let scene = Scene::new(echo).await;
    let id = scene.hear("1", "hello").await;
    scene.hear("2", "are you there?").await;
    assert_eq!(
        scene.desk.texts(id).await,
        ["hello", "1: hello", "are you there?", "2: are you there?"]
    );
    let conversation = scene.conversation(id).await;
    assert_eq!(conversation.assignee, None);
    assert_eq!(conversation.waiting_since, None, "nobody waits for a person");
    assert_eq!(
        conversation.first_response_at, None,
        "a scenario is no first response"
    );
    assert_eq!(conversation.status, Status::Open);
    let active = conversation.scenario.unwrap();
    assert_eq!((active.automation, active.name.as_str()), (scene.bot.id, "Bot"));
    let said = &scene.desk.messages(id).await[1];
    assert_eq!(
        (said.direction, said.author.kind(), said.author.name(), said.state),
        (Direction::Out, AuthorKind::Bot, "Bot", Some(DeliveryState::Sent))
    );
    assert_eq!(scene.desk.channel.sent().len(), 2);
}

#[tokio::test]
async fn a_pressed_button_comes_as_its_data() {
    let scene = Scene::new(|context, state| match state {
        None => on(
            b"1",
            vec![Do::Send {
                text: "Shall we?".to_owned(),
                buttons: vec![vec![Button {
                    text: "Yes".to_owned(),
                    action: ButtonAction::Reply {
                        data: "yes please".to_owned(),
                    },
                }]],
            }],
        ),
        Some(_) => echo(context, None),
    })
    .await;
    let id = scene.hear("1", "hello").await;
    let asked = scene.desk.messages(id).await[1].clone();
    assert_eq!(asked.content.buttons[0][0].text, "Yes");
    let press = InboundEvent::ButtonPressed {
        external_id: "p1".to_owned(),
        message_external_id: asked.external_id,
        data: "yes please".to_owned(),
        title: None,
        at: None,
    };
    scene.desk.tell("1", press).await;
    scene.desk.run().await;
    assert_eq!(scene.desk.texts(id).await.last().unwrap(), "1: yes please");
}

#[tokio::test]
async fn what_a_channel_cannot_carry_is_made_to_fit() {
    let plain = Capabilities {
        buttons: None,
        text_max: 20,
        ..everything()
    };
    let scene = Scene::with(plain, |_, _| {
        let yes = Button {
            text: "Yes".to_owned(),
            action: ButtonAction::Reply { data: "y".to_owned() },
        };
        on(
            b"1",
            vec![Do::Send {
                text: "Shall we go\nor shall we stay?".to_owned(),
                buttons: vec![vec![yes]],
            }],
        )
    })
    .await;
    let id = scene.hear("1", "hello").await;
    assert_eq!(
        scene.desk.texts(id).await[1..],
        ["Shall we go", "or shall we stay?", "• Yes"]
    );
}

#[tokio::test]
async fn a_scenario_that_talks_where_no_text_goes_hands_over() {
    let calls = Capabilities {
        text_max: 0,
        caption_max: 0,
        rich_text: false,
        edit: false,
        ..everything()
    };
    let scene = Scene::with(calls, |_, _| on(b"1", vec![say("Hello!")])).await;
    let id = scene.hear("1", "a call").await;
    let (entry, why) = scene.entries(id).await.remove(0);
    assert_eq!(entry, SystemEntry::HandedOver);
    assert_eq!(
        why.as_deref(),
        Some("this channel carries no text to the customer")
    );
    assert!(scene.desk.channel.sent().is_empty());
}

#[tokio::test]
async fn everything_that_a_turn_wants_is_done_in_one_commit() {
    let scene = Scene::new(|_, _| {
        let name = |name: &str| name.to_owned();
        on(
            b"1",
            vec![
                say("one"),
                Do::Note { text: name("a note") },
                Do::Tag { name: name("vip") },
                Do::Tag { name: name("order") },
                Do::Untag { name: name("vip") },
                Do::Tag { name: " ".to_owned() },
                Do::SetAttribute {
                    name: name("order"),
                    value: name("4711"),
                },
                say("two"),
            ],
        )
    })
    .await;
    let before = scene.desk.log().await.len();
    let id = scene.hear("1", "hello").await;
    let conversation = scene.conversation(id).await;
    assert_eq!(conversation.tags, ["order"]);
    assert_eq!(conversation.last_message.unwrap().preview, "two");
    assert_eq!(scene.desk.texts(id).await, ["hello", "one", "a note", "two"]);
    let CustomerDetails { customer, .. } = scene
        .desk
        .engine
        .customers()
        .get(&scene.desk.actor, conversation.customer)
        .await
        .unwrap();
    assert_eq!(customer.attributes["order"], "4711");
    // The customer's message, then the whole turn at one moment of the log, then what became of the two messages.
    let names: Vec<&str> = scene.desk.log().await[before..]
        .iter()
        .map(|e| e.event.name())
        .collect();
    assert_eq!(
        names[..6],
        [
            "conversation_created",
            "message_created",
            "customer_updated",
            "message_created",
            "message_created",
            "message_created"
        ]
    );
}

#[tokio::test]
async fn it_hands_over_to_a_person_with_a_note() {
    let scene = Scene::new(|_, _| {
        let note = "Wants to talk about 4711".to_owned();
        end(vec![
            say("One moment"),
            Do::HandOver { note },
            say("Somebody comes"),
        ])
    })
    .await;
    let id = scene.hear("1", "hello").await;
    let conversation = scene.conversation(id).await;
    assert!(conversation.scenario.is_none() && conversation.assignee.is_some());
    assert!(
        conversation.waiting_since.is_some(),
        "the customer waits for a person, whatever the scenario says last"
    );
    assert_eq!(
        scene.desk.texts(id).await,
        [
            "hello",
            "One moment",
            "Wants to talk about 4711",
            "Somebody comes"
        ]
    );
    assert_eq!(
        scene
            .entries(id)
            .await
            .iter()
            .map(|(entry, _)| *entry)
            .collect::<Vec<_>>(),
        [SystemEntry::HandedOver, SystemEntry::Assigned]
    );
    scene.hear("2", "thanks").await;
    assert_eq!(
        scene.fake.taken().len(),
        1,
        "a scenario that handed over is not asked again"
    );
}

#[tokio::test]
async fn a_scenario_that_ends_without_a_word_leaves_nobody_alone() {
    let scene = Scene::new(|_, _| end(Vec::new())).await;
    let id = scene.hear("1", "hello").await;
    let conversation = scene.conversation(id).await;
    assert!(conversation.scenario.is_none() && conversation.assignee.is_some());
}

#[tokio::test]
async fn one_that_ends_with_an_answer_leaves_the_next_message_to_people() {
    let scene = Scene::new(|_, _| end(vec![say("We open at nine")])).await;
    let id = scene.hear("1", "when do you open?").await;
    let conversation = scene.conversation(id).await;
    assert_eq!((conversation.assignee, conversation.scenario), (None, None));
    assert_eq!(conversation.waiting_since, None);
    scene.hear("2", "and tomorrow?").await;
    assert!(scene.conversation(id).await.assignee.is_some());
    assert_eq!(scene.fake.taken().len(), 1);
}

#[tokio::test]
async fn it_resolves_and_begins_anew_when_the_customer_comes_back() {
    let scene = Scene::new(|_, state| match state {
        None => on(b"asked", vec![say("Anything else?")]),
        Some(_) => end(vec![say("Goodbye"), Do::Resolve]),
    })
    .await;
    let id = scene.hear("1", "hello").await;
    let first = scene.conversation(id).await.scenario.unwrap();
    scene.hear("2", "no").await;
    let conversation = scene.conversation(id).await;
    assert_eq!(
        (conversation.status, conversation.scenario),
        (Status::Resolved, None)
    );
    scene.desk.clock.advance(Duration::from_secs(60));
    let again = scene.hear("3", "hello again").await;
    assert_eq!(again, id);
    let conversation = scene.conversation(id).await;
    assert_eq!(conversation.status, Status::Open);
    assert_ne!(conversation.scenario.unwrap().since, first.since, "another run");
    assert_eq!(scene.desk.texts(id).await.last().unwrap(), "Anything else?");
}

#[tokio::test]
async fn a_person_who_steps_in_ends_it() {
    type Act = fn(&Desk, ConversationId) -> futures::future::BoxFuture<'_, ()>;
    let acts: [Act; 4] = [
        |desk, id| Box::pin(async move { drop(desk.say(id, "1", "I am here").await) }),
        |desk, id| {
            Box::pin(async move {
                desk.engine
                    .conversations()
                    .take(&desk.actor, id, None)
                    .await
                    .unwrap();
            })
        },
        |desk, id| {
            Box::pin(async move {
                desk.engine
                    .conversations()
                    .resolve(&desk.actor, id, None)
                    .await
                    .unwrap();
            })
        },
        |desk, id| {
            Box::pin(async move {
                desk.engine
                    .conversations()
                    .spam(&desk.actor, id, None)
                    .await
                    .unwrap();
            })
        },
    ];
    for act in acts {
        let scene = Scene::new(echo).await;
        let id = scene.hear("1", "hello").await;
        // The next turn waits in the queue while somebody steps in.
        scene.desk.hear("1", "2", "more").await;
        act(&scene.desk, id).await;
        scene.desk.run().await;
        assert_eq!(scene.conversation(id).await.scenario, None);
        assert_eq!(scene.fake.taken().len(), 1);
        assert!(!scene.desk.texts(id).await.contains(&"2: more".to_owned()));
    }
}

#[tokio::test]
async fn a_note_of_a_colleague_does_not_end_it() {
    let scene = Scene::new(echo).await;
    let id = scene.hear("1", "hello").await;
    let note = omnichat_core::messages::NewMessage {
        audience: omnichat_core::messages::Audience::Colleagues,
        ..crate::desk::answer("1", "let it")
    };
    scene
        .desk
        .engine
        .messages()
        .send(&scene.desk.actor, id, note)
        .await
        .unwrap();
    scene.hear("2", "more").await;
    assert_eq!(scene.desk.texts(id).await.last().unwrap(), "2: more");
}

/// Asks to be woken after a minute, and says so when it is.
fn sleepy(context: &TurnContext, _: Option<&[u8]>) -> Result<Turn> {
    Ok(match context.event {
        TurnEvent::Timer => Turn {
            actions: vec![say("Are you still there?"), Do::Resolve],
            ..Turn::default()
        },
        _ => Turn {
            state: Some(b"waiting".to_vec()),
            actions: vec![say("I wait")],
            wake_at: Some(context.now.after(Duration::from_secs(60))),
        },
    })
}

#[tokio::test]
async fn it_is_woken_when_nothing_happens() {
    let scene = Scene::new(sleepy).await;
    let id = scene.hear("1", "hello").await;
    scene.later(Duration::from_secs(30)).await;
    scene.hear("2", "one moment").await;
    scene.later(Duration::from_secs(31)).await;
    assert_eq!(
        scene.fake.taken().len(),
        2,
        "what happened meanwhile put the time off"
    );
    scene.later(Duration::from_secs(30)).await;
    assert_eq!(scene.desk.texts(id).await.last().unwrap(), "Are you still there?");
    assert_eq!(scene.conversation(id).await.status, Status::Resolved);
    scene.later(Duration::from_secs(600)).await;
    assert_eq!(scene.fake.taken().len(), 3);
}

/// Calls the tool, then tells what it answered.
fn asking(context: &TurnContext, _: Option<&[u8]>) -> Result<Turn> {
    match &context.event {
        TurnEvent::Message { text, .. } => on(
            b"looking",
            vec![
                say("Let me look"),
                Do::CallTool {
                    name: "fake-tools/look".to_owned(),
                    args: json!({ "what": text }),
                },
            ],
        ),
        TurnEvent::ToolResult { name, result } => {
            assert_eq!(name, "fake-tools/look");
            on(b"looked", vec![say(&format!("{result:?}"))])
        }
        TurnEvent::Timer => on(b"", Vec::new()),
    }
}

async fn with_tools(
    answer: impl Fn(&ToolCall) -> Result<Value> + Send + Sync + 'static,
) -> (Scene, Arc<FakeAutomation>) {
    let scene = Scene::new(asking).await;
    let tools = FakeAutomation::tools(answer);
    scene.desk.engine.ports().automations.register(tools.clone());
    set_up(&scene.desk, "fake-tools").await;
    (scene, tools)
}

#[tokio::test]
async fn a_tool_answers_the_scenario_that_called_it() {
    let (scene, tools) = with_tools(|call| Ok(json!({ "found": call.args["what"] }))).await;
    let id = scene.hear("1", "4711").await;
    assert_eq!(
        scene.desk.texts(id).await[1..],
        ["Let me look", r#"Ok(Object {"found": String("4711")})"#]
    );
    let call = tools.called().remove(0);
    assert_eq!((call.name.as_str(), call.conversation), ("look", Some(id)));
}

/// Lists in each other.
fn nested(depth: u32) -> Value {
    (0..depth).fold(Value::Null, |value, _| json!([value]))
}

#[tokio::test]
async fn an_answer_too_deep_to_be_read_again_is_none() {
    let (scene, _) =
        with_tools(|call| Ok(nested(call.args["what"].as_str().unwrap().parse().unwrap()))).await;
    let id = scene.hear("1", "64").await;
    let last = async || scene.desk.texts(id).await.pop().unwrap();
    assert!(last().await.starts_with("Ok(Array"), "{}", last().await);
    scene.hear("2", "65").await;
    assert!(
        last().await.contains("nested more than 64 deep"),
        "{}",
        last().await
    );
}

#[tokio::test]
async fn a_tool_that_says_later_is_called_again_as_the_same_call() {
    let (scene, tools) = with_tools(|_| Err(Error::new(ErrorKind::Unavailable, "away"))).await;
    let id = scene.hear("1", "4711").await;
    for _ in 0..6 {
        scene.later(Duration::from_secs(10)).await;
    }
    let calls = tools.called();
    assert_eq!(calls.len(), 3);
    assert!(calls.iter().all(|call| call.call == calls[0].call));
    let last = scene.desk.texts(id).await.pop().unwrap();
    assert!(
        last.contains("unavailable") && last.contains("retryable: true"),
        "{last}"
    );
}

#[tokio::test]
async fn a_tool_that_is_not_there_is_an_answer_too() {
    let scene = Scene::new(asking).await;
    let id = scene.hear("1", "4711").await;
    let last = scene.desk.texts(id).await.pop().unwrap();
    assert!(
        last.contains("not_found") && last.contains("is not set up"),
        "{last}"
    );
}

#[tokio::test]
async fn a_call_for_a_scenario_that_is_over_is_dropped() {
    let (scene, tools) = with_tools(|_| Err(Error::new(ErrorKind::Unavailable, "away"))).await;
    let id = scene.hear("1", "4711").await;
    scene.desk.say(id, "1", "I am here").await;
    scene.later(Duration::from_secs(10)).await;
    assert_eq!(tools.called().len(), 1, "it is not tried again for nobody");
    assert_eq!(scene.fake.taken().len(), 1);
    let store = &scene.desk.engine.ports().store;
    assert_eq!(
        store.job_kinds().await.unwrap(),
        Vec::<String>::new(),
        "nothing is left behind"
    );
}

#[tokio::test]
async fn a_scenario_that_breaks_is_tried_again_and_then_people_go_on() {
    let scene = Scene::new(|_, _| Err(Error::new(ErrorKind::Unavailable, "it trapped"))).await;
    let id = scene.hear("1", "hello").await;
    assert_eq!(
        scene.conversation(id).await.assignee,
        None,
        "it is tried again first"
    );
    for _ in 0..4 {
        scene.later(Duration::from_secs(10)).await;
    }
    let taken = scene.fake.taken();
    assert_eq!(taken.len(), 3);
    assert!(
        taken.iter().all(|context| *context == taken[0]),
        "it is told the same each time, the time and the lot included"
    );
    assert!(scene.conversation(id).await.assignee.is_some());
    assert_eq!(
        scene.entries(id).await[0],
        (SystemEntry::HandedOver, Some("it trapped".to_owned()))
    );
}

#[tokio::test]
async fn one_that_says_no_is_not_asked_twice() {
    let scene = Scene::new(|_, _| Err(Error::new(ErrorKind::Rejected, "no"))).await;
    let id = scene.hear("1", "hello").await;
    assert_eq!(scene.fake.taken().len(), 1);
    assert!(scene.conversation(id).await.assignee.is_some());
}

#[tokio::test]
async fn too_much_is_refused_as_a_whole() {
    for turn in [
        on(&vec![0; 64 * 1024 + 1], vec![say("hello")]),
        on(b"", vec![say("hello"); 51]),
        on(
            b"",
            vec![
                say("hello"),
                Do::CallTool {
                    name: "fake-tools/look".to_owned(),
                    args: nested(65),
                },
            ],
        ),
    ] {
        let turn = turn.unwrap();
        let scene = Scene::new(move |_, _| Ok(turn.clone())).await;
        let id = scene.hear("1", "hello").await;
        assert_eq!(scene.desk.texts(id).await, ["hello"]);
        assert!(scene.conversation(id).await.assignee.is_some());
    }
}

#[tokio::test]
async fn one_that_talks_to_itself_is_stopped() {
    let scene = Scene::new(|context, _| {
        Ok(Turn {
            state: Some(Vec::new()),
            actions: Vec::new(),
            // In the past: as soon as may be.
            wake_at: Some(Timestamp::from_micros(context.now.micros() - 1)),
        })
    })
    .await;
    let id = scene.hear("1", "hello").await;
    assert_eq!(scene.fake.taken().len(), 1, "never at once");
    for _ in 0..120 {
        scene.later(Duration::from_secs(2)).await;
    }
    let conversation = scene.conversation(id).await;
    assert!(conversation.scenario.is_none() && conversation.assignee.is_some());
    assert!(scene.fake.taken().len() <= 102);
}

#[tokio::test]
async fn a_scenario_that_is_off_or_whose_plugin_is_gone_leaves_the_customer_to_people() {
    let scene = Scene::new(echo).await;
    let off = AutomationPatch {
        enabled: Some(false),
        ..AutomationPatch::default()
    };
    let automations = scene.desk.engine.automations();
    automations
        .update(&scene.desk.actor, scene.bot.id, off)
        .await
        .unwrap();
    let id = scene.hear("1", "hello").await;
    assert!(scene.conversation(id).await.assignee.is_some());
    assert_eq!(scene.entries(id).await[0], (SystemEntry::HandedOver, None));

    let scene = Scene::new(echo).await;
    let kinds = scene.desk.engine.ports().automations.clone();
    let kind = kinds.remove("fake-scenario").unwrap();
    let id = scene.hear("1", "hello").await;
    assert!(
        scene.conversation(id).await.scenario.is_some(),
        "it may be on its way: it is waited for"
    );
    kinds.register(kind);
    scene.later(Duration::from_secs(2)).await;
    assert_eq!(scene.desk.texts(id).await.last().unwrap(), "1: hello");

    kinds.remove("fake-scenario");
    scene.hear("2", "still there?").await;
    for _ in 0..6 {
        scene.later(Duration::from_secs(40)).await;
    }
    let conversation = scene.conversation(id).await;
    assert!(conversation.scenario.is_none() && conversation.assignee.is_some());
}

#[tokio::test]
async fn a_channel_that_no_longer_allows_an_answer_hands_over() {
    let window = Capabilities {
        window_hours: Some(1),
        ..everything()
    };
    let scene = Scene::with(window, sleepy_for_hours).await;
    let id = scene.hear("1", "hello").await;
    scene.later(Duration::from_secs(7_201)).await;
    let conversation = scene.conversation(id).await;
    assert!(conversation.scenario.is_none() && conversation.waiting_since.is_some());
    assert_eq!(
        scene.desk.texts(id).await,
        ["hello", "I wait"],
        "nothing of the turn was done"
    );
}

fn sleepy_for_hours(context: &TurnContext, state: Option<&[u8]>) -> Result<Turn> {
    let turn = sleepy(context, state)?;
    let wake_at = turn
        .wake_at
        .map(|_| context.now.after(Duration::from_secs(7_200)));
    Ok(Turn { wake_at, ..turn })
}

#[tokio::test]
async fn conversations_that_people_have_begun_are_left_to_them() {
    let desk = Desk::new().await;
    let fake = FakeAutomation::scenario(echo);
    desk.engine.ports().automations.register(fake.clone());
    let id = desk.hear("1", "1", "hello").await;
    let bot = set_up(&desk, "fake-scenario").await;
    let patch = InboxPatch {
        scenario: Some(Some(bot.id)),
        ..InboxPatch::default()
    };
    let inboxes = desk.engine.inboxes();
    inboxes.update(&desk.actor, desk.inbox.id, patch).await.unwrap();
    desk.hear("1", "2", "anybody?").await;
    desk.run().await;
    assert!(fake.taken().is_empty());
    assert!(desk.conversation(id).await.waiting_since.is_some());
}

#[tokio::test]
async fn two_messages_at_once_are_two_turns_in_order() {
    let scene = Scene::new(echo).await;
    scene.desk.hear("1", "1", "one").await;
    scene.desk.hear("1", "2", "two").await;
    let id = scene.hear("3", "three").await;
    assert_eq!(
        scene.desk.texts(id).await,
        ["one", "two", "three", "1: one", "2: two", "3: three"]
    );
}
