//! Recorded turns, played back: the same context and state must come to the same steps.

use doorman::DoormanScenario;
use omnichat_plugin_sdk::cassette;

#[test]
fn turns_are_as_recorded() {
    cassette::replay_scenario::<DoormanScenario>(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/cassettes/turns.jsonl"
    ));
}
