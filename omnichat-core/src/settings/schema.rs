//! Settings against a schema.

use serde_json::{Map, Value};

use crate::error::{Error, Result};

/// Names of the settings that are secrets, by the schema's `x-secret`.
pub fn secret_names(schema: &Value) -> Vec<&str> {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties
        .into_iter()
        .flatten()
        .filter(|(_, property)| property.get("x-secret").and_then(Value::as_bool) == Some(true))
        .map(|(name, _)| name.as_str())
        .collect()
}

/// Puts the stored secrets in place of `{"set": true}`, so that a form may be sent back without knowing them.
pub(super) fn keep_secrets(schema: &Value, config: &mut Value, stored: &Value) {
    let Some(config) = config.as_object_mut() else {
        return;
    };
    for name in secret_names(schema) {
        let untouched = config
            .get(name)
            .and_then(|value| value.get("set"))
            .and_then(Value::as_bool)
            == Some(true);
        if untouched {
            match stored.get(name) {
                Some(secret) => config.insert(name.to_owned(), secret.clone()),
                None => config.remove(name),
            };
        }
    }
}

/// Checks settings against a schema. `Invalid` with every wrong field.
pub(crate) fn check(schema: &Value, config: &Value) -> Result<()> {
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(schema)
        .map_err(|e| Error::internal("a schema of settings is wrong").with("schema", e))?;
    let mut errors = validator.iter_errors(config).peekable();
    if errors.peek().is_none() {
        return Ok(());
    }
    let mut wrong = Error::invalid("some settings are wrong");
    for error in errors {
        let path = error.instance_path().to_string();
        let mut field = path.trim_start_matches('/').replace('/', ".");
        let keyword = error.kind().keyword().to_owned();
        let message = error.masked().to_string();
        if let jsonschema::error::ValidationErrorKind::Required { property } = error.kind() {
            field = property.as_str().unwrap_or_default().to_owned();
        }
        let field = if field.is_empty() {
            "config".to_owned()
        } else {
            format!("config.{field}")
        };
        wrong = wrong.with_field(&field, &keyword, message);
    }
    Err(wrong)
}

/// Splits whole settings into the public and the secret part.
pub(super) fn split(schema: &Value, config: Value) -> (Value, Map<String, Value>) {
    let Value::Object(mut public) = config else {
        return (config, Map::new());
    };
    let mut secrets = Map::new();
    for name in secret_names(schema) {
        match public.remove(name) {
            Some(Value::Null) | None => {}
            Some(Value::String(text)) if text.is_empty() => {}
            Some(secret) => {
                secrets.insert(name.to_owned(), secret);
            }
        }
    }
    (Value::Object(public), secrets)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn schema() -> Value {
        json!({
            "type": "object",
            "required": ["token"],
            "properties": {
                "token": { "type": "string", "minLength": 3, "x-secret": true },
                "greeting": { "type": "string" }
            }
        })
    }

    #[test]
    fn secrets_are_split_off_and_kept_when_untouched() {
        let (public, secrets) = split(&schema(), json!({ "token": "abc", "greeting": "hi" }));
        assert_eq!(public, json!({ "greeting": "hi" }));
        assert_eq!(secrets["token"], json!("abc"));
        let mut again = json!({ "token": { "set": true }, "greeting": "hello" });
        keep_secrets(&schema(), &mut again, &json!({ "token": "abc" }));
        assert_eq!(again["token"], json!("abc"));
    }

    #[test]
    fn every_wrong_field_is_named_without_its_value() {
        let error = check(&schema(), &json!({ "token": "x", "greeting": 7 })).unwrap_err();
        let fields: Vec<&str> = error.fields().iter().map(|f| f.field.as_str()).collect();
        assert!(
            fields.contains(&"config.token") && fields.contains(&"config.greeting"),
            "{fields:?}"
        );
        assert!(error.fields().iter().all(|f| !f.message.contains("\"x\"")));
        let missing = check(&schema(), &json!({})).unwrap_err();
        assert_eq!(missing.fields()[0].field, "config.token");
    }
}
