//! The link of the first start: it makes the first organisation with its owner, once.

use std::sync::{Mutex, MutexGuard, PoisonError};

use omnichat_core::Engine;
use omnichat_core::error::{Error, ErrorKind, Result};
use omnichat_core::operators::{NewOperator, Operator};
use omnichat_core::tenants::Tenant;
use subtle::ConstantTimeEq;

/// The one-time link. Its token lives in memory alone and holds until it is used or the host ends.
#[derive(Default)]
pub struct Setup {
    token: Mutex<Option<String>>,
    /// Two who use the link at once: one waits and then finds it used.
    at_work: tokio::sync::Mutex<()>,
}

impl std::fmt::Debug for Setup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Setup(…)")
    }
}

impl Setup {
    /// Nobody can use it until it is opened.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes a token if no organisation exists.
    pub async fn open(&self, engine: &Engine) -> Result<Option<String>> {
        if !Self::is_needed(engine).await? {
            return Ok(None);
        }
        let secret: [u8; 20] = rand::random();
        let token = hex::encode(secret);
        *self.token() = Some(token.clone());
        Ok(Some(token))
    }

    /// Whether no organisation exists.
    pub async fn is_needed(engine: &Engine) -> Result<bool> {
        Ok(engine.tenants().list().await?.is_empty())
    }

    /// Whether this is the token. `Forbidden` if the setup is done already, `Unauthenticated` for another token.
    pub fn check(&self, token: &str) -> Result<()> {
        let known = self.token();
        let known = known.as_ref().ok_or_else(done)?;
        if !bool::from(known.as_bytes().ct_eq(token.as_bytes())) {
            let message = "this link is not valid; the host prints the right one when it starts";
            return Err(Error::new(ErrorKind::Unauthenticated, message));
        }
        Ok(())
    }

    /// Makes the first organisation with its owner, and uses the token up.
    ///
    /// # Errors
    /// As [`Setup::check`], and what is wrong with the names; then the token stays valid.
    pub async fn complete(
        &self,
        engine: &Engine,
        token: &str,
        organisation: &str,
        owner: NewOperator,
    ) -> Result<(Tenant, Operator)> {
        let _alone = self.at_work.lock().await;
        self.check(token)?;
        if !Self::is_needed(engine).await? {
            *self.token() = None;
            return Err(done());
        }
        let made = engine.tenants().create(organisation, owner).await?;
        *self.token() = None;
        Ok(made)
    }

    fn token(&self) -> MutexGuard<'_, Option<String>> {
        self.token.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn done() -> Error {
    Error::forbidden("the first administrator exists already; sign in")
}
