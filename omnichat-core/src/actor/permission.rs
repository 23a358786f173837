//! One right: a name.

use std::fmt;

/// One right, told from others by its name: `messages.send`. What stands before the last dot is its [group](Self::group).
///
/// The engine's own are constants here. An embedder declares rights for what it adds with [`Permission::own`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Permission(&'static str);

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident = $text:literal),* $(,)?) => {
        impl Permission {
            $($(#[$doc])* pub const $name: Self = Self($text);)*

            /// Every right of the engine itself.
            pub const BUILT_IN: &'static [Self] = &[$(Self::$name),*];
        }
    };
}

permissions! {
    /// See every conversation of the tenant.
    CONVERSATIONS_READ_ALL = "conversations.read_all",
    /// See conversations that are one's own, that one was invited to, or that nobody has.
    CONVERSATIONS_READ_OWN = "conversations.read_own",
    /// Take a conversation that nobody has.
    CONVERSATIONS_TAKE = "conversations.take",
    /// Give a conversation to an operator.
    CONVERSATIONS_ASSIGN = "conversations.assign",
    /// Resolve, close, reopen, snooze, mark as spam, change priority and tags.
    CONVERSATIONS_MANAGE = "conversations.manage",
    /// Answer customers.
    MESSAGES_SEND = "messages.send",
    /// Write internal notes.
    MESSAGES_NOTE = "messages.note",
    /// Edit one's own messages.
    MESSAGES_EDIT_OWN = "messages.edit_own",
    /// Delete one's own messages.
    MESSAGES_DELETE_OWN = "messages.delete_own",
    /// Delete anybody's messages.
    MESSAGES_DELETE_ANY = "messages.delete_any",
    /// See customers.
    CUSTOMERS_READ = "customers.read",
    /// Change customers.
    CUSTOMERS_WRITE = "customers.write",
    /// See the inboxes and their health.
    INBOXES_READ = "inboxes.read",
    /// Add, change and remove inboxes.
    INBOXES_MANAGE = "inboxes.manage",
    /// See colleagues and roles.
    OPERATORS_READ = "operators.read",
    /// Invite, change and disable operators; make, change and delete roles.
    OPERATORS_MANAGE = "operators.manage",
    /// See and replay what could not be understood.
    QUARANTINE_MANAGE = "quarantine.manage",
    /// Read the audit log.
    AUDIT_READ = "audit.read",
    /// Install and look after the plugins of the host.
    PLUGINS_MANAGE = "plugins.manage",
    /// Upload files.
    FILES_UPLOAD = "files.upload",
    /// Set up scenarios that answer customers, and tools.
    AUTOMATIONS_MANAGE = "automations.manage",
    /// Make, change and revoke the keys of programs.
    API_KEYS_MANAGE = "api_keys.manage",
    /// Make, change and delete the quick phrases that are everybody's.
    PHRASES_MANAGE = "phrases.manage",
    /// Make, change and delete the saved views that are everybody's.
    VIEWS_MANAGE = "views.manage",
    /// Describe tags: make, change and delete what the organisation says of them, and rename them.
    TAGS_MANAGE = "tags.manage",
}

impl Permission {
    /// Longest name, in bytes.
    pub const NAME_MAX: usize = 100;
    /// The form of a name, as a regular expression.
    pub const FORM: &'static str = r"^[a-z0-9_]+(\.[a-z0-9_]+)+$";

    /// Seeing conversations, all of them or those that concern one: either is enough.
    pub const CONVERSATIONS_READ: &'static [Self] =
        &[Self::CONVERSATIONS_READ_OWN, Self::CONVERSATIONS_READ_ALL];

    /// A right of an embedder's own, for its entities and services. Its name has a dot, as in `shop.vouchers.manage`, and before the
    /// first one what no right of the engine begins with: best the name of the product.
    ///
    /// ```
    /// use omnichat_core::actor::Permission;
    ///
    /// const VOUCHERS_MANAGE: Permission = Permission::own("shop.vouchers.manage");
    /// assert_eq!(VOUCHERS_MANAGE.group(), "shop.vouchers");
    /// ```
    ///
    /// # Panics
    /// For another name; where a constant is declared with it, the program does not compile.
    pub const fn own(name: &'static str) -> Self {
        assert!(
            is_name(name),
            "the name of a right is of small letters, digits and underscores, with dots in between"
        );
        let mut at = 0;
        while at < Self::BUILT_IN.len() {
            assert!(
                !begin_alike(name, Self::BUILT_IN[at].0),
                "an embedder's right does not begin as one of the engine's does"
            );
            at += 1;
        }
        Self(name)
    }

    /// The stable name, as in the API.
    pub const fn name(self) -> &'static str {
        self.0
    }

    /// What it is about: its name up to the last dot.
    pub fn group(self) -> &'static str {
        self.0.rsplit_once('.').map_or(self.0, |(group, _)| group)
    }

    /// The engine's own right of a name.
    pub(super) fn built_in(name: &str) -> Option<Self> {
        Self::BUILT_IN.iter().copied().find(|right| right.0 == name)
    }

    /// Whether a right could have this name.
    pub fn may_be_called(name: &str) -> bool {
        is_name(name)
    }
}

impl fmt::Debug for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// Whether a text is of [`Permission::FORM`].
const fn is_name(name: &str) -> bool {
    let bytes = name.as_bytes();
    let (mut at, mut dots, mut after_dot) = (0, 0, true);
    while at < bytes.len() {
        match bytes[at] {
            b'.' if after_dot => return false,
            b'.' => {
                dots += 1;
                after_dot = true;
            }
            b'a'..=b'z' | b'0'..=b'9' | b'_' => after_dot = false,
            _ => return false,
        }
        at += 1;
    }
    dots > 0 && !after_dot && bytes.len() <= Permission::NAME_MAX
}

/// Whether two names are the same up to their first dots.
const fn begin_alike(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        if one[at] == b'.' {
            return true;
        }
        at += 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_right_of_the_engine_has_a_name_of_its_own_that_is_one() {
        let names: std::collections::BTreeSet<_> = Permission::BUILT_IN.iter().collect();
        assert_eq!(names.len(), Permission::BUILT_IN.len());
        assert!(names.iter().all(|right| is_name(right.name())), "{names:?}");
        assert_eq!(Permission::MESSAGES_SEND.group(), "messages");
    }

    #[test]
    fn names_have_a_form() {
        for right in ["a.b", "shop.vouchers.manage", "api_keys.v2"] {
            assert!(is_name(right), "{right}");
        }
        let long = format!("a.{}", "b".repeat(Permission::NAME_MAX));
        for wrong in [
            "", "a", ".", "a.", ".b", "a..b", "A.b", "a b.c", "ж.b", "*", &long,
        ] {
            assert!(!is_name(wrong), "{wrong}");
        }
    }

    #[test]
    fn an_embedders_right_cannot_be_taken_for_one_of_the_engines() {
        assert_eq!(Permission::own("shop.manage").name(), "shop.manage");
        assert_eq!(Permission::own("message.send").name(), "message.send");
        for wrong in [
            "messages.send",
            "messages.shout",
            "messages.more.send",
            "vouchers",
        ] {
            assert!(
                std::panic::catch_unwind(|| Permission::own(wrong)).is_err(),
                "{wrong}"
            );
        }
    }
}
