//! Styles of text: from MAX's list into spans, and from spans into the HTML that MAX takes.

use omnichat_plugin_sdk::prelude::*;

use crate::update::Markup;

/// A style of a message that came in. MAX does not say which unit it counts; UTF-16 is what its clients do.
pub(crate) fn span(markup: &Markup) -> Option<Span> {
    let style = match markup.kind.as_str() {
        // Nothing else of ours stands out from the text as these do.
        "strong" | "heading" | "highlighted" => Style::Bold,
        "emphasized" => Style::Italic,
        "monospaced" => Style::Code,
        "strikethrough" => Style::Strike,
        "underline" => Style::Underline,
        "quote" => Style::Quote,
        "link" => return Some(Span::link(markup.from, markup.length, markup.url.clone()?)),
        "user_mention" => return Some(Span::link(markup.from, markup.length, mentioned(markup)?)),
        _ => return None,
    };
    Some(Span::new(markup.from, markup.length, style))
}

/// The page of somebody who is mentioned; where there is none, the address by which MAX itself knows a person.
fn mentioned(markup: &Markup) -> Option<String> {
    let link = markup.user_link.as_deref().filter(|link| !link.is_empty());
    match (link, markup.user_id) {
        (Some(link), _) if link.starts_with("https://") => Some(link.to_owned()),
        (Some(link), _) => Some(format!("https://max.ru/{}", link.trim_start_matches('@'))),
        (None, Some(id)) => Some(format!("max://user/{id}")),
        (None, None) => None,
    }
}

/// The text as HTML; none if no style of it can be shown, so that it goes out as it is.
///
/// It is cut wherever a style begins or ends, and each piece is wrapped by itself: spans may overlap, elements may not.
pub(crate) fn html(text: &str, spans: &[Span]) -> Option<String> {
    let shown: Vec<(u32, u32, String, &str)> = spans.iter().filter_map(element).collect();
    if shown.is_empty() {
        return None;
    }
    let mut html = String::with_capacity(text.len() * 2);
    let mut open: Vec<usize> = Vec::new();
    let mut at = 0_u32;
    for c in text.chars() {
        let now: Vec<usize> = (0..shown.len())
            .filter(|&i| shown[i].0 <= at && at < shown[i].1)
            .collect();
        if now != open {
            close(&mut html, &open, &shown);
            for &index in &now {
                html.push_str(&shown[index].2);
            }
            open = now;
        }
        escape(&mut html, c);
        at += u32::try_from(c.len_utf16()).unwrap_or(1);
    }
    close(&mut html, &open, &shown);
    Some(html)
}

fn close(html: &mut String, open: &[usize], shown: &[(u32, u32, String, &str)]) {
    for &index in open.iter().rev() {
        html.push_str("</");
        html.push_str(shown[index].3);
        html.push('>');
    }
}

/// Beginning, end, opening tag and name of a style.
fn element(span: &Span) -> Option<(u32, u32, String, &'static str)> {
    let name = match span.known_style()? {
        Style::Bold => "b",
        Style::Italic => "i",
        Style::Underline => "u",
        Style::Strike => "s",
        Style::Code => "code",
        Style::Pre => "pre",
        Style::Quote => "blockquote",
        Style::Link => "a",
        Style::Spoiler => return None,
    };
    let mut tag = format!("<{name}");
    if name == "a" {
        tag.push_str(" href=\"");
        span.url.as_deref()?.chars().for_each(|c| escape(&mut tag, c));
        tag.push('"');
    }
    tag.push('>');
    (span.length > 0).then(|| (span.start, span.start.saturating_add(span.length), tag, name))
}

fn escape(html: &mut String, c: char) {
    match c {
        '&' => html.push_str("&amp;"),
        '<' => html.push_str("&lt;"),
        '>' => html.push_str("&gt;"),
        '"' => html.push_str("&quot;"),
        c => html.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_that_overlap_are_cut() {
        let spans = [Span::new(0, 4, Style::Bold), Span::new(2, 4, Style::Italic)];
        assert_eq!(
            html("abcdef", &spans).unwrap(),
            "<b>ab</b><b><i>cd</i></b><i>ef</i>"
        );
    }

    #[test]
    fn what_people_write_is_no_html() {
        let spans = [Span::link(0, 3, "https://example.org/?a=1&b=\"2\"")];
        let link = "<a href=\"https://example.org/?a=1&amp;b=&quot;2&quot;\">";
        assert_eq!(html("<b>&", &spans).unwrap(), format!("{link}&lt;b&gt;</a>&amp;"));
    }

    #[test]
    fn offsets_count_utf16_units() {
        assert_eq!(
            html("😀ab", &[Span::new(2, 1, Style::Code)]).unwrap(),
            "😀<code>a</code>b"
        );
        assert_eq!(html("a", &[Span::new(0, 99, Style::Bold)]).unwrap(), "<b>a</b>");
    }

    #[test]
    fn what_came_in_keeps_its_styles() {
        let read = |kind: &str, user_link: Option<&str>, user_id| {
            let markup = Markup {
                kind: kind.to_owned(),
                length: 3,
                user_link: user_link.map(str::to_owned),
                user_id,
                ..Markup::default()
            };
            span(&markup).map(|span| (span.style, span.url))
        };
        let link = |url: &str| Some(("link".to_owned(), Some(url.to_owned())));
        assert_eq!(read("highlighted", None, None), Some(("bold".to_owned(), None)));
        assert_eq!(
            read("user_mention", Some("@ira"), Some(5)),
            link("https://max.ru/ira")
        );
        assert_eq!(
            read("user_mention", Some("https://max.ru/ira"), None),
            link("https://max.ru/ira")
        );
        assert_eq!(read("user_mention", None, Some(5)), link("max://user/5"));
        assert_eq!(read("user_mention", None, None), None);
        assert_eq!(read("of tomorrow", None, None), None);
    }

    #[test]
    fn a_text_without_styles_stays_plain() {
        assert_eq!(html("a", &[]), None);
        assert_eq!(html("a", &[Span::new(0, 1, Style::Spoiler)]), None);
    }
}
