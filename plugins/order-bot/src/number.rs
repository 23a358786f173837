//! The order number in what a customer writes.

use regex_lite::Regex;

/// As much of a message is looked through, in characters.
const LOOKED_THROUGH: usize = 1_000;

/// What an order number looks like.
#[derive(Debug)]
pub(crate) struct Form(Regex);

impl Form {
    /// Reads a regular expression that stands for the whole number.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn new(pattern: &str) -> Result<Self, String> {
        // Alone at first: in brackets, half a bracket more could pass.
        Regex::new(pattern).map_err(|error| error.to_string())?;
        let whole = Regex::new(&format!("^(?:{pattern})$"));
        whole.map(Self).map_err(|error| error.to_string())
    }

    /// The number: the whole text, or the only word of it that looks like one.
    pub(crate) fn find(&self, text: &str) -> Option<String> {
        let text: String = text.trim().chars().take(LOOKED_THROUGH).collect();
        let bare = |text: &str| text.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
        for whole in [text.clone(), bare(&text)] {
            if self.0.is_match(&whole) {
                return Some(whole);
            }
        }
        let mut found = text
            .split_whitespace()
            .map(bare)
            .filter(|word| self.0.is_match(word));
        let first = found.next()?;
        // Two different numbers: which one is meant is for the customer to say.
        found.all(|other| other == first).then_some(first)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_where_it_is_clear() {
        let form = Form::new(r"\d{4,12}").expect("a pattern");
        for (text, number) in [
            ("4711", Some("4711")),
            (" 4711\n", Some("4711")),
            ("№4711", Some("4711")),
            ("Где мой заказ № 4711?", Some("4711")),
            ("order #4711, please. 4711!", Some("4711")),
            ("471", None),
            ("4711a", None),
            ("1234567890123", None),
            ("4711 or 4712", None),
            ("", None),
        ] {
            assert_eq!(form.find(text).as_deref(), number, "{text}");
        }
    }

    #[test]
    fn other_forms_are_settings() {
        let form = Form::new("(?i)[A-Z]{2}-[0-9]+|#\\d+").expect("a pattern");
        assert_eq!(form.find("it is ab-12").as_deref(), Some("ab-12"));
        assert_eq!(form.find("#5").as_deref(), Some("#5"));
        assert_eq!(form.find("ab-12x"), None);
        assert!(Form::new("(").is_err());
    }
}
