//! Where a visitor's tab goes on after it was away. The number of an event would tell a visitor how much goes on in the whole
//! organisation; a cursor is that number sealed, for one visitor alone, and never twice the same.

use omnichat_core::error::Result;
use omnichat_core::id::{InboxId, TenantId};
use omnichat_core::vault::{Sealed, Vault};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Longest cursor that is looked at, in bytes.
const LONGEST: usize = 256;

/// Whose a cursor is, and of which log: after the database was restored numbers are given out again, so that an older cursor says
/// nothing any more.
#[derive(Clone, Copy, Debug)]
pub(super) struct Whose<'a> {
    pub(super) tenant: TenantId,
    pub(super) inbox: InboxId,
    pub(super) chat: &'a str,
    pub(super) epoch: Uuid,
}

impl Whose<'_> {
    fn mark(self) -> [u8; 8] {
        let Self {
            inbox, chat, epoch, ..
        } = self;
        let digest = Sha256::digest(format!("widget cursor {epoch} {inbox} {chat}").as_bytes());
        let mut mark = [0; 8];
        mark.copy_from_slice(&digest[..8]);
        mark
    }
}

/// The cursor of a visitor at an event.
pub(super) fn at(vault: &Vault, whose: Whose<'_>, seq: u64) -> Result<String> {
    let sealed = vault.seal(whose.tenant, &[seq.to_be_bytes(), whose.mark()].concat())?;
    Ok(sealed.as_text().to_owned())
}

/// At which event a cursor is; none if it was made up, is another visitor's or of another log.
pub(super) fn read(vault: &Vault, whose: Whose<'_>, cursor: &str) -> Option<u64> {
    if cursor.len() > LONGEST {
        return None;
    }
    let opened = vault.open(whose.tenant, &Sealed::from_text(cursor)).ok()?;
    let (seq, mark) = opened.split_at_checked(8)?;
    (mark == whose.mark()).then_some(u64::from_be_bytes(seq.try_into().ok()?))
}

#[cfg(test)]
mod tests {
    use omnichat_core::clock::SystemClock;

    use super::*;

    #[test]
    fn a_cursor_is_its_visitors_and_says_nothing() {
        let vault = Vault::new([1; 32]);
        let whose = Whose {
            tenant: TenantId::generate(&SystemClock),
            inbox: InboxId::generate(&SystemClock),
            chat: "v_1",
            epoch: Uuid::now_v7(),
        };
        let cursor = at(&vault, whose, 4_711).unwrap();
        assert_eq!(read(&vault, whose, &cursor), Some(4_711));
        assert_ne!(at(&vault, whose, 4_711).unwrap(), cursor);
        assert_eq!(at(&vault, whose, u64::MAX).unwrap().len(), cursor.len());
        for other in [
            Whose { chat: "v_2", ..whose },
            Whose {
                tenant: TenantId::generate(&SystemClock),
                ..whose
            },
            Whose {
                inbox: InboxId::generate(&SystemClock),
                ..whose
            },
            Whose {
                epoch: Uuid::now_v7(),
                ..whose
            },
        ] {
            assert_eq!(read(&vault, other, &cursor), None, "{other:?}");
        }
        for rubbish in ["", "4711", &cursor[1..], &"0".repeat(10_000)] {
            assert_eq!(read(&vault, whose, rubbish), None);
        }
    }
}
