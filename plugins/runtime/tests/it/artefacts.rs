//! A file that is no plugin is refused with a sentence that says what to do.

use omnichat_plugin_runtime::{Grants, MAX_BYTES};

use crate::house::{House, manifest_of};
use omnichat_plugin_runtime::testing::{Guest, with_section};

fn manifest() -> String {
    Guest::channel().manifest
}

/// A component in text, with the usual manifest.
fn component(text: &str) -> Vec<u8> {
    with_section(
        wat::parse_str(text).unwrap(),
        "omnichat:manifest",
        manifest().as_bytes(),
    )
}

fn replaced(wasm: Vec<u8>, from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut wasm = wasm;
    let mut at = 0;
    while at + from.len() <= wasm.len() {
        if wasm[at..].starts_with(from.as_bytes()) {
            wasm[at..at + from.len()].copy_from_slice(to.as_bytes());
        }
        at += 1;
    }
    wasm
}

#[tokio::test]
async fn each_wrong_file_has_its_own_sentence() {
    let good = Guest::channel().build();
    let other_functions: String = [
        "describe",
        "validate-config",
        "migrate-config",
        "check",
        "addressed",
        "accept-webhook",
        "parse-webhook",
        "poll",
        "send",
        "perform",
        "resolve-media",
    ]
    .map(|name| format!("(export \"{name}\" (func $f))"))
    .concat();
    let wrong_types = format!(
        "(component (core module $m (func (export \"f\"))) (core instance $i (instantiate $m))
           (func $f (canon lift (core func $i \"f\")))
           (instance $c {other_functions}) (export \"omnichat:plugin/channel@0.1.0\" (instance $c)))"
    );
    let exporting = |import: &str| {
        component(&format!(
            "(component {import} (instance $c) (export \"omnichat:plugin/channel@0.1.0\" (instance $c)))"
        ))
    };
    let house = House::new();
    for (wasm, code, words) in [
        (b"hello".to_vec(), "not_wasm", "no WebAssembly file"),
        (Vec::new(), "not_wasm", "no WebAssembly file"),
        (
            wat::parse_str("(module)").unwrap(),
            "core_module",
            "core module, not a component",
        ),
        (b"\0asm\x07\0\x03\0".to_vec(), "unknown_format", "does not know"),
        (good[..good.len() / 2].to_vec(), "truncated", "ends in the middle"),
        (good[..6].to_vec(), "truncated", "ends in the middle"),
        (vec![0; MAX_BYTES + 1], "too_large", "32 MiB"),
        (
            component("(component)"),
            "other_world",
            "exports no channel, scenario or tool",
        ),
        (
            replaced(good.clone(), "@0.1.0", "@0.3.0"),
            "other_version",
            "built for omnichat:plugin 0.3, this host speaks 0.1; missing: ",
        ),
        (
            exporting("(import \"wasi:http/outgoing-handler@0.2.0\" (instance))"),
            "missing_imports",
            "missing: wasi:http/outgoing-handler@0.2.0",
        ),
        (
            exporting("(import \"omnichat:plugin/host-kv@0.1.0\" (instance (export \"increment\" (func))))"),
            "missing_imports",
            "missing: host-kv/increment",
        ),
        (exporting(""), "missing_exports", "describe, validate-config"),
        (
            component(&wrong_types),
            "mismatched_types",
            "other arguments or results",
        ),
        (
            Guest::channel().bare(),
            "manifest_missing",
            "omnichat plugin build",
        ),
        (
            with_section(Guest::channel().bare(), "omnichat:manifest", b"id = "),
            "manifest_malformed",
            "cannot be read",
        ),
        (
            with_section(
                Guest::channel().bare(),
                "omnichat:manifest",
                manifest().replace("\"channel\"", "\"tool\"").as_bytes(),
            ),
            "manifest_mismatch",
            "exports a channel",
        ),
        (
            with_section(
                Guest::channel().bare(),
                "omnichat:manifest",
                manifest().replace("\"0.1.0\"", "\"0.2.0\"").as_bytes(),
            ),
            "manifest_mismatch",
            "0.2.0",
        ),
        (
            with_section(
                Guest::channel().bare(),
                "omnichat:manifest",
                manifest().replace("\"x1\"", "\"x2\"").as_bytes(),
            ),
            "manifest_mismatch",
            "«x2»",
        ),
        (
            with_section(
                Guest::channel().bare(),
                "omnichat:manifest",
                manifest().replace("\"1.0.0\"", "\"1.0.1\"").as_bytes(),
            ),
            "manifest_mismatch",
            "«1.0.1»",
        ),
    ] {
        let (found, sentence) = house.refusal(wasm).await;
        assert_eq!(found, code, "{sentence}");
        assert!(sentence.contains(words), "{code}: {sentence}");
    }
}

#[tokio::test]
async fn settings_that_no_form_can_show_are_refused() {
    let mut guest = Guest::channel();
    guest.schema =
        r#"{"type":"object","properties":{"x":{"type":"object","additionalProperties":{"type":"string"}}}}"#
            .to_owned();
    let (code, sentence) = House::new().refusal(guest.build()).await;
    assert_eq!(code, "schema");
    assert!(sentence.contains("«x»"), "{sentence}");
}

#[tokio::test]
async fn a_plugin_that_cannot_say_what_it_is_is_not_loaded() {
    for body in ["unreachable", "(loop $l (br $l)) unreachable"] {
        let (code, sentence) = House::new()
            .refusal(Guest::channel().does("describe", body).build())
            .await;
        assert_eq!(code, "describe", "{sentence}");
    }
}

#[tokio::test]
async fn a_scenario_may_not_use_the_network() {
    let house = House::new();
    let mut channel = replaced(
        Guest::channel().bare(),
        "plugin/channel@0.1.0",
        "plugin/tools-u@0.1.0",
    );
    channel = with_section(channel, "omnichat:manifest", manifest().as_bytes());
    assert_eq!(house.refusal(channel).await.0, "other_world");
    let import = "(import \"omnichat:plugin/host-http@0.1.0\" (instance))";
    let text = format!(
        "(component {import} (instance $c) (export \"omnichat:plugin/scenario@0.1.0\" (instance $c)))"
    );
    let (code, sentence) = house.refusal(component(&text)).await;
    assert_eq!(code, "missing_imports");
    assert!(sentence.contains("host-http"), "{sentence}");
}

#[tokio::test]
async fn damage_anywhere_is_an_error_and_never_a_panic() {
    let good = Guest::channel().build();
    for at in (8..good.len()).step_by(97) {
        let mut damaged = good.clone();
        damaged[at] ^= 0x55;
        if let Err(error) = omnichat_plugin_runtime::inspect(&damaged) {
            assert!(!error.fields().is_empty(), "{error}");
        }
        let cut = omnichat_plugin_runtime::inspect(&good[..at]).unwrap_err();
        assert!(!cut.fields().is_empty(), "{cut}");
    }
}

#[tokio::test]
async fn what_is_loaded_says_what_it_is() {
    let house = House::new();
    let wasm = Guest::channel().build();
    assert_eq!(manifest_of(&wasm).id, "x1");
    let plugin = house.load(wasm.clone()).await;
    assert!(!plugin.was_cached());
    assert_eq!(plugin.digest(), omnichat_plugin_runtime::digest(&wasm));
    assert_eq!(
        (
            plugin.descriptor().kind.as_str(),
            plugin.descriptor().version.as_str()
        ),
        ("x1", "1.0.0")
    );
    assert!(plugin.status().calls.is_empty());
    let again = house.runtime.load(wasm.into(), Grants::default()).await.unwrap();
    assert!(again.was_cached());
}
