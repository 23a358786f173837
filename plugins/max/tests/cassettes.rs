//! Recorded calls with MAX's answers.

use omnichat_max::Max;
use omnichat_plugin_sdk::cassette::replay;

#[test]
fn webhooks_are_proved() {
    replay::<Max>("cassettes/accept.jsonl");
}

#[test]
fn updates_become_events() {
    replay::<Max>("cassettes/parse.jsonl");
}

#[test]
fn news_are_polled() {
    replay::<Max>("cassettes/poll.jsonl");
}

#[test]
fn messages_are_sent() {
    replay::<Max>("cassettes/send.jsonl");
}

#[test]
fn actions_are_performed() {
    replay::<Max>("cassettes/perform.jsonl");
}

#[test]
fn accounts_are_checked_and_set_up() {
    replay::<Max>("cassettes/account.jsonl");
}
