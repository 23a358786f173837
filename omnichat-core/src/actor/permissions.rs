//! A set of rights.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::permission::Permission;

/// A set of rights, kept and shown by their names. Cheap to clone.
///
/// A name that no right has any more, since whoever declared it is gone, stays in the set and gives nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct Permissions(Held);

#[derive(Clone, PartialEq, Eq)]
enum Held {
    /// Whatever right there is, also one of which nobody here has heard.
    Every,
    These(Arc<BTreeSet<Cow<'static, str>>>),
}

impl Permissions {
    /// No right at all.
    pub fn none() -> Self {
        Self::default()
    }

    /// Every right, an embedder's own among them. It is never kept: as JSON it is a list of the engine's own, which a set of the same
    /// names is equal to, and this one is not.
    pub const fn every() -> Self {
        Self(Held::Every)
    }

    /// Whether the set holds a right.
    pub fn has(&self, permission: Permission) -> bool {
        self.names(permission.name())
    }

    /// Whether the set holds one of these rights.
    pub fn has_one(&self, permissions: &[Permission]) -> bool {
        permissions.iter().any(|permission| self.has(*permission))
    }

    /// Whether the set holds what has this name.
    pub fn names(&self, name: &str) -> bool {
        match &self.0 {
            Held::Every => true,
            Held::These(names) => names.contains(name),
        }
    }

    /// Whether every right of the set is in another.
    pub fn is_within(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (_, Held::Every) => true,
            (Held::Every, Held::These(_)) => false,
            (Held::These(mine), Held::These(theirs)) => mine.is_subset(theirs),
        }
    }

    /// The rights that both sets hold.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        match (&self.0, &other.0) {
            (Held::Every, _) => other.clone(),
            (_, Held::Every) => self.clone(),
            (Held::These(mine), Held::These(theirs)) => mine.intersection(theirs).cloned().collect(),
        }
    }

    /// Whether it is [every right](Permissions::every) there is.
    pub const fn is_every(&self) -> bool {
        matches!(self.0, Held::Every)
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        matches!(&self.0, Held::These(names) if names.is_empty())
    }

    /// The names in the set, sorted. Of every right those of the engine itself: what else there is, an engine knows, see
    /// [`Rights::of`](super::Rights::of).
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        let (every, these) = match &self.0 {
            Held::Every => (Permission::BUILT_IN, None),
            Held::These(names) => (&[][..], Some(names.iter())),
        };
        let these = these.into_iter().flatten().map(|name| &**name);
        every.iter().map(|right| right.name()).chain(these)
    }
}

impl Default for Permissions {
    fn default() -> Self {
        Self(Held::These(Arc::default()))
    }
}

impl FromIterator<Permission> for Permissions {
    fn from_iter<I: IntoIterator<Item = Permission>>(permissions: I) -> Self {
        permissions
            .into_iter()
            .map(|permission| Cow::Borrowed(permission.name()))
            .collect()
    }
}

/// By names, whoever has declared them.
impl FromIterator<String> for Permissions {
    fn from_iter<I: IntoIterator<Item = String>>(names: I) -> Self {
        names.into_iter().map(named).collect()
    }
}

impl FromIterator<Cow<'static, str>> for Permissions {
    fn from_iter<I: IntoIterator<Item = Cow<'static, str>>>(names: I) -> Self {
        Self(Held::These(Arc::new(names.into_iter().collect())))
    }
}

/// Most names are the engine's, and need no place of their own.
fn named(name: String) -> Cow<'static, str> {
    match Permission::built_in(&name) {
        Some(right) => Cow::Borrowed(right.name()),
        None => Cow::Owned(name),
    }
}

impl fmt::Debug for Permissions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Held::Every => f.write_str("every right"),
            Held::These(_) => f.debug_set().entries(self.iter()).finish(),
        }
    }
}

impl Serialize for Permissions {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Permissions {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let names = Vec::<String>::deserialize(from)?;
        Ok(names.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWN: Permission = Permission::own("shop.vouchers.manage");

    fn set(rights: &[Permission]) -> Permissions {
        rights.iter().copied().collect()
    }

    #[test]
    fn a_set_of_rights_is_kept_by_names() {
        let rights = set(&[Permission::MESSAGES_SEND, OWN]);
        let text = serde_json::to_string(&rights).unwrap();
        assert_eq!(text, r#"["messages.send","shop.vouchers.manage"]"#);
        assert_eq!(serde_json::from_str::<Permissions>(&text).unwrap(), rights);
        assert_eq!(
            format!("{rights:?}"),
            r#"{"messages.send", "shop.vouchers.manage"}"#
        );
    }

    #[test]
    fn a_name_that_nobody_declares_any_more_is_kept_and_gives_nothing() {
        let text = r#"["gone.by_now","messages.send"]"#;
        let rights: Permissions = serde_json::from_str(text).unwrap();
        assert!(rights.has(Permission::MESSAGES_SEND));
        assert!(
            Permission::BUILT_IN
                .iter()
                .filter(|right| rights.has(**right))
                .count()
                == 1
        );
        assert_eq!(serde_json::to_string(&rights).unwrap(), text);
        // Nor does what would be written of every right.
        let all: Permissions =
            serde_json::from_str(&serde_json::to_string(&Permissions::every()).unwrap()).unwrap();
        assert!(!all.has(OWN) && all.has(Permission::AUDIT_READ));
    }

    #[test]
    fn every_right_is_more_than_all_that_can_be_listed() {
        let (every, all) = (Permissions::every(), set(Permission::BUILT_IN));
        assert!(every.has(OWN) && !all.has(OWN));
        assert!(all.is_within(&every) && !every.is_within(&all) && every.is_within(&every));
        assert_eq!(every.and(&all), all);
        assert_eq!(all.and(&every), all);
    }

    #[test]
    fn sets_are_compared_and_cut() {
        let (one, two) = (Permission::MESSAGES_SEND, Permission::AUDIT_READ);
        assert!(set(&[one]).is_within(&set(&[one, two])) && !set(&[one, two]).is_within(&set(&[one])));
        assert_eq!(set(&[one, two]).and(&set(&[two, OWN])), set(&[two]));
        assert!(Permissions::none().is_empty() && Permissions::none().is_within(&set(&[one])));
        assert!(!Permissions::every().is_empty() && !set(&[OWN]).is_empty());
    }
}
