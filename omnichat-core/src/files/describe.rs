//! What a file is, by its bytes rather than by what is said of it.

use crate::limits;
use crate::messages::AttachmentKind;

/// What was found out about a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Described {
    /// The MIME type: that of the bytes where they tell, else the declared one if it can do no harm, else
    /// `application/octet-stream`.
    pub content_type: String,
    /// What it is.
    pub kind: AttachmentKind,
    /// Pixels, if it is a picture.
    pub width: Option<u32>,
    /// Pixels, if it is a picture.
    pub height: Option<u32>,
    /// It is said to be a picture, film or sound, and its bytes are none.
    pub lies: bool,
}

/// A MIME type as it is kept: `type/subtype` without parameters and in lower case (RFC 6838, section 4.2). None for a text that is
/// no such thing, or is too long.
pub fn mime_type(text: &str) -> Option<String> {
    let text = text.split(';').next().unwrap_or_default().trim();
    let is_name = |name: &str| {
        name.starts_with(|c: char| c.is_ascii_alphanumeric())
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "!#$&-^_.+".contains(c))
    };
    let (family, format) = text.split_once('/')?;
    (text.len() <= limits::TYPE && is_name(family) && is_name(format)).then(|| text.to_ascii_lowercase())
}

/// Looks at the first bytes of a file.
pub fn describe(head: &[u8], declared: &str, name: &str) -> Described {
    let declared = mime_type(declared).unwrap_or_default();
    let found = infer::get(head).map(|kind| kind.mime_type().to_owned());
    let is_media = |t: &str| {
        ["image/", "video/", "audio/"]
            .iter()
            .any(|media| t.starts_with(media))
    };
    let declared_kind = AttachmentKind::of_content_type(&declared);
    let lies = is_media(&declared)
        && declared != "image/svg+xml"
        && found
            .as_deref()
            .is_none_or(|found| !is_media(found) && found != "application/ogg");
    let content_type = match found {
        // Containers that may hold sound or pictures: the sender knows which.
        Some(found) if is_media(&found) && is_media(&declared) && declared_kind != AttachmentKind::Image => {
            declared
        }
        Some(found) if !is_active(&found, "") => found,
        Some(_) => "application/octet-stream".to_owned(),
        None if lies || declared.is_empty() || is_active(&declared, name) => {
            "application/octet-stream".to_owned()
        }
        None => declared,
    };
    let size = content_type
        .starts_with("image/")
        .then(|| imagesize::blob_size(head).ok())
        .flatten();
    let pixels = |n: usize| u32::try_from(n).ok();
    Described {
        kind: AttachmentKind::of_content_type(&content_type),
        width: size.and_then(|s| pixels(s.width)),
        height: size.and_then(|s| pixels(s.height)),
        content_type,
        lies,
    }
}

/// Types that a browser would run: never served as what they are.
fn is_active(content_type: &str, name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["html", "xml", "javascript", "ecmascript", "x-shockwave-flash"]
        .iter()
        .any(|t| content_type.contains(t))
        || [".html", ".htm", ".svg", ".xml", ".js", ".xhtml", ".mht"]
            .iter()
            .any(|ending| name.ends_with(ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x02\0\0\0\x03\x08\x06\0\0\0";

    #[test]
    fn a_picture_is_measured() {
        let found = describe(PNG, "image/png", "a.png");
        assert_eq!(
            (found.content_type.as_str(), found.width, found.height),
            ("image/png", Some(2), Some(3))
        );
        assert!(!found.lies);
    }

    #[test]
    fn a_file_whose_type_lies_is_found_out() {
        assert!(describe(b"<html><script>", "image/png", "a.png").lies);
        assert!(describe(b"PK\x03\x04", "image/jpeg", "a.jpg").lies);
    }

    #[test]
    fn what_a_browser_would_run_is_only_bytes() {
        assert_eq!(
            describe(b"<html><script>alert(1)</script>", "text/plain", "a.txt").content_type,
            "application/octet-stream"
        );
        assert_eq!(
            describe(b"hello", "text/html", "a.html").content_type,
            "application/octet-stream"
        );
        assert_eq!(
            describe(b"hello", "text/plain", "a.txt").content_type,
            "text/plain"
        );
        assert_eq!(
            describe(b"<svg", "image/svg+xml", "a.svg").content_type,
            "application/octet-stream"
        );
    }

    #[test]
    fn a_type_is_a_type_or_nothing() {
        for (text, kept) in [
            ("Text/Plain; charset=utf-8", Some("text/plain")),
            ("application/vnd.api+json", Some("application/vnd.api+json")),
            ("", None),
            ("text", None),
            ("text/", None),
            ("text/plain/more", None),
            ("text/pl ain", None),
            ("текст/plain", None),
            ("text/pl\nain", None),
        ] {
            assert_eq!(mime_type(text).as_deref(), kept, "{text}");
        }
        let longest = format!("text/{}", "x".repeat(limits::TYPE - 5));
        assert!(mime_type(&longest).is_some());
        assert!(mime_type(&format!("{longest}x")).is_none());
        assert_eq!(
            describe(b"hello", "text/pl ain", "a.txt").content_type,
            "application/octet-stream"
        );
    }

    #[test]
    fn a_picture_under_another_name_is_a_picture() {
        assert_eq!(
            describe(PNG, "application/octet-stream", "a.bin").kind,
            AttachmentKind::Image
        );
    }
}
