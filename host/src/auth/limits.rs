//! How many guesses there are, and who is slowed down by whom.
//!
//! Whoever signs in from a browser that the account knows (see [`super::devices`]) waits for the mistakes of known browsers
//! alone. All others are strangers: their wrong attempts count for the account, for the address, and for both together. So
//! guesses from many addresses are slow, one address cannot try many accounts, and neither keeps those out who have been here
//! before.
//!
//! One e-mail address may have operators in several organisations. An attempt is made at each of them and counts for each: a
//! device is known if all of them know it, and a password that is right for one forgives what was wrong at that one alone. When
//! strangers have to wait, an attempt is made at those alone who know the device.
//!
//! By default a stranger's address has 5 attempts at an account, then 1, 2, 4 … seconds to 15 minutes between two: 20 in the
//! first hour, 4 in each further one. All strangers together have 90 attempts at an account in the first hour and 60 in each
//! further one; an address has 100 at all accounts together, and 60; a known device 70 at its account, and 60; all known
//! devices of an account together 90, and 60.

use std::time::Duration;

use omnichat_core::clock::Timestamp;
use omnichat_core::error::{Error, ErrorKind, Result, Retry};
use omnichat_core::id::OperatorId;
use omnichat_core::operators::Operator;
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::devices::Devices;
use super::password::Queue;
use super::throttle::{self, Pace, Scope, Throttle};
use crate::config::AuthConfig;
use crate::extract::LimitKey;

/// Strangers' attempts that are held at once.
const STRANGERS: usize = 64;
/// Attempts of known devices that are held at once.
const KNOWN: usize = 64;

/// Who tries.
#[derive(Clone, Copy, Debug)]
pub struct Caller<'a> {
    /// From where.
    pub from: LimitKey,
    /// The cookie of the device, if it has one.
    pub device: Option<&'a str>,
}

/// Counts what is wrong and slows down what comes next.
pub struct Limits {
    throttle: Throttle,
    devices: Devices,
    own: Pace,
    own_of_stranger: Pace,
    account: Pace,
    address: Pace,
    hold: Duration,
    strangers: Semaphore,
    known: Semaphore,
}

impl std::fmt::Debug for Limits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Limits(…)")
    }
}

/// A key of an attempt's own, with the operator at whom it is made.
type Own = (Option<OperatorId>, Scope);

/// An attempt that may be made now. It counts as a wrong one until the contrary is said.
#[derive(Debug)]
pub struct Attempt<'a> {
    limits: &'a Limits,
    counted: throttle::Attempt,
    /// What is forgiven when it was right.
    own: Vec<Own>,
    queue: Queue,
}

impl Attempt<'_> {
    /// In which queue its password waits.
    pub fn queue(&self) -> Queue {
        self.queue
    }

    /// It was right.
    pub fn succeeded(self) {
        let own = self.own.iter().map(|(_, scope)| *scope);
        self.limits.throttle.succeeded(&self.counted, own);
    }

    /// It was right for these of the operators at whom it was made.
    pub(super) fn succeeded_for(self, right: &[Operator]) {
        let is_right = |of: Option<OperatorId>| right.iter().any(|operator| Some(operator.id) == of);
        let own = self.own.iter().filter(|(of, _)| is_right(*of));
        let own = own.map(|(_, scope)| *scope);
        self.limits.throttle.succeeded(&self.counted, own);
    }

    /// Whether it was right could not be found out.
    pub fn take_back(self) {
        self.limits.throttle.take_back(&self.counted);
    }
}

impl Limits {
    /// With the numbers of a configuration. The key seals the cookies of devices.
    pub(super) fn new(keys: Vec<[u8; 32]>, config: &AuthConfig) -> Self {
        let pace = |free, slowest| Pace { free, slowest };
        Self {
            throttle: Throttle::default(),
            devices: Devices::new(keys),
            own: pace(config.attempts, config.slowest()),
            own_of_stranger: pace(config.attempts, config.slowest_of_address()),
            account: pace(config.attempts_per_account, config.slowest()),
            address: pace(config.attempts_per_address, config.slowest()),
            hold: config.hold(),
            strangers: Semaphore::new(STRANGERS),
            known: Semaphore::new(KNOWN),
        }
    }

    /// The cookie for a device from which an operator has signed in.
    pub fn remember(&self, cookie: Option<&str>, operator: &Operator, now: Timestamp) -> String {
        self.devices.remember(cookie, operator, now)
    }

    /// Those who know the caller's device.
    pub(super) fn knowing(
        &self,
        operators: &[Operator],
        caller: Caller<'_>,
        now: Timestamp,
    ) -> Vec<Operator> {
        let knows = |operator: &&Operator| {
            let known = |cookie| self.devices.known(cookie, std::slice::from_ref(*operator), now);
            caller.device.and_then(known).is_some()
        };
        operators.iter().filter(knows).cloned().collect()
    }

    /// An attempt to sign in as one of those who have the address and a password, once it is its turn.
    ///
    /// # Errors
    /// `RateLimited` with the time to wait.
    pub(super) async fn sign_in(
        &self,
        email: &str,
        operators: &[Operator],
        caller: Caller<'_>,
        now: Timestamp,
    ) -> Result<Attempt<'_>> {
        let device = caller
            .device
            .and_then(|cookie| self.devices.known(cookie, operators, now));
        match device {
            Some(device) => {
                let (own, shared) = self.scopes_of_known(operators, device);
                self.begin(own, shared, Queue::Known, now).await
            }
            None => {
                let (own, shared) = self.scopes_of_stranger(email, operators, caller.from);
                self.begin(own, shared, Queue::Strangers, now).await
            }
        }
    }

    /// An attempt with a link (`what`: of setup, of invitations), once it is its turn.
    ///
    /// # Errors
    /// As [`Limits::sign_in`].
    pub async fn link(&self, what: &str, from: LimitKey, now: Timestamp) -> Result<Attempt<'_>> {
        let own = self.throttle.scope(("link", what, from), self.own_of_stranger);
        let shared = vec![self.throttle.scope(("address", from), self.address)];
        self.begin(vec![(None, own)], shared, Queue::Strangers, now).await
    }

    /// An attempt of somebody who is signed in at their own password, once it is its turn.
    ///
    /// # Errors
    /// As [`Limits::sign_in`].
    pub async fn own_password(&self, operator: OperatorId, now: Timestamp) -> Result<Attempt<'_>> {
        let own = self.throttle.scope(("own", operator), self.own);
        self.begin(vec![(None, own)], Vec::new(), Queue::Known, now).await
    }

    fn scopes_of_known(&self, operators: &[Operator], device: Uuid) -> (Vec<Own>, Vec<Scope>) {
        let own = |operator: &Operator| {
            let own = self.throttle.scope(("device", operator.id, device), self.own);
            (Some(operator.id), own)
        };
        let shared = |operator: &Operator| self.throttle.scope(("devices", operator.id), self.account);
        (
            operators.iter().map(own).collect(),
            operators.iter().map(shared).collect(),
        )
    }

    fn scopes_of_stranger(
        &self,
        email: &str,
        operators: &[Operator],
        from: LimitKey,
    ) -> (Vec<Own>, Vec<Scope>) {
        let throttle = &self.throttle;
        let own = |id: OperatorId| {
            let own = throttle.scope(("stranger", id, from), self.own_of_stranger);
            (Some(id), own)
        };
        let mut own: Vec<Own> = operators.iter().map(|operator| own(operator.id)).collect();
        if own.is_empty() {
            // Nobody has the address, which must not show.
            own.push((
                None,
                throttle.scope(("stranger", email, from), self.own_of_stranger),
            ));
        }
        let shared = vec![
            throttle.scope(("account", email), self.account),
            throttle.scope(("address", from), self.address),
        ];
        (own, shared)
    }

    async fn begin(
        &self,
        own: Vec<Own>,
        shared: Vec<Scope>,
        queue: Queue,
        now: Timestamp,
    ) -> Result<Attempt<'_>> {
        let held = match queue {
            Queue::Strangers => &self.strangers,
            Queue::Known => &self.known,
        };
        // Without a place to be held, only what need not wait goes on.
        let place = held.try_acquire().ok();
        let patience = place.as_ref().map_or(Duration::ZERO, |_| self.hold);
        let scopes = own.iter().map(|(_, scope)| *scope).chain(shared).collect();
        let counted = self.throttle.begin(scopes, patience, now).map_err(too_many)?;
        if !counted.wait.is_zero() {
            tokio::time::sleep(counted.wait).await;
        }
        drop(place);
        Ok(Attempt {
            limits: self,
            counted,
            own,
            queue,
        })
    }
}

fn too_many(wait: Duration) -> Error {
    let message = "too many wrong attempts; wait and try again";
    Error::new(ErrorKind::RateLimited, message).with_retry(Retry::After(wait))
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

    use super::super::tests::operator;
    use super::*;

    const BEGIN: Timestamp = Timestamp::from_secs(1_767_268_800);
    const HOUR: u64 = 3_600;

    fn limits() -> Limits {
        let config = AuthConfig {
            hold_seconds: 0,
            ..AuthConfig::default()
        };
        Limits::new(vec![[1; 32]], &config)
    }

    fn address(n: u32) -> LimitKey {
        IpAddr::V4(Ipv4Addr::from_bits(0xC000_0200 + n)).into()
    }

    /// Guesses as fast as it is allowed from a time on, each at the account and from the address that are made for it.
    /// Returns how many there were in each of two hours.
    async fn guess(limits: &Limits, mut made: impl FnMut(u32) -> (String, LimitKey)) -> [u32; 2] {
        let (mut now, mut tries, mut hours) = (0, 0, [0, 0]);
        while now < 2 * HOUR {
            let (email, from) = made(tries);
            let caller = Caller { from, device: None };
            let at = BEGIN.after(Duration::from_secs(now));
            match limits.sign_in(&email, &[], caller, at).await {
                Ok(_) => {
                    hours[usize::from(now >= HOUR)] += 1;
                    tries += 1;
                }
                Err(error) => match error.retry() {
                    Retry::After(wait) => now += wait.as_secs().max(1),
                    _ => panic!("{error}"),
                },
            }
        }
        hours
    }

    #[tokio::test]
    async fn guesses_at_an_account_from_any_number_of_addresses_are_few() {
        let limits = limits();
        let operators = [operator()];
        let anna = operators[0].email.as_str();
        let cookie = limits.remember(None, &operators[0], BEGIN);
        let [first, second] = guess(&limits, |n| (anna.to_owned(), address(n))).await;
        assert!((60..=90).contains(&first) && second <= 61, "{first}, {second}");
        // In the middle of it: whoever has been here before does not notice, from whatever address.
        let at = BEGIN.after(Duration::from_secs(2 * HOUR));
        let known = |device| Caller {
            from: address(7),
            device,
        };
        for _ in 0..100 {
            limits
                .sign_in(anna, &operators, known(Some(&cookie)), at)
                .await
                .unwrap()
                .succeeded();
        }
        // The device's own mistakes count.
        for _ in 0..5 {
            let attempt = limits.sign_in(anna, &operators, known(Some(&cookie)), at).await;
            attempt.unwrap();
        }
        let may = async |device| limits.sign_in(anna, &operators, known(device), at).await.is_ok();
        assert!(!may(Some(&cookie)).await);
        // Another browser of hers goes on.
        let at_work = limits.remember(None, &operators[0], at);
        assert!(may(Some(&at_work)).await);
        // A cookie of another account's, or none, is a stranger's.
        let other = limits.remember(None, &operator(), at);
        assert!(!may(Some(&other)).await && !may(None).await);
    }

    #[tokio::test]
    async fn all_devices_that_an_account_knows_are_slow_together() {
        let limits = limits();
        let operators = [operator()];
        let mut guesses = 0;
        for _ in 0..100 {
            let cookie = limits.remember(None, &operators[0], BEGIN);
            let caller = Caller {
                from: address(1),
                device: Some(&cookie),
            };
            let attempt = limits
                .sign_in(&operators[0].email, &operators, caller, BEGIN)
                .await;
            guesses += u32::from(attempt.is_ok());
        }
        assert_eq!(guesses, 20);
    }

    #[tokio::test]
    async fn a_right_one_forgives_nothing_at_an_account_elsewhere() {
        let limits = limits();
        let both = [operator(), operator()];
        let (mine, hers) = (&both[..1], &both[1..]);
        let caller = Caller {
            from: address(1),
            device: None,
        };
        let sign_in = async |at: &[Operator]| limits.sign_in("anna@example.org", at, caller, BEGIN).await;
        for _ in 0..5 {
            sign_in(&both).await.unwrap();
            sign_in(mine).await.unwrap().succeeded_for(mine);
        }
        assert!(sign_in(hers).await.is_err());
        assert!(sign_in(&both).await.is_err());
        assert!(sign_in(mine).await.is_ok());
    }

    #[tokio::test]
    async fn one_address_has_few_guesses_and_does_not_take_the_others_turn() {
        let limits = limits();
        let anna = "anna@example.org".to_owned();
        let [first, second] = guess(&limits, |_| (anna.clone(), address(1))).await;
        assert!((5..=20).contains(&first) && second <= 4, "{first}, {second}");
        let caller = Caller {
            from: address(2),
            device: None,
        };
        let at = BEGIN.after(Duration::from_secs(2 * HOUR));
        assert!(limits.sign_in(&anna, &[], caller, at).await.is_ok());
    }

    #[tokio::test]
    async fn one_address_cannot_try_everybody() {
        let limits = limits();
        let everybody = |n| (format!("{n}@example.org"), address(1));
        let [first, second] = guess(&limits, everybody).await;
        assert!((60..=100).contains(&first) && second <= 61, "{first}, {second}");
    }

    #[tokio::test]
    async fn all_addresses_of_a_64_are_one() {
        let limits = limits();
        let everybody = |n: u32| {
            let ip = Ipv6Addr::from_bits(0x2001_0db8 << 96 | u128::from(n));
            (format!("{n}@example.org"), IpAddr::V6(ip).into())
        };
        let [first, _] = guess(&limits, everybody).await;
        assert!(first <= 100, "{first}");
    }

    #[tokio::test(start_paused = true)]
    async fn attempts_that_wait_are_held_in_turn_and_not_too_many() {
        let limits = Limits::new(vec![[1; 32]], &AuthConfig::default());
        let began = tokio::time::Instant::now();
        let caller = |n| Caller {
            from: address(n),
            device: None,
        };
        for _ in 0..5 {
            limits.sign_in("anna", &[], caller(1), BEGIN).await.unwrap();
        }
        assert!(began.elapsed().is_zero());
        let sixth = limits.sign_in("anna", &[], caller(1), BEGIN).await.unwrap();
        assert_eq!(began.elapsed(), Duration::from_secs(1));
        sixth.take_back();

        // However many wait, those who are held are counted, and one who goes away makes room.
        let full = limits.strangers.acquire_many(64).await.unwrap();
        assert!(limits.sign_in("anna", &[], caller(1), BEGIN).await.is_err());
        assert!(
            limits
                .sign_in("anna", &[], caller(2), BEGIN.after(Duration::from_secs(1)))
                .await
                .is_ok(),
            "it need not wait"
        );
        drop(full);
        assert_eq!(limits.strangers.available_permits(), STRANGERS);
    }
}
