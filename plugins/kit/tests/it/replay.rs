//! Cassettes on built bytes.

use std::fs;

use omnichat_plugin_kit::replay;

use crate::{cassettes, root, wasm};

/// The other ones are replayed by their checks.
#[test]
fn letterbox_does_as_recorded() {
    let report = replay(&wasm("letterbox"), &cassettes("letterbox")).unwrap();
    assert!(report.is_ok(), "{report}");
    assert!(report.calls >= 7, "{report}");
}

#[test]
fn what_is_not_as_recorded_is_shown() {
    let wasm = wasm("letterbox");
    let recorded = fs::read_to_string(cassettes("letterbox").join("calls.jsonl")).unwrap();
    let line = recorded
        .lines()
        .find(|line| line.contains("\"a message is sent\""))
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let changed = [
        line.replace("\"to\":\"77\"", "\"to\":\"78\""),
        line.replace("\"expect\":{\"ok\"", "\"expect\":{\"err\""),
        line.replace("\"send\"", "\"sand\""),
        line.replace("\"chat\":\"77\"", "\"pier\":\"77\""),
    ];
    fs::write(folder.path().join("changed.jsonl"), changed.join("\n")).unwrap();
    let report = replay(&wasm, folder.path()).unwrap();
    let shown = report.to_string();
    assert_eq!(report.failed.len(), 4, "{shown}");
    for part in [
        "changed.jsonl:1: a message is sent\nanother request than expected",
        "-       \"to\": \"78\"\n+       \"to\": \"77\"",
        "there is no «pier»",
        "another result than expected",
        "a channel exports no «sand»",
        "4 recorded calls, 4 not as recorded",
    ] {
        assert!(shown.contains(part), "{part}\n{shown}");
    }
    assert!(
        replay(&wasm, &root().join("examples/plugin-channel/src")).is_err(),
        "no cassettes"
    );
}
