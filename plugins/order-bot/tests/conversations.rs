//! Whole conversations, each along one path. Between turns the state is written and read as the host does.

use omnichat_order_bot::{OrderBot, Saved, Settings};
use omnichat_plugin_sdk::Scenario;
use omnichat_plugin_sdk::fixture::Fixture;
use omnichat_plugin_sdk::scenario::{Next, Person, Step, TurnContext, TurnEvent};
use omnichat_plugin_sdk::types::PluginError;
use serde_json::{Value, json};

const MINUTE: u64 = 60_000;

/// A conversation with the bot.
struct Talk {
    settings: Value,
    locale: &'static str,
    state: Option<Vec<u8>>,
    wake_at: Option<u64>,
    now: u64,
}

impl Talk {
    fn new() -> Self {
        Self::with(json!({}))
    }

    fn with(settings: Value) -> Self {
        Self {
            settings,
            locale: "en",
            state: None,
            wake_at: None,
            now: 1_790_000_000_000,
        }
    }

    /// What the bot does, one line a step.
    fn turn(&mut self, event: TurnEvent) -> Vec<String> {
        let context = TurnContext {
            conversation: "conv_1".to_owned(),
            channel: "telegram".to_owned(),
            customer: Person {
                locale: Some(self.locale.to_owned()),
                ..Person::default()
            },
            event,
            now: self.now,
            ..TurnContext::default()
        };
        let once = self.once(&context);
        assert_eq!(once, self.once(&context), "the same turn again gives the same");
        self.state = once.state.map(|state| serde_json::to_vec(&state).expect("JSON"));
        self.wake_at = once.wake_at;
        assert_eq!(
            self.state.is_some(),
            self.wake_at.is_some(),
            "no conversation waits for ever"
        );
        once.steps.iter().map(shown).collect()
    }

    fn once(&self, context: &TurnContext) -> Next<Saved> {
        let settings: Settings = serde_json::from_value(self.settings.clone()).expect("settings");
        let state = self
            .state
            .as_deref()
            .map(|bytes| serde_json::from_slice(bytes).expect("a state"));
        let next = Fixture::new()
            .run(|| OrderBot::turn(settings, context, state))
            .clean();
        next.expect("a turn")
    }

    fn says(&mut self, text: &str) -> Vec<String> {
        self.turn(TurnEvent {
            kind: "message".to_owned(),
            text: text.to_owned(),
            ..TurnEvent::default()
        })
    }

    fn presses(&mut self, data: &str) -> Vec<String> {
        self.turn(TurnEvent {
            kind: "message".to_owned(),
            value: Some(data.to_owned()),
            ..TurnEvent::default()
        })
    }

    fn hears(&mut self, result: Value) -> Vec<String> {
        self.turn(TurnEvent {
            result: Some(result.to_string()),
            ..answered("order-status/order_status")
        })
    }

    fn fails(&mut self, error: PluginError) -> Vec<String> {
        self.turn(TurnEvent {
            error: Some(error),
            ..answered("order-status/order_status")
        })
    }

    /// The time comes that the bot asked for.
    fn wakes(&mut self) -> Vec<String> {
        self.now = self.wake_at.expect("a time");
        self.turn(TurnEvent {
            kind: "timer".to_owned(),
            ..TurnEvent::default()
        })
    }
}

fn answered(name: &str) -> TurnEvent {
    TurnEvent {
        kind: "tool-result".to_owned(),
        name: Some(name.to_owned()),
        ..TurnEvent::default()
    }
}

fn shown(step: &Step) -> String {
    let name = step.name.as_deref().unwrap_or_default();
    let args = step.args.as_deref().unwrap_or_default();
    let buttons: String = step
        .buttons
        .iter()
        .flatten()
        .map(|button| format!(" [{}]", button.text))
        .collect();
    let line = format!("{}: {name}{args}{}{buttons}", step.kind, step.text);
    line.trim_end_matches([':', ' ']).to_owned()
}

const LOOKING: &str = "send: One moment, I am looking it up.";
const HANDING_OVER: &str = "send: I am passing you on to a colleague, who will answer here.";

fn calls(order: &str) -> [String; 2] {
    let call = format!("call-tool: order-status/order_status{{\"order\":\"{order}\"}}");
    [LOOKING.to_owned(), call]
}

#[test]
fn an_order_is_asked_for_looked_up_and_told() {
    let mut talk = Talk::new();
    assert_eq!(
        talk.says("hello"),
        ["send: Hello! I can tell you where your order is. What is its number? [Talk to a person]"]
    );
    assert_eq!(talk.wake_at, Some(talk.now + 30 * MINUTE));
    assert_eq!(talk.says("it is № 4711, thank you"), calls("4711"));
    assert_eq!(talk.wake_at, Some(talk.now + MINUTE));
    assert_eq!(
        talk.hears(json!({ "found": true, "status": "shipped", "eta": "25 November" })),
        ["send: Order 4711: shipped. Expected delivery: 25 November. [Another order] [Talk to a person]"]
    );
    assert_eq!(
        talk.presses("order-bot:another"),
        ["send: What is the number of the order?"]
    );
    assert_eq!(talk.says("4712"), calls("4712"));
    assert_eq!(
        talk.hears(json!({ "status": "packed" })),
        ["send: Order 4712: packed. [Another order] [Talk to a person]"]
    );
    assert_eq!(
        talk.presses("order-bot:person"),
        [
            HANDING_OVER,
            "hand-over: The customer asks for a person.\nAsked and found:\n- 4711: shipped, expected 25 November\n- 4712: packed"
        ]
    );
    assert_eq!(talk.state, None);
}

#[test]
fn it_speaks_russian() {
    let mut talk = Talk::with(json!({ "language": "russian" }));
    talk.locale = "ru-RU";
    assert_eq!(
        talk.says("Здравствуйте"),
        ["send: Здравствуйте! Я подскажу, где ваш заказ. Какой у него номер? [Поговорить с человеком]"]
    );
    assert_eq!(
        talk.says("4711"),
        [
            "send: Минуту, смотрю.",
            "call-tool: order-status/order_status{\"order\":\"4711\"}"
        ]
    );
    assert_eq!(
        talk.hears(json!({ "status": "shipped", "eta": "25 ноября" })),
        ["send: Заказ 4711: в пути. Ожидаемая доставка: 25 ноября. [Другой заказ] [Поговорить с человеком]"]
    );
    assert_eq!(
        talk.says("позовите оператора"),
        [
            "send: Передаю разговор коллеге, вам ответят здесь.",
            "hand-over: Клиент просит человека.\nСпрошено и найдено:\n- 4711: shipped, ожидается 25 ноября"
        ]
    );
}

#[test]
fn a_number_in_the_first_message_is_looked_up_at_once() {
    assert_eq!(Talk::new().says("where is 4711?"), calls("4711"));
}

#[test]
fn a_person_is_asked_for_in_the_first_message() {
    let mut talk = Talk::new();
    assert_eq!(
        talk.says("Operator, please, about 4711"),
        [
            HANDING_OVER,
            "hand-over: The customer asks for a person.\nNo order was looked up."
        ]
    );
    assert_eq!(talk.state, None);
}

#[test]
fn three_answers_without_a_number_bring_a_person() {
    let mut talk = Talk::new();
    talk.says("hello");
    for text in ["I do not know", "12"] {
        let wrong = talk.says(text);
        assert!(
            wrong[0].starts_with("send: That does not look like an order number."),
            "{wrong:?}"
        );
        assert!(wrong[0].ends_with("[Talk to a person]"), "{wrong:?}");
    }
    assert_eq!(
        talk.says("4711 or 4712"),
        [
            HANDING_OVER,
            "hand-over: The bot got no further; unsuccessful answers in a row: 3.\nNo order was looked up."
        ]
    );
}

#[test]
fn how_many_tries_there_are_is_a_setting() {
    let mut talk = Talk::with(json!({ "tries": 1 }));
    talk.says("hello");
    assert_eq!(talk.says("what?")[0], HANDING_OVER);
}

#[test]
fn an_order_that_is_not_there_is_asked_for_again_and_counts_as_a_try() {
    let mut talk = Talk::new();
    talk.says("4711");
    assert_eq!(
        talk.hears(json!({ "found": false })),
        ["send: I cannot find order 4711. Please check the number and send it once more. [Talk to a person]"]
    );
    talk.says("what?");
    talk.says("4712");
    assert_eq!(
        talk.hears(json!({ "found": false })),
        [
            HANDING_OVER,
            "hand-over: The bot got no further; unsuccessful answers in a row: 3.\nAsked and found:\n- 4711: there is no such order\n- 4712: there is no such order"
        ]
    );
}

#[test]
fn a_found_order_ends_the_row_of_tries() {
    let mut talk = Talk::new();
    talk.says("hello");
    talk.says("what?");
    talk.says("4711");
    talk.hears(json!({ "status": "packed" }));
    for _ in 0..2 {
        assert_eq!(
            talk.says("thanks"),
            ["send: Send me another order number, or choose: [Another order] [Talk to a person]"]
        );
    }
    assert_eq!(talk.says("thanks")[0], HANDING_OVER);
}

#[test]
fn after_an_order_another_number_needs_no_button() {
    let mut talk = Talk::new();
    talk.says("4711");
    talk.hears(json!({ "status": "packed" }));
    assert_eq!(talk.says("and 4712"), calls("4712"));
}

#[test]
fn the_words_of_a_button_do_what_it_does() {
    let mut talk = Talk::new();
    talk.says("4711");
    talk.hears(json!({ "status": "packed" }));
    assert_eq!(
        talk.says("another ORDER"),
        ["send: What is the number of the order?"]
    );
    assert_eq!(talk.says("talk to a person")[0], HANDING_OVER);
}

#[test]
fn a_tool_that_fails_brings_a_person() {
    let mut talk = Talk::new();
    talk.says("4711");
    assert_eq!(
        talk.fails(PluginError::unavailable("the shop's API is out of order (502)")),
        [
            "send: I cannot look it up right now. I am passing you on to a colleague, who will answer here.",
            "hand-over: The lookup failed: the shop's API is out of order (502) (unavailable).\nAsked and found:\n- 4711: could not be looked up"
        ]
    );
    assert_eq!(talk.state, None);
}

#[test]
fn an_answer_without_a_status_is_a_failure() {
    let mut talk = Talk::new();
    talk.says("4711");
    let done = talk.hears(json!({ "found": true }));
    assert!(
        done[1].starts_with("hand-over: The lookup failed: the tool's answer has no status."),
        "{done:?}"
    );
}

#[test]
fn a_tool_that_says_nothing_brings_a_person() {
    let mut talk = Talk::new();
    talk.says("4711");
    let until = talk.wake_at;
    talk.now += 20_000;
    assert_eq!(talk.says("are you there?"), Vec::<String>::new());
    assert_eq!(talk.wake_at, until, "a message meanwhile does not prolong it");
    assert_eq!(
        talk.turn(TurnEvent {
            kind: "timer".to_owned(),
            ..TurnEvent::default()
        }),
        Vec::<String>::new(),
        "too early"
    );
    assert_eq!(
        talk.wakes(),
        [
            "send: I cannot look it up right now. I am passing you on to a colleague, who will answer here.",
            "hand-over: The lookup gave no answer in time.\nAsked and found:\n- 4711: no answer yet"
        ]
    );
    assert_eq!(
        talk.hears(json!({ "status": "packed" })),
        Vec::<String>::new(),
        "it comes too late"
    );
    assert_eq!(talk.state, None);
}

#[test]
fn a_person_is_asked_for_during_the_lookup() {
    let mut talk = Talk::new();
    talk.says("4711");
    assert_eq!(
        talk.says("agent!"),
        [
            HANDING_OVER,
            "hand-over: The customer asks for a person.\nAsked and found:\n- 4711: no answer yet"
        ]
    );
}

#[test]
fn the_answer_of_another_tool_changes_nothing() {
    let mut talk = Talk::new();
    talk.says("4711");
    let other = TurnEvent {
        result: Some("{\"status\":\"x\"}".to_owned()),
        ..answered("other/tool")
    };
    let before = talk.state.clone();
    assert_eq!(talk.turn(other), Vec::<String>::new());
    assert_eq!(talk.state, before);
}

#[test]
fn silence_ends_it_politely() {
    const GOODBYE: &str =
        "send: It seems that there is nothing more I can do. If you have another question, just write again.";
    let mut asked = Talk::new();
    asked.says("hello");
    assert_eq!(asked.wakes(), [GOODBYE, "resolve"]);
    assert_eq!(asked.state, None);
    let mut told = Talk::with(json!({ "resolve_after_silence": false, "silence_minutes": 5 }));
    told.says("4711");
    told.hears(json!({ "status": "packed" }));
    assert_eq!(told.wake_at, Some(told.now + 5 * MINUTE));
    assert_eq!(told.wakes(), [GOODBYE]);
    let mut quiet = Talk::with(json!({ "english": { "goodbye": "" } }));
    quiet.says("hello");
    assert_eq!(quiet.wakes(), ["resolve"]);
}

#[test]
fn texts_that_are_left_empty_are_not_said() {
    let mut talk = Talk::with(
        json!({ "english": { "looking": "", "handing_over": "", "choose": "", "wrong_form": "" } }),
    );
    assert_eq!(talk.says("4711").len(), 1);
    talk.hears(json!({ "status": "packed" }));
    assert_eq!(
        talk.says("hm"),
        ["send: What is the number of the order? [Another order] [Talk to a person]"],
        "but a question must be heard"
    );
    assert_eq!(talk.says("operator").len(), 1);
}

#[test]
fn a_state_of_another_version_begins_anew() {
    let mut talk = Talk::new();
    talk.state = Some(b"{\"version\":99,\"what\":\"ever\"}".to_vec());
    assert!(talk.says("hello")[0].starts_with("send: Hello!"));
}

#[test]
fn an_event_that_is_not_known_changes_nothing() {
    let mut talk = Talk::new();
    talk.says("hello");
    let before = talk.state.clone();
    let event = TurnEvent {
        kind: "resolved".to_owned(),
        ..TurnEvent::default()
    };
    assert_eq!(talk.turn(event), Vec::<String>::new());
    assert_eq!(talk.state, before);
}
