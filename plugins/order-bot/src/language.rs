//! Which language the customer is spoken to in.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A language that the bot speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Language {
    #[default]
    #[schemars(title = "English", extend("x-i18n" = omnichat_plugin_sdk::config::ru("Английский", "")))]
    English,
    #[schemars(title = "Russian", extend("x-i18n" = omnichat_plugin_sdk::config::ru("Русский", "")))]
    Russian,
}

impl Language {
    /// The customer's: by the locale, else by the letters of what was written, else the usual one.
    pub(crate) fn of(locale: Option<&str>, text: &str, usual: Self) -> Self {
        if let Some(locale) = locale.map(str::trim).filter(|locale| !locale.is_empty()) {
            let primary = locale.split(['-', '_']).next().unwrap_or_default();
            return if primary.eq_ignore_ascii_case("ru") {
                Self::Russian
            } else {
                Self::English
            };
        }
        let mut letters = text.chars().filter(|c| c.is_alphabetic());
        match letters.next() {
            None => usual,
            Some(first) => {
                let is_cyrillic = |c: char| ('\u{400}'..='\u{4ff}').contains(&c);
                if is_cyrillic(first) || letters.any(is_cyrillic) {
                    Self::Russian
                } else {
                    Self::English
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locale_comes_before_the_letters_and_those_before_the_usual_one() {
        use Language::{English, Russian};
        for (locale, text, usual, language) in [
            (Some("ru"), "hello", English, Russian),
            (Some("ru-RU"), "hello", English, Russian),
            (Some("RU_ru"), "hello", English, Russian),
            (Some("en"), "привет", Russian, English),
            (Some("de"), "hallo", Russian, English),
            (Some("run"), "x", Russian, English),
            (Some(" "), "Где заказ?", English, Russian),
            (None, "where is заказ 1", English, Russian),
            (None, "where is it", Russian, English),
            (None, "4711", Russian, Russian),
            (None, "", English, English),
        ] {
            assert_eq!(Language::of(locale, text, usual), language, "{locale:?} {text}");
        }
    }
}
