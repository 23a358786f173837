//! What nobody should send and somebody will.

use omnichat_plugin_sdk::cassette::random;
use serde_json::{Value, json};

/// Bytes of a long text.
const LONG: usize = 1 << 20;

/// Bodies that are wrong in every way that came to mind, the same ones each time. The samples are good bodies.
pub(super) fn bodies(samples: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut bodies: Vec<Vec<u8>> = vec![
        Vec::new(),
        b" ".to_vec(),
        b"null".to_vec(),
        b"[]".to_vec(),
        b"{}".to_vec(),
        b"0".to_vec(),
    ];
    bodies.push(noise(1, 64));
    bodies.push(noise(2, 4_096));
    bodies.push(noise(3, 65_536));
    bodies.push(vec![0; 1_000]);
    bodies.push(vec![0xff; 1_000]);
    bodies.push("[".repeat(200_000).into_bytes());
    bodies.push("{\"a\":".repeat(50_000).into_bytes());
    bodies.push(json!("x".repeat(LONG)).to_string().into_bytes());
    bodies.push(
        json!({ "text": "\u{1F600}".repeat(LONG / 4) })
            .to_string()
            .into_bytes(),
    );
    bodies.push(b"{\"a\":1e999,\"b\":-0,\"c\":123456789012345678901234567890}".to_vec());
    bodies.push(b"a=1&a=2&%zz=%ff&=".to_vec());
    for sample in samples {
        bodies.extend(broken(sample));
        if let Ok(document) = serde_json::from_slice::<Value>(sample) {
            bodies.extend(
                twisted(&document)
                    .iter()
                    .map(|twisted| twisted.to_string().into_bytes()),
            );
        }
    }
    bodies
}

/// Values in place of an object.
pub(super) fn documents() -> Vec<Value> {
    let mut documents = vec![
        json!(null),
        json!([]),
        json!(17),
        json!("text"),
        json!({}),
        json!({ "": null }),
    ];
    documents.push(json!({ "x": "y".repeat(LONG / 4) }));
    documents.push((0..100).fold(json!(null), |inner, _| json!([inner])));
    documents
}

/// Texts that people and programs write.
pub(super) fn texts() -> Vec<String> {
    let texts = [
        "",
        " ",
        "\u{0}",
        "\u{feff}",
        "\u{202e}abc",
        "{{secret:token}}",
        "<script>",
        "';--",
        "\u{1F468}\u{200d}\u{1F469}",
    ];
    let mut texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
    texts.push("\u{1F600}".repeat(LONG / 8));
    texts.push("(((a+)+)+)+$".repeat(1_000));
    texts.push("9".repeat(10_000));
    texts
}

/// A number of bytes without a pattern.
fn noise(seed: u64, length: usize) -> Vec<u8> {
    let from = seed << 32;
    (from..).take(length).map(random).collect()
}

/// Cut, with a bit turned over, with bytes that are no UTF-8.
fn broken(sample: &[u8]) -> Vec<Vec<u8>> {
    let mut broken = Vec::new();
    for part in 1..8 {
        let at = sample.len() * part / 8;
        broken.push(sample[..at].to_vec());
        let mut flipped = sample.to_vec();
        if let Some(byte) = flipped.get_mut(at) {
            *byte ^= 1 << part;
        }
        broken.push(flipped);
        let mut foreign = sample.to_vec();
        foreign.splice(at..at, [0xc3, 0x28, 0xff]);
        broken.push(foreign);
    }
    broken.push([sample, sample].concat());
    broken
}

/// A document with each of its values in turn taken away or replaced by one of another type.
fn twisted(document: &Value) -> Vec<Value> {
    let mut places = Vec::new();
    collect(document, String::new(), &mut places);
    let mut twisted = Vec::new();
    // Long lists have many places; the first ones are as good as any.
    for place in places.iter().take(60) {
        let others = [
            json!(null),
            json!(-1),
            json!(u64::MAX),
            json!("\u{0}"),
            json!([]),
            json!({}),
            json!("x".repeat(70_000)),
        ];
        for other in others {
            let mut changed = document.clone();
            if let Some(value) = changed.pointer_mut(place) {
                *value = other;
            }
            twisted.push(changed);
        }
    }
    twisted
}

fn collect(value: &Value, place: String, places: &mut Vec<String>) {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| (name.replace('~', "~0").replace('/', "~1"), value))
            .collect(),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .map(|(at, value)| (at.to_string(), value))
            .collect(),
        _ => Vec::new(),
    };
    for (name, value) in inner {
        let below = format!("{place}/{name}");
        places.push(below.clone());
        collect(value, below, places);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_of_a_sample_is_replaced_in_turn() {
        let sample = br#"{"a":{"b/c":[1]},"d":"x"}"#;
        let bodies = bodies(&[sample.to_vec()]);
        for expected in [
            r#"{"a":null,"d":"x"}"#,
            r#"{"a":{"b/c":[-1]},"d":"x"}"#,
            r#"{"a":{"b/c":[1]},"d":[]}"#,
        ] {
            assert!(
                bodies.iter().any(|body| body == expected.as_bytes()),
                "{expected}"
            );
        }
        assert!(bodies.iter().any(|body| body == &sample[..sample.len() / 2]));
        assert!(bodies.iter().any(|body| std::str::from_utf8(body).is_err()));
        assert_eq!(noise(1, 64), noise(1, 64));
    }
}
