//! Passwords: which are good enough, and their hashes (Argon2id).
//!
//! Hashing takes tens of milliseconds and many megabytes on purpose. It runs on threads of its own, few at once; whoever
//! would have to wait behind too many others is asked to come back.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use omnichat_core::error::{Error, ErrorKind, Result};
use tokio::sync::Semaphore;

use crate::config::AuthConfig;

/// Those who wait for a place, at most.
const QUEUE: usize = 64;
/// Fewest and most characters of a password.
pub(crate) const LENGTH: (usize, usize) = (10, 200);

/// Hashes and checks passwords.
pub struct Passwords {
    argon: Argon2<'static>,
    places: Arc<Semaphore>,
    waiting: AtomicUsize,
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
            waiting: AtomicUsize::new(0),
            nobody,
        })
    }

    /// Checks that a password is good enough and hashes it. `field` is its name in the request.
    ///
    /// # Errors
    /// `Invalid` for a password that is too short, too long or the e-mail address.
    pub async fn hash_new(&self, password: &str, email: &str, field: &str) -> Result<String> {
        check(password, email, field)?;
        let (argon, password) = (self.argon.clone(), password.to_owned());
        self.run(move || hash(&argon, &password)).await?
    }

    /// Whether a password fits a hash.
    pub async fn verify(&self, password: &str, hash: &str) -> Result<bool> {
        if password.chars().count() > LENGTH.1 {
            return Ok(false);
        }
        let (argon, password, hash) = (self.argon.clone(), password.to_owned(), hash.to_owned());
        self.run(move || {
            let hash = PasswordHash::new(&hash)
                .map_err(|e| Error::internal("a stored password hash is damaged").caused_by(e))?;
            Ok(argon.verify_password(password.as_bytes(), &hash).is_ok())
        })
        .await?
    }

    /// Takes as long as [`Passwords::verify`], so that time does not tell who has an account here.
    pub async fn waste(&self, password: &str) -> Result<()> {
        self.verify(password, &self.nobody).await.map(|_| ())
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let busy = || {
            Error::new(
                ErrorKind::Unavailable,
                "too many people are signing in at the moment",
            )
        };
        if self.waiting.fetch_add(1, Ordering::Relaxed) >= QUEUE {
            self.waiting.fetch_sub(1, Ordering::Relaxed);
            return Err(busy());
        }
        let place = self.places.clone().acquire_owned().await;
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        let place = place.map_err(|_| busy())?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            drop(place);
            done
        });
        done.await
            .map_err(|e| Error::internal("a password cannot be hashed").caused_by(e))
    }
}

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
    use super::*;

    fn cheap() -> Passwords {
        let mut config = AuthConfig::default();
        (config.hash_memory_kib, config.hash_passes) = (8, 1);
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
        assert!(passwords.verify("correct horse", &hash).await.unwrap());
        assert!(!passwords.verify("correct horsf", &hash).await.unwrap());
        assert!(!passwords.verify(&"x".repeat(100_000), &hash).await.unwrap());
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
