//! Recorded calls, played back. A request that is not in the cassette fails the test.

use letterbox::LetterboxChannel;
use omnichat_plugin_sdk::cassette;

#[test]
fn calls_are_as_recorded() {
    cassette::replay::<LetterboxChannel>(concat!(env!("CARGO_MANIFEST_DIR"), "/cassettes/calls.jsonl"));
}
