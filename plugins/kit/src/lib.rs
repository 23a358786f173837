//! What authors of plugins need beside the SDK, as functions: the command line and the project's own tasks call them.
//!
//! | function | command | what it does |
//! |---|---|---|
//! | [`new::plugin`] | `omnichat plugin new` | writes the files of a first plugin |
//! | [`sdk::renew`] | `omnichat plugin sdk` | writes the SDK, as these tools know it, into a plugin's folder |
//! | [`build::build`] | `omnichat plugin build` | makes a component of a folder |
//! | [`test::run`] | `omnichat plugin test` | runs the author's tests, then replays the cassettes on the component |
//! | [`record::run`] | `omnichat plugin test --record` | asks the real platform and writes what it answers into the cassettes |
//! | [`check::run`] | `omnichat plugin check` | the conformance suite, on the component |
//!
//! The last three run plugins in the real runtime, with a scripted platform in place of the network except for recording; they come with
//! the feature `check`, which is on unless it is switched off.

pub mod build;
#[cfg(feature = "check")]
pub mod check;
pub mod compiler;
pub mod encode;
mod kind;
mod language;
pub mod manifest;
mod names;
pub mod new;
mod program;
#[cfg(feature = "check")]
pub mod record;
#[cfg(feature = "check")]
mod replay;
pub mod sdk;
#[cfg(feature = "check")]
mod stage;
#[cfg(feature = "check")]
pub mod test;

pub use kind::Kind;
pub use language::Language;
#[cfg(feature = "check")]
pub use replay::{Failed, Report, replay};
