//! Roles and rights on the wire.

use std::borrow::Cow;

use omnichat_core::actor::{Permission, Rights, Role, RoleRef};
use omnichat_core::id::RoleId;
use serde::{Deserialize, Serialize};
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::names::wire_enum;
use super::permission::PermissionView;

wire_enum! {
    /// A role that every organisation has.
    BuiltInRole is omnichat_core::actor::Role {
        /// Answers customers.
        Operator,
        /// Also deletes others' messages and reads the audit log.
        Senior,
        /// Also manages inboxes, colleagues, plugins and faults: has every right.
        Admin,
        /// As an administrator; cannot be disabled by one.
        Owner,
    }
}

/// Which role somebody has, as one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RoleView(pub RoleRef);

impl PartialSchema for RoleView {
    fn schema() -> RefOr<Schema> {
        let built_in = Role::ALL.map(Role::name).join("|");
        let own = format!("{}_[0-9a-f]{{32}}", RoleId::PREFIX);
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some(
                "A role: the name of a built-in one, or the id of one of the organisation's own. One that is gone gives no rights.",
            ))
            .pattern(Some(format!("^({built_in}|{own})$")))
            .examples(["operator", "role_0192f0c1a2b37c4d8e5f60718293a4b5"])
            .into()
    }
}

impl ToSchema for RoleView {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("Role")
    }
}

/// A right that there is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Right)]
pub struct RightView {
    /// Its name.
    pub name: PermissionView,
    /// What it is about: its name up to the last dot.
    pub group: String,
}

/// A built-in role with its rights.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = BuiltInRoleWithRights)]
pub struct BuiltInRoleView {
    /// Its name, by which operators have it.
    pub role: BuiltInRole,
    /// What it gives.
    pub permissions: Vec<PermissionView>,
}

/// The rights that there are, and the roles that every organisation has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Rights)]
pub struct RightsView {
    /// Every right, those of the same group together.
    pub rights: Vec<RightView>,
    /// The built-in roles, those with fewer rights first. Nobody can change them.
    pub roles: Vec<BuiltInRoleView>,
}

impl From<&Rights> for RightsView {
    fn from(rights: &Rights) -> Self {
        let mut groups: Vec<&str> = Vec::new();
        for right in rights.all() {
            if !groups.contains(&right.group()) {
                groups.push(right.group());
            }
        }
        let of_group = |group: &str| -> Vec<Permission> {
            let all = rights.all().iter().copied();
            all.filter(|right| right.group() == group).collect()
        };
        let sorted = groups.iter().flat_map(|group| of_group(group));
        Self {
            rights: sorted
                .map(|right| RightView {
                    name: right.into(),
                    group: right.group().to_owned(),
                })
                .collect(),
            roles: Role::ALL
                .into_iter()
                .map(|role| BuiltInRoleView {
                    role: role.into(),
                    permissions: PermissionView::given(rights, &role.permissions()),
                })
                .collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogue_has_every_right_once_and_the_roles_that_have_them() {
        let catalogue = RightsView::from(&Rights::default());
        assert_eq!(catalogue.rights.len(), Permission::BUILT_IN.len());
        let mut groups: Vec<_> = catalogue.rights.iter().map(|right| &right.group).collect();
        groups.dedup();
        let all = groups.len();
        groups.sort();
        groups.dedup();
        assert_eq!(groups.len(), all, "a group stands together");
        let sizes: Vec<_> = catalogue
            .roles
            .iter()
            .map(|role| role.permissions.len())
            .collect();
        assert!(sizes[0] < sizes[1] && sizes[1] < sizes[2], "{sizes:?}");
        assert_eq!(sizes[2..], [Permission::BUILT_IN.len(); 2]);
    }

    #[test]
    fn a_role_is_a_name_or_an_id() {
        let schema = serde_json::to_value(RoleView::schema()).unwrap();
        assert_eq!(
            schema["pattern"],
            "^(operator|senior|admin|owner|role_[0-9a-f]{32})$"
        );
        for role in ["\"senior\"", "\"role_0192f0c1a2b37c4d8e5f60718293a4b5\""] {
            let read: RoleView = serde_json::from_str(role).unwrap();
            assert_eq!(serde_json::to_string(&read).unwrap(), role);
        }
    }
}
