//! One condition for everything that asks «which»: filters of lists, saved views, and whatever else picks by what is true.
//!
//! A [`Condition`] is what people and programs write, as JSON: a tree of `all`, `any`, `not` and tests of a field. It means
//! something only over declared [`Fields`]: [`Condition::over`] checks it against them, puts in who asks and when, and gives
//! a [`Predicate`]. [`Predicate::matches`] is the specification of what it means; stores that find by it must agree.

mod field;
mod model;
mod predicate;
mod reading;
mod schema;

pub use field::{Field, FieldKind, Fields};
pub use model::{Condition, Op};
pub(crate) use predicate::put;
pub use predicate::{Found, Is, Predicate, Subject, Test, Value};
pub use reading::{Asker, TEXT_MAX};
pub use schema::Over;
