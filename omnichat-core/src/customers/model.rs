//! A customer as it is kept.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::{CustomerId, FileId, TenantId};
use crate::limits;

/// A person who asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// Its id.
    pub id: CustomerId,
    /// The tenant.
    pub tenant: TenantId,
    /// The name; follows the platform's until an operator sets one.
    pub name: String,
    /// An operator has set the name, so that the platform's changes no longer touch it.
    pub name_fixed: bool,
    /// E-mail address.
    pub email: Option<String>,
    /// Phone number, as given.
    pub phone: Option<String>,
    /// Language tag: `ru`, `en-GB`.
    pub locale: Option<String>,
    /// The picture.
    pub avatar: Option<FileId>,
    /// What operators want to remember.
    pub note: String,
    /// Labels.
    pub tags: Vec<String>,
    /// Free attributes, from forms and from the page that embeds the widget.
    pub attributes: BTreeMap<String, String>,
    /// The tenant blocked this customer: its messages are kept as spam.
    pub blocked: bool,
    /// When it first appeared.
    pub created_at: Timestamp,
    /// When it was last heard of.
    pub last_seen_at: Timestamp,
    /// Row version, from 1.
    pub version: u64,
}

impl Customer {
    /// Sets an attribute, if there is room for it: there are at most [`limits::ATTRIBUTES`], and all together have
    /// [`limits::ATTRIBUTES_BYTES`]. False if it was left out.
    pub fn set_attribute(&mut self, name: &str, value: &str) -> bool {
        let others = self.attributes.iter().filter(|(known, _)| *known != name);
        let (count, bytes) = others.fold((0, 0), |(count, bytes), (name, value)| {
            (count + 1, bytes + name.len() + value.len())
        });
        let fits = count < limits::ATTRIBUTES && bytes + name.len() + value.len() <= limits::ATTRIBUTES_BYTES;
        if fits {
            self.attributes.insert(name.to_owned(), value.to_owned());
        }
        fits
    }
}

/// A change of a customer; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct CustomerPatch {
    /// New name.
    pub name: Option<String>,
    /// New e-mail address; `Some(None)` removes it.
    pub email: Option<Option<String>>,
    /// New phone number; `Some(None)` removes it.
    pub phone: Option<Option<String>>,
    /// New note.
    pub note: Option<String>,
    /// New labels, whole.
    pub tags: Option<Vec<String>>,
    /// New attributes, whole.
    pub attributes: Option<BTreeMap<String, String>>,
    /// Blocked or not.
    pub blocked: Option<bool>,
    /// The version on which the change is based; not checked if absent.
    pub version: Option<u64>,
}
