//! What a visitor or the site around the widget says of the visitor. Unproved: it fills the customer's card and opens nothing.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Most attributes, and the longest name and value of one, in characters.
const ATTRIBUTES: (usize, usize, usize) = (20, 50, 300);
/// What all attributes may take together, in bytes: they travel with each request.
const BUDGET: usize = 3_000;

/// What is known of a visitor. Short names, since it travels in the token, and none that [`super::token::Claims`] has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Profile {
    #[serde(rename = "n", skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    #[serde(rename = "e", skip_serializing_if = "Option::is_none")]
    pub(super) email: Option<String>,
    #[serde(rename = "ph", skip_serializing_if = "Option::is_none")]
    pub(super) phone: Option<String>,
    #[serde(rename = "a", skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) attributes: BTreeMap<String, String>,
}

/// Who the visitor is, as the site says.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[schema(as = WidgetVisitorIn)]
pub(super) struct Identity {
    /// The name; cut after 200 characters.
    pub(super) name: Option<String>,
    /// The e-mail address; left out if it is none.
    pub(super) email: Option<String>,
    /// The phone number; left out if it is none.
    pub(super) phone: Option<String>,
    /// The site's own id of the visitor.
    pub(super) external_id: Option<String>,
    /// Proves the id: HMAC-SHA256 of it with the inbox's identity secret, in hex.
    pub(super) hash: Option<String>,
    /// Whatever else the site knows: texts, numbers, `true` and `false`. The rest is left out.
    #[serde(default)]
    pub(super) attributes: BTreeMap<String, serde_json::Value>,
}

impl Profile {
    /// Takes over what is said; what is not said stays, and what cannot be is left out: a site's mistake must not keep its
    /// visitors from writing.
    pub(super) fn take(&mut self, identity: &Identity) {
        let clean = |text: &Option<String>| {
            text.as_deref()
                .map(str::trim)
                .filter(|t| !t.is_empty())
                .map(str::to_owned)
        };
        if let Some(name) = clean(&identity.name) {
            self.name = Some(name.chars().take(200).collect());
        }
        if let Some(email) = clean(&identity.email).filter(|email| is_email(email)) {
            self.email = Some(email);
        }
        if let Some(phone) = clean(&identity.phone).filter(|phone| is_phone(phone)) {
            self.phone = Some(phone);
        }
        for (name, value) in &identity.attributes {
            let value = match value {
                serde_json::Value::String(text) => text.clone(),
                serde_json::Value::Bool(_) | serde_json::Value::Number(_) => value.to_string(),
                _ => continue,
            };
            self.set(name, &value);
        }
    }

    /// Sets an attribute, cut to its longest. One for which there is no room is left out.
    pub(super) fn set(&mut self, name: &str, value: &str) {
        let (most, name_max, value_max) = ATTRIBUTES;
        let clean = |text: &str, max: usize| -> String {
            let text = text.trim().chars().filter(|c| !c.is_control());
            text.take(max).collect()
        };
        let (name, value) = (clean(name, name_max), clean(value, value_max));
        let others = self.attributes.iter().filter(|(known, _)| **known != name);
        let (count, bytes) = others.fold((0, 0), |(count, bytes), (n, v)| {
            (count + 1, bytes + n.len() + v.len())
        });
        if !name.is_empty() && count < most && bytes + name.len() + value.len() <= BUDGET {
            self.attributes.insert(name, value);
        }
    }
}

/// Whether a text looks like an e-mail address.
pub(super) fn is_email(text: &str) -> bool {
    text.len() <= 320
        && !text.contains(char::is_whitespace)
        && text
            .split_once('@')
            .is_some_and(|(user, host)| !user.is_empty() && !host.is_empty())
}

/// Whether a text looks like a phone number.
pub(super) fn is_phone(text: &str) -> bool {
    text.chars().count() <= 50 && text.chars().filter(char::is_ascii_digit).count() >= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_is_left_out_and_what_is_not_said_stays() {
        let mut profile = Profile {
            name: Some("Anna".to_owned()),
            ..Profile::default()
        };
        let said = r#"{"email":"no address","phone":"+7 900 000-00-00","attributes":{"plan":"pro","seats":3,"x":{}}}"#;
        profile.take(&serde_json::from_str(said).unwrap());
        assert_eq!(
            (profile.name.as_deref(), profile.email, profile.phone.as_deref()),
            (Some("Anna"), None, Some("+7 900 000-00-00"))
        );
        assert_eq!(profile.attributes.len(), 2);
        assert_eq!(profile.attributes["seats"], "3");
    }

    #[test]
    fn a_token_cannot_be_made_to_grow_for_ever() {
        let mut profile = Profile::default();
        for n in 0..1_000 {
            profile.set(&format!("key {n}"), &"\"🦊".repeat(10_000));
        }
        assert!(!profile.attributes.is_empty());
        assert!(serde_json::to_vec(&profile).unwrap().len() < 2 * BUDGET);
        profile.set("key 0", "short");
        assert_eq!(profile.attributes["key 0"], "short");
    }
}
