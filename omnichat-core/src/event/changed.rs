//! What a change touched.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A field that a change touched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// Its name. A conversation's are named as conditions name them; `attributes.city` is one attribute. Those of a message stand
    /// behind `message.`, since its event may tell of its conversation too.
    pub field: Cow<'static, str>,
    /// What it was; null for nothing.
    pub before: Value,
    /// What it is now; null for nothing.
    pub after: Value,
}

/// Gathers the fields that differ between two versions of something.
#[derive(Debug, Default)]
pub(crate) struct Differences(Vec<FieldChange>);

impl Differences {
    /// Compares a field.
    #[must_use]
    pub(crate) fn field<T: PartialEq + Serialize>(
        mut self,
        name: &'static str,
        before: &T,
        after: &T,
    ) -> Self {
        if before != after {
            self.add(Cow::Borrowed(name), json(before), json(after));
        }
        self
    }

    /// Compares texts under names of their own, each as a field behind the name of them all.
    #[must_use]
    pub(crate) fn texts(
        mut self,
        name: &str,
        before: &BTreeMap<String, String>,
        after: &BTreeMap<String, String>,
    ) -> Self {
        if before == after {
            return self;
        }
        for (key, value) in before {
            let now = after.get(key);
            if now != Some(value) {
                self.add(Cow::Owned(format!("{name}.{key}")), json(value), json(&now));
            }
        }
        for (key, value) in after.iter().filter(|(key, _)| !before.contains_key(*key)) {
            self.add(Cow::Owned(format!("{name}.{key}")), Value::Null, json(value));
        }
        self
    }

    /// The fields that differ.
    pub(crate) fn found(self) -> Vec<FieldChange> {
        self.0
    }

    fn add(&mut self, field: Cow<'static, str>, before: Value, after: Value) {
        self.0.push(FieldChange { field, before, after });
    }
}

/// Compares the fields of two JSON objects.
pub(crate) fn between(before: &Value, after: &Value) -> Vec<FieldChange> {
    let (Some(before), Some(after)) = (before.as_object(), after.as_object()) else {
        return Vec::new();
    };
    let gone = before.keys().filter(|name| !after.contains_key(*name));
    let names = after.keys().chain(gone);
    let value =
        |of: &serde_json::Map<String, Value>, name: &String| of.get(name).cloned().unwrap_or_default();
    let changes = names.map(|name| FieldChange {
        field: Cow::Owned(name.clone()),
        before: value(before, name),
        after: value(after, name),
    });
    changes.filter(|change| change.before != change.after).collect()
}

/// What is compared consists of texts, numbers and ids, which can be written as JSON.
fn json<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn change(field: &'static str, before: Value, after: Value) -> FieldChange {
        FieldChange {
            field: field.into(),
            before,
            after,
        }
    }

    #[test]
    fn only_what_differs_is_told_and_each_attribute_by_its_name() {
        let texts = |of: &[(&str, &str)]| {
            let texts = of
                .iter()
                .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
            texts.collect::<BTreeMap<_, _>>()
        };
        let before = texts(&[("city", "Perm"), ("plan", "basic"), ("source", "advert")]);
        let after = texts(&[("city", "Perm"), ("model", "X1"), ("plan", "full")]);
        let found = Differences::default()
            .field("status", &"new", &"open")
            .field("subject", &Some("same"), &Some("same"))
            .texts("attributes", &before, &after)
            .found();
        let told = [
            change("status", json!("new"), json!("open")),
            change("attributes.plan", json!("basic"), json!("full")),
            change("attributes.source", json!("advert"), Value::Null),
            change("attributes.model", Value::Null, json!("X1")),
        ];
        assert_eq!(found, told);
    }

    #[test]
    fn of_two_objects_what_came_what_went_and_what_changed_is_told() {
        let found = between(&json!({"a": 1, "b": 2, "c": 3}), &json!({"a": 1, "b": 4, "d": 5}));
        let told = [
            change("b", json!(2), json!(4)),
            change("d", Value::Null, json!(5)),
            change("c", json!(3), Value::Null),
        ];
        assert_eq!(found, told);
    }
}
