//! A plugin as its author built it: Viber, from the folder of built ones.

use omnichat_core::channel::{InboundEvent, Verdict, WebhookRequest};
use omnichat_core::error::ErrorKind;
use serde_json::json;

use crate::house::{House, open};

const VIBER: &[u8] = include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../dist/viber.wasm"));

/// From Viber's documentation.
const TOKEN: &str = "44b935abea139fd6-53fa53b32559c4a6-12dbd3d883b06835";
const SIGNED: &str = r#"{"event":"unsubscribed","timestamp":1516678387902,"user_id":"KMMqtlNTDxIm/5bZhdQ5uA==","message_token":5136431130449316903}"#;
const SIGNATURE: &str = "d84d8648b402a2737838fea4da41d903d1af1aed92466b1758828ad27e31a9f9";

const MESSAGE: &str = r#"{"event":"message","timestamp":1790000000123,"message_token":5741311803571721087,"sender":{"id":"xy5/5y6O81+/kbWHpLhBoA==","name":"Ira","language":"ru","country":"RU","api_version":10},"message":{"type":"text","text":"Where is order 77?"},"silent":false}"#;

#[tokio::test]
async fn viber_takes_webhooks() {
    let house = House::new();
    let plugin = house.load(VIBER.to_vec()).await;
    assert_eq!(plugin.descriptor().kind, "viber");
    let channel = open(&plugin, json!({ "auth_token": TOKEN }));
    let signed = WebhookRequest::post(SIGNED);
    let accepted = channel
        .accept(&signed.clone().with_header("x-viber-content-signature", SIGNATURE))
        .await;
    assert!(matches!(accepted.unwrap(), Verdict::Process(_)));
    let forged = channel
        .accept(&signed.with_header("x-viber-content-signature", &SIGNATURE.replace('d', "e")))
        .await;
    assert_eq!(forged.unwrap_err().kind(), ErrorKind::Unauthenticated);
    let events = channel.parse(&WebhookRequest::post(MESSAGE)).await.unwrap();
    let [event] = &events[..] else {
        panic!("{events:?}");
    };
    assert_eq!(event.chat.id, "xy5/5y6O81+/kbWHpLhBoA==");
    assert!(matches!(&event.event, InboundEvent::Message(message) if message.text == "Where is order 77?"));
    assert_eq!(
        events,
        channel.parse(&WebhookRequest::post(MESSAGE)).await.unwrap(),
        "the same bytes, the same events"
    );
    assert_eq!(
        channel
            .parse(&WebhookRequest::post("{"))
            .await
            .unwrap_err()
            .kind(),
        ErrorKind::Malformed
    );
    assert_eq!(
        plugin.status().calls.keys().copied().collect::<Vec<_>>(),
        ["ok", "plugin_error"]
    );
}
