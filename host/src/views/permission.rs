//! Rights on the wire, by the names that the core gives them.

use std::borrow::Cow;

use omnichat_core::actor::{Permission, Permissions, Rights};
use serde::{Deserialize, Serialize};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// One right, by its dotted name. Names are not judged here: an embedder has rights of its own, and a stored name may be of a right
/// that is gone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PermissionView(pub String);

impl From<Permission> for PermissionView {
    fn from(permission: Permission) -> Self {
        Self(permission.name().to_owned())
    }
}

impl PermissionView {
    /// The rights that a set gives, in the order of the catalogue.
    pub fn given(rights: &Rights, permissions: &Permissions) -> Vec<Self> {
        rights.of(permissions).map(Into::into).collect()
    }

    /// The names in a set, whatever they give.
    pub fn named(permissions: &Permissions) -> Vec<Self> {
        permissions.iter().map(|name| Self(name.to_owned())).collect()
    }
}

impl PartialSchema for PermissionView {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some(
                "One right. `GET /rights` lists those of a host; clients show one that they do not know by its name.",
            ))
            .pattern(Some(Permission::FORM))
            .max_length(Some(Permission::NAME_MAX))
            .examples(Permission::BUILT_IN.iter().map(|permission| permission.name()))
            .into()
    }
}

impl ToSchema for PermissionView {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Permission")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_right_goes_out_by_its_name_and_comes_back() {
        for permission in Permission::BUILT_IN {
            let text = serde_json::to_string(&PermissionView::from(*permission)).unwrap();
            assert_eq!(text, format!("\"{}\"", permission.name()));
            let read: PermissionView = serde_json::from_str(&text).unwrap();
            assert_eq!(read.0, permission.name());
        }
    }

    #[test]
    fn the_schema_lists_every_right_and_takes_others() {
        let schema = serde_json::to_value(PermissionView::schema()).unwrap();
        let names: Vec<&str> = Permission::BUILT_IN.iter().map(|p| p.name()).collect();
        assert_eq!(schema["examples"], serde_json::json!(names));
        assert_eq!(schema["pattern"], Permission::FORM);
        assert!(schema.get("enum").is_none());
    }

    #[test]
    fn a_set_gives_what_there_is_and_names_what_it_holds() {
        let rights = Rights::default();
        let set: Permissions = ["messages.send", "gone.by_now"]
            .map(str::to_owned)
            .into_iter()
            .collect();
        let view = |name: &str| PermissionView(name.to_owned());
        assert_eq!(PermissionView::given(&rights, &set), [view("messages.send")]);
        assert_eq!(
            PermissionView::named(&set),
            [view("gone.by_now"), view("messages.send")]
        );
        assert_eq!(
            PermissionView::given(&rights, &Permissions::every()).len(),
            Permission::BUILT_IN.len()
        );
    }
}
