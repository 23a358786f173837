//! Rubbish: whatever comes, a channel answers with events or an error. It never panics, and never grows without bound.

use std::sync::Arc;

use bytes::Bytes;
use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};
use serde_json::{Value, json};

use super::fixture::ChannelFixture;
use crate::channel::{Channel, WebhookRequest};

/// Broken JSON, broken UTF-8, deep nesting, huge numbers and the like.
pub async fn fixed_rubbish_does_no_harm(fixture: ChannelFixture) {
    let channel = fixture.open();
    let bodies: Vec<Vec<u8>> = vec![
        vec![],
        b" ".to_vec(),
        b"null".to_vec(),
        b"true".to_vec(),
        b"0".to_vec(),
        b"\"\"".to_vec(),
        b"[]".to_vec(),
        b"{}".to_vec(),
        b"[{}]".to_vec(),
        b"[null]".to_vec(),
        b"{".to_vec(),
        b"{\"".to_vec(),
        b"{\"a\"".to_vec(),
        b"{\"a\":1,\"a\":2}".to_vec(),
        b"\xef\xbb\xbf{}".to_vec(),
        b"\xff\xfe\x00\x00".to_vec(),
        b"{\"text\":\"\xc3\x28\"}".to_vec(),
        b"{\"text\":\"\\ud800\"}".to_vec(),
        b"{\"text\":\"\\u0000\"}".to_vec(),
        b"{\"text\":\"\0\"}".to_vec(),
        b"1e999999999".to_vec(),
        b"-1e-999999999".to_vec(),
        format!("{{\"update_id\":{}}}", "9".repeat(100_000)).into_bytes(),
        b"[".repeat(200_000),
        b"{\"a\":".repeat(200_000),
        [b"[".repeat(200_000), b"]".repeat(200_000)].concat(),
        [b"\"".to_vec(), vec![b'x'; 2_000_000], b"\"".to_vec()].concat(),
        vec![0; 100_000],
        b"<xml><a>".repeat(1_000),
        b"a=1&b=2&a=%00&%".to_vec(),
    ];
    for body in bodies {
        try_body(&fixture, &channel, body).await;
    }
}

/// Bytes without any sense.
pub async fn random_bytes_do_no_harm(fixture: ChannelFixture) {
    let channel = fixture.open();
    let mut rng = StdRng::seed_from_u64(7);
    for _ in 0..500 {
        let length = rng.random_range(0..400);
        let mut body = vec![0; length];
        rng.fill_bytes(&mut body);
        try_body(&fixture, &channel, body).await;
    }
}

/// Samples that end too early, at every byte.
pub async fn torn_samples_do_no_harm(fixture: ChannelFixture) {
    let channel = fixture.open();
    for sample in fixture.samples() {
        let step = (sample.body.len() / 2_000).max(1);
        for end in (0..sample.body.len()).step_by(step) {
            try_request(
                &channel,
                &WebhookRequest {
                    body: sample.body.slice(..end),
                    ..sample.clone()
                },
            )
            .await;
        }
    }
}

/// Samples with some bytes that are others, missing or repeated.
pub async fn damaged_samples_do_no_harm(fixture: ChannelFixture) {
    let channel = fixture.open();
    let mut rng = StdRng::seed_from_u64(11);
    for sample in fixture.samples().iter().filter(|sample| !sample.body.is_empty()) {
        for _ in 0..200 {
            let mut body = sample.body.to_vec();
            for _ in 0..rng.random_range(1..6) {
                let at = rng.random_range(0..body.len());
                match rng.random_range(0..4) {
                    0 => body[at] = rng.random(),
                    1 => body[at] ^= 1 << rng.random_range(0..8),
                    2 => body.insert(at, body[at]),
                    _ if body.len() > 1 => drop(body.remove(at)),
                    _ => {}
                }
            }
            try_request(
                &channel,
                &WebhookRequest {
                    body: Bytes::from(body),
                    ..sample.clone()
                },
            )
            .await;
        }
    }
}

/// Samples in JSON in which one value at a time is odd, or missing.
pub async fn samples_with_odd_values_do_no_harm(fixture: ChannelFixture) {
    let channel = fixture.open();
    let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
    let odd = [
        json!(null),
        json!(true),
        json!(0),
        json!(-1),
        json!(1.5),
        json!(1e308),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(""),
        json!("\u{0}\u{1}"),
        json!("ж🦊\u{202e}".repeat(3_000)),
        json!([]),
        json!([null]),
        json!({}),
        deep,
    ];
    for sample in fixture.samples() {
        let Ok(body) = serde_json::from_slice::<Value>(&sample.body) else {
            continue;
        };
        let mut paths = Vec::new();
        collect_paths(&body, String::new(), &mut paths);
        for path in paths {
            let mut values = odd.to_vec();
            values.extend(body.pointer(&path).map(otherwise));
            for value in values {
                let mut body = body.clone();
                if let Some(place) = body.pointer_mut(&path) {
                    *place = value;
                }
                let body = Bytes::from(body.to_string());
                try_request(
                    &channel,
                    &WebhookRequest {
                        body,
                        ..sample.clone()
                    },
                )
                .await;
            }
        }
    }
}

/// A value much like another, but for one thing.
fn otherwise(value: &Value) -> Value {
    match value {
        Value::Object(_) => json!({}),
        Value::Array(items) => Value::Array([items.clone(), items.clone()].concat()),
        Value::String(text) => json!(format!("{text}0")),
        _ => json!("1"),
    }
}

/// Methods, queries and headers that no platform sends.
pub async fn odd_headers_do_no_harm(fixture: ChannelFixture) {
    let channel = fixture.open();
    let samples = fixture.samples().iter().cloned();
    for sample in samples.chain([WebhookRequest::post("{}"), WebhookRequest::post("")]) {
        for method in ["", "GET", "DELETE", "ж", "POST"] {
            try_request(
                &channel,
                &WebhookRequest {
                    method: method.to_owned(),
                    ..sample.clone()
                },
            )
            .await;
        }
        for query in [
            "",
            "&&&",
            "=",
            "%",
            "%zz=%",
            "a=b&a=c",
            "hub.challenge=1",
            &"x".repeat(100_000),
        ] {
            try_request(
                &channel,
                &WebhookRequest {
                    query: query.to_owned(),
                    ..sample.clone()
                },
            )
            .await;
        }
        for value in [
            "",
            "ж",
            "\0",
            "sha256=",
            "sha256=zz",
            "t=,v1=",
            "Bearer",
            "9".repeat(10_000).as_str(),
        ] {
            let mut odd = sample.clone();
            for (_, header) in &mut odd.headers {
                value.clone_into(header);
            }
            try_request(&channel, &odd).await;
            odd.headers.extend(sample.headers.clone());
            try_request(&channel, &odd).await;
        }
    }
}

/// Tries a body on its own and in the envelope of a sample.
async fn try_body(fixture: &ChannelFixture, channel: &Arc<dyn Channel>, body: Vec<u8>) {
    let body = Bytes::from(body);
    try_request(channel, &WebhookRequest::post(body.clone())).await;
    if let Some(sample) = fixture.samples.first() {
        try_request(
            channel,
            &WebhookRequest {
                body,
                ..sample.clone()
            },
        )
        .await;
    }
}

/// Whatever the answer is, there is one, and it is the same a second time.
async fn try_request(channel: &Arc<dyn Channel>, request: &WebhookRequest) {
    let _ = channel.accept(request).await;
    let events = channel.parse(request).await.ok();
    assert_eq!(channel.parse(request).await.ok(), events, "parsing is not pure");
}

fn collect_paths(value: &Value, path: String, paths: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for (key, inner) in object {
                let key = key.replace('~', "~0").replace('/', "~1");
                collect_paths(inner, format!("{path}/{key}"), paths);
            }
        }
        Value::Array(array) => {
            for (n, inner) in array.iter().enumerate() {
                collect_paths(inner, format!("{path}/{n}"), paths);
            }
        }
        _ => {}
    }
    paths.push(path);
}
