//! Signed links to files, for `<img>` and downloads in the widget, where no token can be sent along.

use std::time::Duration;

use omnichat_core::clock::Timestamp;
use omnichat_core::id::{FileId, InboxId};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::seal::SealKey;

/// A link holds until the end of the next day, so that it stays the same for a whole day and browsers keep what they have.
const DAY: Duration = Duration::from_secs(24 * 3_600);

/// What is in a link besides the file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Signed {
    /// The widget in which the file is seen: says whose file it is.
    #[param(value_type = String)]
    pub(super) inbox: InboxId,
    /// Until when it holds, in seconds since 1970.
    #[param(minimum = 0)]
    pub(super) expires: i64,
    /// Proves that the host made it.
    pub(super) sig: String,
}

/// Signs and checks links.
#[derive(Debug)]
pub(super) struct Links {
    key: SealKey,
}

impl Links {
    pub(super) fn new(keys: Vec<[u8; 32]>) -> Self {
        Self {
            key: SealKey::new(keys),
        }
    }

    /// A link to a file for the visitors of a widget.
    pub(super) fn sign(&self, inbox: InboxId, file: FileId, now: Timestamp) -> String {
        let day = i64::try_from(DAY.as_secs()).unwrap_or(i64::MAX);
        let expires = (now.micros() / 1_000_000 / day + 2) * day;
        let sig = hex::encode(self.key.seal(&claim(inbox, file, expires)));
        format!("/widget/v1/files/{file}?inbox={inbox}&expires={expires}&sig={sig}")
    }

    /// Whether a link is one of ours and still holds.
    pub(super) fn holds(&self, file: FileId, signed: &Signed, now: Timestamp) -> bool {
        self.made(file, signed) && Timestamp::from_secs(signed.expires) > now
    }

    /// Whether a link is one of ours, though it may hold no more.
    pub(super) fn made(&self, file: FileId, signed: &Signed) -> bool {
        let given = hex::decode(&signed.sig).unwrap_or_default();
        self.key.is_on(&claim(signed.inbox, file, signed.expires), &given)
    }
}

/// What is signed.
fn claim(inbox: InboxId, file: FileId, expires: i64) -> String {
    format!("{inbox}/{file}/{expires}")
}

#[cfg(test)]
mod tests {
    use omnichat_core::clock::SystemClock;

    use super::*;

    #[test]
    fn a_link_holds_for_its_file_and_inbox_until_its_end() {
        let links = Links::new(vec![[1; 32]]);
        let (inbox, file) = (InboxId::generate(&SystemClock), FileId::generate(&SystemClock));
        let now = Timestamp::from_secs(1_767_268_800);
        let link = links.sign(inbox, file, now);
        assert_eq!(
            links.sign(inbox, file, now.after(Duration::from_secs(3_600))),
            link,
            "browsers keep what they have"
        );
        let query = link.split_once("sig=").unwrap();
        let expires: i64 = query
            .0
            .split_once("expires=")
            .unwrap()
            .1
            .trim_end_matches('&')
            .parse()
            .unwrap();
        let signed = Signed {
            inbox,
            expires,
            sig: query.1.to_owned(),
        };
        assert!(links.holds(file, &signed, now));
        assert!(!links.holds(file, &signed, now.after(DAY * 2)));
        assert!(links.made(file, &signed));
        assert!(!links.holds(FileId::generate(&SystemClock), &signed, now));
        assert!(!links.holds(
            file,
            &Signed {
                inbox: InboxId::generate(&SystemClock),
                ..signed.clone()
            },
            now
        ));
        assert!(!links.holds(
            file,
            &Signed {
                expires: expires + 1,
                ..signed.clone()
            },
            now
        ));
        assert!(!links.holds(
            file,
            &Signed {
                sig: String::new(),
                ..signed
            },
            now
        ));
    }
}
