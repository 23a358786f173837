//! Recorded turns, which the built plugin replays, too.

use omnichat_order_bot::OrderBot;
use omnichat_plugin_sdk::cassette::replay_scenario;

#[test]
fn turns_are_as_recorded() {
    replay_scenario::<OrderBot>("cassettes/turns.jsonl");
}

#[test]
fn settings_are_checked() {
    replay_scenario::<OrderBot>("cassettes/settings.jsonl");
}
