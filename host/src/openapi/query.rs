//! What follows the question mark, taken apart.

use omnichat_core::error::{Error, ErrorKind, Result};

/// Pairs that are looked at.
const MOST: usize = 64;

/// The names and values of a query, in order.
///
/// # Errors
/// `Malformed` for what is not percent-encoded UTF-8, `Invalid` for U+0000, which no text may hold, and for more pairs than any
/// operation takes.
pub(super) fn pairs(query: &str) -> Result<Vec<(String, String)>> {
    let pairs = || query.split('&').filter(|pair| !pair.is_empty());
    if pairs().nth(MOST).is_some() {
        let message = format!("at most {MOST} parameters can be given");
        return Err(Error::invalid_field("query", "too_many", message));
    }
    pairs()
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decoded(name)?, decoded(value)?))
        })
        .collect()
}

fn decoded(text: &str) -> Result<String> {
    let broken = || {
        Error::new(
            ErrorKind::Malformed,
            "the address has something after the question mark that is not percent-encoded UTF-8",
        )
    };
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || rest.next().and_then(|b| char::from(b).to_digit(16));
                let (high, low) = (digit().ok_or_else(broken)?, digit().ok_or_else(broken)?);
                u8::try_from(high * 16 + low).map_err(|_| broken())?
            }
            other => other,
        });
    }
    if bytes.contains(&0) {
        return Err(Error::invalid_field(
            "query",
            "format",
            "U+0000 has no place in a query",
        ));
    }
    String::from_utf8(bytes).map_err(|_| broken())
}
