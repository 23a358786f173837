//! What the document says of entities, made of each kind's own JSON Schema, and the bodies that are held against it.
//!
//! Nothing here is written down for one kind: its fields, their limits and what they mean come from its type. `x-entity` marks what
//! was made so.

use std::borrow::Cow;
use std::marker::PhantomData;

use omnichat_core::entities::Entity;
use omnichat_core::error::{Error, Result};
use omnichat_core::id::Id;
use omnichat_core::page::PageRequest;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa::openapi::{OpenApi, RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::generated::{generated, read_as};
use crate::extract::misread;

/// Fields that are kept around an entity.
const AROUND: [&str; 4] = ["id", "created_at", "updated_at", "version"];

/// A new entity.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent, bound = "")]
pub struct NewIn<E: Entity>(pub E);

impl<E: Entity> PartialSchema for NewIn<E> {
    fn schema() -> RefOr<Schema> {
        read_as(new_schema::<E>())
    }
}

impl<E: Entity> ToSchema for NewIn<E> {
    fn name() -> Cow<'static, str> {
        format!("{}In", E::schema_name()).into()
    }
}

/// A change of an entity: the fields that it names, and maybe the version that it is based on.
#[derive(Clone, Debug)]
pub struct PatchIn<E> {
    /// The version that the change is based on.
    pub version: Option<u64>,
    fields: Map<String, Value>,
    kind: PhantomData<fn() -> E>,
}

impl<'de, E> Deserialize<'de> for PatchIn<E> {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut fields = Map::deserialize(from)?;
        let version = fields.remove("version").unwrap_or_default();
        Ok(Self {
            version: Option::deserialize(version).map_err(serde::de::Error::custom)?,
            fields,
            kind: PhantomData,
        })
    }
}

impl<E: Entity> PartialSchema for PatchIn<E> {
    fn schema() -> RefOr<Schema> {
        let mut schema = new_schema::<E>();
        let kind = E::KIND;
        schema["description"] = json!(format!("A change of a {kind}; what is absent stays."));
        for (_, property) in properties(&mut schema) {
            if let Some(property) = property.as_object_mut() {
                property.remove("default");
            }
        }
        schema["properties"]["version"] = json!({
            "type": ["integer", "null"], "format": "int64", "minimum": 0, "maximum": i64::MAX,
            "description": "The version that the change is based on: 409 if it is no longer the stored one."
        });
        schema["required"] = json!([]);
        read_as(schema)
    }
}

impl<E: Entity> ToSchema for PatchIn<E> {
    fn name() -> Cow<'static, str> {
        format!("{}PatchIn", E::schema_name()).into()
    }
}

impl<E: Entity> PatchIn<E> {
    /// Puts the named fields in place of the entity's own.
    ///
    /// # Errors
    /// `Invalid` with the field that does not fit.
    pub fn apply(&self, entity: &mut E) -> Result<()> {
        let mut body = serde_json::to_value(&*entity)
            .map_err(|error| Error::internal("an entity cannot be written as JSON").caused_by(error))?;
        for (field, value) in &self.fields {
            body[field] = value.clone();
        }
        *entity = serde_path_to_error::deserialize(body).map_err(|error| misread(&error, ""))?;
        Ok(())
    }
}

/// The addresses and schemas of a kind.
///
/// # Panics
/// If a field of the kind has the name of one that is kept around it, or its schema is none of OpenAPI. A test of the host would
/// fail before anybody met it.
pub fn documented<E: Entity>() -> OpenApi {
    let (title, plural) = (E::schema_name(), E::PLURAL);
    let refer = |name: &str| json!({ "$ref": format!("#/components/schemas/{name}") });
    let body = |name: &str| json!({ "content": { "application/json": { "schema": refer(name) } } });
    let answer = |name: &str| {
        let tag = json!({ "schema": { "type": "string" }, "description": "The version." });
        let mut answer = body(name);
        answer["description"] = json!("");
        answer["headers"] = json!({ "ETag": tag });
        answer
    };
    let list = json!({ "description": "", "content": { "application/json": { "schema": refer(&format!("{title}List")) } } });
    let (new, patch) = (NewIn::<E>::name(), PatchIn::<E>::name());
    let mut schemas = generated::<E>()["components"]["schemas"].take();
    if schemas.is_null() {
        schemas = json!({});
    }
    let id = json!({
        "name": "id", "in": "path", "required": true,
        "schema": { "type": "string", "pattern": format!("^{}_[0-9a-f]{{32}}$", E::Id::PREFIX) }
    });
    let sorts: Vec<_> = E::LISTS
        .iter()
        .flat_map(|index| [(*index).to_owned(), format!("-{index}")])
        .collect();
    let kind = E::KIND;
    let read = E::READ.iter().map(|right| right.name());
    let read = read.collect::<Vec<_>>().join("` or `");
    let write = match E::PERSONAL {
        true => format!(
            "{}`, or `{read}` for one's own; nobody else's is there",
            E::WRITE.name()
        ),
        false => format!("{}`", E::WRITE.name()),
    };
    let conditional = "`If-Match` may name the `ETag` of the version that the change is based on.";
    let operation = |operation: Value| {
        let mut operation = operation;
        operation["tags"] = json!([plural]);
        operation["x-entity"] = json!(true);
        operation
    };
    let own = json!({
        new.clone(): NewIn::<E>::schema(),
        patch.clone(): PatchIn::<E>::schema(),
        title.clone(): answer_schema::<E>(),
        format!("{title}List"): {
            "type": "object",
            "description": "A part of a list.",
            "properties": {
                "items": { "type": "array", "items": refer(&title), "description": "The rows." },
                "next": { "type": ["string", "null"], "description": "Pass it as `cursor` for the next part; `null` at the end." },
                "damaged": { "type": "array", "items": { "type": "string" },
                    "description": "Ids of rows that belong here and are stored damaged, so that they cannot be shown." },
                "complete": { "type": "boolean",
                    "description": "Whether all there are can be found by what they are sorted by; `false` for a moment after an upgrade." }
            },
            "required": ["items", "next", "complete"]
        }
    });
    for (name, schema) in own.as_object().into_iter().flatten() {
        schemas[name] = schema.clone();
    }
    read_as(json!({
        "openapi": "3.1.0",
        "info": { "title": "", "version": "" },
        "tags": [{ "name": plural, "description": described::<E>() }],
        "paths": {
            format!("/{plural}"): {
                "get": operation(json!({
                    "operationId": format!("list_{plural}"),
                    "summary": format!("A page of them. Needs `{read}`."),
                    "parameters": [
                        { "name": "limit", "in": "query", "required": false,
                          "description": "How many rows at most, 1 to 100; 50 if absent.",
                          "schema": { "type": "integer", "format": "int32", "minimum": 1, "maximum": PageRequest::MAX, "default": 50 } },
                        { "name": "cursor", "in": "query", "required": false,
                          "description": "Where to go on: `next` of the page before.",
                          "schema": { "type": "string", "pattern": super::bounds::PLACE } },
                        { "name": "sort", "in": "query", "required": false,
                          "description": "What the rows are sorted by, with `-` the other way round.",
                          "schema": { "type": "string", "enum": sorts, "default": E::LISTS[0] } }
                    ],
                    "responses": { "200": list }
                })),
                "post": operation(json!({
                    "operationId": format!("create_{kind}"),
                    "summary": format!("Makes one. Needs `{write}."),
                    "requestBody": body(&new),
                    "responses": { "201": answer(&title) }
                }))
            },
            format!("/{plural}/{{id}}"): {
                "get": operation(json!({
                    "operationId": format!("get_{kind}"),
                    "summary": format!("One of them. Needs `{read}`."),
                    "parameters": [id],
                    "responses": { "200": answer(&title) }
                })),
                "patch": operation(json!({
                    "operationId": format!("update_{kind}"),
                    "summary": format!("Changes one. Needs `{write}."),
                    "description": conditional,
                    "parameters": [id],
                    "requestBody": body(&patch),
                    "responses": { "200": answer(&title) }
                })),
                "delete": operation(json!({
                    "operationId": format!("delete_{kind}"),
                    "summary": format!("Deletes one. Needs `{write}."),
                    "description": conditional,
                    "parameters": [id],
                    "responses": { "204": { "description": "" } }
                }))
            }
        },
        "components": { "schemas": schemas }
    }))
}

/// The kind's own schema: what people write.
fn new_schema<E: Entity>() -> Value {
    let mut schema = generated::<E>();
    if let Some(keywords) = schema.as_object_mut() {
        for keyword in ["$schema", "title", "components"] {
            keywords.remove(keyword);
        }
    }
    schema["x-entity"] = json!(true);
    for (name, _) in properties(&mut schema) {
        assert!(
            !AROUND.contains(&name.as_str()),
            "{}.{name}: this name is taken",
            E::KIND
        );
    }
    schema
}

/// What an answer has: all that people write, and what is kept around it.
fn answer_schema<E: Entity>() -> Value {
    let mut schema = new_schema::<E>();
    let time = |what: &str| json!({ "type": "string", "format": "date-time", "description": what });
    if let Some(object) = schema.as_object_mut() {
        for keyword in ["additionalProperties", "examples"] {
            object.remove(keyword);
        }
    }
    for (_, property) in properties(&mut schema) {
        if let Some(property) = property.as_object_mut() {
            property.remove("default");
        }
    }
    schema["properties"]["id"] = json!({ "type": "string", "description": "Its id." });
    schema["properties"]["created_at"] = time("When it was made.");
    schema["properties"]["updated_at"] = time("When it was last changed.");
    schema["properties"]["version"] = json!({
        "type": "integer", "format": "int64", "minimum": 0, "description": "Rises with each change."
    });
    schema
}

fn described<E: Entity>() -> String {
    let schema = new_schema::<E>();
    schema["description"].as_str().unwrap_or_default().to_owned()
}

fn properties(schema: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    schema["properties"].as_object_mut().into_iter().flatten()
}
