//! Settings of what a tenant sets up: channel accounts and automations. Checked by their kind's schema, split into what may
//! be read back and what may not, and brought up to date when the kind is upgraded.

mod kind;
mod model;
mod registry;
mod schema;

pub use kind::Kind;
pub use model::Settings;
pub use registry::Registry;
pub(crate) use schema::check;
pub use schema::secret_names;
