//! Which part of a file a request asks for (RFC 9110, sections 13 and 14). One stretch is served; who asks for several at once
//! gets the whole file, as the RFC allows.

use axum::http::{HeaderMap, header};

/// What to answer with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// The client has it already.
    Nothing,
    /// Everything.
    All,
    /// From `start` to before `end`.
    Stretch { start: u64, end: u64 },
    /// What lies outside of the file.
    Outside,
}

/// Reads a request's headers for a file of this size.
pub(super) fn wanted(request: &HeaderMap, etag: &str, size: u64) -> Wanted {
    let text = |name| request.get(name).and_then(|value| value.to_str().ok());
    if let Some(known) = text(header::IF_NONE_MATCH) {
        let same = |tag: &str| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag;
        if known.split(',').any(|tag| same(tag.trim())) {
            return Wanted::Nothing;
        }
    }
    let Some(range) = text(header::RANGE).and_then(|range| range.trim().strip_prefix("bytes=")) else {
        return Wanted::All;
    };
    // A stretch of what the client has the rest of: only of the same file. Dates are never ours.
    if text(header::IF_RANGE).is_some_and(|tag| tag.trim() != etag) {
        return Wanted::All;
    }
    stretch(range, size)
}

fn stretch(range: &str, size: u64) -> Wanted {
    let Some((first, last)) = range.trim().split_once('-').filter(|_| !range.contains(',')) else {
        return Wanted::All;
    };
    let (first, last) = (first.trim(), last.trim());
    let number = |text: &str| {
        text.bytes()
            .all(|b| b.is_ascii_digit())
            .then(|| text.parse::<u64>().unwrap_or(u64::MAX))
    };
    let (start, end) = match (first.is_empty(), last.is_empty()) {
        (true, true) => return Wanted::All,
        (true, false) => match number(last) {
            Some(count) => (size.saturating_sub(count), if count == 0 { 0 } else { size }),
            None => return Wanted::All,
        },
        (false, _) => match (
            number(first),
            if last.is_empty() {
                Some(u64::MAX)
            } else {
                number(last)
            },
        ) {
            (Some(first), Some(last)) if first > last => return Wanted::All,
            (Some(first), Some(last)) => (first, last.saturating_add(1).min(size)),
            _ => return Wanted::All,
        },
    };
    if start >= end {
        Wanted::Outside
    } else {
        Wanted::Stretch { start, end }
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn asked(headers: &[(header::HeaderName, &'static str)]) -> Wanted {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.clone(), HeaderValue::from_static(value)));
        wanted(&HeaderMap::from_iter(headers), "\"abc\"", 100)
    }

    #[test]
    fn stretches_of_every_form() {
        let range = |range| asked(&[(header::RANGE, range)]);
        assert_eq!(range("bytes=0-9"), Wanted::Stretch { start: 0, end: 10 });
        assert_eq!(range("bytes=90-"), Wanted::Stretch { start: 90, end: 100 });
        assert_eq!(range("bytes=90-5000"), Wanted::Stretch { start: 90, end: 100 });
        assert_eq!(range("bytes=-10"), Wanted::Stretch { start: 90, end: 100 });
        assert_eq!(range("bytes=-500"), Wanted::Stretch { start: 0, end: 100 });
        assert_eq!(range("bytes=100-"), Wanted::Outside);
        assert_eq!(range("bytes=-0"), Wanted::Outside);
        for whole in [
            "bytes=9-0",
            "bytes=0-1,5-6",
            "bytes=x-y",
            "bytes=-",
            "bytes=+1-2",
            "lines=0-1",
        ] {
            assert_eq!(range(whole), Wanted::All, "{whole}");
        }
    }

    #[test]
    fn what_the_client_has_is_not_sent() {
        assert_eq!(
            asked(&[(header::IF_NONE_MATCH, "\"x\", W/\"abc\"")]),
            Wanted::Nothing
        );
        assert_eq!(asked(&[(header::IF_NONE_MATCH, "\"x\"")]), Wanted::All);
    }

    #[test]
    fn a_stretch_of_another_file_is_the_whole() {
        let range = (header::RANGE, "bytes=0-9");
        assert_eq!(asked(&[range.clone(), (header::IF_RANGE, "\"x\"")]), Wanted::All);
        assert_eq!(
            asked(&[range, (header::IF_RANGE, "\"abc\"")]),
            Wanted::Stretch { start: 0, end: 10 }
        );
    }
}
