//! Planning a change anew where another wrote the same row first.
//!
//! Who says which version of a row a change is based on is told of a conflict; everybody else just waits for who was quicker.
//! Conversations have turns of their own ([`crate::conversations`]); this is for rows that are seldom written by two at once.

use std::time::Duration;

use crate::error::{Error, ErrorKind, Result};

/// With each try one of those who write at once gets through, so this many may.
const TRIES: u32 = 100;
/// Tries that follow at once. Later ones leave others some time, each a little more than the one before.
const AT_ONCE: u32 = 4;

/// One change's tries.
#[derive(Debug)]
pub(crate) struct Anew {
    is_versioned: bool,
    tries: u32,
}

impl Anew {
    /// For a change that is based on a version, if its caller has named one.
    pub(crate) const fn unless(version: Option<u64>) -> Self {
        Self {
            is_versioned: version.is_some(),
            tries: 0,
        }
    }

    /// Says that it is worth another try, after a pause.
    ///
    /// # Errors
    /// The error itself if it is no conflict or the caller wants to know of it, and `Unavailable` after too many.
    pub(crate) async fn after(&mut self, error: Error) -> Result<()> {
        if error.kind() != ErrorKind::Conflict || error.is_lost_lease() || self.is_versioned {
            return Err(error);
        }
        self.tries += 1;
        if self.tries >= TRIES {
            let busy = "too many change this at once; try again";
            return Err(Error::new(ErrorKind::Unavailable, busy).caused_by(error));
        }
        let pause = self.tries.saturating_sub(AT_ONCE);
        if pause > 0 {
            tokio::time::sleep(Duration::from_millis(pause.into())).await;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conflict() -> Error {
        Error::conflict("the row")
    }

    #[tokio::test(start_paused = true)]
    async fn who_named_no_version_never_sees_a_conflict() {
        let mut anew = Anew::unless(None);
        for _ in 1..TRIES {
            anew.after(conflict()).await.expect("another try");
        }
        let error = anew.after(conflict()).await.expect_err("the end");
        assert_eq!(error.kind(), ErrorKind::Unavailable);
    }

    #[tokio::test]
    async fn who_named_a_version_is_told_at_once_and_other_errors_are_none_of_its_business() {
        let error = Anew::unless(Some(3)).after(conflict()).await.expect_err("told");
        assert_eq!(error.kind(), ErrorKind::Conflict);
        let error = Anew::unless(None).after(Error::not_found("row")).await;
        assert_eq!(error.expect_err("told").kind(), ErrorKind::NotFound);
    }
}
