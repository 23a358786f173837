//! Styles of text: from spans into the marks that Viber's clients show as styles.
//!
//! There is no way to write a mark that is meant as such, so nothing is escaped. Styles that Viber does not have are left out;
//! a link is written behind its text.

use omnichat_plugin_sdk::prelude::*;

/// The text with marks. Marks touch what they enclose, as Viber wants it: blanks at the ends of a span stay outside.
pub(crate) fn marked(text: &str, spans: &[Span]) -> String {
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut marks: Vec<(usize, usize, String)> = Vec::new();
    for (number, span) in spans.iter().enumerate() {
        let Some((start, end)) = trimmed(&units, span) else {
            continue;
        };
        let order = number + 1;
        match span.known_style() {
            Some(Style::Bold) => pair(&mut marks, (start, end), order, spans.len(), "*"),
            Some(Style::Italic) => pair(&mut marks, (start, end), order, spans.len(), "_"),
            Some(Style::Strike) => pair(&mut marks, (start, end), order, spans.len(), "~"),
            Some(Style::Code | Style::Pre) => pair(&mut marks, (start, end), order, spans.len(), "```"),
            Some(Style::Link) => {
                let shown = String::from_utf16_lossy(&units[start..end]);
                let url = span.url.as_deref().filter(|url| *url != shown);
                marks.extend(url.map(|url| (end, spans.len(), format!(" ({url})"))));
            }
            _ => {}
        }
    }
    if marks.is_empty() {
        return text.to_owned();
    }
    marks.sort_by_key(|mark| (mark.0, mark.1));
    let mut made = String::with_capacity(text.len() + marks.len() * 3);
    let mut at = 0;
    for (place, _, mark) in marks {
        made.push_str(&String::from_utf16_lossy(&units[at..place]));
        made.push_str(&mark);
        at = place;
    }
    made.push_str(&String::from_utf16_lossy(&units[at..]));
    made
}

/// A mark before and one behind. Where several stand at one place, those that close come first, the inner one before the
/// outer one, then addresses, then those that open.
fn pair(
    marks: &mut Vec<(usize, usize, String)>,
    (start, end): (usize, usize),
    number: usize,
    count: usize,
    mark: &str,
) {
    marks.push((start, count + number, mark.to_owned()));
    marks.push((end, count - number, mark.to_owned()));
}

/// Where a span begins and ends without blanks at its ends; none if nothing is left.
fn trimmed(units: &[u16], span: &Span) -> Option<(usize, usize)> {
    let is_blank = |unit: u16| char::from_u32(u32::from(unit)).is_some_and(char::is_whitespace);
    let mut start = usize::try_from(span.start).ok()?.min(units.len());
    let mut end = start
        .saturating_add(usize::try_from(span.length).ok()?)
        .min(units.len());
    while start < end && is_blank(units[start]) {
        start += 1;
    }
    while start < end && is_blank(units[end - 1]) {
        end -= 1;
    }
    (start < end).then_some((start, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, spans: &[Span], expected: &str) {
        assert_eq!(marked(text, spans), expected);
    }

    #[test]
    fn styles_become_marks() {
        let span = |style| [Span::new(0, 5, style)];
        check("Hello you", &span(Style::Bold), "*Hello* you");
        check("Hello you", &span(Style::Italic), "_Hello_ you");
        check("Hello you", &span(Style::Strike), "~Hello~ you");
        check("Hello you", &span(Style::Code), "```Hello``` you");
        check("Hello you", &span(Style::Spoiler), "Hello you");
        check("Hello you", &[], "Hello you");
    }

    #[test]
    fn marks_touch_what_they_enclose_and_nest() {
        check("a  b", &[Span::new(0, 3, Style::Bold)], "*a*  b");
        check("a  b", &[Span::new(1, 2, Style::Bold)], "a  b");
        let both = [Span::new(0, 3, Style::Bold), Span::new(0, 3, Style::Italic)];
        check("abc d", &both, "*_abc_* d");
        let neighbours = [Span::new(0, 1, Style::Bold), Span::new(1, 1, Style::Italic)];
        check("ab", &neighbours, "*a*_b_");
        check("😀ab", &[Span::new(2, 99, Style::Bold)], "😀*ab*");
    }

    #[test]
    fn a_link_stands_behind_its_text() {
        let url = "https://example.org/a";
        check(
            "see it",
            &[Span::link(4, 2, url)],
            "see it (https://example.org/a)",
        );
        check(url, &[Span::link(0, 21, url)], url);
        let bold = [Span::new(0, 2, Style::Bold), Span::link(0, 2, url)];
        check("it", &bold, "*it* (https://example.org/a)");
        let neighbours = [Span::link(0, 2, url), Span::new(2, 1, Style::Bold)];
        check("itx", &neighbours, "it (https://example.org/a)*x*");
    }
}
