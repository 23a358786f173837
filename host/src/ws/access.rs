//! What an access token opens, and for how long.

use omnichat_core::actor::Actor;
use omnichat_core::clock::Timestamp;
use omnichat_core::error::{Error, ErrorKind};
use tokio::time::Instant;

use super::wire::End;
use crate::app::AppState;
use crate::auth::Claims;

/// What a token gives.
pub(super) struct Access {
    pub(super) claims: Claims,
    pub(super) actor: Actor,
    /// When the token is over.
    pub(super) expires: Instant,
}

impl Access {
    /// What a token claims, if it was signed here and is not over.
    pub(super) fn claims(state: &AppState, token: &str) -> Result<Claims, End> {
        state.auth.verify_access_token(token).map_err(refused)
    }

    /// Checks that the operator of a token is still signed in.
    pub(super) async fn of(state: &AppState, claims: Claims) -> Result<Self, End> {
        let actor = state.auth.look_at(&claims).await.map_err(refused)?;
        let left = Timestamp::from_secs(claims.expires_at).since(state.engine.ports().now());
        Ok(Self {
            claims,
            actor,
            expires: Instant::now() + left,
        })
    }
}

/// A token that is not valid ends the connection in another way than a store that cannot be asked.
pub(super) fn refused(error: Error) -> End {
    match error.kind() {
        ErrorKind::Unauthenticated => End::unauthenticated(error),
        _ => End::Failed(error),
    }
}

/// Whoever was let in may not stay.
pub(super) fn unauthenticated(why: &str) -> End {
    refused(Error::new(ErrorKind::Unauthenticated, why))
}
