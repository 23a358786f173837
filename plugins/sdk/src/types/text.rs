//! Styles and buttons: the contract keeps their kinds open as text; these are the ones that are known.

use super::{Button, Span};

/// How long a text is as platforms count it.
pub fn utf16_len(text: &str) -> usize {
    text.encode_utf16().count()
}

/// How a stretch of text looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Style {
    Bold,
    Italic,
    Underline,
    Strike,
    Code,
    Pre,
    Spoiler,
    Quote,
    Link,
}

const STYLES: [(Style, &str); 9] = [
    (Style::Bold, "bold"),
    (Style::Italic, "italic"),
    (Style::Underline, "underline"),
    (Style::Strike, "strike"),
    (Style::Code, "code"),
    (Style::Pre, "pre"),
    (Style::Spoiler, "spoiler"),
    (Style::Quote, "quote"),
    (Style::Link, "link"),
];

impl Style {
    /// The word of the contract.
    pub fn name(self) -> &'static str {
        let found = STYLES.iter().find(|(style, _)| *style == self);
        found.map_or("", |(_, name)| name)
    }
}

impl Span {
    /// A stretch of text; offsets count UTF-16 units.
    pub fn new(start: u32, length: u32, style: Style) -> Self {
        Self {
            start,
            length,
            style: style.name().to_owned(),
            url: None,
        }
    }

    /// A link.
    pub fn link(start: u32, length: u32, url: impl Into<String>) -> Self {
        Self {
            url: Some(url.into()),
            ..Self::new(start, length, Style::Link)
        }
    }

    /// Its style; none if this SDK does not know it.
    pub fn known_style(&self) -> Option<Style> {
        let found = STYLES.iter().find(|(_, name)| *name == self.style);
        found.map(|(style, _)| *style)
    }
}

/// What a button does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ButtonAction<'a> {
    /// Answers with this data.
    Reply(&'a str),
    /// Opens this page.
    Url(&'a str),
    /// Asks for the phone number.
    Contact,
    /// Asks for the place.
    Location,
}

impl Button {
    /// What it does; none if this SDK does not know it or its value is missing.
    pub fn action(&self) -> Option<ButtonAction<'_>> {
        match (self.kind.as_str(), self.value.as_deref()) {
            ("reply", Some(data)) => Some(ButtonAction::Reply(data)),
            ("url", Some(url)) => Some(ButtonAction::Url(url)),
            ("contact", _) => Some(ButtonAction::Contact),
            ("location", _) => Some(ButtonAction::Location),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_style_is_found_by_its_word() {
        for (style, name) in STYLES {
            assert_eq!(style.name(), name);
            assert_eq!(Span::new(0, 1, style).known_style(), Some(style));
        }
        assert_eq!(
            Span {
                style: "blink".to_owned(),
                ..Span::default()
            }
            .known_style(),
            None
        );
    }

    #[test]
    fn a_button_without_its_value_does_nothing() {
        let button = |kind: &str, value: Option<&str>| Button {
            text: "x".to_owned(),
            kind: kind.to_owned(),
            value: value.map(str::to_owned),
        };
        assert_eq!(
            button("reply", Some("a")).action(),
            Some(ButtonAction::Reply("a"))
        );
        assert_eq!(button("contact", None).action(), Some(ButtonAction::Contact));
        assert_eq!(button("url", None).action(), None);
    }
}
