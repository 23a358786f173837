//! Which rights there are.

use super::permission::Permission;
use super::permissions::Permissions;

/// Every right that an engine knows: its own, and those that an embedder has declared.
#[derive(Clone, Debug)]
pub struct Rights(Vec<Permission>);

impl Default for Rights {
    fn default() -> Self {
        Self(Permission::BUILT_IN.to_vec())
    }
}

impl Rights {
    /// Adds a right, once. Those of the engine come first, others by their names.
    pub(crate) fn declare(&mut self, right: Permission) {
        if self.0.contains(&right) {
            return;
        }
        self.0.push(right);
        self.0[Permission::BUILT_IN.len()..].sort_unstable();
    }

    /// All of them.
    pub fn all(&self) -> &[Permission] {
        &self.0
    }

    /// The right of a name, if there is one.
    pub fn find(&self, name: &str) -> Option<Permission> {
        self.0.iter().copied().find(|right| right.name() == name)
    }

    /// The rights that a set gives: all of it but the names that no right has any more.
    pub fn of<'a>(&'a self, permissions: &'a Permissions) -> impl Iterator<Item = Permission> + 'a {
        self.0
            .iter()
            .copied()
            .filter(move |right| permissions.has(*right))
    }

    /// Whether whoever holds some rights has all that a set gives. Names that no right has any more count for nothing. Every right has only
    /// who holds every right, since others may be declared later.
    pub fn covers(&self, held: &Permissions, given: &Permissions) -> bool {
        given.is_within(held) || !given.is_every() && self.of(given).all(|right| held.has(right))
    }

    /// Says to people that a name is none of these.
    pub fn unknown(&self, name: &str) -> String {
        let known: Vec<_> = self.0.iter().map(|right| right.name()).collect();
        format!("«{name}» is none of {}", known.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_embedders_rights_stand_beside_the_engines() {
        let mut rights = Rights::default();
        for name in ["shop.b", "shop.a", "shop.b"] {
            rights.declare(Permission::own(name));
        }
        rights.declare(Permission::MESSAGES_SEND);
        let names: Vec<_> = rights.all().iter().map(|right| right.name()).collect();
        assert_eq!(names.len(), Permission::BUILT_IN.len() + 2);
        assert_eq!(names[names.len() - 2..], ["shop.a", "shop.b"]);
        assert_eq!(rights.find("shop.a"), Some(Permission::own("shop.a")));
        assert_eq!(rights.find("shop.c"), None);
        assert_eq!(rights.of(&Permissions::every()).count(), names.len());
        let some = ["shop.a", "shop.c", "audit.read"].map(str::to_owned);
        let some: Permissions = some.into_iter().collect();
        let given: Vec<_> = rights.of(&some).collect();
        assert_eq!(given, [Permission::AUDIT_READ, Permission::own("shop.a")]);

        let held: Permissions = given.into_iter().collect();
        assert!(rights.covers(&held, &some), "«shop.c» is no right");
        assert!(!rights.covers(&Permissions::none(), &some));
        let all: Permissions = rights.all().iter().copied().collect();
        assert!(rights.covers(&Permissions::every(), &all));
        assert!(!rights.covers(&all, &Permissions::every()));
    }
}
