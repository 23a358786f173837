//! Roles: named sets of rights.
//!
//! Four are [built in](crate::actor::Role), the same for every organisation. Others an organisation makes itself ([`OwnRole`]), as entities
//! whose changes have [rules](RoleRules). An operator names its role by a [`RoleRef`](crate::actor::RoleRef); what the role gives is looked up
//! at each use ([`actor_of`]).

mod access;
mod model;
mod rules;

pub(crate) use access::find;
pub use access::{actor_of, may_answer, permissions_of};
pub use model::OwnRole;
pub use rules::RoleRules;
