//! Settings: from a Rust struct to the form that an administrator fills in, and back.
//!
//! Hints for the form stand in `#[schemars(extend(…))]`: `"x-secret" = true` keeps a value encrypted and out of the plugin's
//! sight, `"x-order"` and `"x-group"` place it, `"x-help-url"` links help, `"x-i18n" = ru(…)` translates it.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::types::{ConfigIssue, PluginError, Result};

/// The JSON Schema (2020-12) of a settings struct, without references, as the settings form wants it.
pub fn form<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| settings.inline_subschemas = true);
    let mut schema = settings.into_generator().into_root_schema_for::<T>();
    RecursiveTransform(|schema: &mut schemars::Schema| {
        // Sizes of Rust's integers mean nothing to a form; their limits stand in `minimum` and `maximum`.
        let of_rust = |format: &Value| {
            format
                .as_str()
                .is_some_and(|format| format.starts_with("uint") || format.starts_with("int"))
        };
        if schema.get("format").is_some_and(of_rust) {
            schema.remove("format");
        }
    })
    .transform(&mut schema);
    schema.remove("title");
    schema.to_value()
}

/// Reads settings.
///
/// # Errors
/// The wrong field. What was given is not repeated.
pub fn read<T: DeserializeOwned>(config: &str) -> Result<T, ConfigIssue> {
    let config = if matches!(config.trim(), "" | "null") {
        "{}"
    } else {
        config
    };
    let unfit = || ConfigIssue::new("", "format", "the settings do not fit the form");
    let config: Value = serde_json::from_str(config).map_err(|_| unfit())?;
    T::deserialize(&config).map_err(|error| {
        let text = error.to_string();
        let missing = text
            .strip_prefix("missing field `")
            .and_then(|rest| rest.split('`').next());
        match missing {
            Some(field) => ConfigIssue::new(field, "required", "this is required"),
            None => unfit(),
        }
    })
}

/// Reads the settings of the account that the call is for.
pub(crate) fn current<T: DeserializeOwned>() -> Result<T> {
    read(&crate::host::env::config()).map_err(|issue| {
        let message = match issue.field.as_str() {
            "" => issue.message,
            field => format!("{field}: {}", issue.message),
        };
        PluginError::invalid(message).not_sent()
    })
}

/// The Russian texts of a field, for `x-i18n`; without a description if it is empty.
pub fn ru(title: &str, description: &str) -> Value {
    if description.is_empty() {
        return json!({ "ru": { "title": title } });
    }
    json!({ "ru": { "title": title, "description": description } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize, JsonSchema)]
    struct Sample {
        /// From the cabinet.
        #[schemars(title = "Token", extend("x-secret" = true))]
        #[allow(dead_code, reason = "only whether it can be read counts")]
        token: String,
        #[serde(default)]
        #[allow(dead_code, reason = "only its schema counts")]
        size: u32,
    }

    #[test]
    fn a_struct_becomes_a_form() {
        let form = form::<Sample>();
        assert_eq!(form["properties"]["token"]["x-secret"], true);
        assert_eq!(form["properties"]["token"]["description"], "From the cabinet.");
        assert_eq!(form["required"], json!(["token"]));
        assert_eq!(form["properties"]["size"].get("format"), None);
    }

    #[test]
    fn an_error_names_the_field_and_never_the_value() {
        assert_eq!(read::<Sample>("").unwrap_err().field, "token");
        let wrong = read::<Sample>(r#"{"token":12345}"#).unwrap_err();
        assert!(!format!("{wrong:?}").contains("12345"));
    }
}
