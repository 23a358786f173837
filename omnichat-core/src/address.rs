//! Where a link may lead. A browser does whatever the scheme of an address says, and addresses come from strangers: only schemes
//! that are known to open a page, a letter, a call or a messenger are kept.

use crate::limits;

/// Schemes that links may have, in lower case.
pub const SCHEMES: [&str; 7] = ["http", "https", "mailto", "tel", "tg", "max", "viber"];

/// The address without spaces around it, if a link may lead there: it has one of [`SCHEMES`], no character that a browser
/// would skip in reading it, and at most [`limits::ADDRESS`] bytes.
pub fn allowed(address: &str) -> Option<&str> {
    let address = address.trim();
    let (scheme, rest) = address.split_once(':')?;
    let is_known = SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known));
    let is_plain = address.len() <= limits::ADDRESS && !address.chars().any(char::is_control);
    (is_known && is_plain && !rest.is_empty()).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_pages_letters_calls_and_messengers() {
        for address in [
            "https://example.org/a b?q=javascript:1",
            "HTTP://EXAMPLE.ORG",
            "mailto:me@example.org",
            "tel:+79000000000",
            "tg://resolve?domain=example",
            "viber://chat?number=1",
        ] {
            assert_eq!(allowed(address), Some(address));
        }
        assert_eq!(allowed(" \thttps://example.org\n"), Some("https://example.org"));
    }

    #[test]
    fn nothing_else_is_a_link() {
        for address in [
            "",
            "https:",
            "example.org",
            "/path",
            "//example.org",
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            " javascript:alert(1)",
            "\u{1}javascript:alert(1)",
            "java\nscript:alert(1)",
            "java\tscript:alert(1)",
            "javascript\u{200b}:alert(1)",
            "https\n:javascript:alert(1)",
            "https://example.org/\u{0}",
            "data:text/html,<script>alert(1)</script>",
            "vbscript:x",
            "blob:https://example.org/1",
            "file:///etc/passwd",
            "ｊavascript:alert(1)",
        ] {
            assert_eq!(allowed(address), None, "{address:?}");
        }
        assert_eq!(allowed(&format!("https://{}", "a".repeat(limits::ADDRESS))), None);
    }
}
