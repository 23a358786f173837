//! Quick phrases: what is answered again and again, called up by a short name.

mod model;

pub use model::{Phrase, PhraseId};
