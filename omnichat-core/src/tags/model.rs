//! A tag.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::actor::Permission;
use crate::entities::{Entity, Entries, Part};
use crate::error::{Error, Result};
use crate::id_type;
use crate::limits;

id_type!(
    /// A tag.
    TagId, "tag"
);

/// Longest description, in characters.
const DESCRIPTION: usize = 200;

/// A tag as the organisation describes it: a colour and a few words for a text that conversations carry. Conversations may carry texts
/// that nobody has described. A change of its name follows on the conversations that have it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = Self::example())]
pub struct Tag {
    /// What it is called: the text that conversations carry, letter by letter. No two have the same name, whatever the case.
    #[schemars(length(min = 1, max = 50), regex(pattern = r"[^\s\x00]"))]
    pub name: String,
    /// In which colour it is shown.
    #[serde(default)]
    pub colour: TagColour,
    /// What it is for; may be empty.
    #[serde(default)]
    #[schemars(length(max = 200))]
    pub description: String,
}

/// A colour by name; each has a shade for light and one for dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TagColour {
    /// As what nobody has described.
    #[default]
    Grey,
    /// Red.
    Red,
    /// Amber.
    Amber,
    /// Green.
    Green,
    /// Teal.
    Teal,
    /// Blue.
    Blue,
    /// Violet.
    Violet,
    /// Pink.
    Pink,
}

impl Tag {
    fn example() -> Self {
        Self {
            name: "refund".to_owned(),
            colour: TagColour::Amber,
            description: "The customer wants money back.".to_owned(),
        }
    }
}

impl Entity for Tag {
    type Id = TagId;
    const KIND: &'static str = "tag";
    const PLURAL: &'static str = "tags";
    const LAYOUT: u32 = 1;
    const LISTS: &'static [&'static str] = &["name"];
    const MOST: u32 = 1_000;
    const READ: &'static [Permission] = Permission::CONVERSATIONS_READ;
    const WRITE: Permission = Permission::TAGS_MANAGE;

    fn title(&self) -> &str {
        &self.name
    }

    fn check(&mut self) -> Result<()> {
        self.name = self.name.trim().to_owned();
        self.description = self.description.trim().to_owned();
        let mut wrong = Vec::new();
        if self.name.is_empty() {
            wrong.push(("name", "required", "a tag has a name".to_owned()));
        } else if self.name.chars().count() > limits::TAG {
            let message = format!("a name has at most {} characters", limits::TAG);
            wrong.push(("name", "too_long", message));
        }
        if self.description.chars().count() > DESCRIPTION {
            let message = format!("a description has at most {DESCRIPTION} characters");
            wrong.push(("description", "too_long", message));
        }
        Error::invalid_fields(wrong).map_or(Ok(()), Err)
    }

    fn index(&self, entries: &mut Entries) {
        // Through capitals, so that letters with two small forms are one.
        let name = self.name.to_uppercase().to_lowercase();
        entries.unique("name", &[Part::Text(&name)]);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn tag(name: &str, description: &str) -> Tag {
        Tag {
            name: name.to_owned(),
            colour: TagColour::Grey,
            description: description.to_owned(),
        }
    }

    fn fields(mut tag: Tag) -> Vec<String> {
        let error = tag.check().expect_err("it is wrong");
        error
            .fields()
            .iter()
            .map(|wrong| format!("{}.{}", wrong.field, wrong.code))
            .collect()
    }

    #[test]
    fn a_tag_is_brought_into_form_or_refused_by_field() {
        let mut good = tag(" Возврат денег ", "\n Клиент просит вернуть деньги \n");
        good.check().unwrap();
        assert_eq!(good, tag("Возврат денег", "Клиент просит вернуть деньги"));
        assert_eq!(fields(tag("  ", "")), ["name.required"]);
        let long = tag(&"ж".repeat(limits::TAG + 1), &"ж".repeat(DESCRIPTION + 1));
        assert_eq!(fields(long), ["name.too_long", "description.too_long"]);
        let mut full = tag(&"ж".repeat(limits::TAG), &"ж".repeat(DESCRIPTION));
        assert!(full.check().is_ok());
    }

    #[test]
    fn only_a_name_says_what_it_is() {
        let tag: Tag = serde_json::from_value(json!({ "name": "vip" })).expect("it can be read");
        assert_eq!((tag.colour, tag.description.as_str()), (TagColour::Grey, ""));
        let unheard_of = json!({ "name": "vip", "colour": "#ff0000" });
        assert!(serde_json::from_value::<Tag>(unheard_of).is_err());
    }
}
