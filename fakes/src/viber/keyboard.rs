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
