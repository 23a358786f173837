//! The conformance suite on the bundled plugins.

use omnichat_plugin_kit::check::{Options, State, run};

use crate::{cassettes, wasm};

#[track_caller]
fn conforms(plugin: &str) {
    let options = Options {
        cassettes: Some(cassettes(plugin)),
        timed: 20,
        // Tests run beside each other, and the engine's own code is not optimised here.
        slack: 40,
    };
    let report = run(&wasm(plugin), &options).unwrap();
    println!("{report}");
    assert!(report.is_ok(), "{report}");
    let recorded = report
        .checks
        .iter()
        .find(|check| check.name == "does as recorded")
        .unwrap();
    assert_eq!(recorded.state, State::Ok, "{report}");
    assert!(report.checks.len() >= 10, "{report}");
}

#[test]
fn letterbox_conforms() {
    conforms("letterbox");
}

#[test]
fn doorman_conforms() {
    conforms("doorman");
}

#[test]
fn signpost_conforms() {
    conforms("signpost");
}

#[test]
fn viber_conforms() {
    conforms("viber");
}

#[test]
fn max_conforms() {
    conforms("max");
}

#[test]
fn order_bot_conforms() {
    conforms("order-bot");
}

#[test]
fn order_status_conforms() {
    conforms("order-status");
}

#[test]
fn what_cannot_be_loaded_fails_in_a_sentence() {
    for (bytes, sentence) in [
        (&b"nothing"[..], "no WebAssembly"),
        (b"\0asm\x01\0\0\0", "core module"),
    ] {
        let report = run(bytes, &Options::default()).unwrap();
        let [check] = &report.checks[..] else {
            panic!("{report}");
        };
        assert!(
            check.state == State::Failed && check.seen.contains(sentence),
            "{report}"
        );
        assert!(!report.is_ok());
    }
}

#[test]
fn without_cassettes_what_needs_them_is_skipped() {
    let options = Options {
        timed: 20,
        slack: 40,
        ..Options::default()
    };
    let report = run(&wasm("letterbox"), &options).unwrap();
    assert!(report.is_ok(), "{report}");
    let skipped = report
        .checks
        .iter()
        .filter(|check| check.state == State::Skipped)
        .count();
    assert!(skipped >= 4, "{report}");
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(
        (&json["plugin"], &json["checks"][0]["state"]),
        (&"letterbox".into(), &"ok".into())
    );
}
