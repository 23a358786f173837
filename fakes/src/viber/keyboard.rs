//! Keyboards below messages and carousels inside of them, which are made of the same buttons.

use serde_json::{Map, Value};

use super::check::{known, object, optional};
use super::refused::Refused;

const BOARD: [&str; 10] = [
    "Type",
    "Buttons",
    "BgColor",
    "DefaultHeight",
    "CustomDefaultHeight",
    "HeightScale",
    "ButtonsGroupColumns",
    "ButtonsGroupRows",
    "InputFieldState",
    "FavoritesMetadata",
];
const BUTTON: [&str; 26] = [
    "Columns",
    "Rows",
    "BgColor",
    "Silent",
    "BgMediaType",
    "BgMedia",
    "BgMediaScaleType",
    "ImageScaleType",
    "BgLoop",
    "ActionType",
    "ActionBody",
    "Image",
    "TextVAlign",
    "TextHAlign",
    "TextPaddings",
    "Text",
    "TextOpacity",
    "TextSize",
    "OpenURLType",
    "OpenURLMediaType",
    "TextBgGradientColor",
    "TextShouldFit",
    "InternalBrowser",
    "Map",
    "Frame",
    "MediaPlayer",
];
const TEXT_MAX: usize = 250;
/// Since which version of the API clients know carousels.
const CAROUSELS_SINCE: u64 = 7;
/// Since which the data of a button can be kept from being shown as the customer's words.
const SILENT_SINCE: u64 = 6;
/// Since which they can share a phone number or a place.
const SHARING_SINCE: u64 = 3;

/// Checks a board of a type, `keyboard` or `rich_media`, for clients from a version of the API on.
pub(super) fn board(board: &Value, kind: &str, version: u64) -> Result<(), Refused> {
    let board = object(kind, board)?;
    known(kind, board, &BOARD)?;
    match board.get("Type") {
        None => return Err(Refused::missing("Type")),
        Some(found) if found == kind => {}
        Some(found) => return Err(Refused::bad(format!("{found} is not the Type {kind}"))),
    }
    let carousel = kind == "rich_media";
    if carousel && version < CAROUSELS_SINCE {
        return Err(Refused::new(
            14,
            format!("rich_media needs min_api_version {CAROUSELS_SINCE}"),
        ));
    }
    let buttons = match board.get("Buttons") {
        None => return Err(Refused::missing("Buttons")),
        Some(Value::Array(buttons)) if !buttons.is_empty() => buttons,
        Some(_) => return Err(Refused::bad("Buttons is no list of some")),
    };
    let rows = if carousel { 7 } else { 2 };
    buttons
        .iter()
        .try_for_each(|one| button(object("a button", one)?, rows, version))
}

fn button(button: &Map<String, Value>, rows: u64, version: u64) -> Result<(), Refused> {
    known("a button", button, &BUTTON)?;
    within(button, "Columns", 6)?;
    within(button, "Rows", rows)?;
    optional(button, "Text", TEXT_MAX)?;
    match button.get("Silent").map(Value::as_bool) {
        None | Some(Some(false)) => {}
        Some(Some(true)) if version >= SILENT_SINCE => {}
        Some(Some(true)) => {
            let why = format!("Silent needs min_api_version {SILENT_SINCE}");
            return Err(Refused::new(14, why));
        }
        Some(None) => return Err(Refused::bad("Silent is no boolean")),
    }
    match optional(button, "ActionType", 32)?.unwrap_or("reply") {
        "none" => return Ok(()),
        "reply" | "open-url" => {}
        "location-picker" | "share-phone" if version >= SHARING_SINCE => {}
        "location-picker" | "share-phone" => {
            let why = format!("sharing needs min_api_version {SHARING_SINCE}");
            return Err(Refused::new(14, why));
        }
        other => return Err(Refused::bad(format!("there is no ActionType {other}"))),
    }
    match button.get("ActionBody") {
        None => Err(Refused::missing("ActionBody")),
        Some(Value::String(_)) => Ok(()),
        Some(_) => Err(Refused::bad("ActionBody is no text")),
    }
}

fn within(button: &Map<String, Value>, name: &str, most: u64) -> Result<(), Refused> {
    let given = button.get(name).map(Value::as_u64);
    if given.is_some_and(|given| given.is_none_or(|given| given == 0 || given > most)) {
        return Err(Refused::bad(format!("{name} is not 1 to {most}")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn status(button: &Value, version: u64) -> Option<u16> {
        let keyboard = json!({"Type": "keyboard", "Buttons": [button]});
        board(&keyboard, "keyboard", version)
            .err()
            .map(|refused| refused.status)
    }

    #[test]
    fn what_a_button_needs_must_be_asked_for() {
        let silent = json!({"ActionType": "reply", "ActionBody": "x", "Silent": true});
        assert_eq!((status(&silent, 5), status(&silent, 6)), (Some(14), None));
        let sharing = json!({"ActionType": "share-phone", "ActionBody": "x"});
        assert_eq!((status(&sharing, 2), status(&sharing, 3)), (Some(14), None));
        let loud = json!({"ActionType": "reply", "ActionBody": "x", "Silent": false});
        assert_eq!(status(&loud, 1), None);
        let odd = json!({"ActionType": "reply", "ActionBody": "x", "Silent": "yes"});
        assert_eq!(status(&odd, 7), Some(3));
    }
}
