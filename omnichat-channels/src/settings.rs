//! The settings of an account: from a Rust struct to the form that an administrator fills in, and back.

use omnichat_core::error::{Error, Result};
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// The JSON Schema (2020-12) of a settings struct, without references, as the settings form wants it.
pub(crate) fn form<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    RecursiveTransform(|schema: &mut schemars::Schema| {
        // Sizes of Rust's integers mean nothing to a form; their limits stand in `minimum` and `maximum`.
        let of_rust = |format: &Value| {
            format
                .as_str()
                .is_some_and(|f| f.starts_with("uint") || f.starts_with("int"))
        };
        if schema.get("format").is_some_and(of_rust) {
            schema.remove("format");
        }
    })
    .transform(&mut schema);
    schema.remove("title");
    schema.to_value()
}

/// Reads settings that the form's schema let through.
///
/// # Errors
/// `Invalid`. What was given is not repeated, since it may hold secrets.
pub(crate) fn read<T: DeserializeOwned>(config: Value) -> Result<T> {
    let config = if config.is_null() {
        Value::Object(Map::new())
    } else {
        config
    };
    serde_json::from_value(config).map_err(|error| {
        let text = error.to_string();
        let field = text
            .strip_prefix("missing field `")
            .and_then(|rest| rest.split('`').next());
        match field {
            Some(field) => Error::invalid_field(&format!("config.{field}"), "required", "this is required"),
            None => Error::invalid_field("config", "format", "the settings do not fit the form"),
        }
    })
}

/// The Russian texts of a field, for `x-i18n`; without a description if it is empty.
pub(crate) fn ru(title: &str, description: &str) -> Value {
    if description.is_empty() {
        return json!({ "ru": { "title": title } });
    }
    json!({ "ru": { "title": title, "description": description } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    struct Sample {
        #[allow(dead_code, reason = "only whether it can be read counts")]
        token: String,
    }

    #[test]
    fn an_error_names_the_field_and_never_the_value() {
        let missing = read::<Sample>(json!({})).unwrap_err();
        assert_eq!(missing.fields()[0].field, "config.token");
        let wrong = read::<Sample>(json!({ "token": 12345 })).unwrap_err();
        assert!(!format!("{wrong:?}").contains("12345"));
    }
}
