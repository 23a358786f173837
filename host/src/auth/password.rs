//! Passwords: which are good enough, and their hashes (Argon2id).
//!
//! Hashing takes tens of milliseconds and many megabytes on purpose. It runs on threads of its own, few at once and behind
//! everything else that the processor has to do; whoever
//! would have to wait behind too many others is asked to come back. Those whom the host knows wait in a queue of their own,
//! so that strangers cannot fill it. A wait that is given up leaves its place: places and queues are permits, which their
//! holder's end gives back.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use omnichat_core::error::{Error, ErrorKind, Result};
use tokio::sync::{Semaphore, oneshot};

use crate::config::AuthConfig;

/// Strangers who wait for a place, at most.
const STRANGERS: usize = 48;
/// Those known to the host who wait for a place, at most.
const KNOWN: usize = 64;
/// Fewest and most characters of a password.
pub(crate) const LENGTH: (usize, usize) = (10, 200);

/// Who asks for a password to be hashed or checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Queue {
    /// Anybody.
    Strangers,
    /// Somebody who is signed in, holds an invitation, or has signed in from the same browser before.
    Known,
}

/// Hashes and checks passwords.
pub struct Passwords {
    argon: Argon2<'static>,
    places: Arc<Semaphore>,
    strangers: Arc<Semaphore>,
    known: Arc<Semaphore>,
    /// Hash of a password that nobody has, for those whom nobody knows.
    nobody: String,
}

impl std::fmt::Debug for Passwords {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passwords(…)")
    }
}

impl Passwords {
    /// With the costs of a configuration.
    ///
    /// # Errors
    /// For costs that Argon2 cannot work with.
    pub fn new(config: &AuthConfig) -> anyhow::Result<Self> {
        let params = Params::new(config.hash_memory_kib, config.hash_passes, 1, None)
            .map_err(|e| anyhow::anyhow!("the costs of password hashing: {e}"))?;
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let secret: [u8; 16] = rand::random();
        let nobody = hash(&argon, &hex::encode(secret))?;
        Ok(Self {
            argon,
            places: Arc::new(Semaphore::new(config.hash_at_once)),
            strangers: Arc::new(Semaphore::new(STRANGERS)),
            known: Arc::new(Semaphore::new(KNOWN)),
            nobody,
        })
    }

    /// Checks that a password is good enough and hashes it, for somebody who is known. `field` is its name in the request.
    ///
    /// # Errors
    /// `Invalid` for a password that is too short, too long or the e-mail address; `Unavailable` if too many wait.
    pub async fn hash_new(&self, password: &str, email: &str, field: &str) -> Result<String> {
        check(password, email, field)?;
        let (argon, password) = (self.argon.clone(), password.to_owned());
        self.run(Queue::Known, move || hash(&argon, &password)).await?
    }

    /// Whether a password fits a hash.
    ///
    /// # Errors
    /// `Unavailable` if too many wait; nothing was checked then.
    pub async fn verify(&self, queue: Queue, password: &str, hash: &str) -> Result<bool> {
        if password.chars().count() > LENGTH.1 {
            return Ok(false);
        }
        let (argon, password, hash) = (self.argon.clone(), password.to_owned(), hash.to_owned());
        self.run(queue, move || {
            let hash = PasswordHash::new(&hash)
                .map_err(|e| Error::internal("a stored password hash is damaged").caused_by(e))?;
            Ok(argon.verify_password(password.as_bytes(), &hash).is_ok())
        })
        .await?
    }

    /// Takes as long as [`Passwords::verify`], so that time does not tell who has an account here.
    pub async fn waste(&self, queue: Queue, password: &str) -> Result<()> {
        self.verify(queue, password, &self.nobody).await.map(|_| ())
    }

    async fn run<T: Send + 'static>(
        &self,
        queue: Queue,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let busy = |_| {
            let message = "too many people are signing in at the moment";
            Error::new(ErrorKind::Unavailable, message)
        };
        let queue = match queue {
            Queue::Strangers => &self.strangers,
            Queue::Known => &self.known,
        };
        let waiting = queue.try_acquire().map_err(busy)?;
        let place = self.places.clone().acquire_owned().await;
        let place = place.map_err(|error| Error::internal("no password can be hashed").caused_by(error))?;
        drop(waiting);
        let (reply, done) = oneshot::channel();
        let thread = std::thread::Builder::new().name("passwords".to_owned());
        let thread = thread.spawn(move || {
            let _place = place;
            make_way();
            // If nobody waits any more, that is their own affair.
            let _ = reply.send(work());
        });
        thread
            .map_err(|e| Error::new(ErrorKind::Unavailable, "no thread to hash a password").caused_by(e))?;
        done.await
            .map_err(|e| Error::internal("a password cannot be hashed").caused_by(e))
    }
}

/// Whatever else waits for the processor goes before this thread: the hash is slow on purpose, and many may be wanted at once.
#[cfg(target_os = "linux")]
fn make_way() {
    // On Linux the niceness is the thread's own.
    if let Err(error) = rustix::process::setpriority_process(None, 19) {
        tracing::debug!(%error, "passwords are hashed as fast as all else is done");
    }
}

#[cfg(not(target_os = "linux"))]
fn make_way() {}

fn hash(argon: &Argon2<'_>, password: &str) -> Result<String> {
    let hash = argon.hash_password(password.as_bytes());
    hash.map(|hash| hash.to_string())
        .map_err(|e| Error::internal("a password cannot be hashed").caused_by(e))
}

fn check(password: &str, email: &str, field: &str) -> Result<()> {
    let length = password.chars().count();
    if length < LENGTH.0 {
        return Err(Error::invalid_field(
            field,
            "too_short",
            "a password has at least 10 characters",
        ));
    }
    if length > LENGTH.1 {
        return Err(Error::invalid_field(
            field,
            "too_long",
            "a password has at most 200 characters",
        ));
    }
    let name = email.split('@').next().unwrap_or_default();
    if password.eq_ignore_ascii_case(email.trim()) || password.eq_ignore_ascii_case(name) {
        return Err(Error::invalid_field(
            field,
            "same_as_email",
            "the e-mail address is no password",
        ));
    }
    if password.chars().all(|c| password.starts_with(c)) {
        return Err(Error::invalid_field(
            field,
            "too_simple",
            "one character over and over is no password",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    fn cheap() -> Passwords {
        let mut config = AuthConfig::default();
        (config.hash_memory_kib, config.hash_passes, config.hash_at_once) = (8, 1, 2);
        Passwords::new(&config).unwrap()
    }

    #[tokio::test]
    async fn a_password_fits_its_own_hash_only() {
        let passwords = cheap();
        let hash = passwords
            .hash_new("correct horse", "anna@example.org", "password")
            .await
            .unwrap();
        assert!(hash.starts_with("$argon2id$"));
        let fits = async |password: &str| passwords.verify(Queue::Strangers, password, &hash).await;
        assert!(fits("correct horse").await.unwrap());
        assert!(!fits("correct horsf").await.unwrap());
        assert!(!fits(&"x".repeat(100_000)).await.unwrap());
    }

    #[tokio::test]
    async fn a_wait_that_is_given_up_leaves_its_place() {
        let passwords = cheap();
        let places = passwords.places.clone();
        let all = places.acquire_many(2).await.unwrap();
        for _ in 0..3 {
            let mut waits: Vec<_> = (0..STRANGERS)
                .map(|_| Box::pin(passwords.waste(Queue::Strangers, "a password")))
                .collect();
            for wait in &mut waits {
                assert!(wait.now_or_never().is_none());
            }
            let one_more = passwords.waste(Queue::Strangers, "a password").await.unwrap_err();
            assert_eq!(one_more.kind(), ErrorKind::Unavailable);
            let known = Box::pin(passwords.waste(Queue::Known, "a password")).now_or_never();
            assert!(
                known.is_none(),
                "strangers cannot fill the queue of those who are known"
            );
        }
        drop(all);
        passwords.waste(Queue::Strangers, "a password").await.unwrap();
    }

    #[tokio::test]
    async fn weak_passwords_are_refused() {
        let long = "x1".repeat(101);
        for weak in ["123456789", "Anna@Example.org", "aaaaaaaaaaaa", &long] {
            let error = cheap()
                .hash_new(weak, "anna@example.org", "password")
                .await
                .unwrap_err();
            assert_eq!(error.fields()[0].field, "password", "{weak}");
        }
    }
}
