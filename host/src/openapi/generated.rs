//! Schemas that types of the core make themselves, as the document takes them.

use std::borrow::Cow;
use std::marker::PhantomData;

use omnichat_core::condition::{Over, Subject};
use schemars::JsonSchema;
use schemars::generate::{SchemaGenerator, SchemaSettings};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

/// The schema of conditions over a kind of subject.
#[derive(Debug)]
pub(super) struct ConditionOver<S>(PhantomData<fn() -> S>);

impl<S: Subject> PartialSchema for ConditionOver<S> {
    fn schema() -> RefOr<Schema> {
        // As the root it would refer to itself as the whole document.
        let mut generator = generator();
        generator.subschema_for::<Over<S>>();
        let mut schemas = generator.take_definitions(true);
        read_as(schemas.remove(S::SCHEMA).unwrap_or_default())
    }
}

impl<S: Subject> ToSchema for ConditionOver<S> {
    fn name() -> Cow<'static, str> {
        S::SCHEMA.into()
    }
}

/// The schema of a type, in the terms of an OpenAPI document: the types of its fields stand beside it, among the components.
pub(super) fn generated<T: JsonSchema>() -> Value {
    let mut schema = generator().into_root_schema_for::<T>().to_value();
    write_choices(&mut schema);
    schema
}

fn generator() -> SchemaGenerator {
    SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into())
        .into_generator()
}

/// A choice of names is one list of them: with a schema for each name, as documented variants have, readers of OpenAPI lose the names.
fn write_choices(schema: &mut Value) {
    match schema {
        Value::Object(keywords) => {
            let variants = keywords.get("oneOf").and_then(Value::as_array);
            let names: Option<Vec<Value>> = variants.and_then(|variants| {
                let name = |variant: &Value| variant.get("const").filter(|name| name.is_string()).cloned();
                variants.iter().map(name).collect()
            });
            if let Some(names) = names {
                keywords.remove("oneOf");
                keywords.insert("type".to_owned(), json!("string"));
                keywords.insert("enum".to_owned(), json!(names));
            }
            keywords.values_mut().for_each(write_choices);
        }
        Value::Array(parts) => parts.iter_mut().for_each(write_choices),
        _ => {}
    }
}

/// A part of the document out of its JSON.
///
/// # Panics
/// If it is none. A test of the host would fail before anybody met it.
pub(super) fn read_as<T: DeserializeOwned>(value: Value) -> T {
    serde_path_to_error::deserialize(&value).unwrap_or_else(|error| panic!("{error}: {value}"))
}
