//! What Viber sends, as it stands on the wire. Everything may be absent.

use std::fmt;

use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer};

/// A message's token: an unsigned number of 64 bits, which some write as text. Never goes through a float.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Token(pub(crate) String);

impl<'de> Deserialize<'de> for Token {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(TokenVisitor)
    }
}

struct TokenVisitor;

impl Visitor<'_> for TokenVisitor {
    type Value = Token;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number or a text")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Token, E> {
        Ok(Token(number.to_string()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Token, E> {
        Ok(Token(number.to_string()))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Token, E> {
        Ok(Token(text.to_owned()))
    }

    fn visit_unit<E: Error>(self) -> Result<Token, E> {
        Ok(Token::default())
    }
}

/// As much of a callback as the answer to it depends on.
#[derive(Deserialize)]
pub(crate) struct Opening {
    pub(crate) event: String,
    #[serde(default)]
    pub(crate) subscribed: bool,
    #[serde(default)]
    pub(crate) user: User,
    /// What the link held by which the chat was opened.
    pub(crate) context: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Callback {
    pub(crate) event: String,
    pub(crate) timestamp: Option<u64>,
    #[serde(default)]
    pub(crate) message_token: Token,
    #[serde(default)]
    pub(crate) subscribed: bool,
    /// In receipts and when somebody leaves.
    pub(crate) user_id: Option<String>,
    pub(crate) user: Option<User>,
    pub(crate) sender: Option<User>,
    pub(crate) message: Option<Message>,
    /// Why a message failed.
    pub(crate) desc: Option<String>,
    /// What the link held by which the chat was opened.
    pub(crate) context: Option<String>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct User {
    pub(crate) id: String,
    pub(crate) name: Option<String>,
    pub(crate) language: Option<String>,
    pub(crate) country: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Message {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) text: Option<String>,
    pub(crate) media: Option<String>,
    pub(crate) file_name: Option<String>,
    pub(crate) size: Option<Number>,
    pub(crate) file_size: Option<Number>,
    pub(crate) duration: Option<Number>,
    pub(crate) sticker_id: Token,
    pub(crate) contact: Option<Contact>,
    pub(crate) location: Option<Place>,
    /// What our last message to the customer held.
    pub(crate) tracking_data: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Contact {
    pub(crate) name: Option<String>,
    pub(crate) phone_number: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Place {
    pub(crate) lat: Number,
    pub(crate) lon: Number,
    pub(crate) address: Option<String>,
}

/// A number that some clients write as text.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(untagged)]
pub(crate) enum Number {
    Plain(f64),
    Text(String),
    #[default]
    Nothing,
}

impl Number {
    pub(crate) fn value(&self) -> Option<f64> {
        match self {
            Self::Plain(number) => Some(*number),
            Self::Text(text) => text.trim().parse().ok(),
            Self::Nothing => None,
        }
        .filter(|number: &f64| number.is_finite())
    }

    /// The same as a count.
    pub(crate) fn count(&self) -> Option<u64> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "sizes and seconds are small"
        )]
        self.value()
            .filter(|number| *number >= 0.0)
            .map(|number| number as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_keeps_all_its_digits() {
        for text in [
            "5741311803571721087",
            "18446744073709551615",
            "\"5741311803571721087\"",
        ] {
            let token: Token = serde_json::from_str(text).unwrap();
            assert_eq!(token.0, text.trim_matches('"'));
        }
        assert!(serde_json::from_str::<Token>("1.5").is_err());
        assert!(
            serde_json::from_str::<Token>("28446744073709551615").is_err(),
            "no float"
        );
    }

    #[test]
    fn numbers_may_be_texts() {
        let number = |text: &str| serde_json::from_str::<Number>(text).unwrap();
        assert_eq!(number("\"55.75\"").value(), Some(55.75));
        assert_eq!(number("10").count(), Some(10));
        assert_eq!(number("-1").count(), None);
        assert_eq!(number("\"x\"").value(), None);
    }
}
