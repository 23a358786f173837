//! Secrets and their placeholders. A plugin sees `{{secret:NAME}}` where a secret is set; the host puts the value in its
//! place on the way out, and the placeholder in the value's place on the way in.
//!
//! What people wrote never counts as a placeholder: before a message goes to a plugin, its placeholders are broken
//! ([`defuse`]). Else a customer could have a bot that repeats words say the token.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value};

use crate::outcome::PluginError;

const BEGIN: &str = "{{secret:";
const END: &str = "}}";
/// Secrets that are shorter are not searched for in what comes in: they would be found everywhere.
const FINDABLE: usize = 6;

/// How a value is written where it is put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// As it is.
    Plain,
    /// In a URL or a form: percent-encoded.
    Percent,
    /// Inside of a JSON text.
    Json,
}

/// The secrets of one account, by the name of their setting.
#[derive(Clone, Default)]
pub(crate) struct Secrets {
    values: BTreeMap<String, String>,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.values.keys()).finish()
    }
}

/// The placeholder of a secret.
pub(crate) fn placeholder(name: &str) -> String {
    format!("{BEGIN}{name}{END}")
}

/// The name in a text that is one placeholder and nothing else.
pub(crate) fn named(text: &str) -> Option<&str> {
    text.strip_prefix(BEGIN)?
        .strip_suffix(END)
        .filter(|name| is_name(name))
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
}

/// The text without anything that could pass for a placeholder.
pub(crate) fn defuse(text: &str) -> Cow<'_, str> {
    if text.contains(BEGIN) {
        // A zero-width joiner of words: the text looks as before.
        Cow::Owned(text.replace(BEGIN, "{{\u{2060}secret:"))
    } else {
        Cow::Borrowed(text)
    }
}

impl Secrets {
    /// Takes the secrets out of whole settings and leaves placeholders.
    pub(crate) fn take(config: &mut Value, is_secret: impl Fn(&str) -> bool) -> Self {
        let mut values = BTreeMap::new();
        let settings = config.as_object_mut().into_iter().flat_map(Map::iter_mut);
        for (name, value) in settings.filter(|(name, _)| is_secret(name)) {
            if let Value::String(secret) = value
                && !secret.is_empty()
            {
                values.insert(name.clone(), std::mem::replace(secret, placeholder(name)));
            }
        }
        Self { values }
    }

    /// A secret by its name. `account-broken` if it is not set.
    pub(crate) fn get(&self, name: &str) -> Result<&str, PluginError> {
        self.values.get(name).map(String::as_str).ok_or_else(|| {
            PluginError::new(
                "account-broken",
                format!("the plugin needs the secret «{name}», which is not set for this account"),
            )
        })
    }

    /// Puts values in place of placeholders.
    ///
    /// # Errors
    /// `account-broken` if one is not set.
    pub(crate) fn fill(&self, text: &[u8], style: Style) -> Result<Vec<u8>, PluginError> {
        let mut filled = Vec::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = memchr::memmem::find(rest, BEGIN.as_bytes()) {
            let after = &rest[at + BEGIN.len()..];
            let name = memchr::memmem::find(after, END.as_bytes())
                .and_then(|end| std::str::from_utf8(&after[..end]).ok())
                .filter(|name| is_name(name));
            let Some(name) = name else {
                filled.extend_from_slice(&rest[..at + BEGIN.len()]);
                rest = after;
                continue;
            };
            filled.extend_from_slice(&rest[..at]);
            write_as(self.get(name)?, style, &mut filled);
            rest = &after[name.len() + END.len()..];
        }
        filled.extend_from_slice(rest);
        Ok(filled)
    }

    /// [`Self::fill`] for text.
    pub(crate) fn fill_text(&self, text: &str, style: Style) -> Result<String, PluginError> {
        let filled = self.fill(text.as_bytes(), style)?;
        String::from_utf8(filled).map_err(|_| PluginError::new("account-broken", "a secret is no text"))
    }

    /// Puts placeholders in place of values that the other side repeated.
    pub(crate) fn hide(&self, bytes: Vec<u8>) -> Vec<u8> {
        let mut bytes = bytes;
        for (name, secret) in self.values.iter().filter(|(_, secret)| secret.len() >= FINDABLE) {
            let found: Vec<usize> = memchr::memmem::find_iter(&bytes, secret.as_bytes()).collect();
            if found.is_empty() {
                continue;
            }
            let mut hidden = Vec::with_capacity(bytes.len());
            let mut from = 0;
            for at in found {
                hidden.extend_from_slice(&bytes[from..at]);
                hidden.extend_from_slice(placeholder(name).as_bytes());
                from = at + secret.len();
            }
            hidden.extend_from_slice(&bytes[from..]);
            bytes = hidden;
        }
        bytes
    }

    /// [`Self::hide`] for text.
    pub(crate) fn hide_text(&self, text: String) -> String {
        String::from_utf8_lossy(&self.hide(text.into_bytes())).into_owned()
    }

    /// Puts values back into settings, where a whole text is a placeholder. Placeholders of unknown secrets stay, and are
    /// named.
    pub(crate) fn restore(&self, config: &mut Value) -> Vec<String> {
        let mut unknown = Vec::new();
        for (name, value) in config.as_object_mut().into_iter().flat_map(Map::iter_mut) {
            if let Value::String(text) = value
                && let Some(secret) = named(text)
            {
                match self.values.get(secret) {
                    Some(secret) => *text = secret.clone(),
                    None => unknown.push(name.clone()),
                }
            }
        }
        unknown
    }
}

fn write_as(secret: &str, style: Style, to: &mut Vec<u8>) {
    match style {
        Style::Plain => to.extend_from_slice(secret.as_bytes()),
        Style::Percent => {
            for byte in secret.bytes() {
                // A colon is harmless behind the host, and platforms compare tokens in paths as they are.
                if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b':') {
                    to.push(byte);
                } else {
                    to.extend_from_slice(format!("%{byte:02X}").as_bytes());
                }
            }
        }
        Style::Json => {
            let quoted = Value::from(secret).to_string();
            to.extend_from_slice(&quoted.as_bytes()[1..quoted.len() - 1]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn secrets() -> (Secrets, Value) {
        let mut config = json!({ "token": "12:a/b\"?c", "name": "shop", "empty": "", "number": 7 });
        let secrets = Secrets::take(&mut config, |name| name != "name");
        (secrets, config)
    }

    #[test]
    fn settings_keep_placeholders_only() {
        let (secrets, mut config) = secrets();
        assert_eq!(
            config,
            json!({ "token": "{{secret:token}}", "name": "shop", "empty": "", "number": 7 })
        );
        assert!(!format!("{secrets:?}").contains("12:a"));
        assert!(secrets.restore(&mut config).is_empty());
        assert_eq!(config["token"], "12:a/b\"?c");
        let mut other = json!({ "moved": "{{secret:token}}", "lost": "{{secret:none}}" });
        assert_eq!(secrets.restore(&mut other), ["lost"]);
        assert_eq!(other["moved"], "12:a/b\"?c");
    }

    #[test]
    fn values_are_written_as_their_place_demands() {
        let (secrets, _) = secrets();
        let fill = |text: &str, style| secrets.fill_text(text, style).unwrap();
        assert_eq!(
            fill("/bot{{secret:token}}/x", Style::Percent),
            "/bot12:a%2Fb%22%3Fc/x"
        );
        assert_eq!(
            fill("{\"t\":\"{{secret:token}}\"}", Style::Json),
            "{\"t\":\"12:a/b\\\"?c\"}"
        );
        assert_eq!(
            fill("{{secret:token}}{{secret:token}}", Style::Plain),
            "12:a/b\"?c12:a/b\"?c"
        );
        assert_eq!(
            fill("{{secret:}} {{secret:a b}} {{secret:", Style::Plain),
            "{{secret:}} {{secret:a b}} {{secret:"
        );
        let error = secrets.fill_text("{{secret:other}}", Style::Plain).unwrap_err();
        assert_eq!(error.code, "account-broken");
        assert!(error.message.contains("other"));
    }

    #[test]
    fn what_the_other_side_repeats_is_hidden() {
        let (secrets, _) = secrets();
        assert_eq!(
            secrets.hide_text("bad 12:a/b\"?c!".to_owned()),
            "bad {{secret:token}}!"
        );
    }

    #[test]
    fn what_people_write_is_no_placeholder() {
        let (secrets, _) = secrets();
        let said = defuse("say {{secret:token}}");
        assert!(!secrets.fill_text(&said, Style::Plain).unwrap().contains("12:a"));
        assert_eq!(defuse("plain"), "plain");
    }
}
