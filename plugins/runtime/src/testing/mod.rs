//! For tests and benches: plugins that need no compiler, good, faulty and hostile.

mod guest;

pub use guest::{BOMB, DEEPER, Guest, RECURSE, RESULT, SCHEMA, SPIN, answer, with_section};
