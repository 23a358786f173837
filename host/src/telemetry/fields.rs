//! The fields of a line of the log: whatever a stranger has put into one stays in its line and within a length.

use std::fmt::{self, Debug, Write};

use tracing::field::Field;
use tracing_subscriber::field::MakeExt;
use tracing_subscriber::fmt::FormatFields;
use tracing_subscriber::fmt::format::{Writer, debug_fn};

/// Characters of a field that are written down.
const LONGEST: usize = 2_000;

/// Writes fields for people, as the usual formatter does, with bounded values.
pub(super) fn readable() -> impl for<'w> FormatFields<'w> + Send + Sync + 'static {
    debug_fn(
        |writer: &mut Writer<'_>, field: &Field, value: &dyn Debug| match field.name() {
            "message" => write!(Bounded::new(writer), "{value:?}"),
            name => {
                write!(writer, "{name}=")?;
                write!(Bounded::new(writer), "{value:?}")
            }
        },
    )
    .delimited(" ")
}

/// A value as bounded text.
pub(super) fn bounded(value: &dyn Debug) -> String {
    let mut text = String::new();
    // Writing to a text does not fail; a value that cannot be shown is cut where it failed.
    let _ = write!(Bounded::new(&mut text), "{value:?}");
    text
}

/// Passes on so many characters, and those that control a terminal or begin a line only by name.
struct Bounded<'a, W> {
    to: &'a mut W,
    left: usize,
}

impl<'a, W: Write> Bounded<'a, W> {
    fn new(to: &'a mut W) -> Self {
        Self { to, left: LONGEST }
    }
}

impl<W: Write> Write for Bounded<'_, W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for c in text.chars() {
            if self.left == 0 {
                return Ok(());
            }
            let length = if c.is_control() {
                c.escape_default().len()
            } else {
                1
            };
            if self.left <= length {
                self.left = 0;
                return self.to.write_char('…');
            }
            self.left -= length;
            match c.is_control() {
                true => write!(self.to, "{}", c.escape_default())?,
                false => self.to.write_char(c)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_stays_in_its_line_and_within_its_length() {
        assert_eq!(
            bounded(&format_args!("a\nINFO forged\u{1b}[2J")),
            "a\\nINFO forged\\u{1b}[2J"
        );
        let long = "я".repeat(1_000_000);
        let shown = bounded(&format_args!("{long}"));
        assert_eq!(shown.chars().count(), LONGEST);
        assert!(shown.ends_with('…'));
    }
}
