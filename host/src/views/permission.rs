//! Rights on the wire, by the names that the core gives them.

use std::borrow::Cow;

use omnichat_core::actor::Permission;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

/// One right, by its dotted name. The list of names is the core's: a new right there is one here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PermissionView(pub Permission);

impl From<Permission> for PermissionView {
    fn from(permission: Permission) -> Self {
        Self(permission)
    }
}

impl Serialize for PermissionView {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.name())
    }
}

impl<'de> Deserialize<'de> for PermissionView {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = Cow::<str>::deserialize(deserializer)?;
        Permission::from_name(&name).map(Self).ok_or_else(|| {
            let known: Vec<&str> = Permission::ALL.iter().map(|right| right.name()).collect();
            de::Error::custom(format!("«{name}» is none of {}", known.join(", ")))
        })
    }
}

impl PartialSchema for PermissionView {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("One right."))
            .enum_values(Some(Permission::ALL.iter().map(|permission| permission.name())))
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
        for permission in Permission::ALL {
            let text = serde_json::to_string(&PermissionView(*permission)).unwrap();
            assert_eq!(text, format!("\"{}\"", permission.name()));
            assert_eq!(
                serde_json::from_str::<PermissionView>(&text).unwrap().0,
                *permission
            );
        }
        assert!(serde_json::from_str::<PermissionView>("\"conversations\"").is_err());
    }

    #[test]
    fn the_schema_lists_every_right() {
        let schema = serde_json::to_value(PermissionView::schema()).unwrap();
        let names: Vec<&str> = Permission::ALL.iter().map(|p| p.name()).collect();
        assert_eq!(schema["enum"], serde_json::json!(names));
    }
}
