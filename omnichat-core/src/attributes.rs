//! Attributes: what organisations note of customers and conversations, texts under names of their own.

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::limits;

/// Refuses attributes that are more than so many, or too long.
///
/// # Errors
/// `Invalid` on `attributes`.
pub(crate) fn check(attributes: &BTreeMap<String, String>, most: usize) -> Result<()> {
    let bytes: usize = attributes
        .iter()
        .map(|(name, value)| name.len() + value.len())
        .sum();
    let is_long = |(name, value): (&String, &String)| {
        name.is_empty()
            || name.chars().count() > limits::ATTRIBUTE_NAME
            || value.chars().count() > limits::ATTRIBUTE_VALUE
    };
    if attributes.len() > most || bytes > limits::ATTRIBUTES_BYTES || attributes.iter().any(is_long) {
        return Err(Error::invalid_field(
            "attributes",
            "too_long",
            format!("at most {most} attributes of 2,000 characters each, and 64 KiB together"),
        ));
    }
    Ok(())
}
