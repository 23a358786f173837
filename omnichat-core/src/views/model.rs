//! A saved view.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::actor::Permission;
use crate::condition::{Condition, Over};
use crate::conversations::{Conversation, Sort, fields};
use crate::entities::{Entity, Entries, Part};
use crate::error::{Error, Result};
use crate::id::OperatorId;
use crate::id_type;

id_type!(
    /// A saved view.
    ViewId, "view"
);

/// Longest name, in characters.
const NAME: usize = 60;

/// A list of conversations under a name: those of which a condition is true, in an order. «me» in its condition is whoever looks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = Self::example())]
pub struct View {
    /// What it is called. No two of everybody's have the same name, and no two of one operator's own, whatever the case.
    #[schemars(
        length(min = 1, max = 60),
        regex(pattern = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$")
    )]
    pub name: String,
    /// Which conversations it shows: a condition over their fields.
    #[schemars(with = "Over<Conversation>")]
    pub filter: Condition,
    /// In which order.
    #[serde(default)]
    pub sort: ViewSort,
    /// Whose it is alone; everybody's if `null`.
    #[serde(default)]
    #[schemars(with = "Option<String>", regex(pattern = "^op_[0-9a-f]{32}$"))]
    pub owner_id: Option<OperatorId>,
}

/// The order of a view.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ViewSort {
    /// Newest activity first.
    #[default]
    Activity,
    /// Newest first.
    Created,
    /// Longest waiting first; only conversations in which the customer waits.
    Waiting,
}

impl From<ViewSort> for Sort {
    fn from(sort: ViewSort) -> Self {
        match sort {
            ViewSort::Activity => Self::Activity,
            ViewSort::Created => Self::Created,
            ViewSort::Waiting => Self::Waiting,
        }
    }
}

impl View {
    fn example() -> serde_json::Value {
        serde_json::json!({
            "name": "Urgent and mine",
            "filter": { "all": [
                { "field": "priority", "op": "in", "value": ["high", "urgent"] },
                { "field": "assignee", "op": "is", "value": "me" }
            ] },
            "sort": "activity",
            "owner_id": null
        })
    }
}

impl Entity for View {
    type Id = ViewId;
    const KIND: &'static str = "view";
    const PLURAL: &'static str = "views";
    const LAYOUT: u32 = 1;
    const PERSONAL: bool = true;
    const LISTS: &'static [&'static str] = &["name"];
    const MOST: u32 = 1_000;
    const READ: &'static [Permission] = Permission::CONVERSATIONS_READ;
    const WRITE: Permission = Permission::VIEWS_MANAGE;

    fn title(&self) -> &str {
        &self.name
    }

    fn check(&mut self) -> Result<()> {
        self.name = self.name.trim().to_owned();
        let wrong = if self.name.is_empty() {
            Some(("required", "a view has a name".to_owned()))
        } else if self.name.chars().any(char::is_control) {
            Some(("format", "a name is one line of text".to_owned()))
        } else if self.name.chars().count() > NAME {
            Some(("too_long", format!("a name has at most {NAME} characters")))
        } else {
            None
        };
        let filter = self.filter.check(fields::FIELDS, "filter");
        let Some((code, message)) = wrong else {
            return filter;
        };
        let error = Error::invalid_field("name", code, message);
        let further = filter.err().into_iter().flat_map(|error| error.fields().to_vec());
        Err(further.fold(error, |error, wrong| {
            error.with_field(&wrong.field, &wrong.code, wrong.message)
        }))
    }

    fn index(&self, entries: &mut Entries) {
        // Through capitals, so that letters with two small forms are one.
        let name = self.name.to_uppercase().to_lowercase();
        entries.unique("name", &[Part::Text(&name)]);
    }

    fn owner(&self) -> Option<OperatorId> {
        self.owner_id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields_of(name: &str, filter: serde_json::Value) -> Vec<String> {
        let mut view = View {
            name: name.to_owned(),
            filter: serde_json::from_value(filter).expect("a condition"),
            sort: ViewSort::Activity,
            owner_id: None,
        };
        let error = view.check().expect_err("it is wrong");
        let fields = error.fields().iter();
        fields
            .map(|wrong| format!("{}.{}", wrong.field, wrong.code))
            .collect()
    }

    #[test]
    fn a_view_is_refused_by_every_wrong_field() {
        let wrong = serde_json::json!({ "all": [
            { "field": "priority", "op": "is", "value": "high" },
            { "any": [{ "field": "mood", "op": "is", "value": "good" }] }
        ] });
        assert_eq!(
            fields_of(" ", wrong),
            ["name.required", "filter.all[1].any[0].field.unknown"]
        );
        let good = serde_json::json!({ "all": [] });
        assert_eq!(fields_of(&"ж".repeat(NAME + 1), good.clone()), ["name.too_long"]);
        assert_eq!(fields_of("two\nlines", good), ["name.format"]);
    }

    #[test]
    fn the_example_is_a_view() {
        let mut view: View = serde_json::from_value(View::example()).expect("it can be read");
        view.check().expect("it is right");
    }
}
