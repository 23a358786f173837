//! API keys: how programs come in, without a person's password.
//!
//! A key may do what it was given and what the operator who answers for it may do, whichever is less at the moment of each
//! request, and acts under its own name. Its [`token`] is shown once; what is kept is a digest. A key ends at its time, when
//! it is revoked, and rests while its operator is disabled.

mod checks;
mod model;
mod responsible;
mod rights;
mod service;
mod stored;
pub mod token;

pub use model::{ApiKey, ApiKeyPatch, ApiKeyShown, ApiKeyState, KeySecret, NewApiKey, Revocation};
pub use rights::{FOR_ALL_INBOXES, NOT_FOR_KEYS, grantable};
pub use service::{ApiKeyService, KeyAccess};
pub use token::ApiKeyToken;
