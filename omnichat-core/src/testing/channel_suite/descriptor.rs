//! What a kind says of itself, and what it makes of settings.

use serde_json::{Map, Value, json};

use super::fixture::ChannelFixture;

/// A kind has a stable name, a title, a sentence and instructions.
pub async fn a_kind_describes_itself(fixture: ChannelFixture) {
    let descriptor = fixture.kind.descriptor();
    let name = &descriptor.kind;
    assert!(!name.is_empty() && name.len() <= 40, "the name «{name}»");
    assert!(
        name.bytes()
            .all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-')),
        "the name «{name}»"
    );
    for (what, text) in [
        ("title", &descriptor.title),
        ("summary", &descriptor.summary),
        ("docs", &descriptor.docs),
    ] {
        assert!(!text.trim().is_empty(), "{name} has no {what}");
    }
}

/// The schema of the settings keeps to what a form can be drawn from.
pub async fn the_settings_can_be_drawn_as_a_form(fixture: ChannelFixture) {
    let schema = &fixture.kind.descriptor().config_schema;
    if let Err(fault) = drawable(schema) {
        panic!("{fault} in {schema:#}");
    }
}

/// The schema is a schema, the account's settings fit it, and so do its own defaults.
pub async fn valid_settings_fit_the_schema(fixture: ChannelFixture) {
    let schema = &fixture.kind.descriptor().config_schema;
    let validator = jsonschema::draft202012::new(schema).expect("the schema is one");
    if let Err(fault) = validator.validate(&fixture.config) {
        panic!("the settings do not fit the schema: {fault}");
    }
    fixture.open();
    for (name, property) in properties(schema) {
        if let Some(default) = property.get("default") {
            let validator = jsonschema::draft202012::new(property).expect("a property is a schema");
            assert!(
                validator.is_valid(default),
                "the default of {name} does not fit it"
            );
        }
    }
}

/// Settings that fit no schema are refused or taken, without a panic; a refusal is `Invalid`.
pub async fn odd_settings_do_no_harm(fixture: ChannelFixture) {
    let names: Vec<String> = properties(&fixture.kind.descriptor().config_schema)
        .map(|(n, _)| n.clone())
        .collect();
    let odd = [
        json!(null),
        json!(1),
        json!(""),
        json!([]),
        json!({}),
        json!({ "unknown": { "deep": [1, 2] } }),
    ];
    let mut configs = odd.to_vec();
    for name in &names {
        for value in odd.iter().chain(&[
            json!("\u{0}ж\n"),
            json!(-1e300),
            json!(u64::MAX),
            json!("x".repeat(100_000)),
        ]) {
            let mut config = fixture.config.clone();
            config[name] = value.clone();
            configs.push(config);
        }
    }
    for config in configs {
        if let Err(error) = fixture.kind.open(fixture.account(config.clone())) {
            assert_eq!(
                error.kind(),
                crate::error::ErrorKind::Invalid,
                "{error:?} for {config}"
            );
        }
    }
}

/// Several accounts of a kind may be open at once.
pub async fn accounts_are_opened_apart(fixture: ChannelFixture) {
    let (one, two) = (fixture.open(), fixture.open());
    assert_eq!(one.capabilities(), two.capabilities());
}

fn properties(schema: &Value) -> impl Iterator<Item = (&String, &Value)> {
    schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
}

/// Whether a form can be drawn from a schema: one object of plain fields. Says what is wrong if not.
///
/// A field is a string (with the format `uri`, `email` or `color`), an integer, a number, a boolean, a choice (`enum`, or
/// `oneOf` with `const` and `title`), or an array of strings.
pub fn drawable(schema: &Value) -> Result<(), String> {
    let known = [
        "$schema",
        "$id",
        "type",
        "title",
        "description",
        "properties",
        "required",
        "additionalProperties",
    ];
    let object = schema.as_object().ok_or("the schema is no object")?;
    only_known(object, &known, "the settings")?;
    if schema["type"] != "object" {
        return Err("the settings are no object".to_owned());
    }
    let properties = schema["properties"]
        .as_object()
        .ok_or("there are no properties")?;
    for name in schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        if !name.as_str().is_some_and(|name| properties.contains_key(name)) {
            return Err(format!("{name} is required and not described"));
        }
    }
    properties
        .iter()
        .try_for_each(|(name, property)| field(name, property))
}

fn field(name: &str, property: &Value) -> Result<(), String> {
    let object = property.as_object().ok_or(format!("{name} is no object"))?;
    if property["title"]
        .as_str()
        .is_none_or(|title| title.trim().is_empty())
    {
        return Err(format!("{name} has no title"));
    }
    hints(name, object)?;
    let common = [
        "title",
        "description",
        "default",
        "examples",
        "deprecated",
        "readOnly",
    ];
    let own: &[&str] = match (
        property.get("oneOf"),
        property.get("enum"),
        property["type"].as_str(),
    ) {
        (Some(choices), None, None | Some("string")) => {
            choices_of(name, choices)?;
            &["oneOf", "type"]
        }
        (None, Some(choices), None | Some("string")) => {
            let all_text = choices
                .as_array()
                .is_some_and(|c| !c.is_empty() && c.iter().all(Value::is_string));
            if !all_text {
                return Err(format!("the choices of {name} are no texts"));
            }
            &["enum", "type"]
        }
        (None, None, Some("string")) => {
            if property
                .get("format")
                .is_some_and(|f| f != "uri" && f != "email" && f != "color")
            {
                return Err(format!("the format of {name} is unknown: {}", property["format"]));
            }
            &["type", "format", "minLength", "maxLength", "pattern"]
        }
        (None, None, Some("integer" | "number")) => &[
            "type",
            "format",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
        ],
        (None, None, Some("boolean")) => &["type"],
        (None, None, Some("array")) => {
            if property["items"]["type"] != "string" {
                return Err(format!("{name} is a list of something else than texts"));
            }
            &["type", "items", "minItems", "maxItems", "uniqueItems"]
        }
        _ => return Err(format!("{name} is of a kind that cannot be drawn")),
    };
    only_known(object, &[&common[..], own].concat(), name)
}

fn choices_of(name: &str, choices: &Value) -> Result<(), String> {
    let choices = choices
        .as_array()
        .filter(|c| !c.is_empty())
        .ok_or(format!("{name} has no choices"))?;
    for choice in choices {
        if choice.get("const").is_none() || !choice["title"].is_string() {
            return Err(format!("a choice of {name} has no const or no title: {choice}"));
        }
    }
    Ok(())
}

fn hints(name: &str, property: &Map<String, Value>) -> Result<(), String> {
    for (hint, value) in property.iter().filter(|(key, _)| key.starts_with("x-")) {
        let fits = match hint.as_str() {
            "x-secret" => value.is_boolean() && property.get("type").is_some_and(|t| t == "string"),
            "x-order" => value.is_i64(),
            "x-group" | "x-widget" | "x-help-url" | "x-placeholder" => value.is_string(),
            "x-i18n" => value.as_object().is_some_and(|languages| {
                let texts = |texts: &Value| {
                    texts
                        .as_object()
                        .is_some_and(|t| t.values().all(Value::is_string))
                };
                languages.values().all(texts)
            }),
            _ => false,
        };
        if !fits {
            return Err(format!(
                "the hint {hint} of {name} is unknown or of the wrong kind"
            ));
        }
    }
    Ok(())
}

fn only_known(object: &Map<String, Value>, known: &[&str], what: &str) -> Result<(), String> {
    match object
        .keys()
        .find(|key| !key.starts_with("x-") && !known.contains(&key.as_str()))
    {
        Some(key) => Err(format!("{what} has «{key}», from which nothing can be drawn")),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_fields_can_be_drawn_and_nested_ones_cannot() {
        let with = |field: Value| drawable(&json!({ "type": "object", "properties": { "field": field } }));
        for good in [
            json!({ "type": "string", "title": "T", "x-secret": true, "format": "uri", "x-order": 1 }),
            json!({ "type": "integer", "title": "T", "format": "uint32", "minimum": 0 }),
            json!({ "type": "boolean", "title": "T", "default": true, "x-i18n": { "ru": { "title": "Т" } } }),
            json!({ "title": "T", "oneOf": [{ "const": "a", "title": "A" }] }),
            json!({ "type": "string", "title": "T", "enum": ["a", "b"] }),
            json!({ "type": "array", "title": "T", "items": { "type": "string" } }),
        ] {
            with(good).unwrap();
        }
        for bad in [
            json!({ "type": "string" }),
            json!({ "type": "object", "title": "T", "properties": {} }),
            json!({ "$ref": "#/$defs/Other", "title": "T" }),
            json!({ "type": ["string", "null"], "title": "T" }),
            json!({ "anyOf": [{ "type": "string" }, { "type": "null" }], "title": "T" }),
            json!({ "type": "array", "title": "T", "items": { "type": "object" } }),
            json!({ "type": "boolean", "title": "T", "x-secret": true }),
            json!({ "type": "string", "title": "T", "format": "date-time" }),
            json!({ "title": "T", "oneOf": [{ "const": "a" }] }),
            json!({ "type": "string", "title": "T", "x-surprise": 1 }),
        ] {
            with(bad.clone()).expect_err(&bad.to_string());
        }
        drawable(&json!({ "type": "object", "properties": {}, "required": ["missing"] })).unwrap_err();
        drawable(&json!({ "type": "array" })).unwrap_err();
    }
}
