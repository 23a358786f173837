//! How requests and bodies stand in cassettes: readable where they can be, exact where they must be.
//!
//! Bytes are a text; or `{"json": …}`, a document written without spaces; or `{"base64": "…"}`. A body is one of these, or
//! `{"blob": "ID"}`, or `{"form": [PART, …]}`, or null.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value, json};

use crate::types::{Body, Content, Part};

/// The form of bytes that a reader likes best.
pub fn shown(bytes: &[u8]) -> Value {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return json!({ "base64": STANDARD.encode(bytes) });
    };
    match serde_json::from_str::<Value>(text) {
        // Only where nothing is lost: a signature is made over the very bytes.
        Ok(document @ (Value::Object(_) | Value::Array(_))) if document.to_string().as_bytes() == bytes => {
            json!({ "json": document })
        }
        _ => text.into(),
    }
}

/// The bytes that a form stands for.
///
/// # Errors
/// If it is none.
pub fn meant(form: &Value) -> Result<Vec<u8>, String> {
    match form {
        Value::Null => Ok(Vec::new()),
        Value::String(text) => Ok(text.clone().into_bytes()),
        Value::Object(fields) if fields.len() == 1 => match fields.iter().next() {
            Some((key, document)) if key == "json" => Ok(document.to_string().into_bytes()),
            Some((key, Value::String(text))) if key == "base64" => {
                STANDARD.decode(text).map_err(|error| error.to_string())
            }
            _ => Err("bytes are a text, {\"json\": …} or {\"base64\": …}".to_owned()),
        },
        _ => Err("bytes are a text, {\"json\": …} or {\"base64\": …}".to_owned()),
    }
}

/// For fields of bytes.
pub(crate) mod bytes {
    use super::{Deserialize, Deserializer, Serialize, Serializer, Value};
    use serde::de::Error as _;

    pub(crate) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        super::shown(bytes).serialize(to)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        super::meant(&Value::deserialize(from)?).map_err(D::Error::custom)
    }
}

fn content_shown(content: &Content) -> Value {
    match content {
        Content::Bytes(bytes) => shown(bytes),
        Content::Blob(id) => json!({ "blob": id }),
    }
}

fn content_meant(form: &Value) -> Result<Content, String> {
    match form.get("blob").and_then(Value::as_str) {
        Some(id) => Ok(Content::Blob(id.to_owned())),
        None => meant(form).map(Content::Bytes),
    }
}

impl Serialize for Content {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        content_shown(self).serialize(to)
    }
}

impl<'de> Deserialize<'de> for Content {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        content_meant(&Value::deserialize(from)?).map_err(D::Error::custom)
    }
}

impl Serialize for Body {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::None => Value::Null.serialize(to),
            Self::Whole(content) => content.serialize(to),
            Self::Form(parts) => json!({ "form": parts }).serialize(to),
        }
    }
}

impl<'de> Deserialize<'de> for Body {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let form = Value::deserialize(from)?;
        if form.is_null() {
            return Ok(Self::None);
        }
        match form.get("form") {
            Some(parts) => Vec::<Part>::deserialize(parts)
                .map(Self::Form)
                .map_err(D::Error::custom),
            None => content_meant(&form).map(Self::Whole).map_err(D::Error::custom),
        }
    }
}

/// The same without nulls and without empty texts, lists and objects and `false`: what is absent and what is empty count as equal.
pub(crate) fn pruned(value: Value) -> Value {
    let is_empty = |value: &Value| match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    };
    match value {
        Value::Array(items) => items.into_iter().map(pruned).collect(),
        // A document of others is kept as it is: there an empty text may mean something.
        Value::Object(fields) if fields.len() == 1 && fields.contains_key("json") => Value::Object(fields),
        Value::Object(fields) => {
            let fields = fields.into_iter().map(|(name, value)| (name, pruned(value)));
            fields.filter(|(_, value)| !is_empty(value)).collect()
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_keep_their_value_in_every_form() {
        for bytes in [&b"plain"[..], br#"{"a":1}"#, br#"{ "a": 1 }"#, &[0xff, 0], b""] {
            assert_eq!(meant(&shown(bytes)).unwrap(), bytes);
        }
        assert_eq!(shown(br#"{"a":1}"#), json!({ "json": { "a": 1 } }));
        assert!(meant(&json!(1)).is_err());
    }

    #[test]
    fn a_body_keeps_its_value() {
        let form = Body::Form(vec![Part::blob("data", "blob-1", "a.png", "image/png")]);
        for body in [Body::None, Body::Whole(Content::Blob("b".to_owned())), form] {
            let value = serde_json::to_value(&body).unwrap();
            assert_eq!(serde_json::from_value::<Body>(value).unwrap(), body);
        }
    }

    #[test]
    fn what_is_empty_counts_as_absent() {
        let long = json!({ "a": null, "b": [], "c": "", "d": { "e": {} }, "f": 0, "g": [{ "h": false, "i": true }] });
        assert_eq!(pruned(long), json!({ "f": 0, "g": [{ "i": true }] }));
        let body = json!({ "body": { "json": { "url": "" } } });
        assert_eq!(pruned(body.clone()), body);
    }
}
