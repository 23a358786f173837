//! What could not be read out of JSON, as an error of a field.

use omnichat_core::error::Error;

/// `Invalid` on the field that does not fit. `within` is what the JSON itself is a field of; nothing for a body.
pub fn misread(error: &serde_path_to_error::Error<serde_json::Error>, within: &str) -> Error {
    let message = said(error);
    let path = error.path().to_string();
    // What is not even JSON has no place in it.
    let path = match path.as_str() {
        "?" | "." => "",
        path => path,
    };
    let missing = message
        .strip_prefix("missing field `")
        .and_then(|rest| rest.strip_suffix('`'));
    let code = match missing {
        Some(_) => "required",
        None if error.inner().is_data() => "type",
        None => "format",
    };
    let steps = [within, path, missing.unwrap_or_default()];
    let steps: Vec<&str> = steps.into_iter().filter(|step| !step.is_empty()).collect();
    let field = match steps.as_slice() {
        [] => "body".to_owned(),
        steps => steps.join("."),
    };
    Error::invalid_field(&field, code, message)
}

/// What is wrong, without where in the text it was: that helps nobody who sent an object.
pub(super) fn said(error: &serde_path_to_error::Error<serde_json::Error>) -> String {
    let mut message = error.inner().to_string();
    if let Some(place) = message.rfind(" at line ") {
        message.truncate(place);
    }
    message
}
