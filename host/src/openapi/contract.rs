//! Requests are held against the document: what it does not allow is refused with the name of the field. So the document is
//! true by construction, a new route is strict without a word of its own, and a limit is written once.

use std::collections::{HashMap, HashSet};
use std::sync::{LazyLock, OnceLock};

use axum::http::Method;
use jsonschema::Validator;
use omnichat_core::error::{Error, Result};
use serde_json::{Value, json};

use super::faults::{Faults, Schemas, nearest};
use super::query::pairs;

static CONTRACT: LazyLock<Contract> = LazyLock::new(|| Contract::of(super::document()));

/// Holds a body against the schema of this name.
///
/// # Errors
/// `Invalid` with every wrong field; `Internal` for a name that is not in the document.
pub fn check_body(schema: &str, body: &Value) -> Result<()> {
    CONTRACT.body(schema, body)
}

/// Holds what follows the question mark against an operation's parameters. `path` is the route with its braces. What is not in
/// the document takes anything.
///
/// # Errors
/// `Invalid` with the parameter that is unknown, repeated, missing or wrong; `Malformed` for broken percent-encoding.
pub fn check_query(path: &str, method: &Method, query: &str) -> Result<()> {
    CONTRACT.query(path, method, query)
}

/// Whether what is at a path has entity tags, which a change may name.
pub fn has_entity_tags(path: &str) -> bool {
    CONTRACT.tagged.contains(path)
}

/// Of a body with more parts than this the first fault alone is told: whoever makes up a hundred thousand would have the host
/// write about each.
const PARTS: usize = 5_000;

struct Contract {
    /// What references of schemas lead into: the document's components, under their name.
    root: Value,
    bodies: HashMap<String, OnceLock<Validator>>,
    queries: HashMap<String, Vec<(Method, Vec<Parameter>)>>,
    /// Paths of entities.
    tagged: HashSet<String>,
}

struct Parameter {
    name: String,
    required: bool,
    schema: Value,
    kind: Kind,
    validator: OnceLock<Validator>,
}

/// What a parameter's text stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Text,
    Integer,
    Boolean,
    /// With commas between.
    List,
}

impl Contract {
    fn of(document: &Value) -> Self {
        let mut components = document["components"].clone();
        for (_, schema) in components["schemas"].as_object_mut().into_iter().flatten() {
            // Whoever reads it says what is wrong in it.
            if schema["x-own-errors"] == true {
                *schema = json!({ "type": "object" });
            }
        }
        let names = components["schemas"].as_object().into_iter().flatten();
        let bodies = names.map(|(name, _)| (name.clone(), OnceLock::new())).collect();
        let mut queries: HashMap<String, Vec<(Method, Vec<Parameter>)>> = HashMap::new();
        let mut tagged = HashSet::new();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            for (method, operation) in item.as_object().into_iter().flatten() {
                if operation["x-entity"] == true {
                    tagged.insert(path.clone());
                }
                let Ok(method) = Method::from_bytes(method.to_uppercase().as_bytes()) else {
                    continue;
                };
                // Platforms ask as they please, and their channel looks at what they say; caches and monitors add to an address
                // what keeps an answer fresh.
                if operation["x-any-query"] == true {
                    continue;
                }
                let parameters = operation["parameters"].as_array().into_iter().flatten();
                let wanted = parameters
                    .filter(|parameter| parameter["in"] == "query")
                    .map(|parameter| Parameter::of(parameter, &components));
                queries
                    .entry(path.clone())
                    .or_default()
                    .push((method, wanted.collect()));
            }
        }
        Self {
            root: json!({ "components": components }),
            bodies,
            queries,
            tagged,
        }
    }

    fn body(&self, schema: &str, body: &Value) -> Result<()> {
        let slot = self.bodies.get(schema).ok_or_else(|| {
            Error::internal("the document does not have the schema of this body").with("schema", schema)
        })?;
        let reference = json!({ "$ref": format!("#/components/schemas/{schema}") });
        let validator = self.compiled(slot, &reference)?;
        if validator.is_valid(body) {
            return Ok(());
        }
        let schemas = Schemas {
            root: &self.root,
            own: &reference,
        };
        let faults = if has_more_parts(body, &mut { PARTS }) {
            Faults::of(validator.validate(body).err(), schemas, "body")
        } else {
            Faults::of(validator.iter_errors(body), schemas, "body")
        };
        faults.into_result()
    }

    fn query(&self, path: &str, method: &Method, query: &str) -> Result<()> {
        let method = if method == Method::HEAD {
            &Method::GET
        } else {
            method
        };
        let operations = self.queries.get(path).into_iter().flatten();
        let Some((_, parameters)) = operations.into_iter().find(|(of, _)| of == method) else {
            return Ok(());
        };
        let pairs = pairs(query)?;
        let mut faults = Faults::default();
        for (at, (name, value)) in pairs.iter().enumerate() {
            if faults.are_enough() {
                break;
            }
            let Some(parameter) = parameters.iter().find(|parameter| parameter.name == *name) else {
                let known: Vec<&str> = parameters.iter().map(|p| p.name.as_str()).collect();
                faults.add(name, "unexpected", nearest(name, &known, "parameter"));
                continue;
            };
            if pairs[..at].iter().any(|(before, _)| before == name) {
                faults.add(
                    name,
                    "repeated",
                    "this parameter is given more than once".to_owned(),
                );
                continue;
            }
            let value = parameter.value(value);
            let validator = self.compiled(&parameter.validator, &parameter.schema)?;
            if !validator.is_valid(&value) {
                let schemas = Schemas {
                    root: &self.root,
                    own: &parameter.schema,
                };
                let errors = validator.validate(&value).err();
                faults.join(Faults::of(errors, schemas, name), name);
            }
        }
        for parameter in parameters.iter().filter(|parameter| parameter.required) {
            if !pairs.iter().any(|(name, _)| *name == parameter.name) {
                faults.add(
                    &parameter.name,
                    "required",
                    "this parameter is missing".to_owned(),
                );
            }
        }
        faults.into_result()
    }

    fn compiled<'a>(&self, slot: &'a OnceLock<Validator>, schema: &Value) -> Result<&'a Validator> {
        if let Some(validator) = slot.get() {
            return Ok(validator);
        }
        let mut whole = schema.clone();
        whole["components"] = self.root["components"].clone();
        let validator = jsonschema::options()
            .should_validate_formats(true)
            .build(&whole)
            .map_err(|e| Error::internal("a schema of the document is wrong").with("schema", e))?;
        Ok(slot.get_or_init(|| validator))
    }
}

/// Whether a value has more parts than are left.
fn has_more_parts(value: &Value, left: &mut usize) -> bool {
    if *left == 0 {
        return true;
    }
    *left -= 1;
    match value {
        Value::Array(items) => items.iter().any(|item| has_more_parts(item, left)),
        Value::Object(fields) => fields.values().any(|field| has_more_parts(field, left)),
        _ => false,
    }
}

impl Parameter {
    fn of(parameter: &Value, components: &Value) -> Self {
        let schema = parameter["schema"].clone();
        let target = schema["$ref"]
            .as_str()
            .and_then(|reference| components.pointer(reference.strip_prefix("#/components")?))
            .unwrap_or(&schema);
        let kind = match target["type"].as_str() {
            Some("integer") => Kind::Integer,
            Some("boolean") => Kind::Boolean,
            Some("array") => Kind::List,
            _ => Kind::Text,
        };
        Self {
            name: parameter["name"].as_str().unwrap_or_default().to_owned(),
            required: parameter["required"] == true,
            schema,
            kind,
            validator: OnceLock::new(),
        }
    }

    /// The text as what it stands for; as it is if it stands for nothing of the kind, so that the schema refuses it.
    fn value(&self, text: &str) -> Value {
        let whole = |text: &str| {
            let digits = text.strip_prefix('-').unwrap_or(text);
            let number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
            number.then(|| serde_json::from_str(text).ok()).flatten()
        };
        match self.kind {
            Kind::Text => json!(text),
            Kind::Integer => whole(text).unwrap_or_else(|| json!(text)),
            Kind::Boolean => match text {
                "true" => json!(true),
                "false" => json!(false),
                _ => json!(text),
            },
            Kind::List if text.is_empty() => json!([]),
            Kind::List => text.split(',').collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use omnichat_core::error::ErrorKind;

    use super::*;

    const LIST: &str = "/api/v1/conversations";

    fn asked(query: &str) -> Vec<(String, String, String)> {
        match check_query(LIST, &Method::GET, query) {
            Ok(()) => Vec::new(),
            Err(error) => error
                .fields()
                .iter()
                .map(|f| (f.field.clone(), f.code.clone(), f.message.clone()))
                .collect(),
        }
    }

    #[test]
    fn what_the_document_allows_passes() {
        for query in [
            "",
            "limit=1&sort=created",
            "limit=100&status=new,open&unread=true",
            "status=",
            "from=2026-01-31T12:00:00Z&assignee=none",
            "tag=%D1%81%D1%80%D0%BE%D1%87%D0%BD%D0%BE+1",
            "&&",
        ] {
            assert_eq!(asked(query), [], "{query}");
        }
        assert!(check_query("/nowhere", &Method::GET, "a=1&a=%zz").is_ok());
        assert!(check_query(LIST, &Method::HEAD, "limit=0").is_err());
    }

    #[test]
    fn a_misspelt_parameter_is_named_with_what_was_meant() {
        let [(field, code, message)] = &asked("stauts=closed")[..] else {
            panic!("one fault");
        };
        assert_eq!((field.as_str(), code.as_str()), ("stauts", "unexpected"));
        assert!(message.contains("did you mean `status`?"), "{message}");
        assert!(
            message.contains("`assignee`") && message.contains("`limit`"),
            "{message}"
        );
        let [(_, _, message)] = &asked("zzzzzzzz=1")[..] else {
            panic!("one fault");
        };
        assert!(!message.contains("did you mean"), "{message}");
    }

    #[test]
    fn every_wrong_parameter_is_named_with_its_fault() {
        for (query, field, code) in [
            ("limit=5&limit=5", "limit", "repeated"),
            ("limit=0", "limit", "range"),
            ("limit=101", "limit", "range"),
            ("limit=five", "limit", "type"),
            ("limit=", "limit", "type"),
            ("limit=1.5", "limit", "type"),
            ("limit=+5", "limit", "type"),
            ("limit=99999999999999999999999999", "limit", "range"),
            ("unread=yes", "unread", "type"),
            ("unread", "unread", "type"),
            ("sort=up", "sort", "unknown"),
            ("status=new,shut", "status", "unknown"),
            ("inbox_id=7", "inbox_id", "format"),
            ("assignee=you", "assignee", "format"),
            ("from=yesterday", "from", "format"),
            ("cursor=abc", "cursor", "format"),
        ] {
            let found = asked(query);
            assert_eq!(
                found
                    .iter()
                    .map(|(f, c, _)| (f.as_str(), c.as_str()))
                    .collect::<Vec<_>>(),
                [(field, code)],
                "{query}"
            );
        }
    }

    #[test]
    fn whoever_makes_up_very_much_is_told_of_a_little() {
        let query = |pairs: usize| "a&".repeat(pairs);
        assert_eq!(asked(&query(64)).len(), 1);
        let names: Vec<String> = (0..60).map(|n| format!("made_up_{n}=1")).collect();
        assert_eq!(asked(&names.join("&")).len(), 20);
        let [(field, code, _)] = &asked(&query(65))[..] else {
            panic!("one fault");
        };
        assert_eq!((field.as_str(), code.as_str()), ("query", "too_many"));
        let [(_, _, message)] = &asked(&"statu".repeat(1_000))[..] else {
            panic!("one fault");
        };
        assert!(!message.contains("did you mean"), "{message}");

        let told = |names: usize| {
            let names = (0..names).map(|n| (format!("made_up_{n}"), json!(1)));
            let body = Value::Object(names.collect());
            check_body("OperatorPatchIn", &body).unwrap_err().fields().len()
        };
        assert_eq!((told(1_000), told(100_000)), (20, 1));
        let many = json!({ "permissions": vec![0; 100_000] });
        let error = check_body("ApiKeyPatchIn", &many).unwrap_err();
        assert_eq!(error.fields().len(), 1);
        let some = json!({ "permissions": vec![0; 40] });
        assert_eq!(check_body("ApiKeyPatchIn", &some).unwrap_err().fields().len(), 20);
    }

    #[test]
    fn broken_encoding_is_malformed() {
        for query in ["tag=%", "tag=%4", "tag=%zz", "tag=%ff", "%c3=1", "tag=%ed%a0%80"] {
            let error = check_query(LIST, &Method::GET, query).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Malformed, "{query}");
        }
        let error = check_query(LIST, &Method::GET, "tag=a%00").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Invalid);
    }

    #[test]
    fn a_body_is_refused_with_every_wrong_field() {
        let fields = |schema: &str, body: Value| {
            let error = check_body(schema, &body).unwrap_err();
            let fields = error.fields().iter();
            fields
                .map(|f| format!("{} {}", f.field, f.code))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            fields("OperatorIn", json!({ "name": "", "email": 7, "rolle": "admin" })),
            ["email type", "name required", "role required", "rolle unexpected"]
        );
        assert_eq!(fields("OperatorIn", json!([])), ["body type"]);
        assert_eq!(fields("OperatorIn", Value::Null), ["body type"]);
        assert_eq!(
            fields("OperatorPatchIn", json!({ "role": "king" })),
            ["role format"]
        );
        assert_eq!(
            fields("OperatorPatchIn", json!({ "version": u64::MAX })),
            ["version range"]
        );
        let deep =
            json!({ "text": "a", "spans": [{ "start": -1, "length": 1, "style": "bold", "colour": 1 }] });
        assert_eq!(
            fields("MessageEditIn", deep),
            ["spans[0].colour unexpected", "spans[0].start range"]
        );
        assert_eq!(
            fields(
                "MessageIn",
                json!({ "client_key": "key-00001", "kind": "reply", "text": null })
            ),
            ["text type"]
        );
    }
}
