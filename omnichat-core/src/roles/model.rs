//! A role that an organisation has made.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::actor::{Permission, Permissions, Role};
use crate::entities::{Entity, Entries, Part};
use crate::error::{Error, Result};
use crate::id::RoleId;

/// Longest name, in characters.
const NAME: usize = 60;
/// Longest description, in characters.
const DESCRIPTION: usize = 300;
/// Most rights.
const RIGHTS: usize = 200;

/// A role of the organisation's own: rights under a name, for the operators who have it. The built-in roles are beside these, in
/// `GET /rights`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(example = Self::example())]
pub struct OwnRole {
    /// What it is called. No two have the same name, whatever the case, and none has that of a built-in one.
    #[schemars(
        length(min = 1, max = 60),
        regex(pattern = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$")
    )]
    pub name: String,
    /// The names of its rights, see `GET /rights`. Whoever saves it has each that is new in it. A name that nothing knows any more may
    /// stay, and gives nothing.
    #[schemars(
        length(min = 1, max = 200),
        inner(length(min = 1, max = 100), regex(pattern = r"^[a-z0-9_]+(\.[a-z0-9_]+)+$"))
    )]
    pub permissions: Vec<String>,
    /// For whom it is, in a sentence; `null` without one.
    #[serde(default)]
    #[schemars(length(max = 300))]
    pub description: Option<String>,
}

impl OwnRole {
    fn example() -> Self {
        Self {
            name: "Trainee".to_owned(),
            permissions: [
                "conversations.read_all",
                "conversations.read_own",
                "messages.note",
            ]
            .map(str::to_owned)
            .to_vec(),
            description: Some("Reads along and writes notes".to_owned()),
        }
    }

    /// Its rights.
    pub fn rights(&self) -> Permissions {
        self.permissions.iter().cloned().collect()
    }
}

impl Entity for OwnRole {
    type Id = RoleId;
    const KIND: &'static str = "role";
    const PLURAL: &'static str = "roles";
    const LAYOUT: u32 = 1;
    const LISTS: &'static [&'static str] = &["name"];
    const MOST: u32 = 1_000;
    const BODY_MAX: usize = 32 * 1_024;
    const AUDITED: &'static [&'static str] = &["permissions"];
    const READ: &'static [Permission] = &[Permission::OPERATORS_READ];
    const WRITE: Permission = Permission::OPERATORS_MANAGE;

    fn title(&self) -> &str {
        &self.name
    }

    fn check(&mut self) -> Result<()> {
        self.name = self.name.trim().to_owned();
        self.description = self
            .description
            .take()
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty());
        self.permissions.sort_unstable();
        self.permissions.dedup();
        let name = wrong_name(&self.name).map(|(code, message)| ("name", code, message));
        let rights = wrong_rights(&self.permissions).map(|(code, message)| ("permissions", code, message));
        let long = self
            .description
            .as_ref()
            .filter(|text| text.chars().count() > DESCRIPTION);
        let description = long.map(|_| {
            let message = format!("a description has at most {DESCRIPTION} characters");
            ("description", "too_long", message)
        });
        let wrong = [name, rights, description].into_iter().flatten();
        Error::invalid_fields(wrong).map_or(Ok(()), Err)
    }

    fn index(&self, entries: &mut Entries) {
        entries.unique("name", &[Part::Text(&folded(&self.name))]);
    }
}

/// Through capitals, so that letters with two small forms are one.
fn folded(name: &str) -> String {
    name.to_uppercase().to_lowercase()
}

fn wrong_name(name: &str) -> Option<(&'static str, String)> {
    if name.is_empty() {
        Some(("required", "a role has a name".to_owned()))
    } else if name.chars().any(char::is_control) {
        Some(("format", "a name is one line of text".to_owned()))
    } else if name.chars().count() > NAME {
        Some(("too_long", format!("a name has at most {NAME} characters")))
    } else if Role::from_name(&folded(name)).is_some() {
        Some(("taken", "a built-in role has this name".to_owned()))
    } else {
        None
    }
}

fn wrong_rights(rights: &[String]) -> Option<(&'static str, String)> {
    if rights.is_empty() {
        return Some(("required", "choose at least one right".to_owned()));
    }
    if rights.len() > RIGHTS {
        return Some(("too_long", format!("a role has at most {RIGHTS} rights")));
    }
    let wrong = rights.iter().find(|name| !Permission::may_be_called(name))?;
    Some(("format", format!("«{wrong}» is no right's name")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn role(name: &str, rights: &[&str]) -> OwnRole {
        OwnRole {
            name: name.to_owned(),
            permissions: rights.iter().map(|right| (*right).to_owned()).collect(),
            description: None,
        }
    }

    fn fields(mut role: OwnRole) -> Vec<String> {
        let error = role.check().expect_err("it is wrong");
        let fields = error.fields().iter();
        fields
            .map(|wrong| format!("{}.{}", wrong.field, wrong.code))
            .collect()
    }

    #[test]
    fn a_role_is_brought_into_form() {
        let mut trainee = OwnRole {
            description: Some(" \n".to_owned()),
            ..role(" Стажёр ", &["messages.note", "audit.read", "messages.note"])
        };
        trainee.check().unwrap();
        assert_eq!(trainee, role("Стажёр", &["audit.read", "messages.note"]));
        let mut example = OwnRole::example();
        example.check().unwrap();
        assert_eq!(example, OwnRole::example());
    }

    #[test]
    fn a_role_is_refused_by_every_wrong_field() {
        let long = OwnRole {
            description: Some("ж".repeat(DESCRIPTION + 1)),
            ..role("", &[])
        };
        assert_eq!(
            fields(long),
            ["name.required", "permissions.required", "description.too_long"]
        );
        for taken in ["owner", "Admin", "SENIOR", " operator "] {
            assert_eq!(fields(role(taken, &["audit.read"])), ["name.taken"], "{taken}");
        }
        assert_eq!(fields(role("a\nb", &["audit.read"])), ["name.format"]);
        assert_eq!(
            fields(role(&"ж".repeat(NAME + 1), &["audit.read"])),
            ["name.too_long"]
        );
        for wrong in ["*", "everything", "Audit.read", "a..b"] {
            assert_eq!(fields(role("x", &[wrong])), ["permissions.format"], "{wrong}");
        }
    }

    #[test]
    fn the_schema_has_the_form_of_a_rights_name() {
        let schema = schemars::schema_for!(OwnRole).to_value();
        let items = &schema["properties"]["permissions"]["items"];
        assert_eq!(items["pattern"], Permission::FORM);
        assert_eq!(items["maxLength"], Permission::NAME_MAX);
        assert_eq!(schema["properties"]["permissions"]["maxItems"], RIGHTS);
    }
}
