//! Sessions: who is signed in where. Short access tokens are the host's business; here is the long-lived refresh token, which
//! is replaced at each use. An old one that comes back means that somebody has stolen one, and ends the session.

mod model;
mod service;

pub use model::{RefreshToken, Session};
pub use service::SessionService;
