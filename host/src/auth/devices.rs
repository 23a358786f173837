//! Browsers from which somebody has signed in before. A cookie says so under the host's seal: its name for the device, and a
//! seal for each account that was used there. It opens nothing; it only keeps strangers' guesses at an account from slowing
//! down those who have it.

use std::time::Duration;

use omnichat_core::clock::Timestamp;
use uuid::Uuid;

use crate::seal::SealKey;

/// Accounts of a device that are remembered; the ones used last.
const ACCOUNTS: usize = 8;
/// Longest seal that is looked at, in characters.
const LONGEST: usize = 128;
/// For how long a device is known after a sign-in.
pub(super) const REMEMBERED: Duration = Duration::from_secs(365 * DAY);
const DAY: u64 = 86_400;

/// Makes and reads the cookies of devices.
#[derive(Debug)]
pub(super) struct Devices {
    key: SealKey,
}

/// What a cookie holds.
struct Device {
    id: Uuid,
    /// The day until which an account is known, in days since 1970, and the seal on it.
    accounts: Vec<(u64, String)>,
}

impl Devices {
    pub(super) fn new(keys: Vec<[u8; 32]>) -> Self {
        Self {
            key: SealKey::new(keys),
        }
    }

    /// The device, if somebody has signed in to the account from it.
    pub(super) fn known(&self, cookie: &str, account: &str, now: Timestamp) -> Option<Uuid> {
        let device = read(cookie)?;
        let knows = |(until, seal): &(u64, String)| {
            let seal = hex::decode(seal).unwrap_or_default();
            *until >= day(now) && self.key.is_on(&claim(device.id, *until, account), &seal)
        };
        device.accounts.iter().any(knows).then_some(device.id)
    }

    /// The cookie of a device from which somebody has signed in now.
    pub(super) fn remember(&self, cookie: Option<&str>, account: &str, now: Timestamp) -> String {
        let mut device = cookie.and_then(read).unwrap_or_else(|| Device {
            id: Uuid::from_bytes(rand::random()),
            accounts: Vec::new(),
        });
        device.accounts.retain(|(until, seal)| {
            let seal = hex::decode(seal).unwrap_or_default();
            !self.key.is_on(&claim(device.id, *until, account), &seal)
        });
        let until = day(now.after(REMEMBERED));
        let seal = hex::encode(self.key.seal(&claim(device.id, until, account)));
        device.accounts.insert(0, (until, seal));
        device.accounts.truncate(ACCOUNTS);
        let mut text = device.id.as_simple().to_string();
        for (until, seal) in device.accounts {
            text.push_str(&format!(".{until}-{seal}"));
        }
        text
    }
}

fn claim(device: Uuid, until: u64, account: &str) -> String {
    format!("{device}/{until}/{account}")
}

fn read(cookie: &str) -> Option<Device> {
    let mut parts = cookie.split('.');
    let id = Uuid::try_parse(parts.next()?).ok()?;
    let account = |part: &str| {
        let (until, seal) = part.split_once('-')?;
        Some((until.parse().ok()?, seal.to_owned()))
    };
    let accounts = parts.take(ACCOUNTS).filter_map(account);
    let accounts = accounts.filter(|(_, seal)| seal.len() <= LONGEST).collect();
    Some(Device { id, accounts })
}

fn day(at: Timestamp) -> u64 {
    u64::try_from(at.micros()).unwrap_or_default() / 1_000_000 / DAY
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_767_268_800);

    #[test]
    fn a_device_is_known_to_those_who_signed_in_there_for_a_year() {
        let devices = Devices::new(vec![[1; 32]]);
        let first = devices.remember(None, "anna@example.org", NOW);
        let both = devices.remember(Some(&first), "boris@example.org", NOW);
        let known = |cookie: &str, account: &str, now| devices.known(cookie, account, now);
        let id = known(&first, "anna@example.org", NOW);
        assert!(id.is_some());
        assert_eq!(known(&both, "anna@example.org", NOW), id);
        assert_eq!(known(&both, "boris@example.org", NOW), id);
        assert_eq!(known(&both, "eve@example.org", NOW), None);
        let later = |days| NOW.after(Duration::from_secs(days * DAY));
        assert_eq!(known(&both, "anna@example.org", later(364)), id);
        assert_eq!(known(&both, "anna@example.org", later(367)), None);
        assert_eq!(
            Devices::new(vec![[2; 32]]).known(&first, "anna@example.org", NOW),
            None
        );
    }

    #[test]
    fn a_cookie_does_not_grow_and_rubbish_is_a_new_device() {
        let devices = Devices::new(vec![[1; 32]]);
        let mut cookie = devices.remember(None, "anna@example.org", NOW);
        for _ in 0..3 {
            cookie = devices.remember(Some(&cookie), "anna@example.org", NOW);
        }
        assert_eq!(cookie.split('.').count(), 2);
        for n in 0..20 {
            cookie = devices.remember(Some(&cookie), &format!("{n}@example.org"), NOW);
        }
        assert_eq!(cookie.split('.').count(), 1 + ACCOUNTS);
        for rubbish in ["", ".", "x.y.z", "0-0", &"0".repeat(5_000)] {
            assert_eq!(devices.known(rubbish, "anna@example.org", NOW), None);
            let made = devices.remember(Some(rubbish), "anna@example.org", NOW);
            assert!(devices.known(&made, "anna@example.org", NOW).is_some());
        }
    }
}
