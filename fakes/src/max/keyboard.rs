//! Inline keyboards.

use serde_json::{Map, Value};

use super::check::{given, known, object, optional, required};
use super::refused::Refused;

const TEXT_MAX: usize = 128;
const PAYLOAD_MAX: usize = 1024;
const URL_MAX: usize = 2048;
const BUTTONS_MAX: usize = 210;
const ROWS_MAX: usize = 30;
const ROW_MAX: usize = 7;
/// In a row that holds a button wider than others.
const WIDE_ROW_MAX: usize = 3;

/// Checks the payload of an `inline_keyboard`.
pub(super) fn inline(payload: &Map<String, Value>) -> Result<(), Refused> {
    known("inline_keyboard", payload, &["buttons"])?;
    let rows = given(payload, "buttons").and_then(Value::as_array);
    let rows = rows.ok_or_else(|| Refused::bad("buttons: no list of rows"))?;
    if rows.is_empty() || rows.len() > ROWS_MAX {
        return Err(Refused::bad(format!("buttons: not 1 to {ROWS_MAX} rows")));
    }
    let mut all = 0;
    for row in rows {
        let row = row
            .as_array()
            .ok_or_else(|| Refused::bad("buttons: a row is no list"))?;
        let mut most = ROW_MAX;
        for one in row {
            if is_wide(button(object("a button", one)?)?) {
                most = WIDE_ROW_MAX;
            }
        }
        if row.is_empty() || row.len() > most {
            return Err(Refused::bad(format!("buttons: not 1 to {most} in a row")));
        }
        all += row.len();
    }
    if all > BUTTONS_MAX {
        return Err(Refused::bad(format!("buttons: more than {BUTTONS_MAX}")));
    }
    Ok(())
}

fn is_wide(kind: &str) -> bool {
    matches!(
        kind,
        "link" | "open_app" | "request_contact" | "request_geo_location"
    )
}

/// Checks a button and gives its type.
fn button(button: &Map<String, Value>) -> Result<&str, Refused> {
    let kind = required(button, "type", 32)?;
    required(button, "text", TEXT_MAX)?;
    let more: &[&str] = match kind {
        "callback" => {
            required(button, "payload", PAYLOAD_MAX)?;
            if let Some(intent) = optional(button, "intent", 16)?
                && !matches!(intent, "default" | "positive" | "negative")
            {
                return Err(Refused::bad(format!("intent: there is no {intent}")));
            }
            &["payload", "intent"]
        }
        "link" => {
            required(button, "url", URL_MAX)?;
            &["url"]
        }
        "request_geo_location" => &["quick"],
        "request_contact" | "message" => &[],
        "open_app" => &["web_app", "contact_id", "payload"],
        "clipboard" => {
            required(button, "payload", PAYLOAD_MAX)?;
            &["payload"]
        }
        other => return Err(Refused::bad(format!("a button: there is no type {other}"))),
    };
    let members = [&["type", "text"], more].concat();
    known("a button", button, &members)?;
    Ok(kind)
}
