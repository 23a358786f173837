//! Between the documents of cassettes and values of the contract, by the contract's own types.
//!
//! Records are objects with `_` for `-` in their names, what is absent is empty; bytes, contents and bodies have the forms that
//! the SDK's cassettes give them.

use omnichat_plugin_runtime::{Export, Parameter, Type, Val};
use omnichat_plugin_sdk::cassette::{meant, shown};
use serde_json::{Map, Value, json};

/// The arguments of a call. Of an export with several parameters the input has them by name.
pub(crate) fn arguments(parameters: &[Parameter], input: &Value) -> Result<Vec<Val>, String> {
    let several = parameters.len() > 1;
    if several && let Some(fields) = input.as_object() {
        known(fields, parameters.iter().map(|parameter| parameter.name.as_str()))?;
    }
    let mut arguments = Vec::with_capacity(parameters.len());
    for Parameter { name, of } in parameters {
        let given = if several {
            input.get(snake(name)).unwrap_or(&Value::Null)
        } else {
            input
        };
        arguments.push(match (name.as_str(), of) {
            // Documents stand in the contract as texts, a state as bytes.
            ("config" | "args", Type::String) => Val::String(given.to_string()),
            ("state", _) if given.is_null() => Val::Option(None),
            ("state", _) => Val::Option(Some(Box::new(bytes(given.to_string().into_bytes())))),
            _ => value(given, of).map_err(|wrong| format!("{name}{wrong}"))?,
        });
    }
    Ok(arguments)
}

/// The result of a call in the form of a cassette's `expect`.
pub(crate) fn result(export: Export, value: &Val) -> Value {
    let mut result = shown_value(value);
    if !matches!(value, Val::Result(_)) {
        result = json!({ "ok": result });
    }
    let answer = result.get_mut("ok");
    let text = match export {
        Export::MigrateConfig | Export::CallTool => answer,
        Export::OnEvent => answer
            .and_then(|turn| turn.get_mut("state"))
            .filter(|state| !state.is_null()),
        _ => None,
    };
    if let Some(text) = text {
        let bytes = meant(text).unwrap_or_default();
        let written = String::from_utf8_lossy(&bytes).into_owned();
        *text = serde_json::from_str(&written).unwrap_or(Value::String(written));
    }
    result
}

/// The files that an input names.
pub(crate) fn blobs(input: &Value) -> Vec<String> {
    let files = input.get("files").and_then(Value::as_array);
    let ids = files
        .into_iter()
        .flatten()
        .filter_map(|file| file.get("blob").and_then(Value::as_str));
    ids.map(str::to_owned).collect()
}

fn snake(name: &str) -> String {
    name.replace('-', "_")
}

fn known<'a>(fields: &Map<String, Value>, names: impl Iterator<Item = &'a str>) -> Result<(), String> {
    let names: Vec<String> = names.map(snake).collect();
    match fields.keys().find(|name| !names.contains(name)) {
        Some(unknown) => Err(format!(
            ": there is no «{unknown}»; there are {}",
            names.join(", ")
        )),
        None => Ok(()),
    }
}

fn bytes(bytes: Vec<u8>) -> Val {
    Val::List(bytes.into_iter().map(Val::U8).collect())
}

/// A value of a type; the error continues its name.
fn value(given: &Value, of: &Type) -> Result<Val, String> {
    let wrong = |what: &str| format!(" is {what}, not {given}");
    let whole = |most: u64| match given {
        Value::Null => Ok(0),
        given => given
            .as_u64()
            .filter(|number| *number <= most)
            .ok_or_else(|| wrong("a whole number")),
    };
    Ok(match of {
        Type::Bool => match given {
            Value::Null => Val::Bool(false),
            given => Val::Bool(given.as_bool().ok_or_else(|| wrong("true or false"))?),
        },
        Type::U8 => Val::U8(u8::try_from(whole(u8::MAX.into())?).unwrap_or(u8::MAX)),
        Type::U16 => Val::U16(u16::try_from(whole(u16::MAX.into())?).unwrap_or(u16::MAX)),
        Type::U32 => Val::U32(u32::try_from(whole(u32::MAX.into())?).unwrap_or(u32::MAX)),
        Type::U64 => Val::U64(whole(u64::MAX)?),
        Type::Float64 => match given {
            Value::Null => Val::Float64(0.0),
            given => Val::Float64(given.as_f64().ok_or_else(|| wrong("a number"))?),
        },
        Type::String => match given {
            Value::Null => Val::String(String::new()),
            given => Val::String(given.as_str().ok_or_else(|| wrong("a text"))?.to_owned()),
        },
        Type::List(list) if list.ty() == Type::U8 => {
            bytes(meant(given).map_err(|reason| format!(": {reason}"))?)
        }
        Type::List(list) => {
            let items = match given {
                Value::Null => &[][..],
                given => given.as_array().ok_or_else(|| wrong("a list"))?,
            };
            Val::List(
                items
                    .iter()
                    .map(|item| value(item, &list.ty()))
                    .collect::<Result<_, _>>()?,
            )
        }
        Type::Record(record) => {
            let empty = Map::new();
            let fields = match given {
                Value::Null => &empty,
                given => given.as_object().ok_or_else(|| wrong("an object"))?,
            };
            known(fields, record.fields().map(|field| field.name))?;
            let made = record.fields().map(|field| {
                let given = fields.get(&snake(field.name)).unwrap_or(&Value::Null);
                let made = value(given, &field.ty).map_err(|wrong| format!(".{}{wrong}", field.name))?;
                Ok((field.name.to_owned(), made))
            });
            Val::Record(made.collect::<Result<_, String>>()?)
        }
        Type::Tuple(tuple) => {
            let items = given
                .as_array()
                .filter(|items| items.len() == tuple.types().len());
            let items = items.ok_or_else(|| wrong("a list of as many as the contract says"))?;
            let made = items.iter().zip(tuple.types()).map(|(item, of)| value(item, &of));
            Val::Tuple(made.collect::<Result<_, _>>()?)
        }
        Type::Option(_) if given.is_null() => Val::Option(None),
        Type::Option(option) => Val::Option(Some(Box::new(value(given, &option.ty())?))),
        _ => return Err(" has a type that cassettes cannot express".to_owned()),
    })
}

fn shown_value(value: &Val) -> Value {
    match value {
        Val::Bool(value) => (*value).into(),
        Val::U8(value) => (*value).into(),
        Val::U16(value) => (*value).into(),
        Val::U32(value) => (*value).into(),
        Val::U64(value) => (*value).into(),
        Val::S8(value) => (*value).into(),
        Val::S16(value) => (*value).into(),
        Val::S32(value) => (*value).into(),
        Val::S64(value) => (*value).into(),
        Val::Float32(value) => (*value).into(),
        Val::Float64(value) => (*value).into(),
        Val::Char(value) => value.to_string().into(),
        Val::String(value) => value.as_str().into(),
        Val::List(items) if matches!(items.first(), Some(Val::U8(_))) => shown(&octets(items)),
        Val::List(items) | Val::FixedLengthList(items) | Val::Tuple(items) => {
            items.iter().map(shown_value).collect()
        }
        Val::Record(fields) => fields
            .iter()
            .map(|(name, value)| (snake(name), shown_value(value)))
            .collect(),
        Val::Variant(case, None) if case == "none" => Value::Null,
        Val::Variant(case, Some(content)) if matches!(case.as_str(), "whole" | "bytes") => {
            shown_value(content)
        }
        Val::Variant(case, content) => json!({ snake(case): content.as_deref().map(shown_value) }),
        Val::Option(value) => value.as_deref().map_or(Value::Null, shown_value),
        Val::Result(Ok(value)) => json!({ "ok": value.as_deref().map(shown_value) }),
        Val::Result(Err(error)) => json!({ "err": error.as_deref().map(shown_value) }),
        Val::Enum(name) => name.as_str().into(),
        Val::Flags(names) => names.iter().map(|name| Value::from(name.as_str())).collect(),
        other => format!("{other:?}").into(),
    }
}

fn octets(items: &[Val]) -> Vec<u8> {
    let octets = items.iter().filter_map(|item| match item {
        Val::U8(octet) => Some(*octet),
        _ => None,
    });
    octets.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(fields: &[(&str, Val)]) -> Val {
        Val::Record(
            fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone()))
                .collect(),
        )
    }

    #[test]
    fn results_have_the_forms_of_cassettes() {
        let body = Val::Variant(
            "whole".to_owned(),
            Some(Box::new(Val::Variant(
                "bytes".to_owned(),
                Some(Box::new(bytes(b"{\"a\":1}".to_vec()))),
            ))),
        );
        let request = record(&[("timeout-ms", Val::Option(None)), ("body", body)]);
        let said = Val::Result(Ok(Some(Box::new(request))));
        assert_eq!(
            result(Export::ResolveMedia, &said),
            json!({ "ok": { "timeout_ms": null, "body": { "json": { "a": 1 } } } })
        );
        let state = Val::Option(Some(Box::new(bytes(b"{\"step\":2}".to_vec()))));
        let turn = Val::Result(Ok(Some(Box::new(record(&[("state", state)])))));
        assert_eq!(
            result(Export::OnEvent, &turn),
            json!({ "ok": { "state": { "step": 2 } } })
        );
        let text = Val::Result(Ok(Some(Box::new(Val::String("[1]".to_owned())))));
        assert_eq!(result(Export::CallTool, &text), json!({ "ok": [1] }));
        assert_eq!(result(Export::Describe, &record(&[])), json!({ "ok": {} }));
        let error = Val::Result(Err(Some(Box::new(record(&[("not-sent", Val::Bool(true))])))));
        assert_eq!(
            result(Export::Send, &error),
            json!({ "err": { "not_sent": true } })
        );
    }

    #[test]
    fn documents_become_arguments() {
        let parameter = |name: &str, of| Parameter {
            name: name.to_owned(),
            of,
        };
        let several = [
            parameter("from-version", Type::String),
            parameter("config", Type::String),
        ];
        let made = arguments(
            &several,
            &json!({ "from_version": "1.0.0", "config": { "a": 1 } }),
        )
        .unwrap();
        assert_eq!(
            made,
            [
                Val::String("1.0.0".to_owned()),
                Val::String("{\"a\":1}".to_owned())
            ]
        );
        let error = arguments(&several, &json!({ "form_version": "1" })).unwrap_err();
        assert!(error.contains("there is no «form_version»"), "{error}");
        let error = arguments(&[parameter("remote", Type::String)], &json!(5)).unwrap_err();
        assert_eq!(error, "remote is a text, not 5");
        assert_eq!(
            arguments(&[parameter("remote", Type::String)], &json!(null)).unwrap(),
            [Val::String(String::new())]
        );
    }
}
