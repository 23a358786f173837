//! Plugins that were built against each version of the contract keep running, whatever comes after it.
//!
//! A guest is `examples/plugin-channel` as it was when its version was released, made by
//! `cargo xtask plugins plugin-channel && cp plugins/dist/letterbox.wasm plugins/runtime/tests/guests/VERSION.wasm`.
//! It is never made anew.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use omnichat_core::channel::{InboundEvent, Verdict, WebhookRequest};
use omnichat_core::error::ErrorKind;
use serde_json::json;

use crate::house::{House, open};

fn names(folder: &str, name: impl Fn(&Path) -> Option<String>) -> BTreeSet<String> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = std::fs::read_dir(folder).unwrap();
    entries.filter_map(|entry| name(&entry.unwrap().path())).collect()
}

#[tokio::test]
async fn every_version_has_a_guest_and_it_runs() {
    let text = |name: Option<&std::ffi::OsStr>| name.map(|name| name.to_string_lossy().into_owned());
    let versions = names("../wit", |path| {
        let name = text(path.file_name())?;
        let number = name.strip_prefix('v')?;
        (path.is_dir() && number.starts_with(|c: char| c.is_ascii_digit())).then_some(name)
    });
    let guests = names("tests/guests", |path| text(path.file_stem()));
    assert_eq!(guests, versions);
    for version in guests {
        let file = format!("{}/tests/guests/{version}.wasm", env!("CARGO_MANIFEST_DIR"));
        let plugin = House::new().load(std::fs::read(file).unwrap()).await;
        let channel = open(
            &plugin,
            json!({ "api_url": "https://api.example.org", "token": "s3cret" }),
        );
        let body = "{\"id\":\"m-1\",\"from\":\"77\",\"name\":\"Customer\",\"text\":\"Добрый день 🙂\"}";
        let signature = "867da22ec81249443390285e947c1e8eb65aed9d5f6be13ceefec36acf00ccca";
        let webhook = WebhookRequest::post(body).with_header("x-signature", signature);
        let accepted = channel.accept(&webhook).await;
        assert!(
            matches!(accepted, Ok(Verdict::Process(_))),
            "{version}: {accepted:?}"
        );
        let forged = WebhookRequest::post(body).with_header("x-signature", &signature.replace('8', "9"));
        assert_eq!(
            channel.accept(&forged).await.unwrap_err().kind(),
            ErrorKind::Unauthenticated
        );
        let events = channel.parse(&webhook).await.unwrap();
        assert!(
            matches!(&events[..], [event] if event.chat.id == "77"
                && matches!(&event.event, InboundEvent::Message(message) if message.text == "Добрый день 🙂")),
            "{version}: {events:?}"
        );
    }
}
