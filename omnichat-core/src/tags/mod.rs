//! Tags: what the organisation says of the labels that conversations carry. Conversations keep them as texts, whether or not anybody
//! has described them.

mod model;

pub use model::{Tag, TagColour, TagId};
