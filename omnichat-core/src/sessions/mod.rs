//! Sessions: who is signed in where. Short access tokens are the host's business; here is the long-lived refresh token, which
//! is replaced at each use. An old one that comes back means that somebody has stolen one, and ends the session; a wrong one
//! means nothing, since whoever knows the ids could send it.
//!
//! A session belongs to a generation of its operator. A new password, signing out everywhere and disabling raise the
//! operator's generation in their own commit, and every session of an earlier one is over with that.

mod model;
mod secret;
mod service;

pub use model::{RefreshToken, Session};
pub use service::{REUSED, SessionService};
