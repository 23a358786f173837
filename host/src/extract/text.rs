//! U+0000 is in no text of a person, and databases cannot keep it: it is removed from what comes in.

use serde_json::Value;

/// Whether the bytes of a JSON document may hold an escaped U+0000.
pub(super) fn may_have_nul(json: &[u8]) -> bool {
    json.windows(6).any(|w| w == br"\u0000")
}

/// Removes U+0000 from every text of a document.
pub(super) fn without_nul(value: Value) -> Value {
    match value {
        Value::String(text) => Value::String(text.replace('\0', "")),
        Value::Array(items) => Value::Array(items.into_iter().map(without_nul).collect()),
        Value::Object(fields) => Value::Object(
            fields
                .into_iter()
                .map(|(key, value)| (key.replace('\0', ""), without_nul(value)))
                .collect(),
        ),
        other => other,
    }
}
