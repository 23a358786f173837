//! Every channel keeps the promises that all channels make.

use std::path::Path;

use hmac::{Hmac, KeyInit, Mac};
use omnichat_core::channel::WebhookRequest;
use omnichat_core::channel_suite;
use omnichat_core::testing::channel_suite::fixture::ChannelFixture;
use serde_json::{Value, json};
use sha2::Sha256;

use crate::support::registry;

const SECRET: &str = "0123456789abcdef0123456789abcdef";

fn recordings(kind: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src")
        .join(kind)
        .join("testdata");
    let mut paths: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    paths
        .into_iter()
        .map(|path| std::fs::read(path).unwrap())
        .collect()
}

fn fixture(kind: &str, config: Value, samples: Vec<WebhookRequest>) -> ChannelFixture {
    ChannelFixture::new(registry().get(kind).unwrap().clone(), config).with_samples(samples)
}

async fn telegram() -> ChannelFixture {
    // A cross-section: the suite tries thousands of variants of each.
    let samples = recordings("telegram").into_iter().step_by(4);
    let samples =
        samples.map(|body| WebhookRequest::post(body).with_header("x-telegram-bot-api-secret-token", SECRET));
    fixture(
        "telegram",
        json!({ "token": "700001:made-up-token", "webhook_secret": SECRET }),
        samples.collect(),
    )
}

async fn api() -> ChannelFixture {
    let sign = |body: Vec<u8>| {
        // The moment at which the tests' clock stands.
        let t = "1767268800";
        let mut mac = Hmac::<Sha256>::new_from_slice(SECRET.as_bytes()).unwrap();
        mac.update(format!("{t}.").as_bytes());
        mac.update(&body);
        let v1 = hex::encode(mac.finalize().into_bytes());
        WebhookRequest::post(body).with_header("x-omnichat-signature", &format!("t={t},v1={v1}"))
    };
    fixture(
        "api",
        json!({ "signing_secret": SECRET }),
        recordings("api").into_iter().map(sign).collect(),
    )
}

async fn widget() -> ChannelFixture {
    fixture(
        "widget",
        json!({ "title": "Shop", "allowed_origins": ["https://example.org"] }),
        Vec::new(),
    )
}

async fn sandbox() -> ChannelFixture {
    fixture("sandbox", json!({}), Vec::new())
}

channel_suite!(telegram_suite, telegram);
channel_suite!(api_suite, api);
channel_suite!(widget_suite, widget);
channel_suite!(sandbox_suite, sandbox);
