//! What a scenario says, made to fit its channel. An operator is told what a channel cannot carry and writes it otherwise; a
//! scenario is the same for every channel.

use super::checks::check_text;
use super::content::{Button, ButtonAction, Content};
use crate::address;
use crate::channel::Capabilities;
use crate::error::Result;

/// Longest label of a button.
const LABEL_MAX: usize = 64;

/// The contents of as many messages as it takes: a long text is cut between lines or words, and buttons that the channel
/// does not have become lines of text. Buttons are under the last.
///
/// # Errors
/// `Invalid` on `text` for a channel that carries none.
pub(crate) fn fitted(text: &str, buttons: &[Vec<Button>], can: &Capabilities) -> Result<Vec<Content>> {
    let mut text = text.replace('\0', "").trim_end().to_owned();
    let rows = arranged(buttons, can);
    if rows.is_empty() {
        for button in buttons.iter().flatten() {
            let line = match &button.action {
                ButtonAction::Url { url } => format!("\n• {}: {url}", button.text.trim()),
                _ => format!("\n• {}", button.text.trim()),
            };
            text.push_str(&line);
        }
    }
    check_text(text.trim().len(), can)?;
    let mut contents: Vec<Content> = pieces(&text, can.text_max as usize)
        .into_iter()
        .map(Content::text)
        .collect();
    if let Some(last) = contents.last_mut() {
        last.buttons = rows;
    }
    Ok(contents)
}

/// The buttons in rows that the channel has; none if they cannot be shown there.
fn arranged(buttons: &[Vec<Button>], can: &Capabilities) -> Vec<Vec<Button>> {
    let Some(limits) = can.buttons else {
        return Vec::new();
    };
    let fits = |button: &Button| match &button.action {
        ButtonAction::Reply { data } => !data.is_empty() && data.len() <= limits.data_max_bytes as usize,
        ButtonAction::Url { url } => address::allowed(url) == Some(url.as_str()),
        _ => true,
    };
    let all = || buttons.iter().flatten();
    if !all().all(|button| fits(button) && !button.text.trim().is_empty()) {
        return Vec::new();
    }
    let short = |button: &Button| Button {
        text: cut(&button.text),
        action: button.action.clone(),
    };
    let per_row = limits.max_per_row.max(1) as usize;
    let rows: Vec<Vec<Button>> = buttons
        .iter()
        .flat_map(|row| row.chunks(per_row))
        .map(|row| row.iter().map(short).collect())
        .collect();
    if rows.len() <= limits.max_rows as usize {
        return rows;
    }
    let all: Vec<Button> = all().map(short).collect();
    let rows: Vec<Vec<Button>> = all.chunks(per_row).map(<[Button]>::to_vec).collect();
    match rows.len() <= limits.max_rows as usize {
        true => rows,
        false => Vec::new(),
    }
}

fn cut(label: &str) -> String {
    match label.chars().count() {
        0..=LABEL_MAX => label.to_owned(),
        _ => label.chars().take(LABEL_MAX - 1).chain(['…']).collect(),
    }
}

/// A text in pieces of at most `max` UTF-16 code units.
fn pieces(text: &str, max: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.trim().is_empty() {
        let end = end_of_piece(rest, max.max(2));
        let (piece, after) = rest.split_at(end);
        pieces.push(piece.trim_end().to_owned());
        rest = after.trim_start();
    }
    pieces
}

/// Where the first piece ends: after the last line that fits, else after the last word, else where it is full.
fn end_of_piece(text: &str, max: usize) -> usize {
    let mut units = 0;
    let full = text.char_indices().find(|(_, char)| {
        units += char.len_utf16();
        units > max
    });
    let Some((full, _)) = full else { return text.len() };
    let head = &text[..full];
    let last = |end: fn(char) -> bool| match text[full..].starts_with(end) {
        true => Some(full),
        false => head.rfind(end).filter(|at| !head[..*at].trim().is_empty()),
    };
    last(|char| char == '\n')
        .or_else(|| last(char::is_whitespace))
        .unwrap_or(full)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::channel::ButtonLimits;

    fn can(text_max: u32, buttons: Option<(u32, u32, u32)>) -> Capabilities {
        Capabilities {
            text_max,
            buttons: buttons.map(|(max_rows, max_per_row, data_max_bytes)| ButtonLimits {
                max_rows,
                max_per_row,
                data_max_bytes,
            }),
            ..Capabilities::default()
        }
    }

    fn reply(text: &str) -> Button {
        Button {
            text: text.to_owned(),
            action: ButtonAction::Reply {
                data: format!("press:{text}"),
            },
        }
    }

    fn texts(contents: &[Content]) -> Vec<&str> {
        contents.iter().map(|content| content.text.as_str()).collect()
    }

    #[test]
    fn what_fits_stays_as_it_is() {
        let rows = vec![vec![reply("Yes"), reply("No")]];
        let contents = fitted("Shall we?\n", &rows, &can(100, Some((3, 2, 20)))).unwrap();
        assert_eq!(texts(&contents), ["Shall we?"]);
        assert_eq!(contents[0].buttons, rows);
    }

    #[test]
    fn buttons_that_a_channel_does_not_have_become_lines() {
        let page = Button {
            text: "Terms".to_owned(),
            action: ButtonAction::Url {
                url: "https://example.org/terms".to_owned(),
            },
        };
        let lines = "Shall we?\n• Yes\n• Terms: https://example.org/terms";
        for can in [
            can(100, None),
            // Data too long, too many rows.
            can(100, Some((3, 2, 5))),
            can(100, Some((1, 1, 20))),
        ] {
            let contents = fitted("Shall we?", &[vec![reply("Yes"), page.clone()]], &can).unwrap();
            assert_eq!(texts(&contents), [lines]);
            assert!(contents[0].buttons.is_empty());
        }
    }

    #[test]
    fn a_link_that_may_not_be_one_becomes_text() {
        let button = Button {
            text: "Terms".to_owned(),
            action: ButtonAction::Url {
                url: "javascript:alert(1)".to_owned(),
            },
        };
        let contents = fitted("See:", &[vec![button]], &can(100, Some((3, 2, 20)))).unwrap();
        assert_eq!(texts(&contents), ["See:\n• Terms: javascript:alert(1)"]);
        assert!(contents[0].buttons.is_empty());
    }

    #[test]
    fn rows_are_arranged_anew_where_the_channel_has_fewer() {
        let column: Vec<Vec<Button>> = ["1", "2", "3", "4"].map(|text| vec![reply(text)]).to_vec();
        let rows = &fitted("?", &column, &can(100, Some((2, 2, 20)))).unwrap()[0].buttons;
        assert_eq!(rows.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2]);
        let wide = [["1", "2", "3"].map(reply).to_vec()];
        let rows = &fitted("?", &wide, &can(100, Some((4, 2, 20)))).unwrap()[0].buttons;
        assert_eq!(rows.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
        let long = fitted("?", &[vec![reply(&"x".repeat(80))]], &can(100, Some((2, 2, 200)))).unwrap();
        assert_eq!(long[0].buttons[0][0].text.chars().count(), LABEL_MAX);
    }

    #[test]
    fn a_long_text_is_cut_between_lines_or_words_and_never_within_a_character() {
        let contents = fitted(
            "one two\nthree four five",
            &[vec![reply("Yes")]],
            &can(10, Some((1, 1, 20))),
        )
        .unwrap();
        assert_eq!(texts(&contents), ["one two", "three four", "five"]);
        assert!(contents[0].buttons.is_empty() && contents[2].buttons.len() == 1);
        let faces = "🙂".repeat(7);
        let contents = fitted(&faces, &[], &can(5, None)).unwrap();
        assert_eq!(texts(&contents), ["🙂🙂", "🙂🙂", "🙂🙂", "🙂"]);
        assert!(fitted(" \n", &[], &can(5, None)).unwrap().is_empty());
    }

    #[test]
    fn a_channel_without_text_is_told_nothing() {
        let error = fitted("Hello", &[], &can(0, None)).unwrap_err();
        let field = &error.fields()[0];
        assert_eq!(
            (field.field.as_str(), field.code.as_str()),
            ("text", "unsupported")
        );
        // Nor do buttons become one there.
        assert!(fitted("", &[vec![reply("Yes")]], &can(0, None)).is_err());
        assert!(fitted(" \n", &[], &can(0, None)).unwrap().is_empty());
    }
}
