//! What commands print. A reader who has seen enough and closes the pipe (`omnichat openapi | head -1`) is no fault: the rest
//! is written nowhere. Any other fault of the output, such as a full disk, fails the command in the end.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write};
use std::sync::Mutex;

/// The first fault of standard output.
static FAULT: Mutex<Option<io::Error>> = Mutex::new(None);

/// A line of the result, on standard output.
macro_rules! say {
    ($($text:tt)*) => { $crate::cli::out::line(format_args!($($text)*)) };
}

/// A line about the work, on standard error.
macro_rules! aside {
    ($($text:tt)*) => { $crate::cli::out::aside(format_args!($($text)*)) };
}

pub(in crate::cli) fn line(text: Arguments<'_>) {
    let mut out = io::stdout().lock();
    note(writeln!(out, "{}", tame(&text.to_string())));
}

/// Bytes of the result, as they are.
pub(in crate::cli) fn bytes(bytes: &[u8]) {
    note(io::stdout().lock().write_all(bytes));
}

pub(in crate::cli) fn aside(text: Arguments<'_>) {
    // Where complaints cannot be written either, nobody is there to read them.
    let _ = writeln!(io::stderr().lock(), "{}", tame(&text.to_string()));
}

/// What others have written moves no cursor and paints nothing on the terminal of who reads it.
fn tame(text: &str) -> String {
    let mut tamed = String::with_capacity(text.len());
    for char in text.chars() {
        if char.is_control() && !matches!(char, '\n' | '\t') {
            tamed.extend(char.escape_default());
        } else {
            tamed.push(char);
        }
    }
    tamed
}

/// Says whether everything was written.
pub(in crate::cli) fn finish() -> anyhow::Result<()> {
    note(io::stdout().lock().flush());
    match FAULT.lock().ok().and_then(|mut fault| fault.take()) {
        Some(error) => Err(anyhow::Error::new(error).context("the result cannot be written")),
        None => Ok(()),
    }
}

fn note(written: io::Result<()>) {
    if let Err(error) = written
        && error.kind() != ErrorKind::BrokenPipe
        && let Ok(mut fault) = FAULT.lock()
    {
        fault.get_or_insert(error);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_does_not_paint_on_the_terminal() {
        assert_eq!(tame("Ж\u{1b}[2J\r\tx\n"), "Ж\\u{1b}[2J\\r\tx\n");
    }
}
