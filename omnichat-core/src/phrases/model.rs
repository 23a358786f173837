//! A phrase.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::actor::Permission;
use crate::entities::{Entity, Entries, Part};
use crate::error::{Error, Result};
use crate::id::OperatorId;
use crate::id_type;

id_type!(
    /// A quick phrase.
    PhraseId, "phr"
);

/// Longest short name, in characters.
const SHORTCUT: usize = 40;
/// Longest text, in characters.
const TEXT: usize = 4_000;

/// A text that operators answer with again and again. In it `{{customer}}`, `{{operator}}` and `{{channel}}` stand for names, which
/// are put in when it is used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = Self::example())]
pub struct Phrase {
    /// What it is called up by, after a slash: without spaces and slashes. No two of everybody's have the same, and no two of one
    /// operator's own, whatever the case.
    #[schemars(length(min = 1, max = 40), regex(pattern = r"^[^\s/\x00-\x1f\x7f-\x9f]+$"))]
    pub shortcut: String,
    /// The text.
    #[schemars(length(min = 1, max = 4_000), regex(pattern = r"[^\s\x00]"))]
    pub text: String,
    /// Whose it is alone; everybody's if `null`.
    #[serde(default)]
    #[schemars(with = "Option<String>", regex(pattern = "^op_[0-9a-f]{32}$"))]
    pub owner_id: Option<OperatorId>,
}

impl Phrase {
    fn example() -> Self {
        Self {
            shortcut: "hours".to_owned(),
            text: "Good day, {{customer}}! We are here from nine to six.".to_owned(),
            owner_id: None,
        }
    }
}

impl Entity for Phrase {
    type Id = PhraseId;
    const KIND: &'static str = "phrase";
    const PLURAL: &'static str = "phrases";
    const LAYOUT: u32 = 1;
    const PERSONAL: bool = true;
    const LISTS: &'static [&'static str] = &["shortcut"];
    const MOST: u32 = 1_000;
    const BODY_MAX: usize = 32 * 1_024;
    const READ: &'static [Permission] = &[Permission::MESSAGES_SEND];
    const WRITE: Permission = Permission::PHRASES_MANAGE;

    fn title(&self) -> &str {
        &self.shortcut
    }

    fn check(&mut self) -> Result<()> {
        self.shortcut = self.shortcut.trim().to_owned();
        self.text = self.text.trim().to_owned();
        let mut wrong = Vec::new();
        let has_no_place = |c: char| c.is_whitespace() || c.is_control() || c == '/';
        if self.shortcut.is_empty() {
            wrong.push((
                "shortcut",
                "required",
                "a phrase is called up by a short name".to_owned(),
            ));
        } else if self.shortcut.chars().any(has_no_place) {
            let message = "a short name has no spaces and no slashes";
            wrong.push(("shortcut", "format", message.to_owned()));
        } else if self.shortcut.chars().count() > SHORTCUT {
            wrong.push((
                "shortcut",
                "too_long",
                format!("a short name has at most {SHORTCUT} characters"),
            ));
        }
        if self.text.is_empty() {
            wrong.push(("text", "required", "a phrase has a text".to_owned()));
        } else if self.text.chars().count() > TEXT {
            wrong.push((
                "text",
                "too_long",
                format!("a phrase has at most {TEXT} characters"),
            ));
        }
        Error::invalid_fields(wrong).map_or(Ok(()), Err)
    }

    fn index(&self, entries: &mut Entries) {
        // Through capitals, so that letters with two small forms are one.
        let name = self.shortcut.to_uppercase().to_lowercase();
        entries.unique("shortcut", &[Part::Text(&name)]);
    }

    fn owner(&self) -> Option<OperatorId> {
        self.owner_id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phrase(shortcut: &str, text: &str) -> Phrase {
        Phrase {
            shortcut: shortcut.to_owned(),
            text: text.to_owned(),
            owner_id: None,
        }
    }

    fn fields(mut phrase: Phrase) -> Vec<String> {
        let error = phrase.check().expect_err("it is wrong");
        error
            .fields()
            .iter()
            .map(|wrong| format!("{}.{}", wrong.field, wrong.code))
            .collect()
    }

    #[test]
    fn a_phrase_is_brought_into_form_or_refused_by_field() {
        let mut good = phrase(" Часы-2 ", "\n С девяти до шести \n");
        good.check().unwrap();
        assert_eq!(good, phrase("Часы-2", "С девяти до шести"));
        assert_eq!(fields(phrase("  ", "")), ["shortcut.required", "text.required"]);
        for wrong in ["two words", "/slash", "a/b", "a\u{a0}b", "a\u{7}b"] {
            assert_eq!(fields(phrase(wrong, "x")), ["shortcut.format"], "{wrong}");
        }
        let long = phrase(&"ж".repeat(SHORTCUT + 1), &"ж".repeat(TEXT + 1));
        assert_eq!(fields(long), ["shortcut.too_long", "text.too_long"]);
        assert!(phrase(&"ж".repeat(SHORTCUT), &"ж".repeat(TEXT)).check().is_ok());
    }
}
