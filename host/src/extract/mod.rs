//! What handlers take apart requests with. Each of them fails with a [`crate::error::Problem`], never with a default.

mod actor;
mod client;
mod condition;
mod document;
mod json;
mod misread;
mod page;
mod path;
mod present;
mod query;
mod upgrade;

pub use actor::{BearerOrCookie, CurrentActor, CurrentSession};
pub use client::{ClientAddress, LimitKey};
pub use condition::condition;
pub use json::Json;
pub use misread::misread;
pub use page::{PageQuery, page_request};
pub use path::Path;
pub use present::present;
pub use query::Query;
pub use upgrade::Upgrade;
