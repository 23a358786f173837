//! An entity of one's own: a word to listen for. It needs no table; with the host it would have its REST addresses too.

use omnichat_core::actor::Permission;
use omnichat_core::entities::{Entity, Entries, Part};
use omnichat_core::error::{Error, Result};
use omnichat_core::id_type;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

id_type!(
    /// A watchword.
    WatchwordId, "word"
);

/// A word of customers that somebody wants to hear of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Watchword {
    /// The word, in small letters.
    pub(crate) word: String,
    /// Who is to hear of it.
    pub(crate) listener: String,
}

impl Entity for Watchword {
    type Id = WatchwordId;
    const KIND: &'static str = "watchword";
    const PLURAL: &'static str = "watchwords";
    const LAYOUT: u32 = 1;
    const LISTS: &'static [&'static str] = &["word"];
    const MOST: u32 = 100;
    const READ: &'static [Permission] = &[Permission::MESSAGES_SEND];
    // A right of its own: administrators have it, and it can be put into roles and given to keys.
    const WRITE: Permission = Permission::own("example.watchwords.manage");

    fn title(&self) -> &str {
        &self.word
    }

    fn check(&mut self) -> Result<()> {
        self.word = self.word.trim().to_lowercase();
        match self.word.is_empty() {
            true => Err(Error::invalid_field(
                "word",
                "required",
                "there must be a word to listen for",
            )),
            false => Ok(()),
        }
    }

    fn index(&self, entries: &mut Entries) {
        entries.unique("word", &[Part::Text(&self.word)]);
    }
}
