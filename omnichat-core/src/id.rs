//! Typed identifiers: a UUIDv7 behind a visible prefix, such as `conv_0192f0c1…`.
//!
//! The prefix makes a wrong id a type error in Rust and a readable mistake in a log or a request. Ids sort by
//! creation time, which keeps indexes compact.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::de::{self, Visitor};
pub use uuid::Uuid;

use crate::clock::Clock;
use crate::error::Error;

/// A typed identifier.
pub trait Id:
    Copy
    + Ord
    + std::hash::Hash
    + fmt::Debug
    + fmt::Display
    + FromStr<Err = Error>
    + serde::Serialize
    + serde::de::DeserializeOwned
    + Send
    + Sync
    + 'static
{
    /// What an id of this type begins with, without the underscore.
    const PREFIX: &'static str;

    /// A new id, from the clock's time and randomness.
    fn generate(clock: &dyn Clock) -> Self;

    /// The id around a UUID that a store kept.
    fn from_uuid(uuid: Uuid) -> Self;

    /// The bare UUID, for a store's key.
    fn uuid(&self) -> Uuid;
}

/// Makes a type of ids: `id_type!(/// A shelf. ShelfId, "shelf");`.
#[macro_export]
macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name($crate::id::Uuid);

        impl $name {
            /// What an id of this type begins with, without the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// A new id, from the clock's time and randomness.
            pub fn generate(clock: &dyn $crate::clock::Clock) -> Self {
                Self(clock.uuid())
            }

            /// The id around a UUID that a store kept.
            pub const fn from_uuid(uuid: $crate::id::Uuid) -> Self {
                Self(uuid)
            }

            /// The bare UUID, for a store's key.
            pub const fn uuid(&self) -> $crate::id::Uuid {
                self.0
            }
        }

        impl $crate::id::Id for $name {
            const PREFIX: &'static str = Self::PREFIX;

            fn generate(clock: &dyn $crate::clock::Clock) -> Self {
                Self::generate(clock)
            }

            fn from_uuid(uuid: $crate::id::Uuid) -> Self {
                Self::from_uuid(uuid)
            }

            fn uuid(&self) -> $crate::id::Uuid {
                self.uuid()
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                write!(f, "{}_{}", $prefix, self.0.as_simple())
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Display::fmt(self, f)
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::error::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                $crate::id::parse(text, $prefix).map(Self)
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                // Rows and answers are full of ids: one is put together on the stack and written at once.
                let mut text = [0; $prefix.len() + 1 + $crate::id::UUID_LENGTH];
                let (prefix, uuid) = text.split_at_mut($prefix.len() + 1);
                prefix[..$prefix.len()].copy_from_slice($prefix.as_bytes());
                prefix[$prefix.len()] = b'_';
                self.0.as_simple().encode_lower(uuid);
                match ::std::str::from_utf8(&text) {
                    Ok(text) => to.serialize_str(text),
                    Err(error) => Err(::serde::ser::Error::custom(error)),
                }
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                $crate::id::from_text(from)
            }
        }
    };
}

/// Digits of a UUID in an id.
#[doc(hidden)]
pub const UUID_LENGTH: usize = 32;

/// Reads what is written as a text, without keeping the text.
///
/// # Errors
/// Those of the reader, and of the type for another text.
#[doc(hidden)]
pub fn from_text<'de, T, D>(from: D) -> Result<T, D::Error>
where
    T: FromStr<Err = Error>,
    D: serde::Deserializer<'de>,
{
    struct Text<T>(PhantomData<T>);

    impl<T: FromStr<Err = Error>> Visitor<'_> for Text<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
            text.parse().map_err(E::custom)
        }
    }

    from.deserialize_str(Text(PhantomData))
}

/// The UUID of an id that begins with `prefix`.
///
/// # Errors
/// `Invalid` if it is none.
pub fn parse(text: &str, prefix: &'static str) -> Result<Uuid, Error> {
    text.strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('_'))
        .filter(|rest| rest.len() == 32 && rest.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')))
        .and_then(|rest| Uuid::try_parse(rest).ok())
        .ok_or_else(|| Error::invalid(format!("not an id of the form {prefix}_…")))
}

id_type!(
    /// One customer of the installation: a company with its operators, inboxes and conversations.
    TenantId, "ten"
);
id_type!(
    /// A person who answers.
    OperatorId, "op"
);
id_type!(
    /// A role that an organisation has made.
    RoleId, "role"
);
id_type!(
    /// A configured channel account.
    InboxId, "inb"
);
id_type!(
    /// A scenario or a toolbox that a tenant has set up.
    AutomationId, "auto"
);
id_type!(
    /// A person who asks.
    CustomerId, "cust"
);
id_type!(
    /// Who somebody is on a platform.
    ContactId, "cont"
);
id_type!(
    /// Where is spoken, on one inbox.
    ChatId, "chat"
);
id_type!(
    /// A conversation.
    ConversationId, "conv"
);
id_type!(
    /// A message, note or system entry.
    MessageId, "msg"
);
id_type!(
    /// A file attached to a message, whether fetched yet or not.
    AttachmentId, "att"
);
id_type!(
    /// A stored file.
    FileId, "file"
);
id_type!(
    /// A piece of work in the queue.
    JobId, "job"
);
id_type!(
    /// A webhook that passed its signature and could not be understood.
    QuarantineId, "quar"
);
id_type!(
    /// A line of the audit log.
    AuditId, "aud"
);
id_type!(
    /// A signed-in session of an operator.
    SessionId, "ses"
);
id_type!(
    /// A key with which a program asks.
    ApiKeyId, "key"
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::SystemClock;

    #[test]
    fn an_id_survives_text_and_refuses_another_kind() {
        let id = ConversationId::generate(&SystemClock);
        assert_eq!(id.to_string().parse::<ConversationId>().unwrap(), id);
        assert!(id.to_string().parse::<MessageId>().is_err());
        assert!("conv_".parse::<ConversationId>().is_err());
        assert!("conv_XYZ".parse::<ConversationId>().is_err());
        assert!(id.to_string().to_uppercase().parse::<ConversationId>().is_err());
    }
}
