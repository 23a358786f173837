//! Colleagues on the wire.

use omnichat_core::operators::Operator;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::names::wire_enum;
use super::role::RoleView;
use super::{Time, file_url};

wire_enum! {
    /// Whether an operator takes conversations.
    OperatorStatus is omnichat_core::operators::OperatorStatus {
        /// Takes new conversations.
        Online,
        /// Present, takes nothing new.
        Break,
        /// Away.
        Offline,
    }
}

/// The language of the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Locale {
    /// Russian.
    Ru,
    /// English.
    En,
}

/// A colleague.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = Operator)]
pub struct OperatorView {
    /// Its id.
    pub id: String,
    /// The name that others see.
    pub name: String,
    /// The e-mail address to sign in with.
    pub email: String,
    /// Which role it has: that says what it may do.
    pub role: RoleView,
    /// Whether it takes conversations.
    pub status: OperatorStatus,
    /// Since when.
    pub status_since: Time,
    /// How many open conversations it may have at once through routing.
    pub capacity: u32,
    /// How many open conversations it has.
    pub load: u32,
    /// The language of its console; the browser's if `null`.
    pub locale: Option<Locale>,
    /// Its picture.
    pub avatar_url: Option<String>,
    /// May not sign in any more.
    pub disabled: bool,
    /// Has not accepted the invitation yet.
    pub invited: bool,
    /// When it was created.
    pub created_at: Time,
    /// Rises with each change.
    pub version: u64,
}

impl OperatorView {
    /// An operator with its load, the number of its open conversations.
    ///
    /// `invited` needs the password hash, which events leave out: pass what is known there.
    pub fn of(operator: &Operator, load: u32, invited: bool) -> Self {
        Self {
            id: operator.id.to_string(),
            name: operator.name.clone(),
            email: operator.email.clone(),
            role: RoleView(operator.role),
            status: operator.status.into(),
            status_since: operator.status_since.into(),
            capacity: operator.capacity,
            load,
            locale: operator.locale.as_deref().and_then(Locale::from_name),
            avatar_url: operator.avatar.map(file_url),
            disabled: operator.disabled,
            invited,
            created_at: operator.created_at.into(),
            version: operator.version,
        }
    }
}

impl Locale {
    /// The stable name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ru => "ru",
            Self::En => "en",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        [Self::Ru, Self::En]
            .into_iter()
            .find(|locale| locale.name() == name)
    }
}
