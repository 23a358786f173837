//! On which page a visitor is, until the next message takes it to the operators. Kept in memory: it is of the moment.

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use lru::LruCache;
use omnichat_core::id::InboxId;
use serde::Deserialize;
use utoipa::ToSchema;

/// Visitors whose page is remembered.
const REMEMBERED: NonZeroUsize = NonZeroUsize::new(20_000).unwrap();
/// Longest address or title, in characters.
const LONGEST: usize = 500;

/// The page around the widget.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = WidgetPageIn)]
pub(super) struct Page {
    /// Its address.
    #[serde(default)]
    pub(super) url: String,
    /// Its title.
    #[serde(default)]
    pub(super) title: String,
    /// From where the visitor came to it.
    #[serde(default)]
    pub(super) referrer: String,
    /// The language of the widget.
    #[serde(skip)]
    pub(super) locale: String,
}

/// The pages of recent visitors.
#[derive(Debug)]
pub(super) struct Pages {
    seen: Mutex<LruCache<(InboxId, String), Page>>,
}

impl Default for Pages {
    fn default() -> Self {
        Self {
            seen: Mutex::new(LruCache::new(REMEMBERED)),
        }
    }
}

impl Pages {
    /// A visitor is on a page now.
    pub(super) fn put(&self, inbox: InboxId, chat: &str, mut page: Page) {
        for text in [
            &mut page.url,
            &mut page.title,
            &mut page.referrer,
            &mut page.locale,
        ] {
            *text = text.trim().chars().take(LONGEST).collect();
        }
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .put((inbox, chat.to_owned()), page);
    }

    /// Where a visitor was last seen.
    pub(super) fn get(&self, inbox: InboxId, chat: &str) -> Option<Page> {
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&(inbox, chat.to_owned()))
            .cloned()
    }
}
