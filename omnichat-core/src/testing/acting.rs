//! Operators as those who ask, where their role is known to be built in.

use crate::actor::{Actor, RoleRef};
use crate::operators::Operator;

/// Makes an actor of an operator without asking a store.
pub trait Acting {
    /// The operator with the rights of its role.
    ///
    /// # Panics
    /// If the role is one of the organisation's own: what that gives [`crate::operators::OperatorService::actor`] finds out.
    fn actor(&self) -> Actor;
}

impl Acting for Operator {
    fn actor(&self) -> Actor {
        match self.role {
            RoleRef::BuiltIn(role) => self.acting(role.permissions()),
            RoleRef::Own(role) => panic!("{} has the organisation's own role {role}", self.name),
        }
    }
}
