//! Recorded calls with the shop's answers.

use omnichat_order_status::OrderStatus;
use omnichat_plugin_sdk::cassette::replay_tools;

#[test]
fn orders_are_looked_up() {
    replay_tools::<OrderStatus>("cassettes/call.jsonl");
}

#[test]
fn failures_are_classed() {
    replay_tools::<OrderStatus>("cassettes/failures.jsonl");
}

#[test]
fn it_says_what_it_is_and_checks_its_settings() {
    replay_tools::<OrderStatus>("cassettes/settings.jsonl");
}
