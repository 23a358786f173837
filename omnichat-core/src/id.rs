//! Typed identifiers: a UUIDv7 behind a visible prefix, such as `conv_0192f0c1…`.
//!
//! The prefix makes a wrong id a type error in Rust and a readable mistake in a log or a request. Ids sort by
//! creation time, which keeps indexes compact.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use crate::clock::Clock;
use crate::error::Error;

macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Uuid);

        impl $name {
            /// What an id of this type begins with, without the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// A new id, from the clock's time and randomness.
            pub fn generate(clock: &dyn Clock) -> Self {
                Self(clock.uuid())
            }

            /// The id around a UUID that a store kept.
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The bare UUID, for a store's key.
            pub const fn uuid(&self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}_{}", $prefix, self.0.as_simple())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = Error;

            fn from_str(text: &str) -> Result<Self, Error> {
                parse(text, $prefix).map(Self)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}

fn parse(text: &str, prefix: &'static str) -> Result<Uuid, Error> {
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
    /// A customer's account on one inbox.
    IdentityId, "idn"
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
