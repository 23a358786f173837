//! JSON as platforms write it: now plain UTF-8, now with `\uXXXX` for everything beyond ASCII.

use std::fmt::Write;

use serde_json::Value;

/// The text of a value with every character beyond ASCII escaped, characters beyond the first plane as two surrogates.
/// It means the same and has other bytes: who signs or verifies a re-written body is found out.
pub(crate) fn escaped(value: &Value) -> String {
    let mut text = String::new();
    // Outside of strings JSON is ASCII, so whatever is not stands in a string, where an escape may stand too.
    for letter in value.to_string().chars() {
        if letter.is_ascii() {
            text.push(letter);
            continue;
        }
        for unit in letter.encode_utf16(&mut [0; 2]) {
            // Writing into a String cannot fail.
            let _ = write!(text, "\\u{unit:04x}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_escaped_means_the_same() {
        let value = json!({"имя": "Ира 🙂 \"x\"", "n": 4_912_661_846_655_238_145_u64});
        let text = escaped(&value);
        assert!(text.is_ascii());
        assert!(text.contains("\\ud83d\\ude42"), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).expect("JSON"), value);
    }
}
