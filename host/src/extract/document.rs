//! JSON as requests are read: nothing stands in an object twice, and a whole number is one however it is written.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// What the error about a name that comes again begins with.
pub(super) const REPEATED: &str = "stands there twice: ";

/// A JSON value of a request.
pub(super) struct Document(pub(super) Value);

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue).map(Self)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(whole(value).map_or_else(|| value.into(), Into::into))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(Document(item)) = access.next_element()? {
            items.push(item);
        }
        Ok(items.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut fields = Map::new();
        while let Some(name) = access.next_key::<String>()? {
            if fields.contains_key(&name) {
                return Err(A::Error::custom(format_args!("{REPEATED}{name}")));
            }
            let Document(value) = access.next_value()?;
            fields.insert(name, value);
        }
        Ok(fields.into())
    }
}

/// `5.0` and `5e0` are the whole number 5 to a schema, so they are to whoever reads one.
fn whole(value: f64) -> Option<i64> {
    // The bounds of `i64` as the floats next to them.
    const BOUNDS: std::ops::Range<f64> = -9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0;
    if value.fract() != 0.0 || !BOUNDS.contains(&value) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "it is whole and within the bounds"
    )]
    Some(value as i64)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Result<Value, String> {
        let read: Result<Document, _> = serde_json::from_str(text);
        read.map(|document| document.0).map_err(|e| e.to_string())
    }

    #[test]
    fn what_is_no_number_stays_as_it_is() {
        let text = r#"{ "a": [null, true, "x", {}, []], "b": { "c": -7, "d": 18446744073709551615 } }"#;
        assert_eq!(read(text).unwrap(), serde_json::from_str::<Value>(text).unwrap());
    }

    #[test]
    fn a_whole_number_is_one_however_it_is_written() {
        assert_eq!(
            read("[5.0, 5e2, -0.0, -3.0]").unwrap().to_string(),
            "[5,500,0,-3]"
        );
        assert_eq!(read("[0.5, 1e300]").unwrap(), json!([0.5, 1e300]));
        for beyond in ["9223372036854775808.0", "-9223372036854777856.0"] {
            assert!(read(beyond).unwrap().is_f64(), "{beyond}");
        }
        assert_eq!(
            read("-9223372036854775808.0").unwrap(),
            json!(-9_223_372_036_854_775_808_i64)
        );
    }

    #[test]
    fn nothing_stands_there_twice() {
        for text in [r#"{"a":1,"a":1}"#, r#"[{"b":{"a":1,"c":2,"a":"x"}}]"#] {
            let error = read(text).unwrap_err();
            assert!(error.starts_with("stands there twice: a"), "{error}");
        }
        assert!(read(r#"[{"a":1},{"a":1}]"#).is_ok());
    }
}
