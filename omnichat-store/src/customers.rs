//! How a list of customers is found without looking at all of them; the same plan for both databases.
//!
//! A [`Source`] is a set of customers that an index finds, in no order. Of the sources that a filter offers the one with the fewest is
//! read and sorted, if they are few enough. Where all are large, the list is read in its order and the whole condition is tested,
//! on so many rows for a page that it ends, and mostly soon because much passes. So nothing that finds a customer moves when it is seen again. What a condition asks beyond
//! the [`CustomerFacets`] is tested last, on whole customers, see [`Tested`](crate::listing::Tested).

use std::collections::BTreeSet;

use omnichat_core::customers::{Customer, CustomerFacets, fields, is_found_by};

/// So many customers may be read and sorted for a page.
pub(crate) const FEW: u32 = 2_000;

/// A set of customers that an index finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// Those with this text, which is in small letters, in what is searched: see [`search_text`].
    Text(String),
    /// Those with a mark.
    Mark(Mark),
}

/// What a customer is found by: a field as conditions name it, and its value.
pub(crate) type Mark = (String, String);

/// The sources of a filter. Each holds every customer that the filter wants.
pub(crate) fn sources(facets: &CustomerFacets) -> Vec<Source> {
    let tag = facets.tag.iter().map(|tag| tagged(tag));
    let attribute = facets.attribute.iter();
    let attribute = attribute.map(|(name, value)| noted(name, value));
    let blocked = facets.blocked.then(blocked);
    let marks = tag.chain(attribute).chain(blocked).map(Source::Mark);
    let text = facets.text.clone().map(Source::Text);
    marks.chain(text).collect()
}

/// Chooses a source by how many customers each has, counted up to one more than [`FEW`]; none if all have more than that.
pub(crate) fn choose(counts: &[u32]) -> Option<usize> {
    let few = counts.iter().enumerate().filter(|(_, count)| **count <= FEW);
    few.min_by_key(|(_, count)| **count).map(|(place, _)| place)
}

/// What a customer is found by, each once: what somebody can ask for of its tags and attributes, and whether it is blocked.
pub(crate) fn marks(customer: &Customer) -> BTreeSet<Mark> {
    let tags = customer.tags.iter().filter(|tag| is_found_by(tag));
    let tags = tags.map(|tag| tagged(tag));
    let attributes = customer.attributes.iter();
    let attributes = attributes.filter(|(name, value)| is_found_by(name) && is_found_by(value));
    let attributes = attributes.map(|(name, value)| noted(name, value));
    let blocked = customer.blocked.then(blocked);
    tags.chain(attributes).chain(blocked).collect()
}

fn tagged(tag: &str) -> Mark {
    (fields::TAGS.to_owned(), tag.to_owned())
}

fn noted(name: &str, value: &str) -> Mark {
    (format!("{}.{name}", fields::ATTRIBUTES), value.to_owned())
}

fn blocked() -> Mark {
    (fields::BLOCKED.to_owned(), "true".to_owned())
}

/// What a text is looked for in: name, e-mail address and phone number in lower case, a line each.
pub(crate) fn search_text(customer: &Customer) -> String {
    let fields = [
        Some(&customer.name),
        customer.email.as_ref(),
        customer.phone.as_ref(),
    ];
    let fields: Vec<String> = fields
        .into_iter()
        .flatten()
        .map(|field| field.to_lowercase())
        .collect();
    fields.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fewest_are_read_unless_all_are_many() {
        assert_eq!(choose(&[]), None);
        assert_eq!(choose(&[FEW + 1, 7, FEW]), Some(1));
        assert_eq!(choose(&[FEW + 1, FEW + 1]), None);
    }

    #[test]
    fn every_facet_is_a_source_that_is_written_as_it_is_asked_for() {
        let facets = CustomerFacets {
            tag: Some("vip".to_owned()),
            attribute: Some(("city".to_owned(), "Tver".to_owned())),
            blocked: true,
            text: Some("mary".to_owned()),
            ..CustomerFacets::default()
        };
        let asked = |field: &str, value: &str| Source::Mark((field.to_owned(), value.to_owned()));
        assert_eq!(
            sources(&facets),
            [
                asked("tags", "vip"),
                asked("attributes.city", "Tver"),
                asked("blocked", "true"),
                Source::Text("mary".to_owned()),
            ]
        );
    }
}
