//! Browsers from which somebody has signed in before. A cookie says so under the host's seal: its name for the device, and a
//! seal for each account that was used there. It opens nothing; it only keeps strangers' guesses at an account from slowing
//! down those who have it.
//!
//! An account is an operator of one organisation in its present generation, never an e-mail address: nobody proves that an
//! address is theirs, so an administrator could have a device known by the address of somebody elsewhere. What ends every session
//! ends what devices know, too.

use std::time::Duration;

use omnichat_core::clock::Timestamp;
use omnichat_core::operators::Operator;
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

    /// The device, if each of these operators has signed in from it, and there is one.
    pub(super) fn known(&self, cookie: &str, operators: &[Operator], now: Timestamp) -> Option<Uuid> {
        let device = read(cookie)?;
        let knows = |operator: &Operator| {
            device.accounts.iter().any(|(until, seal)| {
                let seal = hex::decode(seal).unwrap_or_default();
                *until >= day(now) && self.key.is_on(&claim(device.id, *until, operator), &seal)
            })
        };
        (!operators.is_empty() && operators.iter().all(knows)).then_some(device.id)
    }

    /// The cookie of a device from which somebody has signed in now.
    pub(super) fn remember(&self, cookie: Option<&str>, operator: &Operator, now: Timestamp) -> String {
        let mut device = cookie.and_then(read).unwrap_or_else(|| Device {
            id: Uuid::from_bytes(rand::random()),
            accounts: Vec::new(),
        });
        device.accounts.retain(|(until, seal)| {
            let seal = hex::decode(seal).unwrap_or_default();
            !self.key.is_on(&claim(device.id, *until, operator), &seal)
        });
        let until = day(now.after(REMEMBERED));
        let seal = hex::encode(self.key.seal(&claim(device.id, until, operator)));
        device.accounts.insert(0, (until, seal));
        device.accounts.truncate(ACCOUNTS);
        let mut text = device.id.as_simple().to_string();
        for (until, seal) in device.accounts {
            text.push_str(&format!(".{until}-{seal}"));
        }
        text
    }
}

fn claim(device: Uuid, until: u64, operator: &Operator) -> String {
    let (tenant, id, generation) = (operator.tenant, operator.id, operator.session_generation);
    format!("{device}/{until}/{tenant}/{id}/{generation}")
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
    use super::super::tests::operator;
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_767_268_800);

    #[test]
    fn a_device_is_known_to_those_who_signed_in_there_for_a_year() {
        let devices = Devices::new(vec![[1; 32]]);
        let [anna, boris, eve] = [(); 3].map(|()| operator());
        let first = devices.remember(None, &anna, NOW);
        let both = devices.remember(Some(&first), &boris, NOW);
        let known = |cookie: &str, operators: &[&Operator], now| {
            let operators: Vec<Operator> = operators.iter().map(|o| (*o).clone()).collect();
            devices.known(cookie, &operators, now)
        };
        let id = known(&first, &[&anna], NOW);
        assert!(id.is_some());
        assert_eq!(known(&both, &[&anna], NOW), id);
        assert_eq!(known(&both, &[&boris, &anna], NOW), id);
        assert_eq!(known(&first, &[&boris, &anna], NOW), None, "not to all of them");
        assert_eq!(known(&both, &[&eve], NOW), None);
        assert_eq!(known(&both, &[], NOW), None);
        let later = |days| NOW.after(Duration::from_secs(days * DAY));
        assert_eq!(known(&both, &[&anna], later(364)), id);
        assert_eq!(known(&both, &[&anna], later(367)), None);
        let other_key = Devices::new(vec![[2; 32]]);
        assert_eq!(other_key.known(&first, std::slice::from_ref(&anna), NOW), None);
        let mut elsewhere = operator();
        elsewhere.email.clone_from(&anna.email);
        assert_eq!(
            known(&both, &[&elsewhere], NOW),
            None,
            "an address proves nothing"
        );
        let mut reset = anna;
        reset.session_generation += 1;
        assert_eq!(known(&both, &[&reset], NOW), None);
    }

    #[test]
    fn a_cookie_does_not_grow_and_rubbish_is_a_new_device() {
        let devices = Devices::new(vec![[1; 32]]);
        let anna = operator();
        let mut cookie = devices.remember(None, &anna, NOW);
        for _ in 0..3 {
            cookie = devices.remember(Some(&cookie), &anna, NOW);
        }
        assert_eq!(cookie.split('.').count(), 2);
        for _ in 0..20 {
            cookie = devices.remember(Some(&cookie), &operator(), NOW);
        }
        assert_eq!(cookie.split('.').count(), 1 + ACCOUNTS);
        let anna = [anna];
        for rubbish in ["", ".", "x.y.z", "0-0", &"0".repeat(5_000)] {
            assert_eq!(devices.known(rubbish, &anna, NOW), None);
            let made = devices.remember(Some(rubbish), &anna[0], NOW);
            assert!(devices.known(&made, &anna, NOW).is_some());
        }
    }
}
