//! Enumerations on the wire: the core's, with the same names, and a schema.

/// Declares an enumeration of the wire beside the core's own, with conversions both ways.
macro_rules! wire_enum {
    ($(#[$doc:meta])* $name:ident is $core:path { $($(#[$variant_doc:meta])* $variant:ident),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$variant_doc])* $variant),* }

        impl From<$core> for $name {
            fn from(value: $core) -> Self {
                use $core as Core;
                match value { $(Core::$variant => Self::$variant),* }
            }
        }

        impl From<$name> for $core {
            fn from(value: $name) -> Self {
                use $core as Core;
                match value { $($name::$variant => Core::$variant),* }
            }
        }
    };
}

pub(crate) use wire_enum;
