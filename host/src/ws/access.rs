//! What a token opens, and for how long.

use omnichat_core::actor::Actor;
use omnichat_core::error::{Error, ErrorKind};
use tokio::time::Instant;

use super::wire::End;
use crate::app::AppState;
use crate::auth::{Admitted, Grant};

/// What a token gives.
pub(super) struct Access {
    pub(super) grant: Grant,
    pub(super) actor: Actor,
    /// When the token is over.
    pub(super) expires: Instant,
}

impl Access {
    /// Checks a token, and that whoever it stands for may still come in.
    pub(super) async fn verify(state: &AppState, token: &str) -> Result<Self, End> {
        let admitted = state.auth.admit(token).await.map_err(refused)?;
        Ok(Self::of(state, admitted))
    }

    /// Checks that whoever came in may stay.
    pub(super) async fn verify_again(state: &AppState, grant: Grant) -> Result<Self, End> {
        let admitted = state.auth.admit_again(grant).await.map_err(refused)?;
        Ok(Self::of(state, admitted))
    }

    fn of(state: &AppState, admitted: Admitted) -> Self {
        let left = admitted.until.since(state.engine.now());
        Self {
            grant: admitted.grant,
            actor: admitted.actor,
            expires: Instant::now() + left,
        }
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
