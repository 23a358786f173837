//! A condition in an address.

use omnichat_core::actor::Actor;
use omnichat_core::clock::Timestamp;
use omnichat_core::condition::{Asker, Condition, Predicate, Subject};
use omnichat_core::error::{Error, Result};

use super::misread;

/// The parameter that lists take a condition in.
const FILTER: &str = "filter";

/// What the parameter `filter` of a list says of its rows, for who asks now; an empty one, or none, is true of all.
///
/// # Errors
/// `Invalid` with every wrong place, by its path: `filter.all[1].value`.
pub fn condition<S: Subject>(filter: Option<&str>, actor: &Actor, now: Timestamp) -> Result<Predicate> {
    let Some(text) = filter.filter(|text| !text.is_empty()) else {
        return Ok(Predicate::default());
    };
    let asker = Asker {
        me: actor.operator_id(),
        now,
    };
    written(text)?.over(S::FIELDS, asker, FILTER)
}

fn written(text: &str) -> Result<Condition> {
    let mut json = serde_json::Deserializer::from_str(text);
    let condition = serde_path_to_error::deserialize(&mut json).map_err(|error| misread(&error, FILTER))?;
    json.end()
        .map_err(|_| Error::invalid_field(FILTER, "format", "there is something behind the condition"))?;
    Ok(condition)
}
