//! Addresses at which anybody can read one file for some time: for platforms that fetch what they are to deliver.

use super::model::File;
use crate::clock::Timestamp;

/// Makes such addresses. A host that cannot be reached from outside has none.
pub trait FileLinks: Send + Sync {
    /// The address of a file, ending in its name, so that its type shows.
    fn link(&self, file: &File, now: Timestamp) -> String;
}
