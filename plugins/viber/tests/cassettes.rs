//! Recorded calls with Viber's answers.

use omnichat_plugin_sdk::cassette::replay;
use omnichat_viber::Viber;

#[test]
fn callbacks_are_proved_and_answered() {
    replay::<Viber>("cassettes/accept.jsonl");
}

#[test]
fn callbacks_become_events() {
    replay::<Viber>("cassettes/parse.jsonl");
}

#[test]
fn messages_are_sent() {
    replay::<Viber>("cassettes/send.jsonl");
}

#[test]
fn accounts_are_checked_and_set_up() {
    replay::<Viber>("cassettes/account.jsonl");
}
