//! Lists that may also be written as one text with commas, as variables have to.

use serde::{Deserialize, Deserializer};

/// Reads `["a", "b"]` or `"a, b"`.
pub(super) fn texts<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Texts {
        One(String),
        Many(Vec<String>),
    }
    Ok(match Texts::deserialize(from)? {
        Texts::One(text) => text
            .split(',')
            .map(str::trim)
            .filter(|t| !t.is_empty())
            .map(str::to_owned)
            .collect(),
        Texts::Many(texts) => texts,
    })
}
