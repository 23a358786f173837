//! Passwords: which are good enough, and their hashes (Argon2id).
//!
//! Hashing takes tens of milliseconds and many megabytes on purpose. It runs on threads of its own, few at once and behind
//! everything else that the processor has to do; whoever
//! would have to wait behind too many others is asked to come back. Those whom the host knows wait in a queue of their own,
//! so that strangers cannot fill it. A wait that is given up leaves its place: places and queues are permits, which their
//! holder's end gives back.

use std::sync::{Arc, Mutex, PoisonError};

use argon2::password_hash;
use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};
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
    params: Params,
    spare: Spare,
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
        let secret: [u8; 16] = rand::random();
        let spare = Spare::default();
        let nobody = spare.lend(|memory| hash(&params, &hex::encode(secret), memory))?;
        Ok(Self {
            params,
            spare,
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
        let (params, password) = (self.params.clone(), password.to_owned());
        self.run(Queue::Known, move |memory| hash(&params, &password, memory))
            .await?
    }

    /// Whether a password fits a hash.
    ///
    /// # Errors
    /// `Unavailable` if too many wait; nothing was checked then.
    pub async fn verify(&self, queue: Queue, password: &str, hash: &str) -> Result<bool> {
        if password.chars().count() > LENGTH.1 {
            return Ok(false);
        }
        let (password, hash) = (password.to_owned(), hash.to_owned());
        let damaged = |error| Error::internal("a stored password hash is damaged").caused_by(error);
        self.run(queue, move |memory| {
            PasswordHash::new(&hash)
                .map_err(|error| damaged(error.into()))
                .and_then(|hash| fits(&hash, &password, memory).map_err(damaged))
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
        work: impl FnOnce(&mut Vec<Block>) -> T + Send + 'static,
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
        let spare = self.spare.clone();
        let thread = std::thread::Builder::new().name("passwords".to_owned());
        let thread = thread.spawn(move || {
            let _place = place;
            make_way();
            // If nobody waits any more, that is their own affair.
            let _ = reply.send(spare.lend(work));
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

/// The memory of hashes that are done, for the next ones: there are never more than places. Freed, it would stay with the allocator
/// as well, and each hash would take its megabytes somewhere else.
#[derive(Clone, Default)]
struct Spare(Arc<Mutex<Vec<Vec<Block>>>>);

impl Spare {
    fn lend<T>(&self, work: impl FnOnce(&mut Vec<Block>) -> T) -> T {
        let mut memory = self.all().pop().unwrap_or_default();
        let done = work(&mut memory);
        self.all().push(memory);
        done
    }

    fn all(&self) -> std::sync::MutexGuard<'_, Vec<Vec<Block>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A password's hash with a salt of its own, as it is stored.
fn hash(params: &Params, password: &str, memory: &mut Vec<Block>) -> Result<String> {
    let salt: [u8; 16] = rand::random();
    let (algorithm, version) = (Algorithm::Argon2id, Version::V0x13);
    let mut hashed = || {
        let hash = PasswordHash {
            algorithm: algorithm.ident(),
            version: Some(version.into()),
            params: ParamsString::try_from(params)?,
            salt: Some(Salt::new(&salt)?),
            hash: Some(derived(
                algorithm,
                version,
                params.clone(),
                &salt,
                password,
                memory,
            )?),
        };
        Ok(hash.to_string())
    };
    hashed().map_err(|error: password_hash::Error| {
        Error::internal("a password cannot be hashed").caused_by(error)
    })
}

/// Whether a password has this hash, whatever costs it was made with.
fn fits(hash: &PasswordHash, password: &str, memory: &mut Vec<Block>) -> password_hash::Result<bool> {
    let (Some(salt), Some(expected)) = (&hash.salt, &hash.hash) else {
        return Err(password_hash::Error::PasswordInvalid);
    };
    let algorithm = Algorithm::try_from(hash.algorithm.as_str())?;
    let version = hash
        .version
        .map(Version::try_from)
        .transpose()?
        .unwrap_or_default();
    let found = derived(
        algorithm,
        version,
        Params::try_from(hash)?,
        salt,
        password,
        memory,
    )?;
    // Takes the same time whatever differs.
    Ok(found == *expected)
}

fn derived(
    algorithm: Algorithm,
    version: Version,
    params: Params,
    salt: &[u8],
    password: &str,
    memory: &mut Vec<Block>,
) -> password_hash::Result<Output> {
    let (blocks, length) = (params.block_count(), params.output_len());
    if memory.len() < blocks {
        memory.resize(blocks, Block::new());
    }
    let mut output = vec![0; length.unwrap_or(Params::DEFAULT_OUTPUT_LEN)];
    Argon2::new(algorithm, version, params).hash_password_into_with_memory(
        password.as_bytes(),
        salt,
        &mut output,
        &mut memory[..blocks],
    )?;
    Ok(Output::new(&output)?)
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

    /// Of «correct horse», made by the reference implementation.
    const FOREIGN: &str =
        "$argon2id$v=19$m=64,t=2,p=1$ZXhhbXBsZSBzYWx0$mjVNPpN4HuCK6Sir+bz4DS8sKHatxIA3jvAnuPqUuLg";

    #[tokio::test]
    async fn a_hash_of_other_costs_is_read_by_its_own() {
        let passwords = cheap();
        for (password, right) in [("correct horse", true), ("correct horsf", false)] {
            let fits = passwords
                .verify(Queue::Strangers, password, FOREIGN)
                .await
                .unwrap();
            assert_eq!(fits, right);
        }
        // The memory that it has left is larger than what the next one needs.
        let own = passwords
            .hash_new("a better staple", "", "password")
            .await
            .unwrap();
        let fits = passwords.verify(Queue::Strangers, "a better staple", &own).await;
        assert!(fits.unwrap());
        assert_eq!(passwords.spare.all().len(), 1, "what is done is used again");
        for damaged in ["", "$argon2id$v=19$m=8,t=1,p=1", "plain"] {
            let error = passwords
                .verify(Queue::Strangers, "x", damaged)
                .await
                .unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Internal, "{damaged}");
        }
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
