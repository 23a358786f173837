//! Recorded calls, played back. A request that is not in the cassette fails the test.

use omnichat_plugin_sdk::cassette;
use signpost::SignpostTools;

#[test]
fn calls_are_as_recorded() {
    cassette::replay_tools::<SignpostTools>(concat!(env!("CARGO_MANIFEST_DIR"), "/cassettes/calls.jsonl"));
}
